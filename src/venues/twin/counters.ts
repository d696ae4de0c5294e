/** Counts of what a twin was asked and how it answered: what a test asserts on. */
import type { TwinCounters } from './types.ts';

export class CounterBook {
  #total = 0;
  #socketsOpened = 0;
  #socketsOpen = 0;
  readonly #byRoute = new Map<string, number>();
  readonly #byOutcome = new Map<string, number>();

  request(route: string): void {
    this.#total += 1;
    this.#byRoute.set(route, (this.#byRoute.get(route) ?? 0) + 1);
  }
  outcome(outcome: string): void {
    this.#byOutcome.set(outcome, (this.#byOutcome.get(outcome) ?? 0) + 1);
  }
  socketOpened(): void {
    this.#socketsOpened += 1;
    this.#socketsOpen += 1;
  }
  socketClosed(): void {
    this.#socketsOpen -= 1;
  }
  read(): TwinCounters {
    return {
      total: this.#total,
      byRoute: Object.fromEntries(this.#byRoute),
      byOutcome: Object.fromEntries(this.#byOutcome),
      socketsOpened: this.#socketsOpened,
      socketsOpen: this.#socketsOpen,
    };
  }
}
