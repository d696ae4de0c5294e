/** Timers that are injected wherever logic waits, so that a test moves time instead of sleeping. */
export interface TimerHandle {
  /** After this the callback is never called. Harmless when it has been already. */
  cancel(): void;
}

export interface Timers {
  /** Calls `callback` once, no earlier than `delayMs` from now, and late by at most one tick of the implementation. */
  after(delayMs: number, callback: () => void): TimerHandle;
}

/** A promise that resolves after `delayMs`. */
export const pause = (timers: Timers, delayMs: number): Promise<void> => new Promise((resolve) => void timers.after(delayMs, resolve));
