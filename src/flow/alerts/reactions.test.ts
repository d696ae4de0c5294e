import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { CODES } from '../../venues/whatsapp/codes.ts';
import { OPERATOR, startWorld, until, type World } from './test-support/world.ts';

const facts = async (world: World, id: string): Promise<unknown[]> => {
  const row = await world.row(id);
  return [row['status'], row['error_code'], row['tries']];
};
const waits = async (world: World, id: string): Promise<number> => ((await world.row(id))['not_before'] as Date).getTime() - world.clock.now();

/** Each code, and what must come of it: the reaction is written out here, not read from the table under test. */
const GIVE_UP = [100, 130_472, 131_008, 131_009, 131_021, 131_026, 131_030, 131_047, 131_049, 131_050, 132_000, 132_001, 132_005, 132_007, 132_012, 132_015, 132_016];
const BACK_OFF = [1, 2, 4, 80_007, 130_429, 131_000, 131_016, 131_057];
const HOLD = [10, 190, 368, 131_031, 131_042, 131_045, 131_048, 133_010];

test('every code of the catalogue has its reaction tested', () => {
  const tested = [...GIVE_UP, ...BACK_OFF, ...HOLD, 131_056].map(String).sort();
  assert.deepEqual(tested, Object.keys(CODES).sort());
});

test('a code that a repeat cannot mend ends the alert at once, whether it comes as reply or as report', async () => {
  await using db = await freshDatabase();
  for (const how of ['refuse', 'fail'] as const) {
    for (const code of GIVE_UP) {
      await using world = await startWorld(db);
      world.twin.script.set({ [how]: [code] });
      const id = await world.ask({ decisionId: `${how}${code}`, eventKey: `${how}${code}`, customerId: `${how}${code}`, recipient: `+49${how === 'fail' ? 1 : 2}${String(code).padStart(7, '0')}` });
      await world.work();
      if (how === 'fail') {
        await world.advance(100);
        await until(`failed by ${code}`, async () => (await world.row(id))['status'] === 'failed');
      }
      assert.deepEqual(await facts(world, id), ['failed', String(code), 0], `${how} ${code}`);
      await world.advance(86_400_000);
      assert.equal(world.twin.messages().length, how === 'fail' ? 1 : 0);
      assert.match(await world.metrics.registry.metrics(), new RegExp(`riskcast_alerts_failed_total\\{channel="whatsapp",code="${code}"\\} 1`));
    }
  }
});

test('a passing trouble is tried again, later each time, and the eighth refusal is the last', async () => {
  await using db = await freshDatabase();
  for (const code of BACK_OFF) {
    await using world = await startWorld(db, { pairIntervalMs: 0 });
    world.twin.script.set({ refuse: [code] });
    const id = await world.ask({ decisionId: `d${code}`, eventKey: `e${code}`, recipient: `+4915${String(code).padStart(7, '0')}` });
    await world.work();
    assert.deepEqual(await facts(world, id), ['queued', String(code), 1], `code ${code}`);
    await world.advance(await waits(world, id));
    assert.equal((await world.row(id))['status'], 'sent', `code ${code}`);
    assert.equal((await world.row(id))['error_code'], null);
  }
  await using world = await startWorld(db, { pairIntervalMs: 0 });
  world.twin.script.set({ refuse: Array<number>(20).fill(130_429) });
  const id = await world.ask({ decisionId: 'last', eventKey: 'last', recipient: '+4917000000' });
  const seen: number[] = [];
  await world.work();
  while ((await world.row(id))['status'] === 'queued') {
    seen.push((await waits(world, id)) / 1_000);
    await world.advance(await waits(world, id));
  }
  assert.deepEqual(seen, [5, 10, 20, 40, 80, 160, 320]);
  assert.deepEqual(await facts(world, id), ['failed', '130429', 7]);
  assert.equal((await world.row(id))['attempts'], 8);
});

test('131056 delays everything to that recipient, and nothing to others', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, { backoffBaseMs: 60_000, pairIntervalMs: 1 });
  world.twin.script.set({ refuse: [131_056] });
  const first = await world.ask();
  await world.work();
  assert.deepEqual(await facts(world, first), ['queued', '131056', 1]);
  await world.advance(10_000);
  const same = await world.ask({ decisionId: 'dec_2', eventKey: 'suez/shp_2' });
  const other = await world.ask({ decisionId: 'dec_3', eventKey: 'suez/shp_3', customerId: 'cus_2', recipient: '+4915112345678' });
  await world.work();
  assert.equal((await world.row(other))['status'], 'sent');
  assert.equal((await world.row(same))['status'], 'queued');
  await world.advance(50_000);
  await world.advance(1);
  assert.equal((await world.row(first))['status'], 'sent');
  assert.equal((await world.row(same))['status'], 'sent');
});

test('a refused token or a blocked number holds the whole channel without using up tries, and the alerter says why', async () => {
  await using db = await freshDatabase();
  for (const code of HOLD) {
    await db.query('truncate alert_holds, alert_attempts, alert_replies, alert_call_requests, alert_deliveries, alerts');
    await using world = await startWorld(db);
    world.twin.script.set({ refuse: [code] });
    const id = await world.ask();
    await world.work();
    assert.deepEqual(await facts(world, id), ['queued', String(code), 0], `code ${code}`);
    const other = await world.ask({ decisionId: 'dec_2', eventKey: 'other', customerId: 'cus_2', recipient: '+4915112345678' });
    await world.work();
    assert.equal((await world.row(other))['attempts'], 0, 'nothing else is even tried');
    const health = await world.alerts.health.check(AbortSignal.timeout(5_000));
    assert.equal(health.status, 'unhealthy');
    assert.match(health.message ?? '', new RegExp(`: ${code}: `));
    const queue = (await (await fetch(`${world.url}/admin/alerts/queue`, { headers: OPERATOR })).json()) as { channel_hold: { code: string }; depth: number };
    assert.deepEqual([queue.channel_hold.code, queue.depth], [String(code), 2]);
    await world.advance(await waits(world, id));
    assert.deepEqual([(await world.row(id))['status'], (await world.row(other))['status']], ['sent', 'sent'], `code ${code}`);
  }
});

test('a wrong token is found out by the twin as by the real one', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, {}, { accessToken: 'another token' });
  const id = await world.ask();
  await world.work();
  assert.deepEqual(await facts(world, id), ['queued', '190', 0]);
  await world.advance(86_400_000 - 1);
  await world.advance(86_400_000);
  assert.deepEqual((await facts(world, id)).slice(0, 2), ['failed', 'TOO_LATE'], 'after a day it is a dead letter');
});

test('a venue that cannot be reached holds the channel: no try is counted, none is in doubt', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  await world.twin.close();
  const id = await world.ask();
  await world.work();
  assert.deepEqual(await facts(world, id), ['queued', 'VENUE_FAILED', 0]);
  const { rows } = await db.query('select outcome, counts from alert_attempts');
  assert.deepEqual(rows, [{ outcome: 'refused', counts: false }]);
});

test('messages to one recipient leave six seconds apart; eighty a second in all; the day has its ceiling', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, { perSecond: 3 });
  const ids = [await world.ask(), await world.ask({ decisionId: 'dec_2', eventKey: 'b' }), await world.ask({ decisionId: 'dec_3', eventKey: 'c' })];
  await world.work();
  const sent = async (): Promise<number> => world.twin.messages().length;
  assert.equal(await sent(), 1);
  await world.advance(5_999);
  assert.equal(await sent(), 1);
  await world.advance(1);
  assert.equal(await sent(), 2);
  await world.advance(6_000);
  assert.equal(await sent(), 3);
  assert.equal(new Set(ids).size, 3);
  for (let i = 0; i < 5; i++) await world.ask({ decisionId: `x${i}`, eventKey: `x${i}`, customerId: `x${i}`, recipient: `+49151000000${i}` });
  await world.work();
  assert.equal(await sent(), 5, 'three in this second, one of them before');
  await world.advance(1_000);
  assert.equal(await sent(), 8);
});

test('a sent message that fails later for a passing reason is sent again, and a late `sent` does not undo that', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  world.twin.script.set({ fail: [131_000] });
  const id = await world.ask();
  await world.work();
  await world.advance(100);
  await until('queued again', async () => (await world.row(id))['status'] === 'queued');
  const [first] = world.twin.messages();
  await world.alerts.intake.receive('whatsapp', [{ kind: 'status', id: 'wev_late', providerId: first!.wamid, opaque: first!.opaque, status: 'sent', at: world.clock.now(), refusal: null, payload: {} }]);
  assert.equal((await world.row(id))['status'], 'queued');
  await world.advance(10_000);
  await world.advance(2_500);
  await until('read', async () => (await world.row(id))['status'] === 'read');
  assert.deepEqual(world.twin.messages().map((m) => m.opaque?.slice(0, id.length + 2)), [`${id}:1`, `${id}:2`]);
});
