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

export const createLifecycle = ({ logger, stopTimeoutMs = 30_000 }: LifecycleOptions): Lifecycle => new OrderedParts(logger, stopTimeoutMs);

class OrderedParts implements Lifecycle {
  readonly #logger: Logger;
  readonly #stopTimeoutMs: number;
  readonly #parts: Part[] = [];
  readonly #started: Part[] = [];
  #state: Lifecycle['state'] = 'new';
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<readonly string[]> | undefined;

  constructor(logger: Logger, stopTimeoutMs: number) {
    this.#logger = logger;
    this.#stopTimeoutMs = stopTimeoutMs;
  }

  get state(): Lifecycle['state'] {
    return this.#state;
  }

  add(part: Part): void {
    if (this.#state !== 'new') throw new Error(`part ${part.name} was added after the start`);
    if (this.#parts.some((p) => p.name === part.name)) throw new Error(`two parts have the name ${part.name}`);
    this.#parts.push(part);
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') throw new Error(`cannot start: ${this.#state}`);
    this.#state = 'starting';
    // Begun in a later tick, so that a part which asks for the stop while it starts finds this promise.
    this.#starting = Promise.resolve().then(() => this.#startAll());
    try {
      await this.#starting;
      if (!this.#stopping) this.#state = 'running';
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  stop(): Promise<readonly string[]> {
    return (this.#stopping ??= this.#stopAll());
  }

  async #startAll(): Promise<void> {
    for (const part of this.#parts) {
      // A stop that was asked for while we start: what is left is not started at all.
      if (this.#stopping) return;
      const from = performance.now();
      // Before its start: a part that fails half-way may hold something, and is asked to stop as well.
      this.#started.push(part);
      try {
        await part.start?.();
      } catch (error) {
        this.#logger.error('part_start_failed', { part: part.name, error });
        throw error;
      }
      this.#logger.info('part_started', { part: part.name, latency_ms: Math.round(performance.now() - from) });
    }
  }

  async #stopAll(): Promise<readonly string[]> {
    await this.#starting.catch(() => undefined);
    this.#state = 'stopping';
    const deadline = AbortSignal.timeout(this.#stopTimeoutMs);
    const failed: string[] = [];
    for (const part of this.#started.splice(0).reverse()) {
      if (!(await this.#stopOne(part, deadline))) failed.push(part.name);
    }
    this.#state = 'stopped';
    return failed;
  }

  async #stopOne(part: Part, deadline: AbortSignal): Promise<boolean> {
    if (!part.stop) return true;
    const from = performance.now();
    // After the deadline each part still gets a moment: a pool that closes in 5 ms shall not be left open because another was slow.
    const finished = new AbortController();
    const overrun = untilAborted(deadline, finished.signal).then(() => sleep(GRACE_MS, undefined, { signal: finished.signal, ref: false }));
    try {
      const outcome = await Promise.race([Promise.resolve(part.stop(deadline)).then(() => 'stopped' as const), overrun.then(() => 'overran' as const)]);
      const latency_ms = Math.round(performance.now() - from);
      if (outcome === 'stopped') this.#logger.info('part_stopped', { part: part.name, latency_ms });
      else this.#logger.error('part_stop_overran', { part: part.name, latency_ms, stop_timeout_ms: this.#stopTimeoutMs });
      return outcome === 'stopped';
    } catch (error) {
      this.#logger.error('part_stop_failed', { part: part.name, error });
      return false;
    } finally {
      finished.abort();
      overrun.catch(() => undefined);
    }
  }
}

const GRACE_MS = 250;

function untilAborted(signal: AbortSignal, unless: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const listener = (): void => resolve();
    signal.addEventListener('abort', listener, { once: true });
    unless.addEventListener('abort', () => signal.removeEventListener('abort', listener), { once: true });
  });
}
