/** The health registry in the dialects that runbooks, balancers and older clients ask in. None of them touches a dependency. */
import type { Clock } from '../../model/time.ts';
import { iso } from '../../model/time.ts';
import type { ComponentState, HealthRegistry } from '../../kernel/health/index.ts';
import { operationalAccess, publicAccess, type HttpApp } from '../../kernel/http/index.ts';
import { componentsByStage, flatReadiness, readiness } from './render.ts';

export interface HealthRoutesDeps {
  readonly health: HealthRegistry;
  readonly clock: Clock;
  readonly version: string;
  /** True from the moment at which this process was asked to stop. */
  readonly draining: () => boolean;
  /** An object keyed by breaker, as `GET /health/circuit-breakers` gives it. Default: there are none. */
  readonly breakers?: () => Readonly<Record<string, object>>;
  /** Scheduled jobs: last run, next run, outcome. */
  readonly scheduler?: () => Promise<object> | object;
  /** Workers: heartbeats and queue depths. */
  readonly worker?: () => Promise<object> | object;
}

const probe = { access: publicAccess('Balancers and orchestrators ask it without signing in'), probe: true } as const;
const read = { access: operationalAccess } as const;

/** @example healthRoutes({ health, clock, version, draining: http.draining })(http.app) */
export const healthRoutes = (deps: HealthRoutesDeps) => (app: HttpApp): void => {
  const { health, clock, version } = deps;
  const now = (): string => iso(clock.now());

  app.get('/health', { config: probe }, (_request, reply) => {
    const status = health.overall();
    reply.code(status === 'unhealthy' ? 503 : 200).send({ status, version, timestamp: now(), components: brief(health.states()) });
  });
  app.get('/health/live', { config: probe }, async () => ({ status: 'ok', timestamp: now() }));
  app.get('/health/ready', { config: probe }, (_request, reply) => {
    const { ready, checks } = readiness(health.states(), deps.draining());
    reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks, version, timestamp: now() });
  });
  app.get('/api/v1/ready', { config: probe }, (_request, reply) => {
    const { ready, checks } = readiness(health.states(), deps.draining());
    reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks: flatReadiness(checks), timestamp: now() });
  });
  for (const url of ['/api/v1/health', '/api/health']) {
    app.get(url, { config: probe }, (_request, reply) => {
      const status = health.overall();
      reply.code(status === 'unhealthy' ? 503 : 200).send({ status, version, timestamp: now() });
    });
  }

  // What follows tells reasons and errors of the inside: for those who may read.
  app.get('/health/detailed', { config: read }, async () => ({ status: health.overall(), version, timestamp: now(), components: byName(health.states()) }));
  app.get('/health/components', { config: read }, async () => ({ status: health.overall(), timestamp: now(), components: componentsByStage(health.states()) }));
  app.get('/health/circuit-breakers', { config: read }, async () => deps.breakers?.() ?? {});
  app.get('/health/scheduler', { config: read }, async () => (await deps.scheduler?.()) ?? { status: 'disabled', jobs: [] });
  app.get('/health/worker', { config: read }, async () => (await deps.worker?.()) ?? { status: 'disabled', workers: [] });
};

type Brief = Readonly<Record<string, { readonly status: string; readonly latency_ms: number }>>;

/** Between two checks the registry gives the same list: what was made of it is kept. */
const made = new WeakMap<readonly ComponentState[], Brief>();

function brief(states: readonly ComponentState[]): Brief {
  let components = made.get(states);
  if (!components) made.set(states, (components = Object.fromEntries(states.map(({ name, status, latency_ms }) => [name, { status, latency_ms }]))));
  return components;
}

const byName = (states: readonly ComponentState[]): Record<string, Omit<ComponentState, 'name'>> => Object.fromEntries(states.map(({ name, ...rest }) => [name, rest]));
