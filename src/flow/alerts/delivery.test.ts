import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { OPERATOR, startWorld, until, type World } from './test-support/world.ts';

const status = async (world: World, id: string): Promise<unknown> => (await world.row(id))['status'];
const reaches = (world: World, id: string, wanted: string): Promise<void> => until(`alert ${wanted}`, async () => (await status(world, id)) === wanted);

test('an alert goes to the phone, and its webhooks say sent, delivered, read', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const id = await world.ask();
  await world.work();
  assert.equal(await status(world, id), 'sent');
  const [message] = world.twin.messages();
  assert.equal(message?.to, '84901234567');
  assert.equal(message.opaque, `${id}:1:${Date.parse('2026-03-02T09:00:00Z')}`);
  assert.match(message.text, /Reroute BK-1 around Hormuz[\s\S]*42 %\. · Book the Cape route\.[\s\S]*Tue 3 Mar 2026, 19:00 \(Asia\/Ho_Chi_Minh\)/);
  await world.advance(600);
  await reaches(world, id, 'delivered');
  await world.advance(2_000);
  await reaches(world, id, 'read');
  const row = await world.row(id);
  assert.equal((row['read_at'] as Date).toISOString(), '2026-03-02T09:00:02.000Z');
  assert.equal(world.twin.messages().length, 1);
  assert.equal(row['error_code'], null);
  assert.deepEqual([...new Set(world.published.map((p) => p.status))], ['queued', 'sending', 'sent', 'delivered', 'read']);
  assert.match(await world.metrics.registry.metrics(), /riskcast_alerts_sent_total\{channel="whatsapp"\} 1/);
});

test('reports that repeat, come in reverse or leave out `delivered` end in the same state', async () => {
  for (const script of [{ duplicated: true, reordered: true }, { lose: ['delivered' as const] }, { lose: ['sent' as const, 'delivered' as const] }]) {
    await using db = await freshDatabase();
    await using world = await startWorld(db);
    world.twin.script.set(script);
    const id = await world.ask();
    await world.work();
    await world.advance(2_500);
    await until('all webhooks answered', () => world.twin.pendingWebhooks() === 0);
    const row = await world.row(id);
    assert.equal(row['status'], 'read', JSON.stringify(script));
    assert.equal(row['delivered_at'] === null, 'lose' in script, 'a time that nobody reported is not made up');
    const { rows } = await db.query<{ n: bigint }>("select count(*) as n from alert_events where kind = 'status'");
    assert.equal(Number(rows[0]!.n), 3 - (script.lose?.length ?? 0), 'each event is stored once');
  }
});

test('a report that comes before the reply is kept, and applied when the reply is stored', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const id = await world.ask();
  await db.query("insert into alert_attempts (alert_id, n, channel, recipient, started_at, finished_at, outcome) values ($1, 9, 'whatsapp', '+1', '2020-01-01', '2020-01-01', 'refused')", [id]);
  const early = { kind: 'status' as const, id: 'wev_early', providerId: 'wamid.unknown', opaque: null, status: 'read' as const, at: world.clock.now(), refusal: null, payload: {} };
  await world.alerts.intake.receive('whatsapp', [early, early]);
  assert.equal(await status(world, id), 'queued');
  await db.query("update alert_attempts set provider_id = 'wamid.unknown', outcome = 'accepted' where n = 9");
  await db.transaction((tx) => world.alerts.intake.applyEarly(tx, 'whatsapp', 'wamid.unknown'));
  assert.equal(await status(world, id), 'read');
  await world.work();
  assert.equal(world.twin.messages().length, 0, 'what has been read is not sent');
});

test('accepted, but the reply was cut off: the webhook proves it, and nothing is sent twice', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  world.twin.faults.set([{ kind: 'dropped_socket', when: 'after', times: 1 }]);
  const id = await world.ask();
  await world.work();
  assert.equal(await status(world, id), 'sending');
  await world.advance(2_500);
  await reaches(world, id, 'read');
  await world.advance(60_000);
  assert.equal(world.twin.messages().length, 1);
  const { rows } = await db.query('select outcome, evidence from alert_attempts');
  assert.deepEqual(rows, [{ outcome: 'accepted', evidence: 'webhook' }]);
});

test('cut off before the venue accepted: sent again after the window, and the phone has it once', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  world.twin.faults.set([{ kind: 'dropped_socket', when: 'before', times: 1 }]);
  const id = await world.ask();
  await world.work();
  await world.advance(29_999);
  assert.equal(world.twin.messages().length, 0, 'not before the window is over');
  await world.advance(1);
  assert.equal(world.twin.messages().length, 1);
  await world.advance(2_500);
  await reaches(world, id, 'read');
  const { rows } = await db.query('select n, outcome from alert_attempts order by n');
  assert.deepEqual(rows, [{ n: 1, outcome: 'lost' }, { n: 2, outcome: 'accepted' }]);
});

test('what no report ever proves is resent a few times, then left to a person; a late report still counts', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, { maxBlindResends: 1 });
  world.twin.faults.set([{ kind: 'server_error', when: 'after' }]);
  world.twin.script.set({ lose: ['sent', 'delivered'] });
  const id = await world.ask();
  // The webhooks of `read` are held back by a callback that nobody answers, until the end.
  world.twin.callback('http://127.0.0.1:9/');
  await world.work();
  for (let i = 0; i < 4; i++) await world.advance(30_000);
  const row = await world.row(id);
  assert.deepEqual([row['status'], row['error_code'], row['attempts']], ['failed', 'OUTCOME_UNKNOWN', 2]);
  world.twin.callback(`${world.url}/webhooks/whatsapp`);
  await until('webhooks delivered', async () => {
    await world.advance(60_000);
    return world.twin.pendingWebhooks() === 0;
  });
  assert.equal(await status(world, id), 'read');
});

test('the webhook is refused when unsigned, forged or not of the shape, and leaves nothing behind', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const body = JSON.stringify({ entry: [{ changes: [{ value: { statuses: [{ id: 'wamid.x', status: 'read', timestamp: '1770000000' }] } }] }] });
  const post = (signature: string | null, text = body): Promise<Response> =>
    fetch(`${world.url}/webhooks/whatsapp`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...(signature === null ? {} : { 'x-hub-signature-256': signature }) } });
  const { signatureOf } = await import('../../venues/whatsapp/webhook.ts');
  const right = signatureOf(body, 'test-app-secret');
  assert.equal((await post(null)).status, 401);
  assert.equal((await post(signatureOf(body, 'another secret'))).status, 401);
  assert.equal((await post(right, `${body} `)).status, 401, 'one more byte is another body');
  assert.equal((await post(signatureOf('[]', 'test-app-secret'), '[]')).status, 400);
  assert.equal((await db.query('select 1 from alert_events')).rowCount, 0);
  const taken = await post(right);
  assert.deepEqual([taken.status, await taken.json()], [200, { received: 1 }]);
  assert.equal((await db.query('select 1 from alert_events where alert_id is null')).rowCount, 1, 'an event of an unknown message is kept');
});

test('the handshake echoes the challenge for the right token only', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const ask = (token: string): Promise<Response> => fetch(`${world.url}/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
  const good = await ask('test-verify');
  assert.deepEqual([good.status, await good.text()], [200, '1158201444']);
  assert.equal((await ask('guess')).status, 403);
});

test('a customer’s answer is stored once, understood, and handed on', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db);
  const id = await world.ask();
  await world.work();
  const [message] = world.twin.messages();
  world.twin.reply('84901234567', ' 1. ', message!.wamid);
  world.twin.reply('84901234567', 'Is the Cape open?');
  world.twin.reply('4915112345678', '2');
  await until('answers stored', async () => (await db.query('select 1 from alert_replies')).rowCount === 3);
  assert.deepEqual(world.replies.map((r) => [r.alertId, r.decisionId, r.meaning]).sort(), [[id, 'dec_1', 'acted'], [id, 'dec_1', 'other']]);
  const detail = (await (await fetch(`${world.url}/api/v1/alerts/${id}`, { headers: OPERATOR })).json()) as { recipient: string; replies: { meaning: string }[] };
  assert.equal(detail.recipient, '+84•••4567');
  assert.equal(detail.replies.length, 2);
});
