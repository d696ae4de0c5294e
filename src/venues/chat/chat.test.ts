import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import type { MessageChannel, OutgoingMessage, SendOutcome } from '../../flow/alerts/ports.ts';
import { createBreakers } from '../../kernel/breakers/index.ts';
import { createGate } from '../../kernel/gate/index.ts';
import { createMetrics } from '../../kernel/metrics/index.ts';
import { createOutbound } from '../../kernel/outbound/index.ts';
import { TimerWheel } from '../../kernel/timers/index.ts';
import { systemClock } from '../../model/time.ts';
import type { TwinReply } from '../twin/index.ts';
import { createSlackChannel, createTeamsChannel, createWebhookChannel, startChatTwin, webhookSecret, type ChatTwin } from './index.ts';
import { slackMessage } from './slack.ts';
import { teamsMessage } from './teams.ts';

const SECRET = 'one-secret-for-these-tests';
const MESSAGE: OutgoingMessage = {
  to: '', language: 'en', headline: 'Reroute BK-1 around Hormuz', body: 'Chance: 42 %.\nBook the Cape route.', deadline: 'Tue 3 Mar 2026, 14:00 (UTC)', severity: 'high', link: 'https://desk.example/decisions/dec_1', opaque: `alr_${'a'.repeat(24)}:1:1772442000000`,
};

async function rig(options: { allowPrivate?: boolean; deadlineMs?: number } = {}) {
  const clock = systemClock;
  const twin = await startChatTwin({ clock, secret: SECRET });
  const [logger, timers, metrics] = [recordingLogger(), new TimerWheel(), createMetrics({ processDefaults: false })];
  const breakers = createBreakers({ clock, logger, metrics });
  const outbound = createOutbound({ clock, logger, metrics, timers, random: () => 0, breakers, gate: createGate({ clock, logger, metrics, timers }) });
  const settings = { outbound, allowPrivate: options.allowPrivate ?? true, deadlineMs: options.deadlineMs ?? 2_000 };
  const channels = { slack: createSlackChannel(settings), teams: createTeamsChannel(settings), webhook: createWebhookChannel({ ...settings, clock, secret: SECRET }) };
  const send = (name: keyof typeof channels, change: Partial<OutgoingMessage> = {}): Promise<SendOutcome> => channels[name].send({ ...MESSAGE, to: addressOf(twin, name), ...change });
  return { twin, logger, breakers, channels, send, [Symbol.asyncDispose]: () => twin.close() };
}

const addressOf = (twin: ChatTwin, name: MessageChannel['name']): string => (name === 'slack' ? twin.slackUrl : name === 'teams' ? twin.teamsUrl : twin.webhookUrl);
const told = (o: SendOutcome): unknown[] => (o.kind === 'accepted' ? ['accepted'] : o.kind === 'unknown' ? ['unknown', o.code] : [o.refusal.reaction, o.refusal.code, o.refusal.retryAfterMs, o.refusal.counts]);

test('each of the three is taken by a receiver that checks its form, and is told as accepted', async () => {
  await using r = await rig();
  for (const name of ['slack', 'teams', 'webhook'] as const) {
    assert.deepEqual(await r.send(name), { kind: 'accepted', providerId: `${name}:${MESSAGE.opaque}` });
    assert.equal(r.channels[name].confirms, 'accepted');
  }
  const [, , hook] = r.twin.posts();
  assert.deepEqual(hook?.body, {
    type: 'decision.alert', version: 1, alert: `alr_${'a'.repeat(24)}.1772442000000`, delivery: MESSAGE.opaque, language: 'en', severity: 'high', headline: MESSAGE.headline, body: ['Chance: 42 %.', 'Book the Cape route.'], deadline: MESSAGE.deadline, link: MESSAGE.link,
  });
});

test('what each refusal asks for', async () => {
  await using r = await rig();
  const cases: readonly (readonly ['slack' | 'teams' | 'webhook', TwinReply, unknown[]])[] = [
    ['slack', { status: 404, text: 'no_service' }, ['give_up', 'no_service', null, true]],
    ['slack', { status: 410, text: 'channel_is_archived' }, ['give_up', 'channel_is_archived', null, true]],
    ['slack', { status: 403, text: 'action_prohibited' }, ['give_up', 'action_prohibited', null, true]],
    ['slack', { status: 400, text: 'invalid_payload' }, ['give_up', 'invalid_payload', null, true]],
    ['slack', { status: 404, text: '<html>somewhere else</html>' }, ['give_up', '404', null, true]],
    ['slack', { status: 429, headers: { 'retry-after': '30' }, text: 'rate_limited' }, ['delay_recipient', 'VENUE_RATE_LIMITED', 30_000, false]],
    ['slack', { status: 500, text: 'rollup_error' }, ['unknown', 'VENUE_FAILED']],
    ['slack', { status: 200, text: '<html>a login page</html>' }, ['unknown', 'VENUE_FAILED']],
    ['slack', { status: 302, headers: { location: 'https://elsewhere.example/' }, text: '' }, ['give_up', 'VENUE_REFUSED', null, true]],
    ['teams', { status: 400, json: { error: { code: 'WorkflowTriggerIsNotEnabled', message: 'x' } } }, ['give_up', 'WorkflowTriggerIsNotEnabled', null, true]],
    ['teams', { status: 413, text: '' }, ['give_up', '413', null, true]],
    ['teams', { status: 429, headers: { 'retry-after': '60' }, text: '' }, ['delay_recipient', 'VENUE_RATE_LIMITED', 60_000, false]],
    ['teams', { text: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x' }, ['delay_recipient', 'VENUE_RATE_LIMITED', null, false]],
    ['teams', { text: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x' }, ['give_up', '413', null, true]],
    ['teams', { status: 502, text: '' }, ['unknown', 'VENUE_FAILED']],
    ['webhook', { status: 410, text: '' }, ['give_up', '410', null, true]],
    ['webhook', { status: 401, text: '' }, ['give_up', '401', null, true]],
    ['webhook', { status: 429, headers: { 'retry-after': '86400' }, text: '' }, ['delay_recipient', 'VENUE_RATE_LIMITED', 86_400_000, false]],
    ['webhook', { status: 503, text: '' }, ['unknown', 'VENUE_FAILED']],
  ];
  for (const [name, reply, expected] of cases) {
    r.twin.answer(reply);
    assert.deepEqual(told(await r.send(name)), expected, `${name} ${JSON.stringify(reply)}`);
  }
  assert.equal(r.twin.posts().length, 0);
  assert.equal(r.twin.counters().total, cases.length, 'each was one call, none repeated');
});

test('what may have been taken is unknown, and what was not sent is not', async () => {
  await using r = await rig({ deadlineMs: 300 });
  r.twin.faults.set([{ kind: 'dropped_socket', when: 'after' }]);
  assert.deepEqual(told(await r.send('webhook')), ['unknown', 'VENUE_FAILED']);
  assert.equal(r.twin.posts().length, 1, 'it was taken');
  r.twin.faults.set([{ kind: 'half_open', when: 'after' }]);
  assert.deepEqual(told(await r.send('slack')), ['unknown', 'VENUE_TIMEOUT']);
  await r.twin.close();
  assert.deepEqual(told(await r.send('webhook')), ['delay_recipient', 'VENUE_FAILED', 15_000, true]);
  assert.deepEqual(told(await r.send('slack')), ['delay_recipient', 'VENUE_FAILED', 15_000, false]);
});

test('one receiver that keeps failing or says 429 does not hold up another’s', async () => {
  await using dead = await rig();
  await using well = await rig();
  dead.twin.faults.set([{ kind: 'server_error' }]);
  for (let i = 0; i < 5; i += 1) await dead.send('webhook');
  assert.deepEqual(told(await dead.send('webhook')).slice(0, 2), ['delay_recipient', 'VENUE_CIRCUIT_OPEN']);
  // The same outbound, another host: one in 64 shares the breaker, so the host is chosen apart.
  const names = Object.keys(dead.breakers.view());
  const other = well.twin.webhookUrl;
  const outcome = await dead.channels.webhook.send({ ...MESSAGE, to: other });
  const shared = Object.keys(dead.breakers.view()).length === names.length;
  assert.equal(outcome.kind === 'accepted' || shared, true);
  assert.ok(names.every((name) => /^webhook\.[0-3][0-9a-f]$/.test(name)), 'a breaker’s name says nothing of the address');
  well.twin.answer({ status: 429, headers: { 'retry-after': '3600' }, text: '' });
  await well.send('webhook');
  assert.equal((await well.send('webhook')).kind, 'accepted', 'the gate holds nobody back for one receiver’s sake');
});

test('addresses inside are refused before anything is sent, whatever they are called', async () => {
  await using r = await rig({ allowPrivate: false });
  const { port } = r.twin;
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '172.31.255.255', '100.64.0.1', '0.0.0.0', '[fe80::1]', '[fd00::1]', '[2002:7f00:1::]']) {
    assert.deepEqual(told(await r.send('webhook', { to: `https://${host}:${port}/hooks/x` })), ['give_up', 'ADDRESS_NOT_PUBLIC', null, true], host);
  }
  for (const to of ['http://hooks.example/x', 'ftp://hooks.example/x', 'https://user:pass@hooks.example/x', 'hooks.example', '']) {
    assert.deepEqual(told(await r.send('webhook', { to })), ['give_up', 'ADDRESS_INVALID', null, true], to);
  }
  assert.equal(r.twin.counters().total, 0);
  assert.ok(Object.values(r.breakers.view()).every((b) => b.failures === 0), 'a wrong address is no failure of the host');
});

test('no part of an address but its scheme is in an outcome, the log or a breaker', async () => {
  await using r = await rig({ deadlineMs: 300 });
  const outcomes: SendOutcome[] = [];
  for (const name of ['slack', 'teams', 'webhook'] as const) {
    const echo = new URL(addressOf(r.twin, name));
    for (const status of [200, 400, 404, 500]) {
      r.twin.answer({ status, text: `cannot POST ${echo.href} ${echo.pathname} ${echo.pathname.split('/').at(-1)}` });
      outcomes.push(await r.send(name));
    }
    r.twin.faults.set([{ kind: 'dropped_socket' }]);
    outcomes.push(await r.send(name));
    r.twin.faults.clear();
    outcomes.push(await r.send(name, { to: `not a url ${echo.pathname}` }), await r.send(name, { to: `http://nobody.invalid${echo.pathname}${echo.search}` }));
  }
  const all = inspect([outcomes, r.logger.lines, r.breakers.view()], { depth: 12, maxStringLength: null, maxArrayLength: null });
  for (const secret of ['slack-twin-key', 'B0000TWIN', 'twin-flow', 'teams-twin-signature', 'customer-twin-key', String(r.twin.port)]) assert.ok(!all.includes(secret), `${secret} in ${all.slice(Math.max(0, all.indexOf(secret) - 200), all.indexOf(secret) + 40)}`);
  assert.ok(r.logger.lines.length > 10, 'there was something to log');
});

test('a receiver’s secret is its own, and a changed body or time is refused', async () => {
  await using r = await rig();
  assert.notEqual(webhookSecret(SECRET, r.twin.webhookUrl), webhookSecret(SECRET, `${r.twin.webhookUrl}2`));
  assert.equal(webhookSecret(SECRET, 'https://HOOKS.example:443/a'), webhookSecret(SECRET, 'https://hooks.example/a'));
  const forged = await fetch(r.twin.webhookUrl, { method: 'POST', headers: { 'x-bellwether-timestamp': String(systemClock.now()), 'x-bellwether-signature': '0'.repeat(64), 'x-bellwether-delivery': 'x' }, body: '{}' });
  assert.equal(forged.status, 401);
});

test('whatever a text holds, it is shown as text: no mention, no link, no markup of its own, and within the limits', () => {
  const nasty = fc.string({ unit: fc.constantFrom('<!channel>', '<@U1>', '[x](javascript:y)', '*b*', '&', '\n', '\r\n', '\u202e', '🚢', 'a', '|', '"', '\u0007'), maxLength: 3_000 });
  fc.assert(
    fc.property(nasty, nasty, (headline, body) => {
      const m = { ...MESSAGE, headline, body, link: 'https://desk.example/a|b?x=<y>&z' };
      const slack = slackMessage(m) as { text: string; blocks: { type: string; text: { type: string; text: string } }[] };
      assert.ok(!/<[!@]/.test(slack.text));
      for (const block of slack.blocks) {
        assert.ok(block.text.text.length >= 1 && block.text.text.length <= (block.type === 'header' ? 150 : 3_000));
        if (block.text.type === 'mrkdwn') assert.equal(block.text.text, '<https://desk.example/a%7Cb?x=%3Cy%3E&amp;z|Open the decision>');
      }
      const teams = JSON.stringify(teamsMessage(m));
      assert.ok(Buffer.byteLength(teams) < 28 * 1_024, `${Buffer.byteLength(teams)} bytes`);
      assert.ok(!teams.includes('"TextBlock"') && !/\u202e|\\u0007|\\r/.test(teams));
    }),
    { numRuns: 200 },
  );
  for (const link of ['javascript:alert(1)', 'file:///etc/passwd', '/relative', null]) assert.ok(!JSON.stringify([slackMessage({ ...MESSAGE, link }), teamsMessage({ ...MESSAGE, link })]).includes('Open'), String(link));
});

test('the frame is in the customer’s language', () => {
  for (const [language, words] of [['vi', 'Quyết định trước'], ['zh_CN', '请在此之前决定'], ['es-MX', 'Decida antes de'], ['fr', 'Decide before']] as const) {
    assert.ok(JSON.stringify(slackMessage({ ...MESSAGE, language })).includes(words), language);
  }
});
