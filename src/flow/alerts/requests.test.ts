import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { usd } from '../../model/money.ts';
import { parseInstant } from '../../model/time.ts';
import { forgetAlerts } from './index.ts';
import { OPERATOR, request, START, startWorld } from './test-support/world.ts';

const at = parseInstant;

test('nobody is told the same thing twice: only another action, a moved deadline or a cost beyond the band is news', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, { pairIntervalMs: 0 });
  const told = async (n: number, change: Parameters<typeof request>[0] = {}): Promise<string> => {
    const outcome = await db.transaction((tx) => world.alerts.request(tx, request({ decisionId: `dec_${n}`, ...change })));
    await world.work();
    return outcome.kind;
  };
  assert.equal(await told(1), 'stored');
  assert.equal(await told(1), 'repeat', 'the same decision');
  assert.equal(await told(2, { expectedCost: usd(16_900) }), 'known', 'a rise of 19 %');
  assert.equal(await told(3, { deadline: at('2026-03-03T12:59:00Z') }), 'known', 'an hour less a minute');
  assert.equal(await told(4, { expectedCost: usd(17_100) }), 'stored', 'a rise of more than 20 % of what was told');
  assert.equal(await told(5, { expectedCost: usd(17_100), deadline: at('2026-03-03T08:00:00Z') }), 'stored');
  assert.equal(await told(6, { expectedCost: usd(17_100), deadline: null }), 'stored');
  assert.equal(await told(7, { expectedCost: usd(17_100), deadline: null, action: 'insure' }), 'stored');
  assert.equal(await told(8, { expectedCost: usd(500), eventKey: 'suez/shp_1' }), 'stored', 'another event');
  assert.equal(await told(9, { expectedCost: usd(1_400), eventKey: 'suez/shp_1' }), 'known', 'below a thousand dollars, whatever the share');
  assert.equal(world.twin.messages().length, 6);
});

test('quiet hours hold an alert until they end, in the customer’s own time; a deadline inside them breaks them', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const quiet = { quietHours: { from: '22:00', to: '07:00' }, asOf: at('2026-03-02T18:30:00Z') }; // 01:30 in Ho Chi Minh City
  const held = await world.ask(quiet);
  const urgent = await world.ask({ ...quiet, decisionId: 'dec_2', customerId: 'cus_2', recipient: '+84907654321', deadline: at('2026-03-03T00:30:00Z') });
  await world.work();
  assert.equal((await world.row(urgent))['status'], 'sent');
  const row = await world.row(held);
  assert.deepEqual([row['status'], row['reason'], (row['held_until'] as Date).toISOString()], ['queued', 'quiet_hours', '2026-03-03T00:00:00.000Z']);
  const release = (asOf: string): Promise<number> => db.transaction((tx) => world.alerts.release(tx, at(asOf)));
  assert.equal(await release('2026-03-02T23:59:59Z'), 0);
  assert.equal(await release('2026-03-03T00:00:00Z'), 1);
  await world.work();
  assert.equal((await world.row(held))['status'], 'sent');
});

test('newer advice replaces what still waits', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const quiet = { quietHours: { from: '22:00', to: '07:00' }, asOf: at('2026-03-02T18:30:00Z') };
  const old = await world.ask(quiet);
  const now = await world.ask({ ...quiet, decisionId: 'dec_2', action: 'insure', asOf: at('2026-03-03T02:00:00Z') });
  await world.work();
  assert.deepEqual([(await world.row(old))['status'], (await world.row(now))['status']], ['suppressed', 'sent']);
  assert.equal((await world.row(old))['reason'], `superseded_by:${now}`);
  const refused = await fetch(`${world.url}/admin/alerts/${old}/requeue`, { method: 'POST', headers: OPERATOR, body: '{}' });
  assert.equal(refused.status, 409);
  assert.match(((await refused.json()) as { message: string }).message, new RegExp(now));
});

test('past the daily ceiling an alert is stored as suppressed, with the reason; the next day is new', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, { customerDailyCeiling: 2, globalDailyCeiling: 4 });
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push(await world.ask({ decisionId: `d${i}`, eventKey: `e${i}` }));
  const third = await world.row(ids[2]!);
  assert.equal(third['status'], 'suppressed');
  assert.match(String(third['reason']), /^customer_daily_ceiling: The customer has had 2 alerts today; the ceiling is 2\./);
  // 17:00 UTC is midnight in Ho Chi Minh City.
  const nextDay = await world.ask({ decisionId: 'd9', eventKey: 'e9', asOf: at('2026-03-02T17:00:00Z') });
  assert.equal((await world.row(nextDay))['status'], 'queued');
  const other = (n: number): Promise<string> => world.ask({ decisionId: `o${n}`, eventKey: `o${n}`, customerId: 'cus_2', recipient: '+84907654321' });
  assert.equal((await world.row(await other(1)))['status'], 'queued');
  assert.match(String((await world.row(await other(2)))['reason']), /^global_daily_ceiling/);
  // What was suppressed told nobody: the same advice is still news, and an operator may send it after all.
  assert.equal((await db.transaction((tx) => world.alerts.request(tx, request({ decisionId: 'd99', eventKey: 'e2' })))).kind, 'stored');
  const requeued = await fetch(`${world.url}/admin/alerts/${ids[2]}/requeue`, { method: 'POST', headers: OPERATOR, body: JSON.stringify({ reason: 'the customer asked' }) });
  assert.equal(requeued.status, 200);
  assert.equal(((await requeued.json()) as { status: string }).status, 'queued');
  assert.deepEqual(world.acts, [`user:usr_op alert.requeue ${ids[2]}: the customer asked`]);
});

test('a number that cannot be called is a dead letter in sight, and the decision is not lost', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  for (const [i, recipient] of ['0901234567', '+84 90 123', '', '+0123456789'].entries()) {
    const id = await world.ask({ recipient, decisionId: `d${i}`, eventKey: `e${i}` });
    const row = await world.row(id);
    assert.deepEqual([row['status'], row['error_code']], ['failed', 'RECIPIENT_INVALID'], recipient);
  }
  const queue = (await (await fetch(`${world.url}/admin/alerts/queue`, { headers: OPERATOR })).json()) as { dead_letters: { headline: string; customer_name: string }[]; depth: number };
  const atMachine = (await (await fetch(`${world.url}/admin/alerts/queue`)).json()) as typeof queue;
  assert.deepEqual([atMachine.depth, atMachine.dead_letters.length], [queue.depth, queue.dead_letters.length], 'this machine’s programs read the counts');
  for (const letter of queue.dead_letters) assert.ok(!JSON.stringify(atMachine).includes(letter.headline) && !JSON.stringify(atMachine).includes(letter.customer_name), 'and no customer');
  assert.deepEqual([queue.dead_letters.length, queue.depth], [4, 0]);
});

test('two decisions of one customer at once are judged one after the other', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const outcomes = await Promise.all([1, 2, 3, 4, 5].map((n) => db.transaction((tx) => world.alerts.request(tx, request({ decisionId: `dec_${n}` })))));
  assert.deepEqual(outcomes.map((o) => o.kind).sort(), ['known', 'known', 'known', 'known', 'stored']);
});

test('the list pages newest first without a gap or a repeat, and masks every number', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  for (let i = 0; i < 7; i++) {
    await world.ask({ decisionId: `d${i}`, eventKey: `e${i}` });
    if (i % 2) world.clock.advance(1_000); // pairs share their time of creation
  }
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const response = await fetch(`${world.url}/api/v1/alerts?limit=2${cursor && `&cursor=${cursor}`}`, { headers: OPERATOR });
    const text = await response.text();
    assert.ok(!text.includes('901234567'), 'no number in clear');
    const page = JSON.parse(text) as { items: { id: string; as_of: string }[]; next_cursor: string | null };
    seen.push(...page.items.map((item) => item.id));
    assert.equal(page.items[0]?.as_of, new Date(at(START)).toISOString());
    cursor = page.next_cursor;
  }
  assert.equal(new Set(seen).size, 7);
  assert.equal(seen.length, 7);
  for (const wrong of ['cursor=zzz', 'limit=0', 'limit=101', 'status=lost', 'unknown=1']) assert.equal((await fetch(`${world.url}/api/v1/alerts?${wrong}`, { headers: OPERATOR })).status, 400, wrong);
  assert.equal((await fetch(`${world.url}/api/v1/alerts/alr_nope`, { headers: OPERATOR })).status, 404);
  assert.equal((await fetch(`${world.url}/admin/alerts/alr_nope/requeue`, { method: 'POST' })).status, 401, 'a write asks for a sign-in, also from this machine');
  assert.equal((await fetch(`${world.url}/admin/alerts/alr_nope/requeue`, { method: 'POST', headers: OPERATOR, body: '{}' })).status, 404);
});

test('an alert whose job was lost is found and sent', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const id = await world.ask();
  world.queue.pending = [];
  const recover = (): Promise<number> => db.transaction((tx) => world.alerts.recover(tx));
  assert.equal(await recover(), 0, 'not before it is overdue');
  world.clock.advance(61_000);
  assert.equal(await recover(), 1);
  await world.work();
  assert.equal((await world.row(id))['status'], 'sent');
  assert.equal(await recover(), 0);
});

test('a replay that begins again: alerts of the same ids, and late reports of the first run are not taken for the second’s', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  world.twin.callback('http://127.0.0.1:9/'); // The first run's reports come late.
  const first = await world.ask();
  await world.work();
  await db.transaction((tx) => forgetAlerts(tx));
  world.clock.advance(60_000);
  world.twin.faults.set([{ kind: 'dropped_socket', when: 'before', times: 1 }]);
  const second = await world.ask();
  assert.equal(second, first);
  await world.work();
  const [old] = world.twin.messages();
  const event = (opaque: string | null) => ({ kind: 'status' as const, id: `wev_${opaque}`, providerId: `wamid.${opaque}`, opaque, status: 'read' as const, at: world.clock.now(), refusal: null, payload: {} });
  await world.alerts.intake.receive('whatsapp', [event(old!.opaque)]);
  assert.equal((await world.row(second))['status'], 'sending', 'the first run’s report proves nothing of the second');
  await world.alerts.intake.receive('whatsapp', [event(`${second}:1:${world.clock.now()}`)]);
  assert.equal((await world.row(second))['status'], 'read');
});
