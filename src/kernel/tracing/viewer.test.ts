import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHttp } from '../../../test/support/http.ts';
import type { Authenticator } from '../auth/types.ts';
import { systemClock } from '../../model/time.ts';
import { createTracing, viewerRoutes } from './index.ts';

const auth: Authenticator = { byToken: async () => ({ subject: 'key:k', role: 'operator', scopes: [] }), bySignature: () => Promise.reject(new Error('not here')) };

const SIGNED_IN = { headers: { authorization: 'Bearer x' } } as const;

async function viewer() {
  const tracing = createTracing({ enabled: true });
  // Its own requests are not traces of the desk.
  const http = await testHttp({ auth, tracing: createTracing({ enabled: false }), config: { adminLoopback: true } });
  viewerRoutes({ store: tracing.store, clock: systemClock, version: '1.2.3' })(http.app);
  await http.start();
  return { tracing, http };
}

const TRACE = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const span = (over: object) => ({ traceId: TRACE, spanId: 'bbbbbbbbbbbbbbbb', name: 'remote', kind: 2, startTimeUnixNano: '1770000000000500000', endTimeUnixNano: '1770000000010500000', attributes: [{ key: 'n', value: { intValue: '7' } }], ...over });
const post = (spans: object[]) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
  body: JSON.stringify({ resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'worker' } }] }, scopeSpans: [{ scope: { name: 's' }, spans }] }] }),
});

test('shows a trace of this process as a page, everything escaped', async () => {
  const { tracing, http } = await viewer();
  await using _ = http;
  const evil = '<script>alert(1)</script>"\'';
  const id = tracing.run(null, `outer ${evil}`, { [`key ${evil}`]: evil }, (outer) => {
    assert.throws(() => tracing.span(`inner ${evil}`, {}, () => { throw new Error(evil); }));
    return outer.traceId;
  });
  const page = await http.ask(`/project/bellwether/traces/${id}`, SIGNED_IN);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.ok(!page.text.includes('<script'), 'nothing that was recorded becomes markup');
  assert.match(page.text, /<th scope="row"[^>]*padding-left:1\.6rem[^]*inner/, 'a child stands below its parent');
  assert.match(page.text, /class="error">failed: &lt;script/);
  const list = await http.ask('/project/bellwether/traces', SIGNED_IN);
  assert.ok(list.text.includes(`/project/bellwether/traces/${id}`) && !list.text.includes('<script'));
  assert.equal(((await http.ask(`/api/public/traces/${id}`, SIGNED_IN)).json['spans'] as unknown[]).length, 2);
});

test('takes OTLP, and a bad span costs only itself', async () => {
  const { http } = await viewer();
  await using _ = http;
  const reply = await http.ask('/v1/traces', post([span({}), span({ spanId: 'cccccccccccccccc', parentSpanId: 'bbbbbbbbbbbbbbbb', status: { code: 2, message: 'no' } }), span({ traceId: 'short' })]));
  assert.deepEqual(reply.json, { partialSuccess: { rejectedSpans: 1, errorMessage: 'Some spans had no valid ids, name or times' } });
  const { json } = await http.ask(`/api/public/traces/${TRACE}`, SIGNED_IN);
  const spans = json['spans'] as { service: string; duration_ms: number; start_ms: number; attributes: object; status: string }[];
  assert.deepEqual(spans.map((s) => [s.service, s.duration_ms, s.start_ms, s.status]), [['worker', 10, 1770000000000.5, 'ok'], ['worker', 10, 1770000000000.5, 'error']]);
  assert.deepEqual(spans[0]?.attributes, { n: 7 });
});

test('spans that are each other\'s parents are shown and do not hang it', async () => {
  const { http } = await viewer();
  await using _ = http;
  await http.ask('/v1/traces', post([span({ name: 'one', parentSpanId: 'cccccccccccccccc' }), span({ name: 'two', spanId: 'cccccccccccccccc', parentSpanId: 'bbbbbbbbbbbbbbbb' })]));
  const { text } = await http.ask(`/project/p/traces/${TRACE}`, SIGNED_IN);
  assert.ok(text.includes('one') && text.includes('two'));
});

test('unknown traces are 404, health answers, and the intake needs a token', async () => {
  const { http } = await viewer();
  await using _ = http;
  assert.equal((await http.ask(`/project/p/traces/${TRACE}`, SIGNED_IN)).json['code'], 'NOT_FOUND');
  assert.equal((await http.ask('/api/public/health')).json['status'], 'OK');
  const { headers: _none, ...bare } = post([span({})]);
  assert.equal((await http.ask('/v1/traces', { ...bare, headers: { 'content-type': 'application/json' } })).status, 401);
});

test('what the OTLP exporter of one process sends, another shows', async () => {
  const { tracing: shown, http } = await viewer();
  await using _ = http;
  const sender = createTracing({ enabled: true, service: 'worker', otlpUrl: `${http.url}/v1/traces`, otlpHeaders: { authorization: 'Bearer x' } });
  const id = sender.run(null, 'job', {}, (s) => s.traceId);
  await sender.shutdown();
  assert.deepEqual(shown.store.get(id)?.spans.map((s) => [s.name, s.service]), [['job', 'worker']]);
});

test('a span at a time that has no date is refused, and the pages still show the others', async () => {
  const { http } = await viewer();
  await using _ = http;
  const wrong = [
    span({ startTimeUnixNano: 1e308 }),
    span({ startTimeUnixNano: '9'.repeat(19), endTimeUnixNano: '9'.repeat(19) }),
    span({ endTimeUnixNano: 7.3e18 }),
  ];
  const reply = await http.ask(
    '/v1/traces',
    post([...wrong, span({ startTimeUnixNano: 0, endTimeUnixNano: '7258118400000000000' })]),
  );
  assert.deepEqual((reply.json['partialSuccess'] as Record<string, unknown>)['rejectedSpans'], 3, reply.text);
  assert.equal((await http.ask('/project/bellwether/traces', SIGNED_IN)).status, 200);
  assert.equal((await http.ask(`/project/bellwether/traces/${TRACE}`, SIGNED_IN)).status, 200);
});
