/**
 * Hostile bodies without a token, on four connections without a pause: the desk goes on answering its liveness probe, and its
 * memory stays. `HOSTILE_SECONDS` sets how long (default 8); the latencies are printed, not judged.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { ask } from '../support/ask.ts';
import { deskHome, freePort, startDesk } from '../support/desk.ts';
import { shortScenario } from '../support/short-scenario.ts';

const SECONDS = Number(process.env['HOSTILE_SECONDS'] ?? 8);
const CONNECTIONS = 4;
const MIB = 1_048_576;

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
const wide = (bytes: number): string => `[${'[],'.repeat(bytes / 3)}[]]`;

/** Each as `[path, body]`; the port is added by the test. */
const API_BODIES: readonly (readonly [string, string])[] = [
  ['/api/v1/auth/login', nested(6_000)],
  ['/api/v1/auth/login', nested(30_000)],
  ['/api/v1/auth/login', objects(12_000)],
  ['/api/v1/auth/login', wide(60_000)],
  ['/api/v1/auth/login', JSON.stringify({ email: 'a@example.org', password: 'x', extra: Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [`k${i}`, i])) })],
  ['/api/v1/auth/refresh', nested(MIB / 2)],
  ['/api/v1/auth/link', `{"code":"${'x'.repeat(60_000)}"}`],
  ['/api/v1/signals', nested(MIB / 2)],
  ['/api/v1/shipments', wide(MIB)],
  ['/webhooks/whatsapp', nested(MIB)],
  ['/webhooks/telegram', wide(MIB)],
  ['/nothing-here', nested(MIB / 2)],
];
const TRACE_BODIES: readonly (readonly [string, string])[] = [['/v1/traces', nested(4 * MIB)], ['/v1/traces', wide(8 * MIB)]];
const GATE_BODIES: readonly (readonly [string, string])[] = [['/reset', nested(MIB / 2)]];

const rssMib = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;

function post(agent: Agent, url: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const request = httpRequest(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } }, (reply) => {
      reply.resume().on('end', () => resolve(reply.statusCode ?? 0)).on('error', () => resolve(0));
    });
    // The desk hangs up on a body that it does not read.
    request.on('error', () => resolve(0));
    request.end(body);
  });
}

const percentile = (sorted: readonly number[], p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]!;

test('bodies of strangers neither stall the desk nor fill its memory', { skip: process.platform === 'linux' ? false : 'reads /proc', timeout: (SECONDS + 90) * 1_000 }, async () => {
  using folder = deskHome();
  using scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
  const tracePort = await freePort();
  await using desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '3600'], env: { TRACE_PORT: String(tracePort), RATE_LIMIT_GLOBAL: '10000000', RATE_LIMIT_PER_CALLER: '10000000' } });
  const cases = [
    ...API_BODIES.map(([path, body]) => [desk.url + path, body] as const),
    ...GATE_BODIES.map(([path, body]) => [desk.gateUrl + path, body] as const),
    ...TRACE_BODIES.map(([path, body]) => [`http://127.0.0.1:${tracePort}${path}`, body] as const),
  ];
  const before = rssMib(desk.pid);
  const enough = new AbortController();
  const outcomes = new Map<number, number>();
  const attack = async (first: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = first; !enough.signal.aborted; i++) {
      const [url, body] = cases[i % cases.length]!;
      // A header that used to put the decision off until the body was read.
      const status = await post(agent, url, body, i % 2 === 0 ? {} : { 'x-bellwether-signature': 'x' });
      outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
    }
    agent.destroy();
  };
  const attackers = Array.from({ length: CONNECTIONS }, (_, i) => attack(i * 3));
  const latencies: number[] = [];
  let highest = before;
  for (const end = performance.now() + SECONDS * 1_000; performance.now() < end; ) {
    const from = performance.now();
    const { status } = await ask(`${desk.url}/health/live`);
    latencies.push(performance.now() - from);
    assert.equal(status, 200);
    highest = Math.max(highest, rssMib(desk.pid));
    await sleep(20);
  }
  enough.abort();
  await Promise.all(attackers);
  const sorted = latencies.toSorted((a, b) => a - b);
  const sent = [...outcomes.values()].reduce((sum, n) => sum + n, 0);
  console.log(
    `hostile bodies: ${sent} requests in ${SECONDS} s, statuses ${JSON.stringify(Object.fromEntries(outcomes))}; /health/live ms p50 ${percentile(sorted, 0.5).toFixed(1)} p99 ${percentile(sorted, 0.99).toFixed(1)} max ${sorted.at(-1)!.toFixed(1)}; RSS MiB ${before.toFixed(0)} before, ${highest.toFixed(0)} at most`,
  );
  assert.ok(sent > cases.length, 'the attack took place');
  assert.deepEqual([...outcomes.keys()].filter((status) => status >= 500 || (status >= 200 && status < 300)), [], 'no body was taken, and none broke anything');
  assert.ok(highest < before + 256, `memory grew from ${before.toFixed(0)} to ${highest.toFixed(0)} MiB`);
});
