/** Makes the kernel's parts from the configuration and connects them. Which stages and venues use them is not here. */
import type { Config } from '../config.ts';
import { createBreakers, type Breakers } from '../kernel/breakers/index.ts';
import { connectRedis, createMemoryCache, createNoCache, createRedisCache, type Cache, type RedisConnection } from '../kernel/cache/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { createFallbackBackend, createGate, createMemoryBackend, createPostgresBackend, createRedisBackend, QUOTAS, TWIN_TIER, type Gate, type GateBackend } from '../kernel/gate/index.ts';
import { createHealth, type Health } from '../kernel/health/index.ts';
import { createLogger, type LogFormat, type Logger } from '../kernel/logging/index.ts';
import { createMetrics } from '../kernel/metrics/index.ts';
import type { Metrics } from '../kernel/metrics/types.ts';
import { createOutbound, type Outbound } from '../kernel/outbound/index.ts';
import { systemRandom } from '../kernel/random/random.ts';
import { TimerWheel, type Timers } from '../kernel/timers/index.ts';
import { createTracing, type Tracing } from '../kernel/tracing/index.ts';
import { systemClock, type Clock } from '../model/time.ts';
import type { Mode } from './store.ts';

/** What is there before the database is. */
export interface Base {
  readonly config: Config;
  readonly clock: Clock;
  readonly tracing: Tracing;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly timers: Timers;
}

export interface Kernel extends Base {
  readonly health: Health;
  readonly redis: RedisConnection | null;
  readonly cache: Cache;
  readonly breakers: Breakers;
  readonly gate: Gate;
  readonly outbound: Outbound;
}

export function createBase(config: Config, terminal: boolean): Base {
  const tracing = createTracing({
    enabled: config.ENABLE_TRACING,
    ...(config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? {} : { otlpUrl: `${config.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}/v1/traces` }),
  });
  const format: LogFormat = config.LOG_FORMAT ?? (terminal ? 'pretty' : 'json');
  const logger = createLogger({ level: config.LOG_LEVEL ?? (terminal ? 'warn' : 'info'), format, traceId: tracing.traceId });
  return { config, clock: systemClock, tracing, logger, metrics: createMetrics(), timers: new TimerWheel() };
}

/**
 * @param shared true when other processes count against the same quotas: then they are counted in Redis, or in Postgres without it
 * @param mode in a replay the providers are twins, whose quotas are wide
 */
export function createKernel(base: Base, db: Database, mode: Mode, shared: boolean): Kernel {
  const { config, clock, logger, metrics, timers, tracing } = base;
  const health = createHealth({ clock, logger, metrics });
  const breakers = createBreakers({ clock, logger, metrics });
  breakers.register(['polymarket', 'gdelt', 'portwatch', 'freight', 'whatsapp', 'database', 'redis']);
  const redis = config.REDIS_URL === undefined ? null : connectRedis({ url: config.REDIS_URL, logger });
  const cacheDeps = { clock, logger, metrics, random: systemRandom };
  const cache = !config.ENABLE_CACHING ? createNoCache(cacheDeps) : redis ? createRedisCache({ ...cacheDeps, redis, breaker: breakers.get('redis') }) : createMemoryCache(cacheDeps);
  const backend = quotaBackend(base, db, redis, breakers, shared);
  const gate = createGate({ clock, timers, logger, metrics, backend, tiers: mode === 'replay' ? twinTiers() : {} });
  const outbound = createOutbound({
    gate,
    breakers,
    clock,
    logger,
    metrics,
    random: systemRandom,
    timers,
    tracing: { span: (name, attributes, work) => tracing.span(name, attributes, work), traceparent: () => tracing.current() ?? undefined },
  });
  registerKernelChecks(health, db, redis, metrics);
  return { ...base, health, redis, cache, breakers, gate, outbound };
}

/** Providers that a replay plays; the others keep their real quotas, so that what an operator sees of the gate stays true. */
const twinTiers = (): Record<string, string> =>
  Object.fromEntries(['polymarket', 'portwatch', 'freight', 'whatsapp', 'email', 'slack', 'teams', 'webhook', 'telegram'].filter((name) => name in QUOTAS).map((name) => [name, TWIN_TIER.name]));

function quotaBackend({ clock, timers, logger }: Base, db: Database, redis: RedisConnection | null, breakers: Breakers, shared: boolean): GateBackend {
  const memory = createMemoryBackend(clock);
  if (redis) return createFallbackBackend({ shared: createRedisBackend(redis), memory, breaker: breakers.get('redis'), timers, logger });
  if (shared) return createFallbackBackend({ shared: createPostgresBackend(db), memory, breaker: breakers.get('database'), timers, logger });
  return memory;
}

function registerKernelChecks(health: Health, db: Database, redis: RedisConnection | null, metrics: Metrics): void {
  const active = metrics.gauge('database_connections_active', 'Connections to Postgres in use');
  const max = metrics.gauge('database_connections_max', 'Connections to Postgres that this process may open');
  const pool = metrics.gauge('riskcast_db_connection_pool_size', 'Connections to Postgres that are open');
  health.register({
    name: 'database',
    critical: true,
    intervalMs: 2_000,
    async check(signal) {
      const state = db.poolState();
      active.set(state.active);
      max.set(state.max);
      pool.set(state.active + state.idle);
      await db.ping(signal);
      return state.waiting > 0 ? { status: 'degraded', message: `${state.waiting} requests wait for one of ${state.max} connections` } : { status: 'healthy' };
    },
  });
  health.register({
    name: 'redis',
    critical: false,
    async check() {
      if (!redis) return { status: 'disabled', message: 'The cache is in this process: REDIS_URL is not set' };
      await redis.ping();
      return { status: 'healthy' };
    },
  });
}
