import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshDatabase } from '../../../test/support/database.ts';
import { HOUR_MS, iso, parseInstant } from '../../model/time.ts';
import type { ChannelEvent, InboundWebhook, WhySettled } from './ports.ts';
import { CHAT, MAIL, OPERATORS, PHONE, refused, reported, scriptedChannel } from './test-support/channels.ts';
import { OPERATOR, startWorld } from './test-support/world.ts';

const READ_WITHIN = 4 * HOUR_MS;

test('whatever the order and repetition of reports: one message a contact, and none by e-mail after a proof of reading', async () => {
  await using db = await freshDatabase();
  const phone = scriptedChannel('telegram', 'read');
  const email = scriptedChannel('email');
  await using world = await startWorld(db, { pairIntervalMs: 0, perSecond: 10_000, customerDailyCeiling: 10_000 }, {}, { others: [phone, email] });
  const kinds = fc.array(fc.constantFrom('sent' as const, 'delivered' as const, 'read' as const), { minLength: 1, maxLength: 6 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(kinds, kinds, async (before, after) => {
      run += 1;
      const id = await world.ask({ decisionId: `d${run}`, eventKey: `e${run}`, contacts: [CHAT, MAIL] });
      const [phones, mails] = [phone.calls.length, email.calls.length];
      await world.work();
      const tell = async (reports: typeof before): Promise<void> => {
        for (const report of reports) await world.alerts.intake.receive('telegram', [reported(phone, phones, report, world.clock.now())]);
        await world.watch();
      };
      await tell(before);
      world.clock.advance(READ_WITHIN);
      await world.watch();
      await tell(after);
      world.clock.advance(READ_WITHIN);
      await world.watch();
      assert.equal(phone.calls.length - phones, 1);
      assert.equal(email.calls.length - mails, before.includes('read') ? 0 : 1);
      const all = [...before, ...after];
      const furthest = (['read', 'delivered'] as const).find((s) => all.includes(s)) ?? 'failed';
      assert.equal((await world.row(id))['status'], furthest, 'told, or a failure in sight');
    }),
    { numRuns: 25 },
  );
});

test('acknowledged in the console: nobody else is troubled', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  let settled: string | null = null;
  const whySettled: WhySettled = async () => settled;
  await using world = await startWorld(db, {}, {}, { others: [email], whySettled });
  world.twin.script.set({ lose: ['sent', 'delivered', 'read'] });
  const id = await world.ask({ contacts: [PHONE, MAIL] });
  await world.work();
  settled = 'acknowledged by user:usr_1';
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.equal(email.calls.length, 0);
  const row = await world.row(id);
  assert.deepEqual([row['status'], row['reason'], row['watch_at']], ['sent', 'settled: acknowledged by user:usr_1', null]);
  world.clock.advance(30 * HOUR_MS);
  assert.equal((await world.alerts.health.check(AbortSignal.timeout(5_000))).status, 'healthy');
});

test('newer advice of the same event: the fallbacks of the old one stay at home', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  await using world = await startWorld(db, { pairIntervalMs: 0 }, {}, { others: [email] });
  world.twin.script.set({ lose: ['sent', 'delivered', 'read'] });
  const old = await world.ask({ contacts: [PHONE, MAIL] });
  await world.work();
  const newer = await world.ask({ decisionId: 'dec_2', action: 'insure', contacts: [PHONE, MAIL] });
  await world.work();
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual(email.calls.map((c) => c.opaque.split(':')[0]), [newer]);
  assert.deepEqual([(await world.row(old))['status'], (await world.row(old))['reason']], ['sent', `superseded_by:${newer}`]);
  const [message] = world.twin.messages();
  const late = { kind: 'status' as const, id: 'late', providerId: message!.wamid, opaque: message!.opaque, status: 'delivered' as const, at: world.clock.now(), refusal: null, payload: {} };
  await world.alerts.intake.receive('whatsapp', [late]);
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual([(await world.row(old))['status'], email.calls.length], ['delivered', 1], 'a late report of the old one wakes nobody');
});

test('a second contact sleeps at night too, until the desk’s morning, unless the deadline does not wait', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  const telegram = scriptedChannel('telegram');
  await using world = await startWorld(db, {}, {}, { others: [email, telegram] });
  email.outcomes.push(refused('550', 'give_up'), refused('550', 'give_up'));
  // 20:00 in Ho Chi Minh City: two hours before the quiet begins.
  const evening = { quietHours: { from: '22:00', to: '07:00' }, asOf: parseInstant('2026-03-02T13:00:00Z'), contacts: [PHONE, CHAT] };
  world.twin.script.set({ lose: ['sent', 'delivered', 'read'] });
  const patient = await world.ask({ ...evening, deadline: parseInstant('2026-03-05T12:00:00Z') });
  const urgent = await world.ask({ ...evening, decisionId: 'dec_2', customerId: 'cus_2', contacts: [{ channel: 'whatsapp', address: '+4915112345678' }, { channel: 'telegram', address: '717171' }], deadline: parseInstant('2026-03-03T00:30:00Z') });
  await world.work();
  world.clock.advance(READ_WITHIN);
  await world.watch();
  assert.deepEqual(telegram.calls.map((c) => c.to), ['717171'], 'midnight: only the deadline of this night wakes anybody');
  const held = (await world.deliveries(patient))[1]!;
  assert.deepEqual([held['status'], iso((held['held_until'] as Date).getTime())], ['queued', '2026-03-03T00:00:00.000Z']);
  assert.equal((await world.row(urgent))['status'], 'sent');
  await db.transaction((tx) => world.alerts.release(tx, parseInstant('2026-03-03T00:00:00Z')));
  await world.work();
  assert.deepEqual(telegram.calls.map((c) => c.to), ['717171', CHAT.address]);
});

test('an address that is wrong, or whose channel is not set up, is passed over and shown; requeued, the rest is tried anew', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  await using world = await startWorld(db, {}, {}, { others: [email] });
  email.outcomes.push(refused('550', 'give_up'));
  const id = await world.ask({ contacts: [{ channel: 'whatsapp', address: '0901' }, CHAT, MAIL, MAIL] });
  await world.work();
  assert.deepEqual((await world.deliveries(id)).map((d) => [d['channel'], d['status'], d['error_code']]), [['whatsapp', 'failed', 'RECIPIENT_INVALID'], ['telegram', 'failed', 'CHANNEL_ABSENT'], ['email', 'failed', '550']]);
  const requeued = await fetch(`${world.url}/admin/alerts/${id}/requeue`, { method: 'POST', headers: OPERATOR, body: '{}' });
  assert.deepEqual([requeued.status, ((await requeued.json()) as { status: string; channel: string }).channel], [200, 'email']);
  await world.advance(10_000);
  assert.deepEqual([(await world.row(id))['status'], email.calls.length], ['sent', 2]);
  const second = await fetch(`${world.url}/admin/alerts/${id}/requeue`, { method: 'POST', headers: OPERATOR, body: '{}' });
  assert.equal(second.status, 409, 'what is on its way is not sent again');
});

test('an alert past its time that nobody looked at is in sight: in health and in the queue', async () => {
  await using db = await freshDatabase();
  await using world = await startWorld(db, {}, {}, { operators: OPERATORS });
  const healthy = async (): Promise<readonly [string, string]> => {
    const { status, message } = await world.alerts.health.check(AbortSignal.timeout(5_000));
    return [status, message ?? ''];
  };
  assert.match((await healthy())[1], /OPERATOR_ALERTS names slack, and that channel is not set up/);
  world.twin.script.set({ lose: ['sent', 'delivered', 'read'] });
  const id = await world.ask();
  await world.work();
  world.clock.advance(READ_WITHIN + 6 * 60_000);
  const [state, message] = await healthy();
  assert.equal(state, 'unhealthy');
  assert.match(message, new RegExp(`1 alerts are past their time and neither told nor failed, ${id} among them`));
  const queue = (await (await fetch(`${world.url}/admin/alerts/queue`, { headers: OPERATOR })).json()) as { past_their_time: { id: string }[] };
  assert.deepEqual(queue.past_their_time.map((a) => a.id), [id]);
  await world.watch();
  assert.equal((await world.row(id))['status'], 'failed');
  assert.doesNotMatch((await healthy())[1], /past their time/);
});

test('Telegram’s webhook: the secret header opens it, an answer acts, and is applied once', async () => {
  await using db = await freshDatabase();
  const telegram = scriptedChannel('telegram');
  const seen: (string | undefined)[] = [];
  const webhook: InboundWebhook = {
    isProved: (_raw, proof) => proof === 'right',
    read(raw, proof) {
      seen.push(proof);
      if (proof !== 'right') return { kind: 'forged' };
      return { kind: 'events', events: [JSON.parse(raw.toString('utf8')) as ChannelEvent], skipped: 0 };
    },
  };
  await using world = await startWorld(db, {}, {}, { others: [telegram], telegram: webhook });
  const id = await world.ask({ contacts: [CHAT, MAIL] });
  await world.work();
  const event = { kind: 'reply', id: 'update-1', from: CHAT.address, text: '2', inReplyTo: null, at: world.clock.now(), payload: {} };
  const post = (secret?: string): Promise<Response> =>
    fetch(`${world.url}/webhooks/telegram`, { method: 'POST', body: JSON.stringify(event), headers: { 'content-type': 'application/json', ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }) } });
  assert.deepEqual([(await post()).status, (await post('wrong')).status], [401, 401]);
  assert.equal(world.replies.length, 0);
  assert.deepEqual([(await post('right')).status, (await post('right')).status], [200, 200]);
  assert.deepEqual(seen, ['right', 'right'], 'nothing of a request is read before its proof');
  assert.deepEqual(world.replies.map((r) => [r.alertId, r.meaning]), [[id, 'declined']]);
  assert.equal((await world.row(id))['status'], 'read');
});

test('a lost reply of a channel that never reports: the next contact rather than the same message twice', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  const telegram = scriptedChannel('telegram');
  await using world = await startWorld(db, {}, {}, { others: [email, telegram] });
  email.outcomes.push({ kind: 'unknown', code: 'VENUE_TIMEOUT', message: 'The mail server did not answer in time' });
  const id = await world.ask({ contacts: [MAIL, CHAT] });
  await world.work();
  await world.advance(30_000);
  assert.deepEqual([email.calls.length, telegram.calls.length], [1, 1]);
  assert.equal((await world.deliveries(id))[0]!['error_code'], 'OUTCOME_UNKNOWN');
  assert.equal((await world.row(id))['status'], 'sent');
});
