/**
 * The composition root: the only place that knows every part. Opens the truth, makes the kernel, the world, the stages and the doors,
 * starts them in order and stops them in reverse.
 */
import { mkdirSync } from 'node:fs';
import { createBase, createKernel, type Base, type Kernel } from './app/kernel.ts';
import { apiDoor, dropPassagesOnChange, gateDoor, traceDoor, type DoorDeps } from './app/doors.ts';
import { backtestBeside, scratchName } from './app/backtest.ts';
import { decisionsCheck, sourcesCheck } from './app/checks.ts';
import { createFlow, type Flow } from './app/flow.ts';
import { scheduleHousekeeping } from './app/housekeeping.ts';
import { shippingOf } from './app/shipping.ts';
import { deskSources } from './app/sources.ts';
import { createEars } from './app/vessels.ts';
import { localToken } from './app/local-token.ts';
import { openStore, type Mode, type Store } from './app/store.ts';
import { forgetDeskAddress, writeDeskAddress } from './app/desk-address.ts';
import { webAddress } from './app/web-address.ts';
import { liveWorld, scenarioWorld, type World } from './app/world.ts';
import type { Config } from './config.ts';
import { handleBacktestJobs } from './desk/backtest/index.ts';
import { createReplay, currentReplay, lookAt, replayToView } from './desk/replay/index.ts';
import type { ReplayService, ScenarioView } from './desk/replay/index.ts';
import { DESK_QUEUE, enqueueFirstRound, enqueueRound, ROUND_JOBS, scheduleRounds } from './desk/rounds/index.ts';
import { upsertCustomersAndShipments } from './flow/shipping/index.ts';
import { createAuth, type Auth } from './kernel/auth/index.ts';
import { createEventBus } from './kernel/events/index.ts';
import { diskCheck, diskProbes } from './kernel/health/index.ts';
import { isCodedError } from './kernel/errors/index.ts';
import type { Http } from './kernel/http/index.ts';
import { createJobs, type Jobs } from './kernel/jobs/index.ts';
import { createLifecycle, type Lifecycle } from './kernel/lifecycle/index.ts';
import type { DeskEvents } from './model/desk-events.ts';
import { ManualClock, type Millis } from './model/time.ts';
import { scenarioView, shippedScenario } from './app/scenarios.ts';
import type { Scenario } from './scenario/index.ts';

export type Role = 'api' | 'worker' | 'gate';
export const ROLES: readonly Role[] = Object.freeze(['api', 'worker', 'gate']);

export interface DeskOptions {
  readonly config: Config;
  readonly mode: Mode;
  readonly roles: ReadonlySet<Role>;
  /** What a replay plays; null on a live desk. */
  readonly scenario: Scenario | null;
  /** All that could be played, for the list. */
  readonly scenarios: readonly ScenarioView[];
  /** Where the shipped ones lie: what a backtest may be asked for. */
  readonly scenarioFolder: string;
  readonly secondsPerDay: number;
  /** Absolute. */
  readonly home: string;
  readonly migrations: string;
  readonly console: string;
  readonly version: string;
  /** Whether a person looks at the output. */
  readonly terminal: boolean;
  /** Aborted when the user asks to stop: ends a start that waits for Postgres. */
  readonly stop: AbortSignal;
  readonly announce: Announce;
}

/** What the start says as soon as it is so: a crash later in the start cannot lose it. */
export interface Announce {
  /** Only once, on the first start of a database, in a process with the role api. The token is stored nowhere. */
  adminToken(token: string): void;
}

export interface Started {
  readonly apiUrl: string | null;
  readonly gateUrl: string | null;
  readonly traceUrl: string | null;
  readonly phoneUrl: string | null;
  /** Ports that were busy and could be done without. */
  readonly warnings: readonly string[];
}

type Starting = { -readonly [K in keyof Started]: Started[K] };

export interface Desk {
  readonly base: Base;
  start(): Promise<Started>;
  /**
   * A one-time code that signs in on the console as the desk's own owner. Only while the desk runs.
   * @throws CodedError SIGN_IN_LINK_REFUSED when an admin has ended the owner's account
   */
  signInCode(ttlMs?: Millis): Promise<string>;
  /** @returns the parts that failed to stop in time */
  stop(): Promise<readonly string[]>;
}

/** All parts, made in the order in which each needs the one before. */
interface Parts {
  readonly store: Store;
  readonly kernel: Kernel;
  readonly auth: Auth;
  readonly jobs: Jobs;
  readonly world: World;
  readonly flow: Flow;
  readonly replay: ReplayService | null;
  readonly doors: DoorDeps;
}

/** @example const desk = createDesk(options); const { apiUrl } = await desk.start(); … await desk.stop(); */
export function createDesk(options: DeskOptions): Desk {
  const base = createBase(options.config, options.terminal);
  const lifecycle = createLifecycle({ logger: base.logger });
  const started: Starting = { apiUrl: null, gateUrl: null, traceUrl: null, phoneUrl: null, warnings: [] };
  let store: Store;

  lifecycle.add({
    name: 'database',
    async start() {
      mkdirSync(options.home, { recursive: true, mode: 0o700 });
      const { config, mode, home, migrations, stop } = options;
      const { clock, logger } = base;
      store = await openStore({ config, mode, home, migrations, logger, start: { clock, stop } });
    },
    stop: () => store?.close(),
  });
  lifecycle.add({ name: 'tracing', stop: () => base.tracing.shutdown() });
  lifecycle.add({
    name: 'desk',
    // The rest depends on the database, so it is made once that is open, and becomes parts of the same life.
    start: async () => {
      const inner = createLifecycle({ logger: base.logger });
      const parts = await makeParts(options, base, store, inner);
      await addParts(options, parts, inner, started);
      auth = parts.auth;
      running = inner;
      await inner.start();
    },
    stop: async () => void (await running?.stop()),
  });
  let running: Lifecycle | null = null;
  let auth: Auth | null = null;

  return {
    base,
    async start() {
      await lifecycle.start();
      return started;
    },
    async signInCode(ttlMs) {
      if (!auth) throw new Error('the desk does not run');
      const actor = { subject: 'system', reason: 'Start of the desk' } as const;
      return (await auth.links.create(ttlMs === undefined ? {} : { ttlMs }, actor)).code;
    },
    stop: () => lifecycle.stop(),
  };
}

async function makeParts(options: DeskOptions, base: Base, store: Store, lifecycle: Lifecycle): Promise<Parts> {
  const { db } = store;
  const { config, clock, logger, metrics, tracing } = base;
  const shared = options.roles.size < ROLES.length;
  const kernel = createKernel(base, db, options.mode, shared);
  const events = createEventBus<DeskEvents>({ url: db.directUrl, logger });
  lifecycle.add({
    name: 'cache',
    // A Redis that is not there yet is waited for a moment; then the desk starts without it, and says so.
    start: async () => void (await kernel.redis?.whenReady(1_000)),
    async stop() {
      kernel.gate.close();
      await kernel.redis?.close();
    },
  });
  dropPassagesOnChange(kernel.cache, events);
  lifecycle.add({ name: 'event bus', start: () => events.start(), stop: () => events.stop() });
  const auth = await createAuth({ db, clock, logger, ...(config.JWT_SECRET_KEY === undefined ? {} : { secret: config.JWT_SECRET_KEY }) });
  // Before the background jobs: whatever breaks later in a first start, its token has been shown.
  const firstAdmin = { name: 'first admin', start: () => announceAdmin(auth, options.announce) };
  if (options.roles.has('api')) lifecycle.add(firstAdmin);
  const jobs = createJobs({ db, clock, logger, metrics, concurrency: config.WORKER_CONCURRENCY, pollMs: 250, traceContext: { current: tracing.current, run: (parent, name, attributes, fn) => tracing.run(parent, name, attributes, fn) } });

  const { scenario } = options;
  const scenarioClock = new ManualClock(scenario ? await scenarioNow(store, scenario) : 0);
  const ears = createEars(kernel, db, scenario ? { ...config, AISSTREAM_API_KEY: undefined, AIS_NMEA: undefined } : config);
  const world = scenario ? await scenarioWorld(config, kernel.outbound, scenario, options.home, scenarioClock, clock) : liveWorld(config, kernel.outbound, ears, kernel);
  lifecycle.add({ name: scenario ? 'twins' : 'venues', stop: () => world.close() });
  if (options.roles.has('worker')) lifecycle.add({ name: 'receivers', start: () => ears.start(), stop: () => ears.stop() });
  const flow = createFlow(kernel, db, jobs, events, world, options.mode);
  const replay = scenario
    ? createReplay({
        db, events, clock, logger,
        queue: jobs.queue,
        scenario: scenarioView(scenario),
        defaultSecondsPerDay: options.secondsPerDay,
        dayJobs: ROUND_JOBS,
        dayQueue: DESK_QUEUE,
        sweep: (tx, asOf) => enqueueRound(jobs.queue, tx, asOf, 'replay'),
        prepare: async (tx) => void (await upsertCustomersAndShipments(tx, shippingOf(scenario), flow.planner)),
        forget: (tx) => flow.forget(tx),
      })
    : null;
  if (!replay) scheduleRounds(jobs.queue, clock);
  scheduleHousekeeping(jobs.queue, db, auth, clock);
  const shipped = (name: string): Scenario => shippedScenario(name, options.scenarioFolder);
  handleBacktestJobs(jobs.queue, { clock, load: shipped, run: (id, played, walk) => backtestBeside(db, scratchName(db, id), played, { migrations: options.migrations, ...walk }) });
  const now = async (): Promise<Millis> => (replay ? (await replay.current()).simTime : clock.now());
  const doors: DoorDeps = {
    kernel, db, auth, jobs, events, flow, replay, now,
    scenarios: options.scenarios,
    shipped,
    status: { version: options.version, now, sources: () => deskSources(db, world, clock), replay: async () => (replay ? replayToView(await replay.current()) : null) },
    version: options.version,
    loopback: config.ADMIN_LOOPBACK ?? store.embedded !== null,
    localToken: options.roles.has('api') || options.roles.has('gate') ? await localToken(options.home, logger) : null,
    console: options.console,
  };
  return { store, kernel, auth, jobs, world, flow, replay, doors };
}

async function announceAdmin(auth: Auth, announce: Announce): Promise<void> {
  const token = await auth.ensureAdminToken();
  if (token !== null) announce.adminToken(token);
}

/** Where the scenario stood when the process ended, else its first day. */
async function scenarioNow({ db }: Store, scenario: Scenario): Promise<Millis> {
  const replay = await currentReplay(db);
  return replay?.scenario === scenario.name ? replay.simTime : lookAt(scenario.from);
}

async function addParts(options: DeskOptions, parts: Parts, lifecycle: Lifecycle, started: Starting): Promise<void> {
  const { kernel, jobs, world, replay, flow } = parts;
  const { db } = parts.store;
  const { config } = options;
  const runs = (role: Role): boolean => options.roles.has(role);
  kernel.health.register(flow.alerts.health);
  const heard = async (names: readonly { readonly name: string }[]) => {
    const sources = await deskSources(db, world, kernel.clock);
    return sources.filter((s) => names.some((n) => n.name === s.name));
  };
  kernel.health.register(sourcesCheck('omen', () => heard(world.signalSources)));
  kernel.health.register(sourcesCheck('oracle', () => heard(world.observationSources)));
  kernel.health.register(decisionsCheck(jobs));
  kernel.health.register(diskCheck({ folder: options.home, freeMinMb: config.DISK_FREE_MIN_MB }, diskProbes(db)));
  started.phoneUrl = world.phoneUrl;
  lifecycle.add({ name: 'health', start: () => kernel.health.start(), stop: () => kernel.health.stop() });
  if (runs('worker')) lifecycle.add({ name: 'background jobs', start: () => jobs.start(), stop: (signal) => jobs.stop(signal) });

  const optional = async (name: string, variable: string, http: Http, port: number): Promise<string | null> => {
    try {
      return (await http.listen({ host: config.HOST, port })).url;
    } catch (e) {
      if (!isCodedError(e) || e.code !== 'PORT_IN_USE') throw e;
      const warning = `Port ${port} is busy, so the ${name} does not listen there. Set ${variable} to a free port, or to 0 to do without.`;
      started.warnings = [...started.warnings, warning];
      kernel.logger.warn('optional_port_busy', { port, variable, warning });
      return null;
    }
  };
  const door = (name: string, make: () => Promise<Http>, listen: (http: Http) => Promise<void>): void => {
    let http: Http | null = null;
    lifecycle.add({
      name,
      async start() {
        http = await make();
        await listen(http);
      },
      async stop(signal) {
        if (name === 'api') forgetDeskAddress(options.home);
        await http?.close(signal);
      },
    });
  };
  if (runs('gate') && config.GATE_PORT > 0) door('gate', () => gateDoor(parts.doors), async (http) => void (started.gateUrl = await optional('rate gate', 'GATE_PORT', http, config.GATE_PORT)));
  if (runs('api') && config.TRACE_PORT > 0 && config.ENABLE_TRACING) door('trace viewer', () => traceDoor(parts.doors), async (http) => void (started.traceUrl = await optional('trace viewer', 'TRACE_PORT', http, config.TRACE_PORT)));
  if (runs('api')) {
    door('api', () => apiDoor(parts.doors), async (http) => {
      const { port } = await http.listen({ host: config.HOST, port: config.PORT });
      started.apiUrl = webAddress(config.HOST, port);
      writeDeskAddress(options.home, { url: started.apiUrl, publicUrl: config.PUBLIC_URL ?? null });
      world.listening(started.apiUrl);
    });
  }
  lifecycle.add({
    name: replay ? 'replay' : 'first round',
    async start() {
      if (!runs('worker')) return;
      if (replay) await replay.resume();
      else await db.transaction((tx) => enqueueFirstRound(jobs.queue, tx, kernel.clock.now()));
    },
  });
}
