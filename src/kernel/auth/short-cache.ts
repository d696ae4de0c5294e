/** Keeps answers of the database for at most five seconds: a change by another process holds here within that time. */
import { LRUCache } from 'lru-cache';
import type { Clock, Millis } from '../../model/time.ts';

const CACHE_MS = 5_000;

export class ShortCache<Value> {
  readonly #clock: Clock;
  readonly #entries: LRUCache<string, { readonly at: Millis; readonly value: Value }>;
  /** Loads under way: whoever asks meanwhile waits for the same. */
  readonly #loading = new Map<string, Promise<Value>>();
  #forgotten = 0;

  constructor(clock: Clock, max: number) {
    this.#clock = clock;
    this.#entries = new LRUCache({ max });
  }

  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    const now = this.#clock.now();
    // A clock that was set back must not make an entry live longer.
    if (known && now >= known.at && now - known.at < CACHE_MS) return known.value;
    const underWay = this.#loading.get(key);
    if (underWay) return underWay;
    const forgotten = this.#forgotten;
    const loading = load().then((value) => {
      // An answer that was read before a change and comes after it is not kept.
      if (forgotten === this.#forgotten) this.#entries.set(key, { at: now, value });
      return value;
    });
    this.#loading.set(key, loading);
    try {
      return await loading;
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    }
  }

  /** Forgets the entries that match, and whatever is being loaded at this moment. */
  forget(matches: (key: string) => boolean): void {
    this.#forgotten += 1;
    // What is read now may be older than the change: whoever asks from now on reads anew.
    this.#loading.clear();
    const matching = Array.from(this.#entries.keys()).filter(matches);
    for (const key of matching) this.#entries.delete(key);
  }
}
