/** A cache is never a truth: when it is broken every read is a miss, and nothing fails. */
export interface CacheOptions {
  /** Lifetime; the cache adds up to 10 % of jitter, so that keys do not expire together. */
  readonly ttlMs: number;
  /** Names under which `invalidateTag` finds the entry. */
  readonly tags?: readonly string[];
}

export interface Cache {
  /**
   * The cached value, or `load`'s, at most one load a key at a time in this process, refreshed early with the
   * probability of XFetch (Vattani, Chierichetti, Lowenstein 2015). Values are JSON.
   */
  getOrLoad<T>(key: string, options: CacheOptions, load: () => Promise<T>): Promise<T>;
  get<T>(key: string): Promise<T | undefined>;
  set<T>(key: string, value: T, options: CacheOptions): Promise<void>;
  invalidate(key: string): Promise<void>;
  invalidateTag(tag: string): Promise<void>;
  stats(): { readonly hits: number; readonly misses: number; readonly errors: number; readonly hitRate: number; readonly entries: number | null };
}
