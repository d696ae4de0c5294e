/**
 * Invalidations on their way to Redis. What Redis could not be told is kept and told first when it is back: until then
 * nothing is to be read, or an old value would return. What a killed process had not told yet lives to its end.
 */

/** Beyond so many that Redis has not heard of, everything is invalidated instead. */
const PENDING_MAX = 1_000;

export class MarkWriter {
  readonly #all: string;
  readonly #write: (names: readonly string[]) => Promise<boolean>;
  readonly #pending = new Set<string>();

  /** @param all the mark under which everything is @param write tells Redis, and says whether it heard; never throws */
  constructor(all: string, write: (names: readonly string[]) => Promise<boolean>) {
    this.#all = all;
    this.#write = write;
  }

  /** Whether there is something that Redis has not heard of. */
  get pending(): boolean {
    return this.#pending.size > 0;
  }

  async set(name: string): Promise<void> {
    this.#pending.add(name);
    if (this.#pending.size > PENDING_MAX) {
      this.#pending.clear();
      this.#pending.add(this.#all);
    }
    await this.tell();
  }

  /** @returns whether Redis has now heard of everything */
  async tell(): Promise<boolean> {
    const names = [...this.#pending];
    if (names.length === 0) return true;
    if (!(await this.#write(names))) return false;
    for (const name of names) this.#pending.delete(name);
    return !this.pending;
  }
}
