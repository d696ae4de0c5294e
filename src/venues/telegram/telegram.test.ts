import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { OutgoingMessage, SendOutcome } from '../../flow/alerts/ports.ts';
import { ManualClock } from '../../model/time.ts';
import { realOutbound } from '../whatsapp/test-support/real-outbound.ts';
import { callbackData, readCallbackData } from './callback-data.ts';
import { telegramMessage } from './channel.ts';
import { answerCallbacks, createTelegramChannel, createTelegramClient, createTelegramWebhook, startTelegramTwin } from './index.ts';

const clock = new ManualClock('2026-03-02T09:00:00Z');
const ACCOUNT = { token: '123456:AAtwin-token-of-thirty-five-characters', webhookSecret: 'hook-secret' };
const OPAQUE = `alr_${'a'.repeat(24)}:2:1772442000000`;
const MESSAGE: OutgoingMessage = { to: '42', language: 'en', headline: 'Reroute <BK-1> & go', body: 'Chance: 42 %.', deadline: 'Tue 3 Mar', severity: 'high', link: 'https://desk.example/d?a=1&b="2"', opaque: OPAQUE };

async function rig() {
  const twin = await startTelegramTwin({ ...ACCOUNT, clock });
  const outbound = realOutbound();
  const channel = createTelegramChannel(outbound, { baseUrl: `${twin.url}/`, token: ACCOUNT.token, deadlineMs: 300 });
  const client = createTelegramClient(outbound, { baseUrl: twin.url, token: ACCOUNT.token });
  const send = (change: Partial<OutgoingMessage> = {}): Promise<SendOutcome> => channel.send({ ...MESSAGE, ...change });
  return { twin, client, channel, send, webhook: createTelegramWebhook({ secret: ACCOUNT.webhookSecret, clock }), [Symbol.asyncDispose]: () => twin.close() };
}

const told = (o: SendOutcome): unknown[] => (o.kind === 'accepted' ? ['accepted'] : o.kind === 'unknown' ? ['unknown', o.code] : [o.refusal.reaction, o.refusal.code, o.refusal.retryAfterMs]);

test('a message is shown as text, with its deadline first and three buttons that carry our mark', async () => {
  await using r = await rig();
  assert.deepEqual(await r.send(), { kind: 'accepted', providerId: '42:1' });
  const [m] = r.twin.messages();
  assert.equal(m?.text, 'Decide before: Tue 3 Mar\nOpen the decision\n\n[High] Reroute <BK-1> & go\n\nChance: 42 %.');
  assert.deepEqual(m?.buttons, [{ text: '1 · I have acted', data: `1:${OPAQUE}` }, { text: '2 · I decline', data: `2:${OPAQUE}` }, { text: '3 · Call me', data: `3:${OPAQUE}` }]);
  await r.send({ language: 'vi', link: null });
  assert.match(r.twin.messages()[1]!.text, /^Quyết định trước: /);
});

test('whatever a text holds, Telegram can read it and shows no more than 4,096 characters', async () => {
  await using r = await rig();
  const nasty = fc.string({ unit: fc.constantFrom('<b>', '</b>', '&', '&lt;', '"', '<a href="tg://x">', '\n', 'é', '🚢', '\u202e'), maxLength: 4_000 });
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (headline, body) => {
      assert.equal((await r.client.sendMessage(telegramMessage({ ...MESSAGE, headline, body }))).messageId.length > 0, true);
    }),
    { numRuns: 25 },
  );
});

test('what each refusal asks for', async () => {
  await using r = await rig();
  const error = (code: number, description: string, parameters?: object) => ({ status: code, json: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) } });
  r.twin.block(7);
  assert.deepEqual(told(await r.send({ to: '7' })), ['give_up', '403', null]);
  const cases = [
    [error(400, 'Bad Request: chat not found'), ['give_up', '400', null]],
    [error(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1001 }), ['give_up', '400', null]],
    [error(401, 'Unauthorized'), ['hold_channel', '401', 300_000]],
    [error(404, 'Not Found'), ['hold_channel', '404', 300_000]],
    [error(409, 'Conflict: x'), ['back_off', '409', 60_000]],
    [error(500, 'Internal Server Error'), ['unknown', 'VENUE_FAILED']],
    [{ status: 502, text: '<html>bad gateway</html>' }, ['unknown', 'VENUE_FAILED']],
    [error(429, 'Too Many Requests: retry after 35', { retry_after: 35 }), ['back_off', 'VENUE_RATE_LIMITED', 35_000]],
  ] as const;
  for (const [reply, expected] of cases) {
    r.twin.answer(reply);
    assert.deepEqual(told(await r.send()), expected, JSON.stringify(reply));
  }
  assert.equal(r.twin.messages().length, 0);
  const words = await (async () => {
    await using other = await rig();
    other.twin.answer(error(400, 'Bad Request: chat not found'));
    return await other.send();
  })();
  assert.match(words.kind === 'refused' ? words.refusal.message : '', /press Start/);
  for (const to of ['', '42; drop', 'tom', '4 2', '@x']) assert.deepEqual(told(await r.send({ to })), ['give_up', 'ADDRESS_INVALID', null], to);
});

test('a call that was cut after it was taken is unknown; the token is nowhere', async () => {
  await using r = await rig();
  const outcomes: SendOutcome[] = [];
  r.twin.faults.set([{ kind: 'dropped_socket', when: 'after' }]);
  outcomes.push(await r.send());
  r.twin.faults.clear();
  r.twin.answer({ status: 400, json: { ok: false, error_code: 400, description: `Bad Request at /bot${ACCOUNT.token}/sendMessage` } });
  outcomes.push(await r.send());
  assert.deepEqual(outcomes.map((o) => o.kind), ['unknown', 'refused']);
  assert.equal(r.twin.messages().length, 1);
  const thrown: unknown[] = [];
  const client = createTelegramClient(realOutbound(), { baseUrl: 'http://nobody.invalid', token: ACCOUNT.token, deadlineMs: 300 });
  thrown.push(await client.sendMessage({ chatId: '1', html: 'x', buttons: [] }).catch((e: unknown) => e));
  r.twin.answer({ json: { path: `/bot${ACCOUNT.token}/sendMessage`, token: ACCOUNT.token } });
  thrown.push(await r.client.sendMessage({ chatId: '1', html: 'x', buttons: [] }).catch((e: unknown) => e));
  const all = inspect([outcomes, thrown], { depth: 12, maxStringLength: null });
  assert.ok(!all.includes('AAtwin-token') && thrown.every((e) => e instanceof Error));
});

test('a pressed button is a reply, and proves that the message was read; words are a reply', async () => {
  await using r = await rig();
  await r.send();
  const message = r.twin.messages()[0]!;
  const press = r.twin.press(message, 2);
  const read = r.webhook.read(Buffer.from(press.body), press.secret);
  assert.ok(read.kind === 'events');
  assert.deepEqual(read.events.map((e) => (e.kind === 'status' ? [e.status, e.providerId, e.opaque, e.at] : [e.from, e.text, e.inReplyTo, e.at])), [['read', '42:1', OPAQUE, clock.now()], ['42', '3', '42:1', clock.now()]]);
  assert.equal(await answerCallbacks(r.client, read.events), 0);
  assert.deepEqual(r.twin.notices(), ['Đã ghi nhận: Gọi cho tôi'], 'in the language of the phone');
  r.twin.answer({ status: 400, json: { ok: false, error_code: 400, description: 'Bad Request: query is too old' } });
  assert.equal(await answerCallbacks(r.client, read.events), 1, 'told, not thrown');
  const words = r.twin.say(42, '1', message);
  const reply = r.webhook.read(Buffer.from(words.body), words.secret);
  assert.ok(reply.kind === 'events');
  assert.deepEqual(reply.events.map((e) => e.kind === 'reply' && [e.from, e.text, e.inReplyTo]), [['42', '1', '42:1']]);
});

test('webhook: another secret is forged, other shapes are counted, not fatal', () => {
  const webhook = createTelegramWebhook({ secret: 'right', clock });
  const read = (body: unknown, secret: string | undefined = 'right') => webhook.read(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), secret);
  for (const secret of [undefined, '', 'righ', 'right ', 'wrong']) assert.equal(webhook.read(Buffer.from('{"update_id":1}'), secret).kind, 'forged');
  assert.equal(read('{').kind, 'unreadable');
  assert.equal(read({ hello: 1 }).kind, 'unreadable');
  for (const other of [{ update_id: 1, edited_message: {} }, { update_id: 1, callback_query: { id: '1', data: 'not ours', message: { message_id: 1, chat: { id: 1 } } } }, { update_id: 1, message: { text: 'x' } }]) {
    assert.deepEqual(read(other), { kind: 'events', events: [], skipped: 1 });
  }
  assert.equal(webhook.handshake({ 'hub.challenge': '1' }), null);
});

test('a mark fits the 64 bytes of a button, and one that does not is shortened and known as ours', () => {
  fc.assert(
    fc.property(fc.constantFrom('1' as const, '2' as const, '3' as const), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), (answer, opaque) => {
      const data = callbackData(answer, opaque);
      assert.ok(Buffer.byteLength(data) <= 64);
      assert.deepEqual(readCallbackData(data), { answer, opaque: Buffer.byteLength(opaque) <= 62 ? opaque : null });
    }),
  );
  assert.deepEqual(readCallbackData(callbackData('2', `alr_${'f'.repeat(24)}:999999:999999999999999`)), { answer: '2', opaque: `alr_${'f'.repeat(24)}:999999:999999999999999` });
  for (const other of ['', '4:x', '1', '1:', '1~xyz']) assert.equal(readCallbackData(other), null);
});

test('the twin posts an update until the desk has taken it', async () => {
  const answers = [500, 200];
  const seen: string[] = [];
  const desk = createServer((request, response) => {
    seen.push(String(request.headers['x-telegram-bot-api-secret-token']));
    request.resume();
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((done) => desk.listen(0, '127.0.0.1', done));
  await using r = await rig();
  r.twin.callback(`http://127.0.0.1:${(desk.address() as AddressInfo).port}/`);
  r.twin.say(42, '1');
  for (let i = 0; i < 1_000 && r.twin.pending() > 0; i += 1) await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(seen, ['hook-secret', 'hook-secret']);
  desk.closeAllConnections();
  await new Promise((done) => desk.close(done));
});

test('characters that Postgres refuses are replaced, and an update at a time that it refuses is skipped', () => {
  const webhook = createTelegramWebhook({ secret: 'right', clock });
  const read = (date: number) =>
    webhook.read(
      Buffer.from(
        JSON.stringify({ update_id: 1, message: { message_id: 1, chat: { id: 42 }, date, text: 'a\0\udfff' } }),
      ),
      'right',
    );
  const kept = read(1_772_366_400);
  assert.ok(kept.kind === 'events' && kept.events[0]?.kind === 'reply');
  assert.equal(kept.events[0].text, 'a\ufffd\ufffd');
  for (const date of [7_258_118_401, 999_999_999_999, Number.MAX_SAFE_INTEGER])
    assert.deepEqual(read(date), { kind: 'events', events: [], skipped: 1 });
});
