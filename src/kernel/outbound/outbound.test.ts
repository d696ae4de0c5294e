import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { cutBody, drop, flood, misbehavingServer, reply, silence, stall } from '../../../test/support/misbehaving-server.ts';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { systemClock } from '../../model/time.ts';
import { createBreakers } from '../breakers/index.ts';
import { isCodedError, type CodedError } from '../errors/index.ts';
import { createGate } from '../gate/index.ts';
import { TimerWheel } from '../timers/index.ts';
import { VenueFault, createOutbound, type OutboundCall, type OutboundDependencies } from './index.ts';

const QUOTAS = { venue: { tiers: { default: [{ limit: 1_000, windowMs: 1_000 }] }, source: 'test' }, slow: { tiers: { default: [{ limit: 1, windowMs: 60_000 }] }, source: 'test' } };

function setUp(options: Partial<OutboundDependencies> = {}) {
  const [logger, metrics, timers, clock] = [recordingLogger(), testMetrics(), new TimerWheel(), systemClock];
  const breakers = createBreakers({ clock, logger, metrics });
  const gate = createGate({ clock, timers, logger, metrics, quotas: QUOTAS });
  const outbound = createOutbound({ gate, breakers, clock, logger, metrics, timers, random: () => 0.01, ...options });
  return { outbound, breakers, gate, logger, metrics, timers };
}

const read: OutboundCall = { provider: 'venue', operation: 'prices', idempotent: true, deadlineMs: 2_000 };
const order: OutboundCall = { provider: 'venue', operation: 'orders.create', idempotent: false, deadlineMs: 2_000 };
const whole = (body: unknown) => body;

async function failure(work: Promise<unknown>): Promise<CodedError> {
  const e: unknown = await work.then(
    (value) => assert.fail(`it did not fail: ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!isCodedError(e)) throw e;
  return e;
}

test('a JSON reply is parsed, and body, headers and trace are sent', async () => {
  await using server = await misbehavingServer();
  server.plan(reply(200, { price: 0.42 }));
  const spans: string[] = [];
  const { outbound, metrics } = setUp({
    tracing: {
      span: (name, _attributes, work) => {
        spans.push(name);
        return work();
      },
      traceparent: () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  });
  const price = await outbound.json(order, { url: `${server.url}/orders`, method: 'POST', headers: { authorization: 'Bearer abc' }, body: { side: 'buy' } }, (body) => (body as { price: number }).price);
  assert.equal(price, 0.42);
  const [request] = server.requests;
  assert.deepEqual([request?.method, request?.body, request?.headers['content-type']], ['POST', '{"side":"buy"}', 'application/json']);
  assert.deepEqual([request?.headers.authorization, request?.headers['traceparent']], ['Bearer abc', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01']);
  assert.deepEqual(spans, ['venue orders.create']);
  assert.equal(await metrics.value('outbound_calls_total', { provider: 'venue', outcome: 'ok' }), 1);
  server.plan((_q, response) => void response.writeHead(204).end());
  assert.equal(await outbound.json(read, { url: server.url }, whole), null);
});

test('a failing venue is tried again where a repeat does no harm, and only there', async () => {
  await using server = await misbehavingServer();
  const { outbound, breakers } = setUp();
  server.plan(reply(503, 'busy'), drop, cutBody, reply(200, 'ok?'.length));
  assert.equal(await outbound.json(read, { url: server.url }, whole), 3);
  assert.equal(server.requests.length, 4);

  server.plan(reply(500, { error: 'oops' }), reply(200, {}));
  const failed = await failure(outbound.json(order, { url: server.url, method: 'POST', body: {} }, whole));
  assert.deepEqual([failed.code, failed.occurrence.facts?.['status'], server.requests.length], ['VENUE_FAILED', 500, 5]);
  assert.equal(breakers.view()['venue']?.failures, 1, 'a success had set the count back');
  assert.equal(breakers.view()['venue']?.calls, 5, 'each try counts');
});

test('a cut connection and an unreadable body are VENUE_FAILED', async () => {
  await using server = await misbehavingServer();
  const cases = [
    [drop, 'UND_ERR_SOCKET'],
    [cutBody, null],
    [reply(200, '<html>maintenance</html>'), 'MALFORMED_JSON'],
    [reply(200, '{"half":'), 'MALFORMED_JSON'],
    [reply(200, ''), 'MALFORMED_JSON'],
  ] as const;
  for (const [behaviour, venueCode] of cases) {
    const { outbound, breakers } = setUp();
    server.plan(behaviour);
    const failed = await failure(outbound.json(order, { url: server.url }, whole));
    assert.equal(failed.code, 'VENUE_FAILED');
    if (venueCode) assert.equal(failed.occurrence.facts?.['venue_code'], venueCode);
    assert.equal(breakers.view()['venue']?.failures, 1);
  }
  const gone = await misbehavingServer();
  await gone[Symbol.asyncDispose]();
  const { outbound } = setUp();
  const nobody = await failure(outbound.json(order, { url: gone.url }, whole));
  assert.deepEqual([nobody.code, nobody.occurrence.facts?.['venue_code']], ['VENUE_FAILED', 'ECONNREFUSED']);
});

test('a reply of another shape than agreed fails, and is not asked for again', async () => {
  await using server = await misbehavingServer();
  server.plan(reply(200, { prices: null }));
  const { outbound } = setUp();
  const failed = await failure(outbound.json(read, { url: server.url }, (body) => (body as { prices: string[] }).prices.length));
  assert.deepEqual([failed.code, failed.occurrence.facts?.['venue_code'], server.requests.length], ['VENUE_FAILED', 'UNEXPECTED_SHAPE', 1]);
});

test('a body larger than allowed is not read to its end, whether it tells its length or not', async () => {
  await using server = await misbehavingServer();
  for (const behaviour of [flood, reply(200, JSON.stringify('x'.repeat(20_000)))]) {
    const { outbound } = setUp();
    server.plan(behaviour);
    const failed = await failure(outbound.json(read, { url: server.url, maxBytes: 10_000 }, whole));
    assert.deepEqual([failed.code, failed.occurrence.facts?.['venue_code']], ['VENUE_FAILED', 'BODY_TOO_LARGE']);
    assert.match(failed.message, /10000 bytes/);
  }
  assert.equal(server.requests.length, 2);
});

test('silence, a stalled body and a client that does not listen to its signal end at the deadline', async () => {
  await using server = await misbehavingServer();
  for (const behaviour of [silence, stall]) {
    const { outbound, breakers, timers } = setUp();
    server.plan(behaviour);
    const failed = await failure(outbound.json({ ...read, deadlineMs: 60 }, { url: server.url }, whole));
    assert.deepEqual([failed.code, failed.status], ['VENUE_TIMEOUT', 504]);
    assert.equal(breakers.view()['venue']?.failures, 1);
    assert.equal(timers.size, 0);
  }
  const { outbound } = setUp();
  let signal: AbortSignal | undefined;
  const deaf = await failure(
    outbound.call({ ...read, deadlineMs: 30 }, (s) => {
      signal = s;
      return new Promise(() => undefined);
    }),
  );
  assert.equal(deaf.code, 'VENUE_TIMEOUT');
  assert.equal(signal?.aborted, true);
});

test('429: waits as long as it says within the deadline, holds everyone back, and never opens the circuit', async () => {
  await using server = await misbehavingServer();
  const { outbound, breakers, gate } = setUp();
  server.plan(reply(429, {}, { 'retry-after': '0.2' }), reply(200, 'fine'.length));
  const from = performance.now();
  assert.equal(await outbound.json(read, { url: server.url }, whole), 4);
  assert.ok(performance.now() - from >= 200, 'not before the venue said');

  server.plan(reply(429, {}, { 'retry-after': '30' }));
  const limited = await failure(outbound.json(read, { url: server.url }, whole));
  assert.deepEqual([limited.code, limited.occurrence.retryAfterSeconds, server.requests.length], ['VENUE_RATE_LIMITED', 30, 3], 'thirty seconds are past the deadline: no further try');
  const others = await failure(outbound.json(order, { url: server.url }, whole));
  assert.deepEqual([others.code, server.requests.length], ['VENUE_RATE_LIMITED', 3], 'nobody else asks meanwhile');
  assert.equal((await gate.status('venue')).blocking, true);
  assert.equal(breakers.get('venue').state, 'closed');
});

test('our own quota: a call that cannot go within its deadline is refused at once, with the wait', async () => {
  const { outbound, metrics } = setUp();
  const call = { ...read, provider: 'slow' };
  await outbound.call(call, async () => 1);
  const limited = await failure(outbound.call(call, async () => 2));
  assert.deepEqual([limited.code, limited.status], ['VENUE_RATE_LIMITED', 503]);
  const seconds = limited.occurrence.retryAfterSeconds ?? 0;
  assert.ok(seconds >= 60 && seconds <= 61, `${seconds}`);
  assert.equal(await metrics.value('outbound_calls_total', { provider: 'slow', outcome: 'rate_limited' }), 1);
  const unknown = await failure(outbound.call({ ...read, provider: 'nobody' }, async () => 1));
  assert.equal(unknown.code, 'GATE_PROVIDER_UNKNOWN', 'a provider without a quota is a fault of the code, and told as one');
});

test("a 4xx is refused with the venue's own code, not repeated, and no sign of bad health", async () => {
  await using server = await misbehavingServer();
  const { outbound, breakers } = setUp();
  server.plan(reply(400, { error: { code: 131_026, message: 'Message undeliverable' } }));
  const fault = (_status: number, body: unknown) => {
    const { error } = body as { error: { code: number; message: string } };
    return { venueCode: String(error.code), message: error.message };
  };
  for (let i = 0; i < 10; i++) {
    const refused = await failure(outbound.json(read, { url: server.url, fault }, whole));
    assert.equal(refused.code, 'VENUE_REFUSED');
    assert.deepEqual(refused.occurrence.facts, { provider: 'venue', operation: 'prices', venue_code: '131026', status: 400 });
    assert.equal(refused.message, 'venue prices: Message undeliverable');
  }
  assert.equal(server.requests.length, 10);
  assert.equal(breakers.get('venue').state, 'closed');
  server.plan(reply(302, '', { location: 'http://elsewhere.example/' }));
  assert.equal((await failure(outbound.json(read, { url: server.url }, whole))).code, 'VENUE_REFUSED', 'keys are not carried to another host');
});

test('the circuit opens after failures in a row, turns calls away without using quota, and is closed by a probe', async () => {
  await using server = await misbehavingServer();
  let now = Date.now();
  const clock = { now: () => now };
  const [logger, metrics, timers] = [recordingLogger(), testMetrics(), new TimerWheel()];
  const breakers = createBreakers({ clock, logger, metrics });
  const gate = createGate({ clock, timers, logger, metrics, quotas: QUOTAS });
  const outbound = createOutbound({ gate, breakers, clock, logger, metrics, timers, random: () => 0 });
  server.plan(reply(500, {}));
  for (let i = 0; i < 5; i++) assert.equal((await failure(outbound.json(order, { url: server.url }, whole))).code, 'VENUE_FAILED');
  const used = (await gate.status('venue')).used;
  const open = await failure(outbound.json(read, { url: server.url }, whole));
  assert.deepEqual([open.code, open.status, open.occurrence.retryAfterSeconds], ['VENUE_CIRCUIT_OPEN', 503, 30]);
  assert.match(open.message, /HTTP 500/, 'it says what the trouble is');
  assert.equal((await gate.status('venue')).used, used);
  assert.equal(server.requests.length, 5);
  now += 30_000;
  server.plan(reply(200, 'well'.length));
  assert.equal(await outbound.json(order, { url: server.url }, whole), 4);
  assert.equal(breakers.get('venue').state, 'closed');
  assert.equal(await metrics.value('outbound_calls_total', { provider: 'venue', outcome: 'circuit_open' }), 1);
});

test('what a client throws decides: a fault of the venue, a refusal in its body, or the error of another part', async () => {
  const { outbound, breakers } = setUp();
  const refusedInBody = () => Promise.reject(new VenueFault('insufficient balance', { status: 200, venueCode: '110007', retryable: false }));
  assert.equal((await failure(outbound.call(read, refusedInBody))).code, 'VENUE_REFUSED');
  assert.equal(breakers.view()['venue']?.failures, 0);
  let tries = 0;
  const cut = async (): Promise<string> => {
    tries += 1;
    if (tries < 3) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    return 'there';
  };
  assert.equal(await outbound.call(read, cut), 'there');
  const nested = await failure(outbound.call(read, () => outbound.call(read, refusedInBody)));
  assert.equal(nested.code, 'VENUE_REFUSED', 'told once');
  const thrown = await failure(
    outbound.call(order, () => {
      throw new VenueFault('no connection', { retryable: true });
    }),
  );
  assert.equal(thrown.code, 'VENUE_FAILED', 'also what is thrown before the first await');
});

test('no secret is in an error, its causes, the log or the breaker', async () => {
  await using server = await misbehavingServer();
  const { outbound, logger, breakers } = setUp();
  const [bearer, key, query] = ['Bearer s3cr3t-bearer-token', 'k3y-0f-the-venue', 'qu3ry-s3cr3t'];
  const request = (url: string) => ({ url: `${url}/v1?apikey=${query}&symbol=IBM`, headers: { authorization: bearer, 'x-api-key': key } });
  const echo = reply(401, { message: `Invalid key ${key} in ${bearer} for /v1?apikey=${query}` });
  const fault = (_status: number, body: unknown) => ({ message: (body as { message: string }).message });
  const parseEcho = (body: unknown) => {
    throw new Error(`unexpected ${JSON.stringify(body)}`);
  };
  const told: CodedError[] = [];
  server.plan(echo);
  told.push(await failure(outbound.json(order, { ...request(server.url), fault }, whole)));
  server.plan(reply(500, { message: key }));
  told.push(await failure(outbound.json(order, { ...request(server.url), fault }, whole)));
  server.plan(reply(200, { key, query }));
  told.push(await failure(outbound.json(order, request(server.url), parseEcho)));
  server.plan(drop);
  told.push(await failure(outbound.json(order, request(server.url), whole)));
  told.push(await failure(outbound.json(order, request('http://venue.invalid'), whole)));
  told.push(await failure(outbound.json(order, request('not a url'), whole)));
  told.push(await failure(outbound.call(order, () => Promise.reject(new Error(`GET https://v/x?api_key=${query} with ${bearer}`)))));
  const all = inspect([told, logger.lines, breakers.view()], { depth: 12, maxStringLength: null }) + told.map((e) => `${e.stack} ${inspect(e.cause, { depth: 9 })}`).join('\n');
  for (const secret of ['s3cr3t-bearer-token', key, query]) assert.ok(!all.includes(secret), `${secret} in ${all.slice(Math.max(0, all.indexOf(secret) - 300), all.indexOf(secret) + 50)}`);
  assert.match(told[0]!.message, /Invalid key \[redacted\]/);
});
