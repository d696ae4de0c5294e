/** Addresses that others gave us: no private network is called, no part of a secret address is told, one host does not hold up another. And refusals under a status of success. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { drop, misbehavingServer, reply } from '../../../test/support/misbehaving-server.ts';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { systemClock } from '../../model/time.ts';
import { createBreakers } from '../breakers/index.ts';
import { isCodedError, type CodedError } from '../errors/index.ts';
import { createGate } from '../gate/index.ts';
import { TimerWheel } from '../timers/index.ts';
import { isPublicAddress } from './public-fetch.ts';
import { redact } from './redact.ts';
import { createOutbound, VenueFault, type OutboundCall } from './index.ts';

function setUp() {
  const [logger, metrics, timers, clock] = [recordingLogger(), testMetrics(), new TimerWheel(), systemClock];
  const breakers = createBreakers({ clock, logger, metrics });
  const gate = createGate({ clock, timers, logger, metrics, quotas: { venue: { tiers: { default: [{ limit: 1_000, windowMs: 1_000 }] }, source: 'test' } } });
  return { outbound: createOutbound({ gate, breakers, clock, logger, metrics, timers, random: () => 0 }), breakers, logger };
}

const call: OutboundCall = { provider: 'venue', operation: 'hook', idempotent: false, deadlineMs: 2_000 };

async function failure(work: Promise<unknown>): Promise<CodedError> {
  const e: unknown = await work.then((value) => assert.fail(`it did not fail: ${inspect(value)}`), (error: unknown) => error);
  if (!isCodedError(e)) throw e;
  return e;
}

test('what is reachable from everywhere is public, and nothing else', () => {
  for (const ip of ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '192.0.1.1', '2606:4700::1111', '2a00:1450::1']) assert.equal(isPublicAddress(ip), true, ip);
  for (const ip of ['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '::1', '::', 'fe80::1', 'fd00::1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', 'ff02::1', 'localhost', '']) assert.equal(isPublicAddress(ip), false, ip);
});

test('a private address is refused by number and by name, nothing is sent, and it says nothing of the venue', async () => {
  await using server = await misbehavingServer();
  server.plan(reply(200, {}));
  const { outbound, breakers } = setUp();
  const port = new URL(server.url).port;
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:7f00:1]', '0x7f000001']) {
    const refused = await failure(outbound.json(call, { url: `http://${host}:${port}/`, onlyPublic: true }, (b) => b));
    assert.deepEqual([refused.code, refused.occurrence.facts?.['venue_code']], ['VENUE_REFUSED', 'ADDRESS_NOT_PUBLIC'], host);
  }
  assert.equal(server.requests.length, 0);
  assert.equal(breakers.view()['venue']?.failures, 0);
});

test('a peer fails alone: its own breaker, and its 429 holds nobody back', async () => {
  await using bad = await misbehavingServer();
  await using good = await misbehavingServer();
  const { outbound, breakers } = setUp();
  good.plan(reply(200, { well: true }));
  const ask = (server: { url: string }, peer: string) => outbound.json({ ...call, peer }, { url: server.url }, (b) => b);
  bad.plan(reply(429, {}, { 'retry-after': '3600' }));
  assert.equal((await failure(ask(bad, 'bad.example'))).code, 'VENUE_RATE_LIMITED');
  assert.deepEqual(await ask(good, 'good.example'), { well: true });
  bad.plan(reply(500, {}));
  for (let i = 0; i < 5; i += 1) await failure(ask(bad, 'bad.example'));
  assert.equal((await failure(ask(bad, 'bad.example'))).code, 'VENUE_CIRCUIT_OPEN');
  assert.deepEqual(await ask(good, 'good.example'), { well: true });
  assert.deepEqual(Object.values(breakers.view()).map((b) => b.state).sort(), ['closed', 'open']);
  assert.ok(!JSON.stringify(breakers.view()).includes('example'), 'no breaker is named after a peer');
});

test('of an address that is a secret, no part of the path is in an error, its causes or the log', async () => {
  await using server = await misbehavingServer();
  const { outbound, logger, breakers } = setUp();
  const [key, token] = ['k3y-in-the-path-0001', '123456789:AAbbccddeeffgghhiijjkkllmm'];
  const url = `${server.url}/services/${key}/bot${token}/send?sig=s1gnature-0001`;
  const told: CodedError[] = [];
  const fault = (_status: number, body: unknown) => ({ message: inspect(body) });
  server.plan(reply(400, { said: `no ${url}`, part: key, alone: token }));
  told.push(await failure(outbound.json(call, { url, secretPath: true, fault }, (b) => b)));
  server.plan(reply(200, { said: new URL(url).pathname, alone: token }));
  told.push(await failure(outbound.json(call, { url, secretPath: true }, (b) => { throw new Error(`unexpected ${inspect(b)}`); })));
  told.push(await failure(outbound.json(call, { url, secretPath: true }, (b) => { throw new VenueFault(`refused ${inspect(b)}`, { retryable: false }); })));
  server.plan(drop);
  told.push(await failure(outbound.json(call, { url, secretPath: true }, (b) => b)));
  told.push(await failure(outbound.json(call, { url: `not a url ${key}`, secretPath: true }, (b) => b)));
  const all = inspect([told, logger.lines, breakers.view()], { depth: 12, maxStringLength: null }) + told.map((e) => `${e.stack} ${inspect(e.cause, { depth: 9 })}`).join('\n');
  for (const secret of [key, 'AAbbccdd', 's1gnature']) assert.ok(!all.includes(secret), `${secret} in ${all.slice(Math.max(0, all.indexOf(secret) - 200), all.indexOf(secret) + 40)}`);
});

test('addresses of hooks and bots are hidden in any text', () => {
  for (const [text, left] of [
    ['POST https://hooks.slack.com/services/T01/B02/abcDEF failed', 'POST https://hooks.slack.com/[redacted] failed'],
    ['https://prod-1.westus.logic.azure.com:443/workflows/a/triggers?sig=b', 'https://prod-1.westus.logic.azure.com:443/[redacted]'],
    ['https://api.telegram.org/bot123456:AAbbccddeeffgghhiijjkkll/getMe', 'https://api.telegram.org/bot[redacted]/getMe'],
  ] as const) assert.equal(redact(text), left);
});

test('a refusal in the body of a 200 stands as it is told, with the header’s wait where it gives none', async () => {
  await using server = await misbehavingServer();
  const { outbound, breakers } = setUp();
  const refuse = (facts: ConstructorParameters<typeof VenueFault>[1]) => () => { throw new VenueFault('told in the body', facts); };
  server.plan(reply(200, {}, { 'retry-after': '9' }));
  const limited = await failure(outbound.json({ ...call, peer: 'a' }, { url: server.url }, refuse({ status: 429, venueCode: '429', retryable: true, countsForBreaker: false })));
  assert.deepEqual([limited.code, limited.occurrence.retryAfterSeconds, limited.occurrence.facts?.['venue_code']], ['VENUE_RATE_LIMITED', 9, '429']);
  const own = await failure(outbound.json({ ...call, peer: 'a' }, { url: server.url }, refuse({ status: 429, retryable: true, retryAfterMs: 2_000 })));
  assert.equal(own.occurrence.retryAfterSeconds, 2);
  const refused = await failure(outbound.json(call, { url: server.url }, refuse({ venueCode: '400', retryable: false })));
  assert.deepEqual([refused.code, refused.occurrence.facts?.['venue_code'], breakers.view()['venue']?.failures], ['VENUE_REFUSED', '400', 0]);
});

test('a reply that need not be JSON is handed over as text', async () => {
  await using server = await misbehavingServer();
  server.plan((_q, response) => void response.writeHead(202).end(), (_q, response) => void response.writeHead(200).end('ok'));
  const { outbound } = setUp();
  assert.deepEqual([await outbound.json(call, { url: server.url, reply: 'text' }, (b) => b), await outbound.json(call, { url: server.url, reply: 'text' }, (b) => b)], ['', 'ok']);
});
