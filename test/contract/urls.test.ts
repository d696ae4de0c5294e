/** The URLs that runbooks and clients call, each by its method, status and shape: a running desk is held against the contract. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { adminToken, ask, assertProblem, type Answer } from '../support/ask.ts';
import { deskHome, freePort, startDesk, until, type DeskProcess } from '../support/desk.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { played } from '../support/story.ts';

const CONSOLE = join(import.meta.dirname, '../../console/dist/index.html');
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
const folder = deskHome();
let desk: DeskProcess;
let token: string;
let traceUrl: string;

before(async () => {
  const tracePort = await freePort();
  traceUrl = `http://127.0.0.1:${tracePort}`;
  desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '0'], env: { TRACE_PORT: String(tracePort), WHATSAPP_VERIFY_TOKEN: '' } });
  token = await adminToken(desk);
  await played(desk);
});

after(async () => {
  await desk?.[Symbol.asyncDispose]();
  for (const made of [folder, scenario]) made[Symbol.dispose]();
});

const get = (path: string, base = desk.url): Promise<Answer> => ask(base + path, { token });
const post = (path: string, json?: unknown, base = desk.url): Promise<Answer> => ask(base + path, { method: 'POST', token, ...(json === undefined ? {} : { json }) });

async function ok(path: string, base = desk.url): Promise<Readonly<Record<string, unknown>>> {
  const { status, json, text } = await get(path, base);
  assert.equal(status, 200, `${path}: ${text.slice(0, 300)}`);
  return json;
}

/** Every key is there and of that type; `|null` allows null. */
function assertShape(value: unknown, shape: Readonly<Record<string, string>>, what: string): void {
  assert.ok(typeof value === 'object' && value !== null, `${what} is no object`);
  for (const [key, type] of Object.entries(shape)) {
    const given = (value as Record<string, unknown>)[key];
    const actual = given === null ? 'null' : Array.isArray(given) ? 'array' : typeof given === 'string' && ISO.test(given) ? 'time' : typeof given;
    const allowed = type.split('|');
    assert.ok(allowed.includes(actual) || (actual === 'time' && allowed.includes('string')), `${what}.${key} is ${actual} (${JSON.stringify(given)}), not ${type}`);
  }
}

test('/health in its dialects, on the API and on the gate', async () => {
  for (const base of [desk.url, desk.gateUrl]) {
    const health = await ok('/health', base);
    assertShape(health, { status: 'string', version: 'string', timestamp: 'time', components: 'object' }, '/health');
    assert.equal(health['status'], 'healthy');
    for (const [name, component] of Object.entries(health['components'] as object)) assertShape(component, { status: 'string', latency_ms: 'number' }, name);
    assert.ok('database' in (health['components'] as object) && 'redis' in (health['components'] as object));
    assert.deepEqual(Object.keys(await ok('/health/live', base)).sort(), ['status', 'timestamp']);
    const ready = await ok('/health/ready', base);
    assert.equal(ready['status'], 'ready');
    const checks = ready['checks'] as Record<string, { status: string; latency_ms?: number }>;
    assert.deepEqual([checks['postgresql']?.status, checks['redis']?.status, checks['llm']?.status], ['ok', 'memory', 'disabled']);
    assert.equal(typeof checks['postgresql']?.latency_ms, 'number');
  }
  for (const path of ['/api/v1/health', '/api/health']) assert.equal((await ok(path))['status'], 'healthy');
  const flat = (await ok('/api/v1/ready'))['checks'] as Record<string, string>;
  assert.deepEqual([flat['redis'], flat['database'], flat['postgresql']], ['ready', 'ready', 'ready']);
});

test('/health/detailed, /components, /circuit-breakers, /scheduler, /worker', async () => {
  const detailed = (await ok('/health/detailed'))['components'] as Record<string, unknown>;
  assertShape(detailed['database'], { status: 'string', critical: 'boolean', latency_ms: 'number', checked_at: 'time', since: 'time', history: 'array' }, 'database');
  const stages = (await ok('/health/components'))['components'] as Record<string, unknown>;
  for (const stage of ['database', 'redis', 'alerter']) assert.ok(Array.isArray(stages[stage]), `${stage} is a stage`);
  const breakers = await ok('/health/circuit-breakers');
  for (const name of ['whatsapp', 'polymarket', 'portwatch', 'freight', 'database', 'redis']) {
    assertShape(breakers[name], { state: 'string', failures: 'number', opened_at: 'time|null', next_attempt_at: 'time|null', calls: 'number', rejected: 'number' }, name);
  }
  assert.equal((breakers['whatsapp'] as { state: string }).state, 'closed');
  assert.ok((breakers['whatsapp'] as { calls: number }).calls > 0, 'alerts went through it');
  assert.ok(Array.isArray((await ok('/health/scheduler'))['jobs']));
  const worker = await ok('/health/worker');
  assert.match(JSON.stringify(worker), /replay\.advance|decisions\.evaluate/, 'queues by task');
});

const LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/api/v1/signals': { id: 'string', kind: 'string', source: 'string', subject: 'object|null', claim: 'string', probability: 'number', polarity: 'string|null', confidence: 'number', confidence_reasons: 'array', status: 'string', rejected_by: 'string|null', evidence: 'array', observed_at: 'time', known_at: 'time' },
  '/api/v1/decisions': { id: 'string', shipment_id: 'string', shipment_reference: 'string', customer_name: 'string', route: 'object', chokepoint: 'string', status: 'string', action: 'string', headline: 'string', probability: 'number', break_even: 'number|null', expected_cost_usd: 'string', expected_cost_of_proceeding_usd: 'string', saving_usd: 'string', interval_90_usd: 'array', deadline: 'time|null', deadline_reason: 'string', exposure_usd: 'string', confidence: 'number', severity: 'string', as_of: 'time', created_at: 'time' },
  '/api/v1/shipments': { id: 'string', reference: 'string', customer_id: 'string', customer_name: 'string', from: 'string', from_name: 'string', to: 'string', to_name: 'string', etd: 'time', eta: 'time', cargo_value_usd: 'string', containers: 'number', teu: 'number', goods_class: 'string', status: 'string', chokepoints: 'array', distance_nm: 'number' },
  '/api/v1/customers': { id: 'string', name: 'string', language: 'string', timezone: 'string', min_exposure_usd: 'string', min_probability: 'number' },
  '/api/v1/alerts': { id: 'string', decision_id: 'string', customer_name: 'string', recipient: 'string', channel: 'string', status: 'string', headline: 'string', body: 'string', attempts: 'number', created_at: 'time', sent_at: 'time|null', delivered_at: 'time|null', read_at: 'time|null', as_of: 'time' },
};

for (const [path, shape] of Object.entries(LISTS)) {
  test(`${path}: items, cursor, one by its id`, async () => {
    const page = (await ok(`${path}?limit=2`)) as { items: Record<string, unknown>[]; next_cursor: string | null };
    assert.equal(page.items.length, 2);
    for (const item of page.items) assertShape(item, shape, path);
    assert.equal(typeof page.next_cursor, 'string');
    const next = (await ok(`${path}?limit=2&cursor=${page.next_cursor}`)) as typeof page;
    assert.ok(next.items.every(({ id }) => !page.items.some((item) => item['id'] === id)), 'the next page goes on');
    const one = await ok(`${path}/${String(page.items[0]!['id'])}`);
    assert.equal(one['id'], page.items[0]!['id']);
    assert.equal(((await ok(path)) as typeof page).items.length <= 20, true, 'twenty at most by default');
  });
}

test('a decision with its evidence, its recomputation, and an acknowledgement', async () => {
  const [decision] = (await ok('/api/v1/decisions'))['items'] as { id: string }[];
  const path = `/api/v1/decisions/${decision!.id}`;
  assertShape(await ok(path), { answers: 'object', options: 'array', inaction_curve: 'array', causal_chain: 'array', steps: 'array', history: 'array', rule_version: 'string', inputs_hash: 'string', inputs: 'array' }, path);
  assert.ok(((await ok(`${path}/evidence`))['items'] as unknown[]).length > 0);
  assert.equal((await ok(`${path}/replay`))['same'], true);
  const done = await post(`${path}/acknowledge`, { note: 'seen' });
  assert.deepEqual([done.status, done.json['status']], [200, 'acknowledged']);
});

test('/api/v1/calibration: what was forecast, what came of it, and what the pool goes by', async () => {
  const record = await ok('/api/v1/calibration');
  assertShape(record, { as_of: 'time', forecasters: 'array', single_opinion_forecasts: 'number', in_use: 'string', pooling_version: 'string', why: 'string', learning: 'object', sources: 'array', decisions: 'object' }, 'calibration');
  for (const forecaster of record['forecasters'] as unknown[]) assertShape(forecaster, { forecaster: 'string', n: 'number', clusters: 'number', brier: 'number', brier_interval_90: 'array|null', log_loss: 'number', ece: 'number', murphy: 'object', curve: 'array', economic_value: 'array' }, 'forecaster');
  assert.equal((record['forecasters'] as unknown[]).length, 3, 'the strikes of 28 February are answered within these days');
});

test('status, replay, scenarios, passages with their history', async () => {
  const status = await ok('/api/v1/status');
  assertShape(status, { mode: 'string', as_of: 'time', version: 'string', sources: 'array', replay: 'object' }, 'status');
  assert.equal(status['mode'], 'REPLAY');
  assertShape(await ok('/api/v1/replay'), { scenario: 'string', title: 'string', from: 'string', to: 'string', sim_time: 'time', day: 'number', days: 'number', seconds_per_day: 'number', status: 'string', started_at: 'time' }, 'replay');
  assertProblem(await post('/api/v1/replay', { action: 'play' }), 409, 'REPLAY_ENDED');
  assertShape(((await ok('/api/v1/scenarios'))['items'] as unknown[])[0], { name: 'string', title: 'string', from: 'string', to: 'string', events: 'array' }, 'scenario');
  const passages = (await ok('/api/v1/chokepoints'))['items'] as Record<string, unknown>[];
  const hormuz = passages.find(({ id }) => id === 'hormuz');
  assertShape(hormuz, { name: 'string', status: 'string', as_of: 'time', transits: 'object', probability: 'object|null', alarm: 'object|null', exposed_shipments: 'number' }, 'hormuz');
  const history = await ok('/api/v1/chokepoints/hormuz/history');
  assertShape(history, { id: 'string', transits: 'array', odds: 'array', freight: 'array', alarms: 'array' }, 'history');
  assertShape((history['transits'] as unknown[])[0], { observed_for: 'string', known_at: 'time', value: 'number' }, 'transits');
  assertShape((history['odds'] as unknown[])[0], { at: 'time', value: 'number', question: 'string', source: 'string' }, 'odds');
});

test('admin: what the runbook does by hand, audited', async () => {
  assertShape(await ok('/admin/alerts/queue'), { depth: 'number', oldest_age_seconds: 'number', by_status: 'object', items: 'array', dead_letters: 'array' }, 'queue');
  assertShape(await ok('/admin/debug/memory'), { rss_mb: 'number', heap_used_mb: 'number', uptime_seconds: 'number', cache: 'object' }, 'memory');
  assert.ok(Array.isArray((await ok('/admin/jobs/dead-letters'))['items']));
  assertProblem(await ask(`${desk.url}/admin/circuit-breakers/whatsapp/reset`, { method: 'POST' }), 401, 'UNAUTHENTICATED', 'a write needs a token, also from this machine');
  const reset = await post('/admin/circuit-breakers/whatsapp/reset');
  assert.deepEqual([reset.status, reset.json['name'], reset.json['state']], [200, 'whatsapp', 'closed']);
  const refresh = await post('/admin/signals/refresh');
  assert.equal(refresh.status, 200);
  assertShape((refresh.json['sources'] as unknown[])[0], { source: 'string', fetched: 'number', new: 'number', duplicate: 'number', rejected: 'array', failed: 'string|null' }, 'refresh');
  const me = await ask(`${desk.url}/api/v1/auth/me`, { token });
  assert.equal(me.json['role'], 'admin');
  const audit = await ask(`${desk.url}/api/v1/audit?limit=100`, { token });
  assert.equal(audit.status, 200, audit.text);
  const [mine] = (audit.json['items'] as Record<string, unknown>[]).filter(({ action }) => action === 'breaker.reset');
  assert.deepEqual([mine?.['actor'], mine?.['target']], [me.json['subject'], 'whatsapp']);
});

const METRICS = [
  'riskcast_http_requests_total', 'riskcast_http_request_duration_ms_bucket', 'riskcast_signals_detected_total', 'riskcast_decisions_generated_total', 'riskcast_alerts_sent_total',
  'riskcast_circuit_breaker_state', 'riskcast_cache_hit_rate', 'riskcast_db_connection_pool_size', 'http_requests_total', 'http_request_duration_seconds_bucket', 'http_requests_in_progress',
  'errors_total', 'rate_gate_requests_total', 'rate_gate_quota_remaining', 'rate_gate_utilization_ratio', 'database_connections_active', 'database_connections_max',
  'websocket_connections_active', 'websocket_messages_sent_total', 'websocket_messages_received_total', 'job_runs_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds',
];

test('/metrics on both ports: the names that dashboards ask for, none with too many series', async () => {
  for (const base of [desk.url, desk.gateUrl]) {
    const { status, headers, text } = await get('/metrics', base);
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/plain/);
    const series = Object.groupBy(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')), (line) => /^[\w:]+/.exec(line)![0]);
    assert.deepEqual(METRICS.filter((name) => !series[name]), [], 'missing');
    for (const name of ['riskcast_alerts_failed_total', 'rate_gate_backoff_count']) assert.match(text, new RegExp(`^# TYPE ${name} counter`, 'm'), 'declared before the first failure');
    for (const [name, lines] of Object.entries(series)) assert.ok(lines!.length <= 1_000, `${name} has ${lines!.length} series`);
    assert.ok(Number(/^riskcast_decisions_generated_total\{.*\} (\d+)$/m.exec(text)?.[1]) > 0);
  }
});

test('the gate: status, check, exhaust, refuse an early reset, reset', async () => {
  const base = desk.gateUrl;
  const quota = { used: 'number', count: 'number', limit: 'number', remaining: 'number', usagePercentage: 'number', utilizationPercent: 'number', resetTime: 'time', warning: 'boolean' };
  const all = await ok('/status', base);
  for (const name of ['alphavantage', 'bybit', 'polymarket', 'gdelt']) assertShape(all[name], quota, name);
  assert.equal((await ok('/check/alphavantage', base))['allowed'], true);
  const early = await post('/reset/alphavantage', undefined, base);
  assertProblem(early, 409, 'GATE_NOT_BLOCKING');
  assert.match(early.text, /used 0 of 5/);
  const limit = (all['alphavantage'] as { limit: number }).limit;
  for (let i = 0; i < limit; i++) assert.equal((await ask(`${base}/check/alphavantage`, { method: 'POST' })).status, 200);
  const over = await ask(`${base}/check/alphavantage`, { method: 'POST' });
  assertProblem(over, 429, 'GATE_QUOTA_EXHAUSTED');
  assert.match(over.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  assert.deepEqual([over.json['allowed'], over.headers.get('x-ratelimit-remaining')], [false, '0']);
  assertProblem(await ask(`${base}/reset`, { method: 'POST' }), 401, 'UNAUTHENTICATED');
  const reset = await post('/reset/alphavantage', undefined, base);
  assert.deepEqual([reset.status, reset.json['reset']], [200, ['alphavantage']]);
  assert.equal(((await ok('/status/alphavantage', base)) as { used: number }).used, 0);
  assertProblem(await get('/status/nobody', base), 404, 'GATE_PROVIDER_UNKNOWN');
});

test('/openapi.json has every route of the contract; /docs and /api/v1/errors tell the rest', async () => {
  const { paths } = (await ok('/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
  for (const [method, path] of [['get', '/api/v1/decisions'], ['post', '/api/v1/decisions/{id}/acknowledge'], ['post', '/api/v1/decisions/{id}/override'], ['post', '/api/v1/shipments'], ['post', '/api/v1/signals'], ['post', '/admin/circuit-breakers/{name}/reset'], ['post', '/admin/signals/refresh'], ['get', '/admin/alerts/queue']] as const) {
    assert.ok(paths[path]?.[method], `${method} ${path}`);
  }
  const docs = await get('/docs');
  assert.equal(docs.status, 200);
  assert.match(docs.headers.get('content-type') ?? '', /html/);
  const codes = ((await ok('/api/v1/errors'))['items'] as { code: string; status: number }[]).map(({ code, status }) => `${code} ${status}`);
  for (const one of ['VALIDATION_FAILED 400', 'FORBIDDEN 403', 'DATABASE_UNAVAILABLE 503', 'GATE_NOT_BLOCKING 409']) assert.ok(codes.includes(one), one);
});

test('the trace viewer: health, the page, and the trace of a request by the id that its reply told', async () => {
  assert.equal((await ok('/api/public/health', traceUrl))['status'], 'OK');
  assert.match((await get('/project/bellwether/traces', traceUrl)).text, /<html/i);
  const id = (await get('/api/v1/decisions')).headers.get('x-request-id')!;
  await until(async () => (await get(`/api/public/traces/${id}`, traceUrl)).status === 200, { output: desk.output, limitMs: 5_000, what: 'the trace' });
});

test('WS /ws/events says hello to who is signed in; a page of another site is refused', async () => {
  const open = (origin: string) => new WebSocket(`${desk.url.replace('http', 'ws')}/ws/events`, ['bellwether', `bearer.${token}`], { origin });
  const hello = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const socket = open(desk.url);
    socket.once('error', reject);
    socket.once('message', (data: Buffer) => {
      socket.close();
      resolve(JSON.parse(data.toString()) as Record<string, unknown>);
    });
  });
  assert.deepEqual([hello['type'], hello['mode']], ['hello', 'REPLAY']);
  assert.match(String(hello['as_of']), ISO);
  const refusal = await new Promise<string>((resolve) => {
    const socket = open('https://elsewhere.example');
    socket.once('open', () => resolve('opened'));
    socket.once('error', (e) => resolve(e.message));
  });
  assert.match(refusal, /403/);
});

test('the console at / and at its own addresses', { skip: existsSync(CONSOLE) ? false : 'console/dist is not built (npm run console)' }, async () => {
  for (const path of ['/', '/decisions']) {
    const page = await ask(desk.url + path, { headers: { accept: 'text/html' } });
    assert.deepEqual([page.status, page.headers.get('cache-control')], [200, 'no-cache'], path);
    assert.match(page.text, /<div id="root"/);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'/);
  }
  const script = /src="(\/assets\/[^"]+\.js)"/.exec((await get('/')).text)![1]!;
  const asset = await get(script);
  assert.deepEqual([asset.status, asset.headers.get('cache-control')], [200, 'public, max-age=31536000, immutable']);
});
