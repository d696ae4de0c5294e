/** Starts parts in the order in which they were added and stops them in reverse. Not here: signals and exit codes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/types.ts';
import type { Part } from './types.ts';

export interface Lifecycle {
  /** Before `start`. */
  add(part: Part): void;
  /** Starts all. When one fails, those that had started are stopped, and its error is thrown. */
  start(): Promise<void>;
  /** Stops what has started, newest first. A second call gives the first one's promise. @returns the parts that failed or overran */
  stop(): Promise<readonly string[]>;
  readonly state: 'new' | 'starting' | 'running' | 'stopping' | 'stopped';
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** For the whole stop. Default 30,000. */
  readonly stopTimeoutMs?: number;
}

export function createLifecycle({ logger, stopTimeoutMs = 30_000 }: LifecycleOptions): Lifecycle {
  const parts: Part[] = [];
  const started: Part[] = [];
  let state: Lifecycle['state'] = 'new';
  let starting: Promise<void> = Promise.resolve();
  let stopping: Promise<readonly string[]> | undefined;

  async function startAll(): Promise<void> {
    for (const part of parts) {
      // A stop that was asked for while we start: what is left is not started at all.
      if (stopping) return;
      const from = performance.now();
      try {
        await part.start?.();
      } catch (error) {
        logger.error('part_start_failed', { part: part.name, error });
        // A part that fails half-way may hold something: it is asked to stop as well.
        started.push(part);
        throw error;
      }
      started.push(part);
      logger.info('part_started', { part: part.name, latency_ms: Math.round(performance.now() - from) });
    }
  }

  async function stopAll(): Promise<readonly string[]> {
    await starting.catch(() => undefined);
    state = 'stopping';
    const deadline = AbortSignal.timeout(stopTimeoutMs);
    const failed: string[] = [];
    for (const part of started.splice(0).reverse()) {
      if (!(await stopOne(part, deadline))) failed.push(part.name);
    }
    state = 'stopped';
    return failed;
  }

  async function stopOne(part: Part, deadline: AbortSignal): Promise<boolean> {
    if (!part.stop) return true;
    const from = performance.now();
    // After the deadline each part still gets a moment: a pool that closes in 5 ms shall not be left open because another was slow.
    const finished = new AbortController();
    const overrun = untilAborted(deadline, finished.signal).then(() => sleep(250, undefined, { signal: finished.signal, ref: false }));
    try {
      const outcome = await Promise.race([Promise.resolve(part.stop(deadline)).then(() => 'stopped' as const), overrun.then(() => 'overran' as const)]);
      const latency_ms = Math.round(performance.now() - from);
      if (outcome === 'stopped') logger.info('part_stopped', { part: part.name, latency_ms });
      else logger.error('part_stop_overran', { part: part.name, latency_ms, stop_timeout_ms: stopTimeoutMs });
      return outcome === 'stopped';
    } catch (error) {
      logger.error('part_stop_failed', { part: part.name, error });
      return false;
    } finally {
      finished.abort();
      overrun.catch(() => undefined);
    }
  }

  return {
    get state() {
      return state;
    },
    add(part) {
      if (state !== 'new') throw new Error(`part ${part.name} was added after the start`);
      if (parts.some((p) => p.name === part.name)) throw new Error(`two parts have the name ${part.name}`);
      parts.push(part);
    },
    async start() {
      if (state !== 'new') throw new Error(`cannot start: ${state}`);
      state = 'starting';
      // Begun in a later tick, so that a part which asks for the stop while it starts finds this promise.
      starting = Promise.resolve().then(startAll);
      try {
        await starting;
        if (!stopping) state = 'running';
      } catch (error) {
        await (stopping ??= stopAll());
        throw error;
      }
    },
    stop: () => (stopping ??= stopAll()),
  };
}

function untilAborted(signal: AbortSignal, unless: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const listener = (): void => resolve();
    signal.addEventListener('abort', listener, { once: true });
    unless.addEventListener('abort', () => signal.removeEventListener('abort', listener), { once: true });
  });
}
