/** What every cache does the same: single flight, early refresh, jitter, warm-up and counting. A store keeps the entries. */
import type { Clock, Millis } from '../../model/time.ts';
import type { Logger } from '../logging/types.ts';
import { cheapCounter, onCollect } from '../metrics/on-collect.ts';
import type { Metrics } from '../metrics/types.ts';
import type { Cache, CacheOptions, CacheStats, WarmEntry } from './types.ts';

export interface Entry {
  readonly value: unknown;
  readonly expiresAt: Millis;
  /** How long the value took to load: the longer, the earlier XFetch begins. */
  readonly loadMs: number;
}

/** What was known of a key and its tags when a load began; `put` keeps nothing that was invalidated since. */
export type Snapshot = unknown;

export interface CacheStore {
  readonly kind: Cache['kind'];
  /** Never throws. @param tags those of the reader, for the snapshot */
  find(key: string, tags: readonly string[]): Promise<Found> | Found;
  /** Never throws. */
  put(key: string, tags: readonly string[], entry: Entry, ttlMs: number, snapshot: Snapshot): Promise<void> | void;
  invalidate(key: string): Promise<void>;
  invalidateTag(tag: string): Promise<void>;
  entries(): number | null;
}

export interface Found {
  readonly entry: Entry | undefined;
  readonly snapshot: Snapshot;
}

export interface CacheDependencies {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const JITTER_SHARE_MAX = 0.1;
/** XFetch's β: 1 is optimal for exponential load times; above it refreshes earlier. */
const XFETCH_BETA = 1;
const WARM_AT_ONCE = 4;

/** @param makeStore gets a function by which it tells that an operation failed */
export const createLoadingCache = (deps: CacheDependencies, makeStore: (countError: () => void) => CacheStore): Cache => new LoadingCache(deps, makeStore);

class LoadingCache implements Cache {
  readonly #deps: CacheDependencies;
  readonly #store: CacheStore;
  readonly #counts: Counts;
  readonly #flights = new Map<string, Promise<unknown>>();

  constructor(deps: CacheDependencies, makeStore: (countError: () => void) => CacheStore) {
    this.#deps = deps;
    this.#counts = createCounts(deps.metrics);
    this.#store = makeStore(this.#counts.error);
  }

  get kind(): Cache['kind'] {
    return this.#store.kind;
  }

  async getOrLoad<T>(key: string, options: CacheOptions, load: () => Promise<T>): Promise<T> {
    const found = this.#store.find(key, options.tags ?? []);
    const { entry, snapshot } = found instanceof Promise ? await found : found;
    if (!entry) {
      this.#counts.miss();
      return this.#load(key, options, snapshot, load);
    }
    this.#counts.hit();
    if (this.#isDueEarly(entry) && !this.#flights.has(key)) {
      // This reader is served what is there; the new value is for those who come after the end.
      this.#load(key, options, snapshot, load).catch((error: unknown) => this.#deps.logger.warn('cache_refresh_failed', { key, error }));
    }
    return entry.value as T;
  }

  async get<T>(key: string): Promise<T | undefined> {
    const { entry } = await this.#store.find(key, []);
    if (entry) this.#counts.hit();
    else this.#counts.miss();
    return entry?.value as T | undefined;
  }

  async set<T>(key: string, value: T, options: CacheOptions): Promise<void> {
    const { snapshot } = await this.#store.find(key, options.tags ?? []);
    await this.#keep(key, asJson(value), options, 0, snapshot);
  }

  async invalidate(key: string): Promise<void> {
    this.#flights.delete(key);
    await this.#store.invalidate(key);
  }

  async invalidateTag(tag: string): Promise<void> {
    this.#flights.clear(); // Which of them bear the tag is not known; a second load is cheaper than an old value.
    await this.#store.invalidateTag(tag);
  }

  async warm(entries: readonly WarmEntry[]): Promise<{ loaded: number; failed: number }> {
    const queue = [...entries];
    const done = { loaded: 0, failed: 0 };
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        try {
          const { snapshot } = await this.#store.find(next.key, next.options.tags ?? []);
          await this.#load(next.key, next.options, snapshot, next.load);
          done.loaded += 1;
        } catch (error) {
          done.failed += 1;
          this.#deps.logger.warn('cache_warm_failed', { key: next.key, error });
        }
      }
    };
    await Promise.all(Array.from({ length: WARM_AT_ONCE }, worker));
    return done;
  }

  stats(): CacheStats {
    return this.#counts.stats(this.#store.entries());
  }

  /** XFetch: refresh when now − loadMs · β · ln(random) ≥ expiry; likelier the nearer the end and the slower the load. */
  #isDueEarly({ loadMs, expiresAt }: Entry): boolean {
    const { clock, random } = this.#deps;
    return clock.now() - loadMs * XFETCH_BETA * Math.log(1 - random()) >= expiresAt;
  }

  /** One load a key at a time; whoever comes meanwhile gets its result. */
  #load<T>(key: string, options: CacheOptions, snapshot: Snapshot, load: () => Promise<T>): Promise<T> {
    const running = this.#flights.get(key);
    if (running) return running as Promise<T>;
    const flight = this.#loadAndKeep(key, options, snapshot, load);
    this.#flights.set(key, flight);
    const landed = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.then(landed, landed);
    return flight;
  }

  async #loadAndKeep<T>(key: string, options: CacheOptions, snapshot: Snapshot, load: () => Promise<T>): Promise<T> {
    const from = this.#deps.clock.now();
    const value = asJson(await load());
    await this.#keep(key, value, options, this.#deps.clock.now() - from, snapshot);
    return value;
  }

  async #keep(key: string, value: unknown, options: CacheOptions, loadMs: number, snapshot: Snapshot): Promise<void> {
    if (value === undefined) return;
    const ttlMs = Math.ceil(options.ttlMs * (1 + JITTER_SHARE_MAX * this.#deps.random()));
    await this.#store.put(key, options.tags ?? [], { value, expiresAt: this.#deps.clock.now() + ttlMs, loadMs }, ttlMs, snapshot);
  }
}

/** The value as JSON brings it back, so that the first reader gets what all later ones get; undefined where JSON has nothing. */
function asJson<T>(value: T): T {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? value : (JSON.parse(text) as T);
}

type Counts = ReturnType<typeof createCounts>;

function createCounts(metrics: Metrics) {
  const hits = cheapCounter(metrics.counter('cache_hits_total', 'Cache reads that found a value'), {});
  const misses = cheapCounter(metrics.counter('cache_misses_total', 'Cache reads that found none'), {});
  const errors = metrics.counter('cache_errors_total', 'Cache operations that failed; each is a miss');
  const rate = metrics.gauge('riskcast_cache_hit_rate', 'Share of cache reads since the start that found a value, 0 to 1');
  const counted = { hits: 0, misses: 0, errors: 0 };
  const hitRate = (): number => (counted.hits === 0 ? 0 : counted.hits / (counted.hits + counted.misses));
  onCollect(rate, () => rate.set(hitRate()));
  return {
    hit() {
      counted.hits += 1;
      hits();
    },
    miss() {
      counted.misses += 1;
      misses();
    },
    error() {
      counted.errors += 1;
      errors.inc();
    },
    stats: (entries: number | null): CacheStats => ({ ...counted, hitRate: hitRate(), entries }),
  };
}
