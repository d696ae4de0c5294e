/** What a call costs besides the call: gate, breaker, deadline, retry and metrics around a no-op, against cockatiel's policies. */
import { ConsecutiveBreaker, ExponentialBackoff, TimeoutStrategy, circuitBreaker, handleAll, retry, timeout, wrap } from 'cockatiel';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createBreakers } from '../src/kernel/breakers/index.ts';
import { createGate } from '../src/kernel/gate/index.ts';
import { silentLogger } from '../src/kernel/logging/types.ts';
import type { Metrics } from '../src/kernel/metrics/types.ts';
import { createOutbound } from '../src/kernel/outbound/index.ts';
import { TimerWheel } from '../src/kernel/timers/index.ts';
import { systemClock } from '../src/model/time.ts';
import type { BenchResult } from './types.ts';

const CALLS_A_ROUND = 20_000;
const ROUNDS = 15;
const GOAL_US = 2;

const registry = new Registry();
const metrics: Metrics = {
  registry,
  counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers: [registry] }),
  gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers: [registry] }),
  histogram: (name, help, labelNames, buckets) => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] }),
};

/** Microseconds a call, the median of rounds taken in turn, so that a slow moment of the machine hits all alike. */
async function inTurn(candidates: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number>> {
  const samples = new Map(Object.keys(candidates).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, once] of Object.entries(candidates)) {
      const from = performance.now();
      for (let i = 0; i < CALLS_A_ROUND; i++) await once();
      if (round > 0) samples.get(name)!.push(((performance.now() - from) * 1_000) / CALLS_A_ROUND);
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!]));
}

export async function run(): Promise<BenchResult[]> {
  const clock = systemClock;
  const timers = new TimerWheel();
  const breakers = createBreakers({ clock, logger: silentLogger, metrics });
  // A quota as wide as the loop is long: what is measured is the asking, not a wait.
  const gate = createGate({ clock, timers, logger: silentLogger, metrics, quotas: { venue: { tiers: { default: [{ limit: 1e9, windowMs: 10_000 }] }, source: 'bench' } } });
  const outbound = createOutbound({ gate, breakers, clock, logger: silentLogger, metrics, timers, random: Math.random });
  const call = { provider: 'venue', operation: 'prices', idempotent: true } as const;
  const noop = async (): Promise<number> => 1;

  const breakerPolicy = () => circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
  const stack = wrap(retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }), breakerPolicy(), timeout(10_000, TimeoutStrategy.Aggressive));
  const cockatielBreaker = breakerPolicy();
  const ownBreaker = breakers.get('alone');

  const us = await inTurn({
    ours: () => outbound.call(call, noop),
    stack: () => stack.execute(noop),
    bare: noop,
    ownBreaker: () => ownBreaker.run(noop),
    cockatielBreaker: () => cockatielBreaker.execute(noop),
  });
  return [
    {
      name: 'outbound: gate + breaker + deadline + metrics around a no-op',
      unit: 'µs a call',
      ours: us['ours']!,
      peers: [
        { name: 'cockatiel: retry + breaker + timeout (no gate, no metrics)', value: us['stack']! },
        { name: 'the bare no-op', value: us['bare']! },
      ],
      goal: `≤ ${GOAL_US} µs, and less than cockatiel's stack`,
      met: us['ours']! <= GOAL_US && us['ours']! < us['stack']!,
    },
    {
      name: 'breaker alone around a no-op',
      unit: 'µs a call',
      ours: us['ownBreaker']!,
      peers: [{ name: 'cockatiel: circuitBreaker', value: us['cockatielBreaker']! }],
      goal: "less than cockatiel's",
      met: us['ownBreaker']! < us['cockatielBreaker']!,
    },
  ];
}
