/** The rate gate: questions a second in memory against rate-limiter-flexible, and requests a second over HTTP. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createGate, gateRoutes, type Gate } from '../src/kernel/gate/index.ts';
import type { HttpApp } from '../src/kernel/http/types.ts';
import { silentLogger } from '../src/kernel/logging/types.ts';
import type { Metrics } from '../src/kernel/metrics/types.ts';
import { TimerWheel } from '../src/kernel/timers/index.ts';
import { systemClock } from '../src/model/time.ts';
import type { BenchResult } from './types.ts';

const QUESTIONS_A_ROUND = 50_000;
const ROUNDS = 9;
const HTTP_SECONDS = 4;
const UNLIMITED = 1e9;

// autocannon has no types of its own.
type Autocannon = (options: { url: string; method: 'POST'; connections: number; duration: number; workers: number }) => Promise<{ requests: { average: number }; non2xx: number }>;
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;

function benchGate(limit: number): Gate {
  const registry = new Registry();
  const metrics: Metrics = {
    registry,
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers: [registry] }),
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers: [registry] }),
    histogram: (name, help, labelNames, buckets) => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] }),
  };
  const quotas = { venue: { tiers: { default: [{ limit, windowMs: 10_000 }] }, source: 'bench' } };
  return createGate({ clock: systemClock, timers: new TimerWheel(), logger: silentLogger, metrics, quotas });
}

/** Questions a second, the median of rounds taken in turn. */
async function inTurn(candidates: Readonly<Record<string, () => void | Promise<unknown>>>): Promise<Record<string, number>> {
  const samples = new Map(Object.keys(candidates).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, ask] of Object.entries(candidates)) {
      const from = performance.now();
      for (let i = 0; i < QUESTIONS_A_ROUND; i++) {
        const answer = ask();
        if (answer !== undefined) await answer;
      }
      if (round > 0) samples.get(name)!.push((QUESTIONS_A_ROUND / (performance.now() - from)) * 1_000);
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!]));
}

async function requestsPerSecond(app: FastifyInstance | HttpApp, path: string): Promise<number> {
  app.server.listen(0, '127.0.0.1');
  await once(app.server, 'listening');
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}${path}`;
  const { requests, non2xx } = await autocannon({ url, method: 'POST', connections: 20, duration: HTTP_SECONDS, workers: 1 });
  await app.close();
  if (non2xx > 0) throw new Error(`${non2xx} requests were refused: the figure would count the wrong thing`);
  return requests.average;
}

async function overHttp(): Promise<{ ours: number; peer: number }> {
  const ours: HttpApp = Fastify().withTypeProvider<ZodTypeProvider>();
  ours.setValidatorCompiler(validatorCompiler);
  ours.setSerializerCompiler(serializerCompiler);
  ours.decorateRequest('identity', null);
  ours.decorateRequest('traceId', '');
  gateRoutes({ gate: benchGate(UNLIMITED), clock: systemClock })(ours);
  await ours.ready();

  const limiter = new RateLimiterMemory({ points: UNLIMITED, duration: 10 });
  const peer = Fastify();
  peer.post<{ Params: { provider: string } }>('/check/:provider', async (request) => {
    const { consumedPoints, remainingPoints, msBeforeNext } = await limiter.consume(request.params.provider);
    return { allowed: true, count: consumedPoints, limit: UNLIMITED, remaining: remainingPoints, resetTime: new Date(Date.now() + msBeforeNext).toISOString() };
  });
  await peer.ready();
  return { ours: await requestsPerSecond(ours, '/check/venue'), peer: await requestsPerSecond(peer, '/check/venue') };
}

export async function run(): Promise<BenchResult[]> {
  const call = { provider: 'venue', operation: 'prices' } as const;
  const [open, full] = [benchGate(UNLIMITED), benchGate(1)];
  const limiter = new RateLimiterMemory({ points: UNLIMITED, duration: 10 });
  const fullLimiter = new RateLimiterMemory({ points: 1, duration: 3_600 });
  const perSecond = await inTurn({
    ours: () => open.acquire(call, 0),
    peer: () => limiter.consume('venue'),
    oursFull: () => Promise.resolve(full.acquire(call, 0)).catch(() => undefined),
    peerFull: () => fullLimiter.consume('venue').catch(() => undefined),
  });
  const http = await overHttp();
  const noLess = 'at least as many as rate-limiter-flexible';
  return [
    { name: 'gate in memory: calls that may go', unit: 'calls/s', ours: perSecond['ours']!, peers: [{ name: 'rate-limiter-flexible (RateLimiterMemory)', value: perSecond['peer']! }], goal: noLess, met: perSecond['ours']! >= perSecond['peer']!, note: 'ours slides, counts metrics and has two lanes; the peer has a fixed window' },
    { name: 'gate in memory: calls that are refused, with a coded error', unit: 'calls/s', ours: perSecond['oursFull']!, peers: [{ name: 'rate-limiter-flexible (RateLimiterMemory)', value: perSecond['peerFull']! }], goal: noLess, met: perSecond['oursFull']! >= perSecond['peerFull']!, note: 'ours ends in a coded error with its stack, the peer in a plain object; 8 µs a refusal is small beside the call that it spares' },
    { name: 'gate over HTTP: POST /check/:provider, one process', unit: 'requests/s', ours: http.ours, peers: [{ name: 'bare fastify + rate-limiter-flexible, without validation or access rules', value: http.peer }], goal: '≥ 5,000 requests/s: the widest quota of a provider is 1,500 a second', met: http.ours >= 5_000 },
  ];
}
