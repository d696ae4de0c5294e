import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { testHttp } from '../../../test/support/http.ts';
import type { Authenticator } from '../auth/types.ts';
import { common } from '../errors/index.ts';
import { body, metricsRoutes, publicAccess, readAccess } from './index.ts';

const open = publicAccess('a test');
const json = { 'content-type': 'application/json' };

test('a route without a rule of access cannot be registered', async () => {
  await using http = await testHttp();
  assert.throws(() => http.app.get('/open-door', async () => ({})), /\/open-door has no config\.access/);
});

test('every reply has a trace id, a request id and the headers of safety, and one line in the log', async () => {
  const auth: Authenticator = { byToken: async () => ({ subject: 'user:ann', role: 'viewer', scopes: [] }), bySignature: () => Promise.reject(new Error('not here')) };
  await using http = await testHttp({ auth });
  http.app.get('/things/:id', { config: { access: readAccess } }, async (request) => ({ trace: request.traceId }));
  await http.start();
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const reply = await http.ask('/things/7?secret=1', { headers: { authorization: 'Bearer ann', traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'mine-1' } });
  assert.equal(reply.json['trace'], traceId);
  assert.equal(reply.headers.get('x-request-id'), 'mine-1');
  assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
  assert.match(reply.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  await http.close();
  const line = http.lines.find((l) => l['event'] === 'http_request')!;
  assert.deepEqual([line['trace_id'], line['route'], line['status'], line['method']], [traceId, '/things/:id', 200, 'GET']);
  assert.equal(typeof line['latency_ms'], 'number');
  assert.ok(!JSON.stringify(http.lines).includes('secret'), 'a query may hold a secret and is not logged');
  const spans = http.options.tracing.store.get(traceId)!.spans;
  assert.deepEqual(spans.map((s) => [s.name, s.kind, s.parent_span_id]), [['GET /things/:id', 'server', '00f067aa0ba902b7']]);
});

test('an unknown address is 404, a known one with another method 405, both coded with a trace id', async () => {
  await using http = await testHttp();
  http.app.get('/a/:id', { config: { access: open } }, async () => ({}));
  await http.start();
  const missing = await http.ask('/nothing-here');
  assert.equal(missing.status, 404);
  assert.equal(missing.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  assert.equal(missing.json['code'], 'NOT_FOUND');
  assert.match(String(missing.json['trace_id']), /^[0-9a-f]{32}$/);
  const wrong = await http.ask('/a/1', { method: 'DELETE' });
  assert.deepEqual([wrong.status, wrong.json['code'], wrong.headers.get('allow')], [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD']);
  const bad = await http.ask('/a/%zz', { headers: { 'x-request-id': 'mine-2' } });
  assert.deepEqual([bad.status, bad.json['code'], bad.headers.get('x-request-id'), bad.headers.get('cache-control')], [400, 'BAD_REQUEST', 'mine-2', 'no-store']);
});

test('bad bodies get their coded error and do not reach the handler', async () => {
  await using http = await testHttp();
  let reached = 0;
  const schema = { body: body({ name: z.string().min(2), count: z.number().int().max(10), kind: z.enum(['a', 'b']), password: z.string().optional() }) };
  http.app.post('/things', { config: { access: open }, schema }, async () => ({ reached: ++reached }));
  await http.start();
  const post = (text: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) => http.ask('/things', { method: 'POST', body: text, headers });

  assert.deepEqual([(await post('{"a":')).status, (await post('{"a":')).json['code']], [400, 'BAD_REQUEST']);
  assert.equal((await post(new Uint8Array([0x22, 0xff, 0x22]))).json['code'], 'BAD_REQUEST');
  assert.equal((await post('{"__proto__":{"admin":true}}')).json['code'], 'BAD_REQUEST');
  assert.deepEqual([(await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status], [415]);
  const large = await post(JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) }));
  assert.deepEqual([large.status, large.json['code'], large.json['limit_bytes']], [413, 'BODY_TOO_LARGE', 65_536], 'a stranger may send little');

  const faults = await post(JSON.stringify({ name: 'x', count: 'many', kind: 'c', nmae: 1, password: 5 }));
  assert.equal(faults.json['code'], 'VALIDATION_FAILED');
  const issues = faults.json['issues'] as { field: string; message: string }[];
  assert.deepEqual(issues.map((i) => i.field).sort(), ['count', 'kind', 'name', 'nmae', 'password']);
  assert.equal(issues.find((i) => i.field === 'count')?.message, 'must be a number: "many" was given');
  assert.equal(issues.find((i) => i.field === 'kind')?.message, 'must be one of "a", "b": "c" was given');
  assert.equal(issues.find((i) => i.field === 'name')?.message, 'must be at least 2 characters long: "x" was given');
  assert.ok(!faults.text.includes('5 was given'), 'what was given for a password is not repeated');
  assert.equal(reached, 0);
  assert.equal((await post(JSON.stringify({ name: 'ok', count: 1, kind: 'a' }))).status, 200);
});

test('an exception inside tells the caller nothing, and the log everything', async () => {
  await using http = await testHttp();
  http.app.get('/broken', { config: { access: open } }, async () => {
    throw new Error('the inside: postgres://admin:hunter2@db/main');
  });
  http.app.get('/down', { config: { access: open } }, async () => {
    throw common.UNAVAILABLE({ detail: 'Postgres does not answer', retryAfterSeconds: 5 });
  });
  await http.start();
  const reply = await http.ask('/broken');
  assert.deepEqual([reply.status, reply.json['code']], [500, 'INTERNAL']);
  assert.ok(!reply.text.includes('inside'));
  const line = http.lines.find((l) => l['event'] === 'request_failed')!;
  assert.equal(line['trace_id'], reply.json['trace_id']);
  assert.match(JSON.stringify(line), /the inside/);
  assert.ok(!JSON.stringify(line).includes('hunter2'));
  const down = await http.ask('/down');
  assert.deepEqual([down.status, down.headers.get('retry-after')], [503, '5']);
});

test('a handler keeps its trace after its body was read', async () => {
  await using http = await testHttp();
  const { tracing } = http.options;
  http.app.post('/nested', { config: { access: open }, schema: { body: body({ n: z.number() }) } }, async (request) => {
    await new Promise((resolve) => setImmediate(resolve));
    return tracing.span('inner', {}, async () => ({ same: tracing.traceId() === request.traceId }));
  });
  await http.start();
  const reply = await http.ask('/nested', { method: 'POST', headers: json, body: '{"n":1}' });
  assert.deepEqual(reply.json, { same: true });
});

test('an ETag spares sending the same again', async () => {
  await using http = await testHttp();
  http.app.get('/list', { config: { access: open, etag: true } }, async () => ({ items: [1, 2] }));
  await http.start();
  const first = await http.ask('/list');
  const tag = first.headers.get('etag')!;
  const second = await http.ask('/list', { headers: { 'if-none-match': `"other", ${tag}` } });
  assert.deepEqual([second.status, second.text, second.headers.get('etag')], [304, '', tag]);
});

test('a stranger’s request leaves no trace in the viewer, unless we failed', async () => {
  await using http = await testHttp();
  http.app.get('/open', { config: { access: open } }, async (request, reply) => reply.code('bad' in (request.query as object) ? 500 : 200).send({ id: request.traceId }));
  await http.start();
  const replies = [await http.ask('/open'), await http.ask('/open?bad'), await http.ask('/nothing')];
  await http.close();
  const kept = replies.map(({ json }) => http.options.tracing.store.get(String(json['id'] ?? json['trace_id'])) !== null);
  assert.deepEqual(kept, [false, true, false]);
});

test('a probe that went well leaves no trace behind, one that failed does', async () => {
  await using http = await testHttp();
  http.app.get('/probe', { config: { access: open, probe: true } }, async (request, reply) => reply.code('bad' in (request.query as object) ? 503 : 200).send({ id: request.traceId }));
  await http.start();
  const [good, bad] = [await http.ask('/probe'), await http.ask('/probe?bad')];
  await http.close();
  assert.equal(http.options.tracing.store.get(String(good.json['id'])), null);
  assert.equal(http.options.tracing.store.get(String(bad.json['id']))?.spans.length, 1);
});

test('metrics count by route and status, and a caller who leaves', async () => {
  await using http = await testHttp();
  metricsRoutes(http.options.metrics)(http.app);
  const gone = new AbortController();
  http.app.get('/things/:id', { config: { access: open } }, async () => ({}));
  let left: () => void = () => undefined;
  const hasLeft = new Promise<void>((resolve) => (left = resolve));
  http.app.get('/slow', { config: { access: open } }, async (_request, reply) => {
    reply.raw.once('close', left);
    gone.abort();
    await hasLeft;
    return {};
  });
  await http.start();
  await http.ask('/things/1');
  await http.ask('/things/2');
  await http.ask('/none');
  await assert.rejects(http.ask('/slow', { signal: gone.signal }));
  await hasLeft;
  const { text } = await http.ask('/metrics');
  assert.match(text, /^http_requests_total\{method="GET",route="\/things\/:id",status="200"\} 2$/m);
  assert.match(text, /^riskcast_http_requests_total\{method="GET",route="\/things\/:id",status="200"\} 2$/m);
  assert.match(text, /^http_request_duration_seconds_bucket\{method="GET",route="\/things\/:id",le="\+Inf"\} 2$/m);
  assert.match(text, /^riskcast_http_request_duration_ms_count\{method="GET",route="\/things\/:id"\} 2$/m);
  assert.match(text, /^errors_total\{status="404"\} 1$/m);
  assert.match(text, /^errors_total\{status="499"\} 1$/m);
  assert.match(text, /^http_requests_in_progress 1$/m);
});

test('limits refuse with 429 and say when to come back', async () => {
  await using http = await testHttp({ config: { callerLimitPerMinute: 2 } });
  http.app.get('/x', { config: { access: open } }, async () => ({}));
  http.app.get('/probe', { config: { access: open, probe: true } }, async () => ({}));
  await http.start();
  assert.equal((await http.ask('/x')).headers.get('x-ratelimit-remaining'), '1');
  await http.ask('/x');
  const refused = await http.ask('/x');
  assert.deepEqual([refused.status, refused.json['code'], refused.headers.get('x-ratelimit-limit')], [429, 'RATE_LIMITED', '2']);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.equal((await http.ask('/probe')).status, 200);
});

test('OpenAPI tells of each route, and Swagger UI opens', async () => {
  await using http = await testHttp();
  http.app.post('/things', { config: { access: readAccess }, schema: { body: body({ name: z.string() }) } }, async () => ({}));
  await http.start();
  const { json: api } = await http.ask('/openapi.json');
  const paths = api['paths'] as Record<string, Record<string, { requestBody?: unknown; description?: string }>>;
  assert.equal(paths['/things']?.['post']?.description, 'Needs the role viewer');
  assert.match(JSON.stringify(paths['/things']?.['post']?.requestBody), /"additionalProperties":false/);
  const docs = await http.ask('/docs');
  assert.deepEqual([docs.status, /swagger-ui/.test(docs.text)], [200, true]);
});
