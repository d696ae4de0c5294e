/** Documents over HTTP: what they share with JSON calls is tested there; here what is their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutBody, flood, misbehavingServer, reply, type Behaviour } from '../../../test/support/misbehaving-server.ts';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { systemClock } from '../../model/time.ts';
import { createBreakers } from '../breakers/index.ts';
import { isCodedError } from '../errors/index.ts';
import { createGate } from '../gate/index.ts';
import { TimerWheel } from '../timers/index.ts';
import { VenueFault, createOutbound, type OutboundCall } from './index.ts';

function setUp() {
  const [clock, logger, metrics, timers] = [systemClock, recordingLogger(), testMetrics(), new TimerWheel()];
  const breakers = createBreakers({ clock, logger, metrics });
  const gate = createGate({ clock, timers, logger, metrics, quotas: { news: { tiers: { default: [{ limit: 1_000, windowMs: 1_000 }] }, source: 'test' } } });
  return { outbound: createOutbound({ gate, breakers, clock, logger, metrics, timers, random: () => 0.01 }), logger };
}

const once: OutboundCall = { provider: 'news', operation: 'feed', idempotent: false, deadlineMs: 2_000 };
const bytes =
  (body: Uint8Array, headers: Record<string, string>): Behaviour =>
  (_request, response) =>
    void response.writeHead(200, headers).end(body);

test('a document is decoded as the reader says, else by its content type, else as UTF-8', async () => {
  await using server = await misbehavingServer();
  const { outbound } = setUp();
  const latin = Uint8Array.of(0x5a, 0xfc, 0x72, 0x69, 0x63, 0x68);
  server.plan(bytes(latin, { 'content-type': 'text/xml; charset=ISO-8859-1', etag: '"v1"' }));
  assert.deepEqual(await outbound.text(once, { url: server.url }, (r) => [r.status, r.text(), r.charset, r.header('ETag'), r.bytes.length]), [200, 'Zürich', 'ISO-8859-1', '"v1"', 6]);
  server.plan(bytes(latin, { 'content-type': 'text/xml' }));
  assert.deepEqual(await outbound.text(once, { url: server.url }, (r) => [r.text('windows-1252'), r.charset]), ['Zürich', null]);
  server.plan(bytes(new TextEncoder().encode('Zürich'), {}));
  assert.equal(await outbound.text(once, { url: server.url }, (r) => r.text()), 'Zürich');
  assert.equal(server.requests[0]?.headers.accept, '*/*');
  server.plan(bytes(latin, { 'content-type': 'text/xml; charset=x-klingon' }));
  await assert.rejects(outbound.text(once, { url: server.url }, (r) => r.text()), (e) => isCodedError(e) && e.code === 'VENUE_FAILED' && e.occurrence.facts?.['venue_code'] === 'UNKNOWN_ENCODING');
});

test('304 is a reply where it was asked for, and a refusal where it was not', async () => {
  await using server = await misbehavingServer();
  const { outbound } = setUp();
  server.plan((_q, response) => void response.writeHead(304).end());
  assert.deepEqual(await outbound.text(once, { url: server.url, headers: { 'If-None-Match': '"v1"' } }, (r) => [r.status, r.bytes.length]), [304, 0]);
  await assert.rejects(outbound.text(once, { url: server.url }, () => 'read'), { code: 'VENUE_REFUSED' });
});

test('size, cut bodies and refusals in the body are told as everywhere', async () => {
  await using server = await misbehavingServer();
  const { outbound } = setUp();
  server.plan(flood);
  await assert.rejects(outbound.text(once, { url: server.url, maxBytes: 10_000 }, (r) => r.text()), (e) => isCodedError(e) && e.occurrence.facts?.['venue_code'] === 'BODY_TOO_LARGE');
  server.plan(cutBody);
  await assert.rejects(outbound.text(once, { url: server.url }, (r) => r.text()), { code: 'VENUE_FAILED' });
  server.plan(reply(200, 'Please wait'));
  const inBody = outbound.text(once, { url: server.url }, (r) => {
    throw new VenueFault(r.text(), { status: 429, retryable: false });
  });
  await assert.rejects(inBody, (e) => isCodedError(e) && e.code === 'VENUE_RATE_LIMITED' && e.message === 'news feed: Please wait');
});

test('no secret of a feed’s address is told', async () => {
  await using server = await misbehavingServer();
  const { outbound, logger } = setUp();
  server.plan(reply(200, 'x'));
  const told = await outbound.text(once, { url: `${server.url}/feed?auth=s3cr3t-word` }, () => {
    throw new Error('cannot read s3cr3t-word');
  }).then(() => '', (e: unknown) => String(e));
  assert.match(told, /\[redacted\]/);
  assert.ok(!`${told}${JSON.stringify(logger.lines)}`.includes('s3cr3t-word'));
});
