/** The servers that the world knocks at: API with console (8000), rate gate (3001), trace viewer (3000). */
import { backtestRoutes } from '../desk/backtest/index.ts';
import { enqueueWeighing } from '../desk/rounds/index.ts';
import { replayRoutes, type ReplayService, type ScenarioView } from '../desk/replay/index.ts';
import { deskStatus, statusRoutes, type StatusDeps } from '../desk/status/index.ts';
import { adminRoutes } from '../edge/admin/index.ts';
import { healthRoutes } from '../edge/dialects/index.ts';
import { listAlerts } from '../flow/alerts/index.ts';
import { decisionRoutes } from '../flow/decisions/index.ts';
import { geographyRoutes, realityRoutes } from '../flow/reality/index.ts';
import { countAhead, shippingRoutes } from '../flow/shipping/index.ts';
import { recordRoutes } from '../flow/record/index.ts';
import { signalRoutes } from '../flow/signals/index.ts';
import { appendAudit, auditRoutes } from '../kernel/audit/index.ts';
import { authRoutes, type Auth } from '../kernel/auth/index.ts';
import type { Database } from '../kernel/database/index.ts';
import type { EventBus, StartedEventBus } from '../kernel/events/index.ts';
import { gateRoutes } from '../kernel/gate/index.ts';
import { createHttp, metricsRoutes, serveConsole, sseEvents, wsEvents, type Authorisation, type Http } from '../kernel/http/index.ts';
import type { Jobs } from '../kernel/jobs/index.ts';
import { viewerRoutes } from '../kernel/tracing/index.ts';
import type { DeskEvents } from '../model/desk-events.ts';
import type { Millis } from '../model/time.ts';
import type { Scenario } from '../scenario/index.ts';
import { API_AUTHORISATION, GATE_AUTHORISATION, TRACE_AUTHORISATION } from './authorisation.ts';
import type { Flow } from './flow.ts';
import type { Kernel } from './kernel.ts';

export interface DoorDeps {
  readonly kernel: Kernel;
  readonly db: Database;
  readonly auth: Auth;
  readonly jobs: Jobs;
  readonly events: EventBus<DeskEvents>;
  readonly flow: Flow;
  readonly replay: ReplayService | null;
  readonly scenarios: readonly ScenarioView[];
  /** A shipped scenario by its name. @throws CodedError SCENARIO_UNKNOWN */
  readonly shipped: (name: string) => Scenario;
  readonly status: StatusDeps;
  /** The desk's now. */
  readonly now: () => Promise<Millis>;
  readonly version: string;
  /** Programs of this machine may read operational data without a token. */
  readonly loopback: boolean;
  /** The secret of the token file; null without one. */
  readonly localToken: string | null;
  readonly console: string;
}

const list = (text: string | undefined): readonly string[] => (text ?? '').split(',').map((s) => s.trim()).filter((s) => s !== '');

/** @param drainMs how long traffic is still taken after readiness has turned: balancers stand before the API alone */
function bareHttp({ kernel, db, auth, version, loopback, localToken }: DoorDeps, authorisation: Authorisation, drainMs = 0): Promise<Http> {
  const { config, logger, metrics, tracing, clock } = kernel;
  return createHttp({
    logger, metrics, tracing, clock, auth, db, authorisation,
    config: {
      version,
      drainMs,
      trustProxy: list(config.TRUST_PROXY),
      adminLoopback: loopback,
      ...(localToken === null ? {} : { localToken }),
      allowedHosts: list(config.ALLOWED_HOSTS),
      ...(config.PUBLIC_URL === undefined ? {} : { publicUrl: config.PUBLIC_URL }),
      adminAddresses: list(config.ADMIN_WHITELIST_IPS),
      globalLimitPerMinute: config.RATE_LIMIT_GLOBAL,
      callerLimitPerMinute: config.RATE_LIMIT_PER_CALLER,
    },
  });
}

/** Many consoles ask for the passages at once, and nine states cost 40 ms: they are kept until something about them is stored. */
const PASSAGES = 'passages';
/** An event that was lost is made good by the next one, or by this. */
const PASSAGES_TTL_MS = 5_000;

export function dropPassagesOnChange(cache: Kernel['cache'], events: StartedEventBus<DeskEvents>): void {
  const drop = (): void => void cache.invalidateTag(PASSAGES);
  for (const name of ['observation.stored', 'signal.stored', 'decision.made', 'replay.tick'] as const) events.subscribe(name, drop);
  events.onGap(drop);
}

export async function apiDoor(deps: DoorDeps): Promise<Http> {
  const { kernel, db, auth, jobs, events, flow, version, now } = deps;
  const { clock, health, breakers, metrics, logger } = kernel;
  const http = await bareHttp(deps, API_AUTHORISATION, 1_000);
  const { app } = http;
  healthRoutes({ health, clock, version, draining: http.draining, breakers: () => breakers.view(), scheduler: async () => ({ jobs: await jobs.scheduled() }), worker: () => jobs.workers() })(app);
  metricsRoutes(metrics)(app);
  authRoutes(auth)(app);
  auditRoutes({ db })(app);
  statusRoutes(deps.status)(app);
  replayRoutes({ replay: deps.replay, scenarios: deps.scenarios })(app);
  backtestRoutes({ db, queue: jobs.queue, clock, load: deps.shipped })(app);
  adminRoutes({ db, breakers, cache: kernel.cache, deadLetters: jobs.deadLetters })(app);
  signalRoutes({ db, signals: flow.signals, now })(app);
  realityRoutes({
    db,
    now,
    exposedShipments: (on, asOf) => countAhead(on, asOf),
    cached: (key, load) => kernel.cache.getOrLoad(key, { ttlMs: PASSAGES_TTL_MS, tags: [PASSAGES] }, load),
  })(app);
  shippingRoutes({
    db, now,
    planner: flow.planner,
    audit: (tx, entry) => appendAudit(tx, entry),
    onShipments: (tx, changed) => enqueueWeighing(jobs.queue, tx, changed.asOf, changed.ids),
  })(app);
  geographyRoutes({ router: flow.router })(app);
  decisionRoutes({ db, decisions: flow.decisions, now, alertsOf: (on, decisionId) => listAlerts(on, { decisionId, limit: 100 }) })(app);
  recordRoutes({ db, record: flow.record, now, cached: (key, load) => kernel.cache.getOrLoad(key, { ttlMs: PASSAGES_TTL_MS, tags: [PASSAGES] }, load) })(app);
  app.register((scope, _options, done) => {
    flow.alerts.routes(scope as unknown as typeof app);
    done();
  });
  const hello = async () => {
    const { mode, as_of } = await deskStatus(deps.status);
    return { mode, as_of };
  };
  wsEvents(http, events, hello, { metrics, logger });
  sseEvents(app, events, hello, { metrics, logger });
  await serveConsole(app, deps.console);
  return http;
}

export async function gateDoor(deps: DoorDeps): Promise<Http> {
  const { kernel, db, version } = deps;
  const http = await bareHttp(deps, GATE_AUTHORISATION);
  healthRoutes({ health: kernel.health, clock: kernel.clock, version, draining: http.draining })(http.app);
  metricsRoutes(kernel.metrics)(http.app);
  gateRoutes({
    gate: kernel.gate,
    clock: kernel.clock,
    audit: async (act) => {
      await db.transaction((tx) => appendAudit(tx, { actor: act.identity?.subject ?? 'unknown', action: 'gate.reset', target: act.provider ?? 'all', reason: act.reason, before: act.before.map((q) => ({ provider: q.provider, used: q.used })), traceId: act.traceId ?? null }));
    },
  })(http.app);
  return http;
}

export async function traceDoor(deps: DoorDeps): Promise<Http> {
  const http = await bareHttp(deps, TRACE_AUTHORISATION);
  viewerRoutes({ store: deps.kernel.tracing.store, clock: deps.kernel.clock, version: deps.version })(http.app);
  return http;
}
