/** Counts in this process's memory: the backend when alone, and the one that steps in when a shared one is gone. */
import type { Clock, Millis } from '../../model/time.ts';
import type { Chain, ChainState, GateBackend, GateWindow, Lane } from './types.ts';

export interface MemoryBackend extends GateBackend {
  take(chain: Chain, weight: number, lane: Lane): number;
  peek(chain: Chain): ChainState;
  /** Counts without asking: what a shared backend has granted. */
  record(chain: Chain, weight: number): void;
}

export function createMemoryBackend(clock: Clock): MemoryBackend {
  const windows = new Map<string, SlotWindow>();
  const backOffUntil = new Map<string, Millis>();
  const chainWindows = new Map<Chain, readonly SlotWindow[]>();

  const windowsOf = (chain: Chain): readonly SlotWindow[] => {
    let found = chainWindows.get(chain);
    if (!found) {
      found = chain.windows.map((spec) => {
        if (!windows.has(spec.key)) windows.set(spec.key, new SlotWindow(spec));
        return windows.get(spec.key)!;
      });
      chainWindows.set(chain, found);
    }
    return found;
  };

  const backOffMs = (chain: Chain, now: Millis): number => {
    if (backOffUntil.size === 0) return 0;
    return Math.max(0, ...chain.quotas.map((id) => (backOffUntil.get(id) ?? 0) - now));
  };

  return {
    kind: 'memory',
    take(chain, weight, lane) {
      const now = clock.now();
      const list = windowsOf(chain);
      let waitMs = backOffMs(chain, now);
      for (const window of list) waitMs = Math.max(waitMs, window.waitMs(now, weight, lane));
      if (waitMs > 0) return waitMs;
      for (const window of list) window.add(weight);
      return 0;
    },
    peek(chain) {
      const now = clock.now();
      const list = windowsOf(chain);
      const toldMs = backOffMs(chain, now);
      const waitMs = Math.max(toldMs, ...list.map((window) => window.waitMs(now, 1, 'normal')));
      return { now, waitMs, backOffMs: toldMs, windows: list.map((window) => window.state(now)) };
    },
    record(chain, weight) {
      const now = clock.now();
      for (const window of windowsOf(chain)) {
        window.advance(now);
        window.add(weight);
      }
    },
    backOff(chain, ms) {
      const now = clock.now();
      for (const [id, until] of backOffUntil) if (until <= now) backOffUntil.delete(id);
      backOffUntil.set(chain.id, Math.max(backOffUntil.get(chain.id) ?? 0, now + ms));
    },
    reset(chain) {
      backOffUntil.delete(chain.id);
      for (const spec of chain.windows) if (spec.key.startsWith(`${chain.id}/`)) windows.get(spec.key)?.clear();
    },
  };
}

/** A ring of slots: the current one and as many before it as make a window. */
class SlotWindow {
  readonly #spec: GateWindow;
  readonly #counts: Float64Array;
  #total = 0;
  /** Number of the newest slot, counted from the epoch. */
  #slot = 0;

  constructor(spec: GateWindow) {
    this.#spec = spec;
    this.#counts = new Float64Array(spec.slots + 1);
  }

  /** Forgets the slots that have left. A clock that went back is waited for: the newest slot stays the current one. */
  advance(now: Millis): void {
    const slot = Math.floor(now / this.#spec.slotMs);
    if (slot <= this.#slot) return;
    const size = this.#counts.length;
    if (this.#total > 0) {
      if (slot - this.#slot >= size) this.clear();
      else for (let s = this.#slot + 1; s <= slot; s++) this.#drop(s % size);
    }
    this.#slot = slot;
  }

  #drop(index: number): void {
    this.#total -= this.#counts[index]!;
    this.#counts[index] = 0;
  }

  waitMs(now: Millis, weight: number, lane: Lane): number {
    this.advance(now);
    const limit = lane === 'urgent' ? this.#spec.limit : this.#spec.normalLimit;
    if (this.#total + weight <= limit) return 0;
    const { slots, slotMs } = this.#spec;
    let left = this.#total;
    for (let slot = this.#slot - slots; slot <= this.#slot; slot++) {
      if (slot < 0) continue;
      left -= this.#counts[slot % this.#counts.length]!;
      if (left + weight <= limit) return Math.max(1, (slot + slots + 1) * slotMs - now);
    }
    return this.#spec.windowMs;
  }

  add(weight: number): void {
    this.#counts[this.#slot % this.#counts.length]! += weight;
    this.#total += weight;
  }

  state(now: Millis): { used: number; emptyInMs: number } {
    this.advance(now);
    if (this.#total === 0) return { used: 0, emptyInMs: 0 };
    const { slots, slotMs } = this.#spec;
    let newest = this.#slot;
    while (this.#counts[newest % this.#counts.length] === 0) newest -= 1;
    return { used: this.#total, emptyInMs: (newest + slots + 1) * slotMs - now };
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }
}
