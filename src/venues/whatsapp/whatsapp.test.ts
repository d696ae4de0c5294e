import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCodedError } from '../../kernel/errors/index.ts';
import { languageFor, whatsAppChannel } from './channel.ts';
import { createWhatsAppClient, fieldText } from './client.ts';
import { realOutbound } from './test-support/real-outbound.ts';
import { openJournal } from './twin-journal.ts';
import { startWhatsAppTwin, type WhatsAppTwinOptions } from './twin.ts';
import { createWhatsAppWebhook, signatureOf } from './webhook.ts';

const ACCOUNT = { accessToken: 'token', phoneNumberId: '1066', appSecret: 'secret', verifyToken: 'verify' };
const MESSAGE = { to: '+84901234567', language: 'en', headline: 'Head', body: 'Line 1\nLine 2', deadline: 'Monday', severity: 'high', link: null, opaque: 'mark' } as const;

async function phone(options: Partial<WhatsAppTwinOptions> = {}, path = join(mkdtempSync(join(tmpdir(), 'bw-phone-')), 'phone.ndjson')) {
  const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath: path, delaysMs: { sent: 0, delivered: 0, read: 0 }, ...options });
  const client = createWhatsAppClient(realOutbound(), { ...ACCOUNT, baseUrl: `${twin.url}/`, apiVersion: 'v23.0', deadlineMs: 300 });
  const channel = whatsAppChannel(client, { name: 'risk_decision', languages: ['en'] });
  return { twin, client, channel, path, [Symbol.asyncDispose]: () => twin.close() };
}

/** The desk's side of webhooks: answers with the given statuses in turn, then 200. */
async function listener(...answers: number[]) {
  const bodies: { raw: Buffer; signature: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    bodies.push({ raw: Buffer.concat(chunks), signature: request.headers['x-hub-signature-256'] as string | undefined });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = async (): Promise<void> => (server.closeAllConnections(), void (await new Promise((done) => server.close(done))));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bodies, [Symbol.asyncDispose]: close };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000; i++, await new Promise((done) => setTimeout(done, 5))) if (holds()) return;
  throw new Error(`never: ${what}`);
}

test('the client’s message is what the API takes, and what the phone shows', async () => {
  await using p = await phone();
  const sent = await p.channel.send(MESSAGE);
  assert.equal(sent.kind, 'accepted');
  const [m] = p.twin.messages();
  assert.equal(sent.kind === 'accepted' && sent.providerId, m?.wamid);
  assert.deepEqual([m?.to, m?.opaque, m?.parameters], ['84901234567', 'mark', ['Head', 'Line 1 · Line 2', 'Monday']]);
});

test('the twin refuses as the API does: each wrong request with its code', async () => {
  await using p = await phone();
  const good = { messaging_product: 'whatsapp', to: '84901234567', type: 'template', template: { name: 'risk_decision', language: { code: 'en' }, components: [{ type: 'body', parameters: ['a', 'b', 'c'].map((text) => ({ type: 'text', text })) }] } };
  const fields = (...texts: string[]): object => ({ ...good, template: { ...good.template, components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }] } });
  const post = async (body: unknown, token = 'token', path = '/v23.0/1066/messages'): Promise<[number, number | undefined]> => {
    const response = await fetch(p.twin.url + path, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: typeof body === 'string' ? body : JSON.stringify(body) });
    return [response.status, ((await response.json()) as { error?: { code: number } }).error?.code];
  };
  assert.deepEqual(await post(good), [200, undefined]);
  assert.deepEqual(await post(good, 'wrong'), [401, 190]);
  assert.deepEqual(await post(good, 'token', '/v23.0/1067/messages'), [400, 100]);
  assert.deepEqual(await post('{'), [400, 100]);
  assert.deepEqual(await post({ ...good, to: undefined }), [400, 131_008]);
  assert.deepEqual(await post({ ...good, to: 'Tom' }), [400, 131_009]);
  assert.deepEqual(await post({ ...good, type: 'text' }), [400, 131_009]);
  assert.deepEqual(await post({ ...good, template: { ...good.template, name: 'nope' } }), [404, 132_001]);
  assert.deepEqual(await post({ ...good, template: { ...good.template, language: { code: 'fr' } } }), [404, 132_001]);
  assert.deepEqual(await post(fields('a', 'b')), [400, 132_000]);
  assert.deepEqual(await post(fields('a\nb', 'b', 'c')), [400, 132_012]);
  assert.deepEqual(await post(fields('a', 'x'.repeat(1_025), 'c')), [400, 132_005]);
  assert.equal(p.twin.messages().length, 1, 'nothing that was refused reached the phone');
});

test('any text of ours makes a field that the API takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '\r', '·', 'é', '🚢'), maxLength: 1_500 }), (text) => {
      const field = fieldText(text);
      assert.ok(field.length >= 1 && field.length <= 1_024 && !/[\n\t\r]| {5}/.test(field), JSON.stringify(field));
    }),
  );
});

test('a filled template stays within what the API takes, and it is the end of the body that is cut', async () => {
  await using p = await phone();
  for (const language of ['en', 'vi', 'zh-Hans', 'es-MX']) {
    const sent = await p.channel.send({ ...MESSAGE, language, headline: 'h'.repeat(200), body: `Act now. ${'because '.repeat(200)}` });
    assert.equal(sent.kind, 'accepted', language);
    const text = p.twin.messages().at(-1)!.text;
    assert.ok(text.length <= 1_024 && text.length > 900, `${language}: ${text.length}`);
    assert.ok(text.includes('Act now.') && text.includes('…\n') && text.includes(MESSAGE.deadline));
  }
});

test('what became of a message is told without guessing', async () => {
  const outcome = async (fault: object): Promise<unknown[]> => {
    await using p = await phone();
    p.twin.faults.set([fault as never]);
    const sent = await p.channel.send(MESSAGE);
    return [sent.kind, sent.kind === 'refused' ? sent.refusal.code : sent.kind === 'unknown' ? sent.code : null, p.twin.messages().length];
  };
  assert.deepEqual(await outcome({ kind: 'dropped_socket', when: 'before' }), ['unknown', 'VENUE_FAILED', 0]);
  assert.deepEqual(await outcome({ kind: 'dropped_socket', when: 'after' }), ['unknown', 'VENUE_FAILED', 1]);
  assert.deepEqual(await outcome({ kind: 'half_open', when: 'after' }), ['unknown', 'VENUE_TIMEOUT', 1]);
  assert.deepEqual(await outcome({ kind: 'server_error', status: 502, when: 'after' }), ['unknown', 'VENUE_FAILED', 1]);
  assert.deepEqual(await outcome({ kind: 'malformed_body' }), ['unknown', 'VENUE_FAILED', 1]);
  assert.deepEqual(await outcome({ kind: 'rate_limited', retry_after_s: 7 }), ['refused', 'VENUE_RATE_LIMITED', 0]);
  assert.deepEqual(await outcome({ kind: 'latency', ms: 20 }), ['accepted', null, 1]);
});

test('a code reaches the caller as WhatsApp’s own, and is never retried', async () => {
  await using p = await phone();
  p.twin.script.set({ refuse: [131_056] });
  const error = await p.client.sendTemplate({ to: '+84901234567', template: 'risk_decision', language: 'en', parameters: ['a', 'b', 'c'], opaque: 'x' }).catch((e: unknown) => e);
  assert.ok(isCodedError(error));
  assert.equal(error.occurrence.facts?.['venue_code'], '131056');
  assert.equal(p.twin.counters().total, 1);
});

test('webhooks are signed, repeated until answered, and go on after the twin was killed', async () => {
  await using desk = await listener(500, 503);
  const first = await phone();
  await first.channel.send(MESSAGE);
  await first.twin.close(); // It had nowhere to post to: all three are owed.
  appendFileSync(first.path, '{"kind":"message","wamid":"wamid.cut'); // What a kill leaves of a line.
  await using second = await phone({ callbackUrl: desk.url, wait: async () => undefined }, first.path);
  assert.deepEqual(second.twin.messages(), first.twin.messages());
  await until('all told', () => second.twin.pendingWebhooks() === 0);
  const webhook = createWhatsAppWebhook(ACCOUNT);
  const events = desk.bodies.map(({ raw, signature }) => webhook.read(raw, signature)).flatMap((read) => (read.kind === 'events' ? read.events : []));
  assert.equal(desk.bodies.length, 5, 'three events, two of them twice because of 500 and 503');
  assert.deepEqual([...new Set(events.map((e) => e.kind === 'status' && e.status))].sort(), ['delivered', 'read', 'sent']);
  assert.ok(events.every((e) => e.kind === 'status' && e.opaque === 'mark'));
  await using third = await phone({ callbackUrl: desk.url }, first.path);
  assert.equal(third.twin.pendingWebhooks(), 0, 'what was answered is not told again');
});

test('a journal damaged in its middle is refused with its line', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'bw-journal-')), 'j.ndjson');
  appendFileSync(path, '{"kind":"told","of":"a","index":0}\n{"kind":"to\n{"kind":"told","of":"b","index":0}\n');
  assert.throws(() => openJournal(path), (e) => isCodedError(e) && e.code === 'WHATSAPP_TWIN_JOURNAL' && /Line 2/.test(e.message));
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 4, 'and left as it is');
  rmSync(path);
});

test('only its owner can read the journal, also one that an earlier version has left readable', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'bw-journal-')), 'j.ndjson');
  const entry = { kind: 'told', of: 'wamid.x', index: 0 } as const;
  const mode = (): number => statSync(path).mode & 0o777;
  openJournal(path).append(entry);
  assert.equal(mode(), 0o600);
  chmodSync(path, 0o644);
  assert.deepEqual(openJournal(path).lines(), [entry]);
  assert.equal(mode(), 0o600);
});

test('the phone’s page shows text as text, and only its own buttons answer', async () => {
  await using p = await phone();
  await p.channel.send({ ...MESSAGE, headline: '<script>alert("x")</script>&\'' });
  const page = await fetch(p.twin.phoneUrl);
  const html = await page.text();
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.ok(html.includes('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;') && !html.includes('<script'));
  assert.ok(html.includes(`name="key" value="${p.twin.key}"`), 'the form carries the key');
  const answer = (origin: string, key: string): Promise<Response> => {
    const body = new URLSearchParams({ key, from: '84901234567', text: '1', in_reply_to: p.twin.messages()[0]!.wamid });
    return fetch(`${p.twin.url}/twin/reply`, { method: 'POST', redirect: 'manual', headers: { origin }, body });
  };
  assert.equal((await answer('http://evil.example', p.twin.key)).status, 403);
  assert.equal((await answer(p.twin.url, 'wrong')).status, 403);
  const answered = await answer(p.twin.url, p.twin.key);
  assert.deepEqual([answered.status, p.twin.url + answered.headers.get('location')], [303, p.twin.phoneUrl]);
  assert.deepEqual(p.twin.replies().map((r) => r.text), ['1']);
});

test('the phones open with the key alone; the script and the messages take it from the header alone', async () => {
  await using p = await phone();
  const { url, key, phoneUrl } = p.twin;
  const status = async (path: string, init?: RequestInit): Promise<number> => (await fetch(path, init)).status;
  const header = { headers: { 'x-twin-key': key } };
  assert.deepEqual([await status(phoneUrl), await status(`${url}/twin/phone`, header)], [200, 200]);
  assert.deepEqual([await status(`${url}/twin/phone`), await status(`${url}/twin/phone?key=wrong`)], [403, 403]);
  assert.deepEqual([await status(`${url}/twin/messages`), await status(`${url}/twin/messages?key=${key}`)], [403, 403]);
  assert.equal(await status(`${url}/twin/messages`, header), 200);
  const script = { method: 'POST', body: JSON.stringify({ refuse: [131_056] }) };
  assert.deepEqual([await status(`${url}/twin/script`, script), p.twin.script.read().refuse], [403, []]);
  assert.equal(await status(`${url}/twin/script`, { ...script, ...header }), 200);
  assert.deepEqual(p.twin.script.read().refuse, [131_056]);
});

test('webhook: answers by text, button and picture; unknown items are counted, not fatal; any other byte is forged', () => {
  const webhook = createWhatsAppWebhook(ACCOUNT);
  const base = { from: '84901234567', timestamp: '1772442000' };
  const body = JSON.stringify({
    entry: [{ changes: [{ field: 'messages', value: {
      messages: [{ ...base, id: 'a', type: 'text', text: { body: '2' }, context: { id: 'wamid.1' } }, { ...base, id: 'b', type: 'button', button: { payload: '3', text: 'Call me' } }, { ...base, id: 'c', type: 'image', image: { id: 'x' } }, { id: 'd' }],
      statuses: [{ id: 'w', status: 'failed', timestamp: '1772442000', errors: [{ code: 131_026 }] }, { id: 'w', status: 'played', timestamp: '1772442000' }],
    } }] }],
  });
  const read = webhook.read(Buffer.from(body), signatureOf(body, 'secret'));
  assert.ok(read.kind === 'events');
  assert.equal(read.skipped, 2);
  assert.deepEqual(read.events.map((e) => (e.kind === 'reply' ? [e.from, e.text, e.inReplyTo] : [e.status, e.refusal?.reaction, e.at])), [['failed', 'give_up', 1_772_442_000_000], ['+84901234567', '2', 'wamid.1'], ['+84901234567', '3', null], ['+84901234567', '[image]', null]]);
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const forged = Buffer.from(body);
      forged[at]! ^= flip;
      assert.equal(webhook.read(forged, signatureOf(body, 'secret')).kind, 'forged');
    }),
  );
  assert.equal(webhook.handshake({ 'hub.mode': 'subscribe', 'hub.verify_token': ['verify'], 'hub.challenge': '1' }), null);
});

test('a language falls back to its base, its sister, then the first', () => {
  assert.deepEqual(['pt-BR', 'pt', 'de-AT', 'vi'].map((l) => languageFor(l, ['en', 'pt_PT', 'pt_BR', 'de'])), ['pt_BR', 'pt_PT', 'de', 'en']);
});

test('webhook: characters that Postgres refuses are replaced, and a time that it refuses costs only its item', () => {
  const webhook = createWhatsAppWebhook(ACCOUNT);
  const message = (change: object): object => ({
    id: 'wamid.1',
    from: '15550100',
    timestamp: '1772366400',
    type: 'text',
    text: { body: 'hello' },
    ...change,
  });
  const value = {
    statuses: [{ id: 'wamid.2', status: 'read', timestamp: '9999999999' }],
    messages: [
      message({ text: { body: '1\0\ud800', 'a\0': 1 } }),
      message({ timestamp: '999999999999' }),
      message({ timestamp: '7258118401' }),
    ],
  };
  const body = JSON.stringify({ entry: [{ changes: [{ value }] }] });
  const read = webhook.read(Buffer.from(body), signatureOf(body, ACCOUNT.appSecret));
  assert.ok(read.kind === 'events');
  assert.deepEqual([read.events.length, read.skipped], [1, 3]);
  const [event] = read.events;
  assert.equal(event?.kind === 'reply' && event.text, '1\ufffd\ufffd');
  assert.deepEqual((event as { payload: { text: object } }).payload.text, { body: '1\ufffd\ufffd', 'a\ufffd': 1 });
});
