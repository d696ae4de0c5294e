import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { HOUR_MS, MINUTE_MS, parseInstant } from '../../model/time.ts';
import { CHAT, MAIL, OPERATORS, PHONE, refused, reported, ROOM, scriptedChannel } from './test-support/channels.ts';
import { OPERATOR, request, startWorld, until, type World } from './test-support/world.ts';

/** The deadline of the usual request is 27 hours away: a quarter of that is above the ceiling. */
const READ_WITHIN = 4 * HOUR_MS;
const states = async (world: World, id: string): Promise<readonly string[]> => (await world.deliveries(id)).map((d) => `${String(d['channel'])} ${String(d['status'])}`);
const status = async (world: World, id: string): Promise<readonly unknown[]> => {
  const row = await world.row(id);
  return [row['status'], row['channel'], row['error_code']];
};
const detail = async (world: World, id: string): Promise<{ recipient: string; deliveries: { recipient: string; proof: string; role: string }[]; call_request: { open: boolean } | null; escalated: string | null; status: string }> =>
  (await (await fetch(`${world.url}/api/v1/alerts/${id}`, { headers: OPERATOR })).json()) as never;

test('a number that is not on WhatsApp: the alert goes out by e-mail, once, and shows both, masked', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  await using world = await startWorld(db, {}, {}, { others: [email], publicUrl: 'https://desk.company.com/' });
  world.twin.script.set({ fail: [131_026] });
  const id = await world.ask({ contacts: [PHONE, MAIL] });
  await world.work();
  assert.equal(email.calls.length, 0, 'not before the first has failed');
  await world.advance(100);
  await until('by e-mail', async () => {
    await world.work();
    return email.calls.length > 0;
  });
  const [message] = email.calls;
  assert.deepEqual([message?.to, message?.severity, message?.link], ['lan@saigon-textiles.vn', 'high', 'https://desk.company.com/decisions/dec_1']);
  assert.deepEqual(await states(world, id), ['whatsapp failed', 'email sent']);
  assert.deepEqual(await status(world, id), ['sent', 'email', null]);
  const shown = await detail(world, id);
  assert.deepEqual(shown.deliveries.map((d) => d.recipient), ['+84•••4567', 'l•••@saigon-textiles.vn']);
  assert.equal(shown.recipient, 'l•••@saigon-textiles.vn');
  assert.match(shown.deliveries[1]!.proof, /Accepted by e-mail, which never says more: counts as told until/);
  const queue = (await (await fetch(`${world.url}/admin/alerts/queue`, { headers: OPERATOR })).json()) as { channels: { channel: string; confirms: string; deliveries: object }[] };
  assert.deepEqual(queue.channels.map((c) => [c.channel, c.confirms, c.deliveries]), [['whatsapp', 'read', { failed: 1 }], ['email', 'accepted', { sent: 1 }]]);
  assert.match(await world.metrics.registry.metrics(), /riskcast_alerts_sent_total\{channel="email"\} 1/);
});

test('unread when its time is over: the next contact; read in time: never', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  await using world = await startWorld(db, {}, {}, { others: [email] });
  world.twin.script.set({ lose: ['read'] });
  const id = await world.ask({ contacts: [PHONE, MAIL] });
  await world.work();
  await world.advance(600);
  await until('delivered', async () => (await status(world, id))[0] === 'delivered');
  world.clock.advance(READ_WITHIN - 601);
  await world.watch();
  assert.equal(email.calls.length, 0, 'a millisecond before its time is over');
  world.clock.advance(1_000);
  await world.watch();
  await world.watch();
  assert.equal(email.calls.length, 1);
  assert.deepEqual(await status(world, id), ['delivered', 'whatsapp', 'NOT_CONFIRMED'], 'what is on the phone counts more than what a mail server took');
  // The e-mail proves nothing; delivered is where it ends.
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual(await status(world, id), ['delivered', 'whatsapp', 'NOT_CONFIRMED']);

  world.twin.script.set({});
  const read = await world.ask({ decisionId: 'dec_2', eventKey: 'suez/shp_2', contacts: [PHONE, MAIL] });
  await world.work();
  await world.advance(2_500);
  await until('read', async () => (await status(world, read))[0] === 'read');
  world.clock.advance(24 * HOUR_MS);
  await world.watch();
  assert.equal(email.calls.length, 1);
  assert.deepEqual(await states(world, read), ['whatsapp read', 'email cancelled']);
});

test('what a channel only took counts as told until its time is over, then as failed, in words; an answer still proves it', async () => {
  await using db = await freshDatabase();
  const telegram = scriptedChannel('telegram');
  const slack = scriptedChannel('slack');
  await using world = await startWorld(db, {}, {}, { others: [telegram, slack], operators: OPERATORS });
  const id = await world.ask({ contacts: [CHAT] });
  await world.work();
  assert.deepEqual(await status(world, id), ['sent', 'telegram', null]);
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual(await status(world, id), ['failed', 'telegram', 'NOT_CONFIRMED']);
  assert.match(String((await world.row(id))['error_message']), /By Telegram it was accepted, and nothing proves that it arrived or was read, 4 hours later/);
  assert.equal(slack.calls.length, 1, 'the operators are called');
  assert.match(slack.calls[0]!.headline, /Saigon Textiles, every contact was tried/);
  const again = await db.transaction((tx) => world.alerts.request(tx, request({ decisionId: 'dec_2', contacts: [CHAT] })));
  assert.equal(again.kind, 'known', 'what may well have been told is not said again');
  await world.alerts.intake.receive('telegram', [{ kind: 'reply', id: 'u1', from: CHAT.address, text: '1', inReplyTo: `telegram-${telegram.calls[0]!.opaque}`, at: world.clock.now(), payload: {} }]);
  assert.deepEqual(await status(world, id), ['read', 'telegram', null]);
  assert.deepEqual(world.replies.map((r) => [r.alertId, r.meaning]), [[id, 'acted']]);
});

test('a channel that stands still for half an hour is left for the next; the only one is waited for, and the operators know', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  const slack = scriptedChannel('slack');
  await using world = await startWorld(db, {}, {}, { others: [email, slack], operators: OPERATORS });
  world.twin.script.set({ refuse: [131_042] });
  const two = await world.ask({ contacts: [PHONE, MAIL] });
  const one = await world.ask({ decisionId: 'dec_2', customerId: 'cus_2', contacts: [{ channel: 'whatsapp', address: '+4915112345678' }] });
  await world.work();
  world.clock.advance(30 * MINUTE_MS - 1);
  await world.watch();
  assert.deepEqual([email.calls.length, slack.calls.length], [0, 0]);
  world.clock.advance(1);
  await world.watch();
  assert.deepEqual(await states(world, two), ['whatsapp failed', 'email sent']);
  assert.equal((await world.deliveries(two))[0]!['error_code'], 'HELD_TOO_LONG');
  assert.deepEqual(await states(world, one), ['whatsapp queued', 'slack sent']);
  assert.match(slack.calls[0]!.headline, /the channel does not let the message pass/);
  const health = await world.alerts.health.check(AbortSignal.timeout(5_000));
  assert.deepEqual([health.status, /whatsapp is held until .*131042/.test(health.message ?? '')], ['unhealthy', true]);
  world.clock.advance(31 * MINUTE_MS);
  await world.work();
  assert.equal((await world.row(one))['status'], 'sent', 'after the hold it goes by itself');
});

test('critical and unread: the last contact and the operators at once, the one between in its turn', async () => {
  await using db = await freshDatabase();
  const [email, telegram, slack] = [scriptedChannel('email'), scriptedChannel('telegram'), scriptedChannel('slack')];
  await using world = await startWorld(db, {}, {}, { others: [email, telegram, slack], operators: OPERATORS });
  world.twin.script.set({ lose: ['sent', 'delivered', 'read'] });
  const id = await world.ask({ severity: 'critical', contacts: [PHONE, MAIL, ROOM, CHAT] });
  await world.work();
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual(await states(world, id), ['whatsapp sent', 'email sent', 'slack planned', 'telegram sent', 'slack sent']);
  assert.deepEqual(slack.calls.map((c) => [c.to, c.severity]), [[OPERATORS.address, 'critical']]);
  assert.equal((await detail(world, id)).escalated, 'unread');
  world.clock.advance(READ_WITHIN);
  await world.watch();
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual([email.calls.length, telegram.calls.length, slack.calls.length, world.twin.messages().length], [1, 1, 2, 1], 'each address once');
  assert.deepEqual((await status(world, id))[0], 'failed');
});

test('the operators get one message in ten minutes, which tells of all that came meanwhile', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  const slack = scriptedChannel('slack');
  await using world = await startWorld(db, { pairIntervalMs: 0 }, {}, { others: [email, slack], operators: OPERATORS, publicUrl: 'https://desk.company.com' });
  email.outcomes.push(...Array.from({ length: 5 }, () => refused('550', 'give_up')));
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    ids.push(await world.ask({ decisionId: `d${i}`, eventKey: `e${i}`, customerId: `c${i}`, customerName: `Customer ${i}`, contacts: [MAIL] }));
    if (i !== 3) await world.work();
  }
  assert.equal(slack.calls.length, 1);
  await world.advance(10 * MINUTE_MS - 1);
  assert.equal(slack.calls.length, 1);
  slack.outcomes.push(refused('503', 'back_off'));
  await world.advance(1);
  await world.advance(10_000);
  assert.equal(slack.calls.length, 3, 'the second was refused, and repeated after its back-off');
  const last = slack.calls[2]!;
  assert.equal(last.headline, 'A person is needed for 4 alerts');
  for (let i = 1; i < 5; i++) assert.match(last.body, new RegExp(`Customer ${i}: every contact was tried.*550.*\\[${ids[i]}\\]`));
  assert.equal(last.link, 'https://desk.company.com/alerts');
  await world.advance(HOUR_MS);
  assert.equal(slack.calls.length, 3, 'nothing is left to say');
  for (const id of ids) assert.deepEqual(await states(world, id), ['email failed', 'slack sent']);
});

test('“3” asks for a call: open for people to see, in the audit, told to the operators, and closed by a person', async () => {
  await using db = await freshDatabase();
  const slack = scriptedChannel('slack');
  await using world = await startWorld(db, {}, {}, { others: [slack], operators: OPERATORS });
  const id = await world.ask({ contacts: [PHONE, MAIL] });
  await world.work();
  world.twin.reply('84901234567', '3', world.twin.messages()[0]!.wamid);
  await until('answer stored', async () => (await db.query('select 1 from alert_call_requests')).rowCount === 1);
  await world.work();
  assert.deepEqual(world.acts, [`customer:cus_1 alert.call_requested ${id}: 3`]);
  assert.match(slack.calls[0]!.headline, /the customer asks for a call/);
  assert.equal((await status(world, id))[0], 'read', 'who answers has read');
  const open = async (): Promise<readonly string[]> => ((await (await fetch(`${world.url}/api/v1/alerts?call=open`, { headers: OPERATOR })).json()) as { items: { id: string }[] }).items.map((a) => a.id);
  assert.deepEqual(await open(), [id]);
  assert.equal(((await (await fetch(`${world.url}/admin/alerts/queue`, { headers: OPERATOR })).json()) as { call_requests: unknown[] }).call_requests.length, 1);
  const close = (): Promise<Response> => fetch(`${world.url}/api/v1/alerts/${id}/call/close`, { method: 'POST', headers: OPERATOR, body: JSON.stringify({ note: 'spoke to Ms Lan' }) });
  assert.equal((await fetch(`${world.url}/api/v1/alerts/${id}/call/close`, { method: 'POST' })).status, 401);
  assert.equal((await close()).status, 200);
  assert.deepEqual(await open(), []);
  assert.equal((await detail(world, id)).call_request?.open, false);
  const refusal = await close();
  assert.deepEqual([refusal.status, ((await refusal.json()) as { code: string }).code], [409, 'ALERT_CALL_NOT_OPEN']);
  assert.equal(world.acts[1], `user:usr_op alert.call_closed ${id}: spoke to Ms Lan`);
});

test('reports of a channel are its own: the same id from another proves nothing', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email', 'read');
  await using world = await startWorld(db, {}, {}, { others: [email] });
  const id = await world.ask({ contacts: [MAIL] });
  await world.work();
  const event = reported(email, 0, 'read', world.clock.now());
  await world.alerts.intake.receive('telegram', [event]);
  assert.equal((await status(world, id))[0], 'sent');
  await world.alerts.intake.receive('email', [event]);
  assert.equal((await status(world, id))[0], 'read');
  assert.equal(parseInstant('2026-03-02T09:00:00Z'), (await world.row(id))['read_at'] instanceof Date ? ((await world.row(id))['read_at'] as Date).getTime() : 0);
});
