/** The registry of components: each is checked in the background, and whoever asks gets the last result at once. */
import type { Counter, Gauge } from 'prom-client';
import type { Clock, Millis } from '../../model/time.ts';
import { iso } from '../../model/time.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import type { ComponentCheck, ComponentState, HealthRegistry, HealthStatus } from './types.ts';

export interface HealthOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A check that takes longer is unhealthy. Default 3,000. */
  readonly deadlineMs?: number;
}

export interface Health extends HealthRegistry {
  /** Checks all once, then each at its interval. */
  start(): Promise<void>;
  stop(): void;
}

const HISTORY = 20;
const DEFAULT_INTERVAL_MS = 5_000;
const LEVEL: Readonly<Record<HealthStatus, number>> = { healthy: 1, degraded: 0.5, unhealthy: 0, disabled: -1 };

interface Entry {
  readonly check: ComponentCheck;
  state: ComponentState;
  /** The check under way: a second request for it waits for the same. */
  running: Promise<void> | null;
  /** A check that overran its deadline and has still not ended: no other is started beside it. */
  overrun: boolean;
  timer: NodeJS.Timeout | null;
}

interface Result {
  readonly status: HealthStatus;
  readonly message: string | null;
  readonly critical: boolean;
}

export const createHealth = (options: HealthOptions): Health => new BackgroundHealth(options);

class BackgroundHealth implements Health {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #deadlineMs: number;
  readonly #gauge: Gauge<'component'>;
  readonly #failures: Counter<'component'>;
  readonly #entries = new Map<string, Entry>();
  #frozen: readonly ComponentState[] | null = null;
  #started = false;

  constructor({ clock, logger, metrics, deadlineMs = 3_000 }: HealthOptions) {
    this.#clock = clock;
    this.#logger = logger;
    this.#deadlineMs = deadlineMs;
    this.#gauge = metrics.gauge('component_health', 'Health of a component: 1 healthy, 0.5 degraded, 0 unhealthy, -1 disabled', ['component']);
    this.#failures = metrics.counter('component_check_failures_total', 'Checks of a component that found it unhealthy', ['component']);
  }

  register(check: ComponentCheck): void {
    if (this.#entries.has(check.name)) throw new Error(`two components have the name ${check.name}`);
    const entry: Entry = { check, state: firstState(check, this.#clock.now()), running: null, overrun: false, timer: null };
    this.#entries.set(check.name, entry);
    this.#frozen = null;
    if (this.#started) void this.#checkFromNowOn(entry);
  }

  states(): readonly ComponentState[] {
    return (this.#frozen ??= Object.freeze([...this.#entries.values()].map((entry) => entry.state)));
  }

  overall(): HealthStatus {
    return overallOf(this.states());
  }

  async refresh(name?: string): Promise<void> {
    const chosen = name === undefined ? [...this.#entries.values()] : [this.#entries.get(name)].filter((entry) => entry !== undefined);
    await Promise.all(chosen.map((entry) => this.#refreshOne(entry)));
  }

  async start(): Promise<void> {
    this.#started = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#checkFromNowOn(entry)));
  }

  stop(): void {
    this.#started = false;
    for (const entry of this.#entries.values()) {
      if (entry.timer) clearTimeout(entry.timer);
      entry.timer = null;
    }
  }

  async #checkFromNowOn(entry: Entry): Promise<void> {
    await this.#refreshOne(entry);
    if (!this.#started || entry.timer) return;
    const again = (): void => {
      entry.timer = null;
      void this.#checkFromNowOn(entry);
    };
    entry.timer = setTimeout(again, entry.check.intervalMs ?? DEFAULT_INTERVAL_MS).unref();
  }

  #refreshOne(entry: Entry): Promise<void> {
    entry.running ??= this.#runCheck(entry).finally(() => (entry.running = null));
    return entry.running;
  }

  async #runCheck(entry: Entry): Promise<void> {
    const { check, state: before } = entry;
    const from = performance.now();
    const { status, message, critical } = await this.#resultOf(entry);
    const latency_ms = round(performance.now() - from);
    entry.state = nextState(before, { at: this.#clock.now(), status, message, critical, latency_ms });
    this.#frozen = null;
    this.#gauge.set({ component: check.name }, LEVEL[status]);
    if (status === 'unhealthy') this.#failures.inc({ component: check.name });
    const isNews = before.status !== status && (before.history.length > 0 || status !== 'healthy');
    if (!isNews) return;
    const level = status === 'unhealthy' ? 'error' : status === 'degraded' ? 'warn' : 'info';
    this.#logger[level]('component_health_changed', { component: check.name, from: before.status, to: status, message, latency_ms });
  }

  async #resultOf(entry: Entry): Promise<Result> {
    const { check } = entry;
    try {
      if (entry.overrun) throw new Error('the previous check has still not ended');
      const result = await withDeadline((signal) => tracked(entry, check.check(signal)), this.#deadlineMs);
      return { status: result.status, message: result.message ?? null, critical: result.critical ?? check.critical };
    } catch (e) {
      return { status: 'unhealthy', message: e instanceof Error ? e.message : String(e), critical: check.critical };
    }
  }
}

/** Unhealthy when a critical component is; degraded when any other is not well; a disabled one counts for nothing. */
export function overallOf(states: readonly ComponentState[]): HealthStatus {
  let overall: HealthStatus = 'healthy';
  for (const { status, critical } of states) {
    if (status === 'unhealthy' && critical) return 'unhealthy';
    if (status === 'unhealthy' || status === 'degraded') overall = 'degraded';
  }
  return overall;
}

/** Until its first check a component is not known to work. */
function firstState(check: ComponentCheck, at: Millis): ComponentState {
  const now = iso(at);
  return Object.freeze({
    name: check.name, status: 'unhealthy', critical: check.critical, latency_ms: 0, message: 'not checked yet', checked_at: now, since: now, last_error: null, history: [],
  });
}

function nextState(before: ComponentState, now: Result & { at: Millis; latency_ms: number }): ComponentState {
  const at = iso(now.at);
  const { status, critical, latency_ms } = now;
  return Object.freeze({
    ...before,
    status,
    critical,
    latency_ms,
    message: now.message,
    checked_at: at,
    since: before.status === status && before.history.length > 0 ? before.since : at,
    last_error: status === 'unhealthy' ? { at, message: now.message ?? 'no reason was given' } : before.last_error,
    history: Object.freeze([...before.history, Object.freeze({ at, status, latency_ms })].slice(-HISTORY)),
  });
}

/** Marks the entry for as long as the check runs, also beyond its deadline. */
async function tracked<T>(entry: Entry, check: Promise<T>): Promise<T> {
  entry.overrun = true;
  try {
    return await check;
  } finally {
    entry.overrun = false;
  }
}

async function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>, ms: number): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${ms} ms`);
      controller.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
