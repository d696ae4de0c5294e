import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTracing, parseTraceparent } from './index.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('reads a traceparent as W3C Trace Context says', () => {
  assert.equal(parseTraceparent(PARENT)?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.ok(parseTraceparent(`cc${PARENT.slice(2)}-later-fields`), 'a later version may have more fields');
  for (const bad of ['', `${PARENT}-more`, `ff${PARENT.slice(2)}`, PARENT.toUpperCase(), PARENT.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)), PARENT.replace('00f067aa0ba902b7', '0'.repeat(16))]) {
    assert.equal(parseTraceparent(bad), null, bad);
  }
});

test('a trace goes from a request over a job to a venue', async () => {
  const tracing = createTracing({ enabled: true });
  const request = tracing.begin(PARENT, 'POST /signals', {}, { server: true });
  let stored: string | null = null;
  request.enter(() => (stored = tracing.current()));
  request.end();
  await tracing.run(stored, 'job signals.sweep', { attempt: 1 }, async () => {
    await tracing.span('venue polymarket', { 'api_key': 'k' }, async () => new Promise((resolve) => setImmediate(resolve)));
    assert.equal(tracing.traceId(), '4bf92f3577b34da6a3ce929d0e0e4736');
  });
  assert.equal(tracing.traceId(), null);
  const trace = tracing.store.get('4bf92f3577b34da6a3ce929d0e0e4736')!;
  const byName = Object.fromEntries(trace.spans.map((s) => [s.name, s]));
  assert.equal(byName['job signals.sweep']?.parent_span_id, byName['POST /signals']?.span_id);
  assert.equal(byName['venue polymarket']?.parent_span_id, byName['job signals.sweep']?.span_id);
  assert.equal(byName['venue polymarket']?.attributes['api_key'], '[hidden]');
});

test('a failure marks the span and is thrown on, whether at once or later', async () => {
  const tracing = createTracing({ enabled: true });
  assert.throws(() => tracing.span('now', {}, () => { throw new RangeError('a'); }), /a/);
  await assert.rejects(tracing.span('later', {}, async () => { throw Object.assign(new Error('b'), { code: 'VENUE_FAILED' }); }), /b/);
  const [later, now] = tracing.store.list(10);
  assert.deepEqual([now?.status, now?.spans[0]?.attributes['error.type'], later?.spans[0]?.message, later?.spans[0]?.attributes['error.type']], ['error', 'RangeError', 'b', 'VENUE_FAILED']);
});

test('switched off, nothing is kept and ids still pass through', async () => {
  const tracing = createTracing({ enabled: false });
  await tracing.run(PARENT, 'x', {}, async (span) => {
    assert.equal(span.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
    assert.match(tracing.current()!, /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
  });
  assert.match(tracing.span('y', {}, (span) => span.traceId), /^[0-9a-f]{32}$/);
  assert.equal(tracing.store.size, 0);
});

test('the store is bounded, and shows the newest of a trace that has too many spans', () => {
  const tracing = createTracing({ enabled: true, store: { maxSpans: 10, maxSpansShown: 3 } });
  for (let i = 0; i < 3; i++) tracing.run(null, `root ${i}`, {}, () => { for (let n = 0; n < 5; n++) tracing.span('leaf', {}, () => undefined); });
  assert.equal(tracing.store.size, 10);
  assert.deepEqual(tracing.store.list(9).map((t) => [t.name, t.spans.length, t.dropped_spans]), [['root 2', 3, 3], ['root 1', 3, 1]]);
});
