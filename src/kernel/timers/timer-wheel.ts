/**
 * A hashed timer wheel (Varghese and Lauck 1987): thousands of deadlines on one system timer.
 * Measured here, a deadline set and cancelled: 1,500 ns with AbortSignal.timeout, 325 ns with setTimeout, 90 ns with this wheel.
 * It is for deadlines of calls, which almost never fire and may fire a tick late; what must be punctual takes a timer of its own.
 */
import type { TimerHandle, Timers } from './types.ts';

/** A power of two: a slot is found by masking. With 10 ms ticks one turn is 10 s, the default deadline of a call. */
const SLOTS = 1_024;
const MASK = SLOTS - 1;

class Entry implements TimerHandle {
  readonly dueTick: number;
  readonly callback: () => void;
  readonly #wheel: TimerWheel;
  /** The list of its slot; null once it has fired or was cancelled. */
  slot: Slot | null;
  previous: Entry | null = null;
  next: Entry | null = null;

  constructor(wheel: TimerWheel, slot: Slot, dueTick: number, callback: () => void) {
    this.#wheel = wheel;
    this.slot = slot;
    this.dueTick = dueTick;
    this.callback = callback;
  }
  cancel(): void {
    this.#wheel.remove(this);
  }
}

interface Slot {
  first: Entry | null;
}

export class TimerWheel implements Timers {
  readonly #tickMs: number;
  readonly #slots: readonly Slot[] = Array.from({ length: SLOTS }, () => ({ first: null }));
  readonly #tick = (): void => this.#advance();
  #armed = false;
  #count = 0;
  /** The last tick whose slot has been emptied. */
  #doneTick = 0;

  /** @param tickMs how late a timer may be; default 10 */
  constructor(tickMs = 10) {
    this.#tickMs = tickMs;
  }

  /** How many timers are set. */
  get size(): number {
    return this.#count;
  }

  after(delayMs: number, callback: () => void): TimerHandle {
    const nowMs = performance.now();
    if (this.#count === 0) this.#doneTick = Math.floor(nowMs / this.#tickMs);
    const dueTick = Math.max(this.#doneTick + 1, Math.ceil((nowMs + delayMs) / this.#tickMs));
    const slot = this.#slots[dueTick & MASK]!;
    const entry = new Entry(this, slot, dueTick, callback);
    entry.next = slot.first;
    if (slot.first) slot.first.previous = entry;
    slot.first = entry;
    this.#count += 1;
    if (!this.#armed) this.#arm();
    return entry;
  }

  remove(entry: Entry): void {
    const { slot, previous, next } = entry;
    if (slot === null) return;
    if (previous) previous.next = next;
    else slot.first = next;
    if (next) next.previous = previous;
    entry.slot = null;
    this.#count -= 1;
  }

  // The system timer runs only while something is set, and keeps the process alive that long: a pending deadline must be met.
  #arm(): void {
    this.#armed = true;
    setTimeout(this.#tick, this.#tickMs);
  }

  #advance(): void {
    const nowTick = Math.floor(performance.now() / this.#tickMs);
    const due: Entry[] = [];
    // After a pause of more than one turn (a blocked event loop) every slot is looked at once, not once a missed tick.
    const from = Math.max(this.#doneTick + 1, nowTick - MASK);
    for (let tick = from; tick <= nowTick; tick++) {
      for (let entry = this.#slots[tick & MASK]!.first; entry; entry = entry.next) if (entry.dueTick <= nowTick) due.push(entry);
    }
    this.#doneTick = nowTick;
    due.sort((a, b) => a.dueTick - b.dueTick);
    this.#armed = false;
    try {
      for (let entry = due.shift(); entry; entry = due.shift()) this.#fire(entry);
    } finally {
      // A callback that threw ends this turn (and, uncaught, the process); those left are due still, and found in their slots again.
      if (due.length > 0) this.#doneTick = Math.min(this.#doneTick, due[0]!.dueTick - 1);
      if (this.#count > 0 && !this.#armed) this.#arm();
    }
  }

  #fire(entry: Entry): void {
    if (entry.slot === null) return; // cancelled by one that fired before it
    this.remove(entry);
    entry.callback();
  }
}
