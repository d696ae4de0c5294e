/**
 * A shared backend that may be gone, with this process's memory behind it. Every grant of the shared one is written down
 * here too, so that when it goes, this process at least remembers its own calls. What a gate then cannot know is what the
 * others do: with n processes up to n limits in a window, until the shared one is back. Refusing all calls instead would
 * stop a desk because its counter is down.
 */
import type { Breaker } from '../breakers/index.ts';
import type { Logger } from '../logging/types.ts';
import type { Timers } from '../timers/index.ts';
import type { MemoryBackend } from './memory-backend.ts';
import type { GateBackend } from './types.ts';

export interface FallbackDependencies {
  readonly shared: GateBackend;
  readonly memory: MemoryBackend;
  /** In front of the shared one, so that a dead one costs nothing. */
  readonly breaker: Breaker;
  readonly timers: Timers;
  readonly logger: Logger;
  /** An answer that takes longer is a failure. Default 1,000. */
  readonly timeoutMs?: number;
}

export function createFallbackBackend({ shared, memory, breaker, timers, logger, timeoutMs = 1_000 }: FallbackDependencies): GateBackend {
  let degraded = false;
  const turned = (now: boolean, error?: unknown): void => {
    if (degraded === now) return;
    degraded = now;
    if (now) logger.warn('gate_degraded', { backend: shared.kind, error });
    else logger.info('gate_recovered', { backend: shared.kind });
  };

  /** What the shared one answers, or undefined when it does not. */
  const ask = async <T>(question: () => T | Promise<T>): Promise<T | undefined> => {
    const ticket = breaker.enter();
    if (ticket === 0) return undefined;
    try {
      const answer = question();
      const result = answer instanceof Promise ? await within(timers, timeoutMs, answer, shared.kind) : answer;
      breaker.succeed(ticket);
      turned(false);
      return result;
    } catch (e) {
      breaker.fail(ticket, e);
      turned(true, e);
      return undefined;
    }
  };

  return {
    get kind() {
      return degraded ? memory.kind : shared.kind;
    },
    async take(chain, weight, lane) {
      const waitMs = await ask(() => shared.take(chain, weight, lane));
      if (waitMs === undefined) return memory.take(chain, weight, lane);
      if (waitMs === 0) memory.record(chain, weight);
      return waitMs;
    },
    peek: async (chain) => (await ask(() => shared.peek(chain))) ?? memory.peek(chain),
    async backOff(chain, ms) {
      memory.backOff(chain, ms);
      await ask(() => shared.backOff(chain, ms));
    },
    async reset(chain) {
      memory.reset(chain);
      await ask(() => shared.reset(chain));
    },
  };
}

function within<T>(timers: Timers, ms: number, answer: Promise<T>, kind: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = timers.after(ms, () => reject(new Error(`no answer from ${kind} in ${ms} ms`)));
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}
