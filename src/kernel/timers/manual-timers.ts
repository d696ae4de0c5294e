/** Timers on a manual clock, for tests: time moves only by `advance`. */
import { ManualClock } from '../../model/time.ts';
import type { TimerHandle, Timers } from './types.ts';

interface Entry extends TimerHandle {
  readonly dueAt: number;
  readonly callback: () => void;
}

export class ManualTimers implements Timers {
  readonly clock: ManualClock;
  #entries: Entry[] = [];

  constructor(clock: ManualClock = new ManualClock()) {
    this.clock = clock;
  }

  get size(): number {
    return this.#entries.length;
  }

  after(delayMs: number, callback: () => void): TimerHandle {
    const entry: Entry = {
      dueAt: this.clock.now() + Math.max(0, delayMs),
      callback,
      cancel: () => void (this.#entries = this.#entries.filter((other) => other !== entry)),
    };
    this.#entries.push(entry);
    return entry;
  }

  /** Moves the clock on, calls what falls due in its order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    await settle();
    for (;;) {
      const next = this.#entries.filter((entry) => entry.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
      if (!next) break;
      next.cancel();
      this.clock.set(Math.max(this.clock.now(), next.dueAt));
      next.callback();
      await settle();
    }
    this.clock.set(until);
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
