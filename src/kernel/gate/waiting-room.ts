/**
 * Those who wait for units of one chain: the urgent ones first, else in order of arrival. Only the one in front asks the
 * backend, so that a crowd costs a shared backend one question at a time.
 */
import type { Clock, Millis } from '../../model/time.ts';
import type { TimerHandle, Timers } from '../timers/index.ts';
import type { Chain, GateBackend, Lane } from './types.ts';

/** A limit on everything: beyond so many, a caller is refused instead of queued. */
export const WAITING_MAX = 1_000;

/** So that an answer of "in 0.4 ms" is not asked for in a tight loop, and one that is off by a clock's error is asked again soon. */
const ASK_AGAIN_MS = { min: 1, max: 60_000 } as const;

interface Waiter {
  readonly weight: number;
  readonly lane: Lane;
  readonly admit: () => void;
  readonly refuse: (error: unknown) => void;
  readonly expiry: TimerHandle;
}

export interface WaitingRoomDependencies {
  readonly chain: Chain;
  readonly backend: GateBackend;
  readonly clock: Clock;
  readonly timers: Timers;
  /** The error for one who waited in vain. */
  readonly exhausted: (waitMs: number) => Error;
}

export class WaitingRoom {
  readonly #deps: WaitingRoomDependencies;
  readonly #urgent: Waiter[] = [];
  readonly #normal: Waiter[] = [];
  #asking = false;
  #askAgain: TimerHandle | null = null;
  /** When the backend said that the one in front may ask again. */
  #freeAt: Millis = 0;

  constructor(deps: WaitingRoomDependencies) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#urgent.length + this.#normal.length;
  }

  /** Whether somebody of this lane, or of one before it, is waiting already. */
  hasBefore(lane: Lane): boolean {
    return this.#urgent.length > 0 || (lane === 'normal' && this.#normal.length > 0);
  }

  /** @param waitMs what the backend said when it refused this one, or 0 when it was not asked */
  wait(weight: number, lane: Lane, waitMs: number, maxWaitMs: number): Promise<void> {
    return new Promise((admit, refuse) => {
      const expiry = this.#deps.timers.after(maxWaitMs, () => {
        this.#leave(waiter);
        refuse(this.#deps.exhausted(Math.max(1, this.#freeAt - this.#deps.clock.now())));
      });
      const waiter: Waiter = { weight, lane, admit, refuse, expiry };
      (lane === 'urgent' ? this.#urgent : this.#normal).push(waiter);
      if (this.#front() !== waiter) return;
      if (waitMs > 0) this.#sleep(waitMs);
      else this.wake();
    });
  }

  /** Asks again now, such as after a reset. */
  wake(): void {
    this.#askAgain?.cancel();
    this.#askAgain = null;
    void this.#admitInOrder();
  }

  close(error: Error): void {
    this.#askAgain?.cancel();
    for (const waiter of [...this.#urgent.splice(0), ...this.#normal.splice(0)]) {
      waiter.expiry.cancel();
      waiter.refuse(error);
    }
  }

  #front(): Waiter | undefined {
    return this.#urgent[0] ?? this.#normal[0];
  }

  #leave(waiter: Waiter): void {
    waiter.expiry.cancel();
    const lane = waiter.lane === 'urgent' ? this.#urgent : this.#normal;
    const at = lane.indexOf(waiter);
    if (at >= 0) lane.splice(at, 1);
    // The next one may need less, and may go at once.
    if (at === 0 && !this.#asking) this.wake();
  }

  #sleep(ms: number): void {
    this.#freeAt = this.#deps.clock.now() + ms;
    this.#askAgain?.cancel();
    this.#askAgain = this.#deps.timers.after(Math.min(Math.max(ms, ASK_AGAIN_MS.min), ASK_AGAIN_MS.max), () => {
      this.#askAgain = null;
      void this.#admitInOrder();
    });
  }

  async #admitInOrder(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let front = this.#front(); front; front = this.#front()) {
        const answer = this.#deps.backend.take(this.#deps.chain, front.weight, front.lane);
        const waitMs = typeof answer === 'number' ? answer : await answer;
        if (waitMs > 0) {
          // Another may have come in front meanwhile: it asks for itself.
          if (this.#front() !== front) continue;
          this.#sleep(waitMs);
          return;
        }
        // One who left while the backend was asked has had its units counted: lost, which errs on the side of the limit.
        const [lane, at] = front.lane === 'urgent' ? [this.#urgent, this.#urgent.indexOf(front)] : [this.#normal, this.#normal.indexOf(front)];
        if (at < 0) continue;
        lane.splice(at, 1);
        front.expiry.cancel();
        front.admit();
      }
    } catch (e) {
      // A backend without a fallback that failed: the one in front is told, and the next is tried.
      const front = this.#front();
      if (front) {
        this.#leave(front);
        front.refuse(e);
      }
      this.#sleep(ASK_AGAIN_MS.min);
    } finally {
      this.#asking = false;
    }
  }
}
