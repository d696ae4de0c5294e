/** The registry of components: each is checked in the background, and whoever asks gets the last result at once. */
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

export function createHealth({ clock, logger, metrics, deadlineMs = 3_000 }: HealthOptions): Health {
  const entries = new Map<string, Entry>();
  const gauge = metrics.gauge('component_health', 'Health of a component: 1 healthy, 0.5 degraded, 0 unhealthy, -1 disabled', ['component']);
  const failures = metrics.counter('component_check_failures_total', 'Checks of a component that found it unhealthy', ['component']);
  let frozen: readonly ComponentState[] | null = null;
  let started = false;

  const states = (): readonly ComponentState[] => (frozen ??= Object.freeze([...entries.values()].map((entry) => entry.state)));

  function refreshOne(entry: Entry): Promise<void> {
    entry.running ??= runCheck(entry).finally(() => (entry.running = null));
    return entry.running;
  }

  async function runCheck(entry: Entry): Promise<void> {
    const { check } = entry;
    const from = performance.now();
    let status: HealthStatus;
    let message: string | null;
    try {
      if (entry.overrun) throw new Error('the previous check has still not ended');
      const result = await withDeadline((signal) => tracked(entry, check.check(signal)), deadlineMs);
      status = result.status;
      message = result.message ?? null;
    } catch (e) {
      status = 'unhealthy';
      message = e instanceof Error ? e.message : String(e);
    }
    const before = entry.state;
    entry.state = nextState(before, { at: clock.now(), status, message, latency_ms: round(performance.now() - from) });
    frozen = null;
    gauge.set({ component: check.name }, LEVEL[status]);
    if (status === 'unhealthy') failures.inc({ component: check.name });
    if (before.status !== status && (before.history.length > 0 || status !== 'healthy')) {
      const log = status === 'unhealthy' ? logger.error : status === 'degraded' ? logger.warn : logger.info;
      log('component_health_changed', { component: check.name, from: before.status, to: status, message, latency_ms: entry.state.latency_ms });
    }
  }

  function schedule(entry: Entry): void {
    entry.timer = setTimeout(() => {
      void refreshOne(entry).finally(() => {
        if (started) schedule(entry);
      });
    }, entry.check.intervalMs ?? DEFAULT_INTERVAL_MS);
    entry.timer.unref();
  }

  return {
    register(check) {
      if (entries.has(check.name)) throw new Error(`two components have the name ${check.name}`);
      const entry: Entry = { check, state: firstState(check, clock.now()), running: null, overrun: false, timer: null };
      entries.set(check.name, entry);
      frozen = null;
      if (started) void refreshOne(entry).then(() => (started ? schedule(entry) : undefined));
    },
    states,
    overall: () => overallOf(states()),
    async refresh(name) {
      const chosen = name === undefined ? [...entries.values()] : [entries.get(name)].filter((entry) => entry !== undefined);
      await Promise.all(chosen.map(refreshOne));
    },
    async start() {
      started = true;
      await Promise.all([...entries.values()].map(refreshOne));
      for (const entry of entries.values()) if (started && !entry.timer) schedule(entry);
    },
    stop() {
      started = false;
      for (const entry of entries.values()) {
        if (entry.timer) clearTimeout(entry.timer);
        entry.timer = null;
      }
    },
  };
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

function nextState(before: ComponentState, now: { at: Millis; status: HealthStatus; message: string | null; latency_ms: number }): ComponentState {
  const at = iso(now.at);
  const { status, latency_ms } = now;
  return Object.freeze({
    ...before,
    status,
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
