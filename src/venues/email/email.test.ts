/** The channel against a real mail server (smtp-server), over real sockets and TLS. Not here: the numbered matrix. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { SMTPServerOptions } from 'smtp-server';
import type { OutgoingMessage, SendOutcome } from '../../flow/alerts/ports.ts';
import { realOutbound } from '../whatsapp/test-support/real-outbound.ts';
import { refusalOf } from './codes.ts';
import { composeMail, isMailAddress, messageIdOf, readSender } from './compose.ts';
import { createEmailChannel, readSmtpUrl, startEmailTwin } from './index.ts';
import { TEST_CERTIFICATE } from './test-support/certificate.ts';
import { mailServer, PASSWORD } from './test-support/mail-server.ts';

const MESSAGE: OutgoingMessage = {
  to: 'ops@customer.example', language: 'en', headline: 'Reroute BK-1', body: 'Chance: 42 %.\nBook the Cape route.', deadline: 'Tue 3 Mar 2026, 14:00 (UTC)', severity: 'critical', link: 'https://desk.example/decisions/dec_1?a=1&b=2', opaque: `alr_${'a'.repeat(24)}:1:1772442000000`,
};
async function server(options: SMTPServerOptions = {}) {
  const smtp = await mailServer(options);
  const send = (change: Partial<OutgoingMessage> = {}, url = `smtps://desk:${encodeURIComponent(PASSWORD)}@localhost:${smtp.port}`, ca: string | null = TEST_CERTIFICATE): Promise<SendOutcome> =>
    createEmailChannel({ outbound: realOutbound(), smtpUrl: url, from: 'Bellwether <alerts@desk.example>', deadlineMs: 1_500, requireTls: true, ...(ca === null ? {} : { ca }) }).send({ ...MESSAGE, ...change });
  return { ...smtp, send };
}

const told = (o: SendOutcome): unknown[] => (o.kind === 'accepted' ? ['accepted'] : o.kind === 'unknown' ? ['unknown', o.code] : [o.refusal.reaction, o.refusal.code, o.refusal.retryAfterMs]);
const refuse = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

test('accepted over TLS with a login: headers, both bodies, deadline and link first', async () => {
  await using s = await server({ secure: true });
  assert.deepEqual(await s.send(), { kind: 'accepted', providerId: `email:${MESSAGE.opaque}` });
  const raw = s.got[0]!;
  assert.match(raw, /^From: Bellwether <alerts@desk\.example>\r$/m);
  assert.match(raw, /^To: ops@customer\.example\r$/m);
  assert.match(raw, /^Subject: \[Critical\] Reroute BK-1\r$/m);
  assert.match(raw, new RegExp(`^Message-ID: <alr_${'a'.repeat(24)}\\.1772442000000@desk\\.example>\\r$`, 'mi'));
  assert.match(raw, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(raw, /multipart\/alternative/);
  const { text, html } = composeMail(MESSAGE, 'desk.example');
  assert.deepEqual(text.split('\n').slice(0, 2), ['Decide before: Tue 3 Mar 2026, 14:00 (UTC)', 'Open the decision: https://desk.example/decisions/dec_1?a=1&b=2']);
  assert.ok(html.indexOf('Decide before') < html.indexOf('href=') && html.indexOf('href=') < html.indexOf('<h1'));
  assert.ok(html.includes('href="https://desk.example/decisions/dec_1?a=1&amp;b=2"') && html.includes('content="light dark"') && html.includes('<html lang="en">'));
  assert.ok(!/background|[^-]color:/.test(html), 'no colour of ours that a dark theme could make unreadable');
});

test('STARTTLS is required beyond this machine; one that is refused or not trusted holds the channel, and no login is sent', async () => {
  const logins: string[] = [];
  const onAuth: SMTPServerOptions['onAuth'] = (auth, _session, done) => (logins.push(String(auth.username)), done(null, { user: 'desk' }));
  const beyond = (port: number, scheme = 'smtp'): string => `${scheme}://desk:${encodeURIComponent(PASSWORD)}@localhost:${port}`;
  await using open = await server({ onAuth });
  assert.deepEqual(told(await open.send({}, beyond(open.port))), ['accepted']);
  logins.length = 0;
  await using bare = await server({ onAuth, hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
  assert.deepEqual(told(await bare.send({}, beyond(bare.port))).slice(0, 1), ['hold_channel']);
  assert.deepEqual(told(await open.send({}, beyond(open.port), null)), ['hold_channel', 'TLS', 300_000]);
  assert.deepEqual(told(await open.send({}, beyond(open.port, 'smtps'))).slice(0, 1), ['hold_channel'], 'no TLS from the first byte here');
  assert.deepEqual([logins, open.got.length, bare.got.length], [[], 1, 0]);
});

test('what the server says decides: each reply with its reaction', async () => {
  const cases: readonly (readonly [SMTPServerOptions, unknown[]])[] = [
    [{ onRcptTo: (_a, _s, done) => done(refuse(450, '4.7.1 greylisted')) }, ['delay_recipient', '450', 300_000]],
    [{ onRcptTo: (_a, _s, done) => done(refuse(451, '4.7.1 greylisted, come back')) }, ['back_off', '451', 300_000]],
    [{ onRcptTo: (_a, _s, done) => done(refuse(452, '4.2.2 full for now')) }, ['delay_recipient', '452', 600_000]],
    [{ onRcptTo: (_a, _s, done) => done(refuse(421, '4.3.2 closing')) }, ['back_off', '421', 60_000]],
    [{ onRcptTo: (_a, _s, done) => done(refuse(550, '5.1.1 no such user')) }, ['give_up', '550', null]],
    [{ onRcptTo: (_a, _s, done) => done(refuse(550, '5.7.26 unauthenticated')) }, ['hold_channel', '550', 3_600_000]],
    [{ onMailFrom: (_a, _s, done) => done(refuse(553, '5.7.1 not your address')) }, ['hold_channel', '553', 300_000]],
    [{ onData: (stream, _s, done) => (stream.resume(), stream.on('end', () => done(refuse(552, '5.3.4 too big')))) }, ['give_up', '552', null]],
    [{ onData: (stream, _s, done) => (stream.resume(), stream.on('end', () => done(refuse(554, '5.7.1 spam')))) }, ['give_up', '554', null]],
    [{ onData: (stream, _s, done) => (stream.resume(), stream.on('end', () => done(refuse(451, '4.3.0 try later')))) }, ['back_off', '451', 300_000]],
  ];
  for (const [options, expected] of cases) {
    await using s = await server({ secure: true, ...options });
    assert.deepEqual(told(await s.send()), expected, String(expected[1]));
    assert.equal(s.got.length, 0);
  }
  await using s = await server({ secure: true });
  const wrong = await s.send({}, `smtps://desk:wrong-pass-word@localhost:${s.port}`);
  assert.deepEqual(told(wrong), ['hold_channel', '535', 300_000]);
  assert.ok(!inspect(wrong, { depth: 9 }).includes('wrong-pass-word'));
});

test('a line that breaks before the mail goes out is certain, after it is not', async () => {
  await using twin = await startEmailTwin();
  const channel = createEmailChannel({ outbound: realOutbound(), smtpUrl: twin.url, from: 'alerts@desk.example', deadlineMs: 300 });
  const outcome = async (fault: object): Promise<unknown[]> => {
    twin.faults.set([fault as never]);
    return [...told(await channel.send(MESSAGE)).slice(0, 2), twin.mails().length];
  };
  assert.deepEqual(await outcome({ kind: 'dropped_socket' }), ['hold_channel', 'VENUE_FAILED', 0]);
  assert.deepEqual(await outcome({ kind: 'half_open' }), ['hold_channel', 'VENUE_TIMEOUT', 0]);
  assert.deepEqual(await outcome({ kind: 'dropped_socket', when: 'after' }), ['unknown', 'VENUE_FAILED', 1]);
  assert.deepEqual(await outcome({ kind: 'latency', ms: 60_000, when: 'after' }), ['unknown', 'VENUE_TIMEOUT', 2]);
  await using fresh = await startEmailTwin();
  const other = createEmailChannel({ outbound: realOutbound(), smtpUrl: fresh.url, from: 'alerts@desk.example', deadlineMs: 300 });
  fresh.faults.set([{ kind: 'malformed_body' }]);
  assert.deepEqual([...told(await other.send(MESSAGE)), fresh.mails().length], ['unknown', 'VENUE_FAILED', 1]);
  await fresh.close();
  assert.deepEqual(told(await other.send(MESSAGE)), ['hold_channel', 'VENUE_FAILED', 15_000]);
});

test('no text of ours adds a header or a recipient, or ends the mail', async () => {
  await using s = await server({ secure: true });
  const nasty = 'Pay\r\nBcc: thief@evil.example\r\n\r\n.\r\nMAIL FROM:<x@y.example>\r\n<script>alert(1)</script>';
  assert.equal((await s.send({ headline: nasty, body: `${nasty}\r\n.\r\n`, deadline: nasty, link: 'javascript:alert(1)', opaque: 'x\r\nBcc: a@b.example' })).kind, 'accepted');
  const [head = ''] = s.got[0]!.split('\r\n\r\n', 1);
  assert.ok(!/^Bcc:/im.test(head) && s.got.length === 1);
  const { html } = composeMail({ ...MESSAGE, headline: nasty, body: nasty, deadline: nasty, link: 'javascript:alert(1)' }, 'desk.example');
  assert.ok(!html.includes('<script') && !html.includes('javascript:'));
  for (const to of ['a@b.example, thief@evil.example', 'a@b.example\r\nRCPT TO:<t@e.example>', '<a@b.example>', '"a b"@c.example', 'a@b', 'a@@b.example', '']) {
    assert.deepEqual(told(await s.send({ to })), ['give_up', 'ADDRESS_INVALID', null], to);
  }
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '@', '.', ' ', '\r', '\n', ',', '<', '>', ';', '"'), maxLength: 20 }), (text) => !isMailAddress(text) || /^[a.]+@[a.]+$/.test(text)));
});

test('settings: addresses, senders and ids', () => {
  assert.deepEqual(readSmtpUrl('smtp://u%40x:p%3A%2F@mail.example'), { host: 'mail.example', port: 587, security: 'starttls', user: 'u@x', password: 'p:/' });
  assert.deepEqual(['smtps://mail.example', 'smtp://127.0.0.1:25', 'smtp://[::1]:25', 'smtp://localhost'].map((u) => readSmtpUrl(u)?.security), ['tls', 'plain', 'plain', 'plain']);
  for (const wrong of ['http://mail.example', 'smtp://', 'smtp://mail.example/x', 'smtp://mail.example?tls=no', 'smtp://user@mail.example', 'smtp://u:%E0%A4%A@mail.example']) assert.equal(readSmtpUrl(wrong), null, wrong);
  assert.deepEqual(readSender('Bellwether Desk <a@b.example>'), { name: 'Bellwether Desk', address: 'a@b.example', domain: 'b.example' });
  for (const wrong of ['Desk <a@b.example>, x@y.example', 'a@b.example\r\nBcc: x@y.example', 'nobody']) assert.equal(readSender(wrong), null, wrong);
  assert.throws(() => createEmailChannel({ outbound: realOutbound(), smtpUrl: 'smtp://u:s3cret@h/x', from: 'a@b.example' }), (e: Error & { code: string }) => e.code === 'EMAIL_SETTINGS_WRONG' && !inspect(e).includes('s3cret'));
  const id = (n: number, created: number): string => messageIdOf(`alr_${'b'.repeat(24)}:${n}:${created}`, 'd.example');
  assert.equal(id(1, 7), id(2, 7));
  assert.notEqual(id(1, 7), id(1, 8));
  assert.equal(refusalOf({ code: 599, enhanced: null, stage: 'recipient' }).reaction, 'give_up');
});

test('the twin ends a session that speaks HTTP, so that no page can post commands to it', async () => {
  await using twin = await startEmailTwin();
  const socket = connect(twin.port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const mail = 'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nforged\r\n.\r\n';
  socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${mail}`);
  await once(socket, 'close');
  assert.deepEqual(said.split('\r\n'), ['220 twin ESMTP', '421 5.5.1 This is SMTP', '']);
  assert.deepEqual(twin.mails(), []);
});
