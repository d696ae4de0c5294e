/** A cache is never a truth: when it is broken every read is a miss, and nothing fails. */
export interface CacheOptions {
  /** Lifetime; the cache adds up to 10 % of jitter, so that keys do not expire together. */
  readonly ttlMs: number;
  /** Names under which `invalidateTag` finds the entry. */
  readonly tags?: readonly string[];
}

/** What is worth having before the first reader asks. */
export interface WarmEntry {
  readonly key: string;
  readonly options: CacheOptions;
  readonly load: () => Promise<unknown>;
}

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly errors: number;
  /** 0 to 1; 0 before the first read. */
  readonly hitRate: number;
  /** Null where counting them would cost a scan. */
  readonly entries: number | null;
}

export interface Cache {
  readonly kind: 'memory' | 'redis' | 'off';
  /**
   * The cached value, or `load`'s, at most one load a key at a time in this process, refreshed early with the
   * probability of XFetch (Vattani, Chierichetti, Lowenstein 2015). Values are JSON: what is read back is what JSON
   * makes of it (a `Date` comes back as text), and is not to be changed by its reader.
   * @throws what `load` throws; that is not cached
   */
  getOrLoad<T>(key: string, options: CacheOptions, load: () => Promise<T>): Promise<T>;
  get<T>(key: string): Promise<T | undefined>;
  set<T>(key: string, value: T, options: CacheOptions): Promise<void>;
  /** Also what is being loaded meanwhile is not kept. */
  invalidate(key: string): Promise<void>;
  invalidateTag(tag: string): Promise<void>;
  /** Loads anew, a few at a time. What fails is counted and left for its first reader. */
  warm(entries: readonly WarmEntry[]): Promise<{ readonly loaded: number; readonly failed: number }>;
  stats(): CacheStats;
}
