/** The cache in this process's memory: least recently used goes first, beyond a number of entries and of bytes. */
import { LRUCache } from 'lru-cache';
import { createLoadingCache, type CacheDependencies, type CacheStore, type Entry } from './loading-cache.ts';
import type { Cache } from './types.ts';

export interface MemoryCacheOptions {
  /** Default 10,000. */
  readonly entriesMax?: number;
  /** Estimated by the length of the JSON; default 64 MiB. */
  readonly bytesMax?: number;
}

/** How many invalidations of keys and tags are remembered one by one. */
const INVALIDATIONS_MAX = 10_000;

interface Kept extends Entry {
  readonly tags: readonly string[];
  /** The invalidation count when its load began. */
  readonly asOf: number;
}

export function createMemoryCache(deps: CacheDependencies, options: MemoryCacheOptions = {}): Cache {
  return createLoadingCache(deps, () => memoryStore(deps, options));
}

function memoryStore({ clock }: CacheDependencies, { entriesMax = 10_000, bytesMax = 64 * 1024 * 1024 }: MemoryCacheOptions): CacheStore {
  const entries = new LRUCache<string, Kept>({ max: entriesMax, maxSize: bytesMax });
  // Invalidations are numbered. An entry is good when neither its key nor a tag of it was invalidated after its load
  // began. Of an invalidation that is no longer remembered only the number is: what began before it is not trusted.
  let count = 0;
  let forgotten = 0;
  const invalidated = new LRUCache<string, number>({ max: INVALIDATIONS_MAX, dispose: (at, _name, reason) => reason === 'evict' && (forgotten = Math.max(forgotten, at)) });

  const isGood = (key: string, { tags, asOf }: Kept): boolean => {
    if (asOf < forgotten) return false;
    if ((invalidated.get(`k:${key}`) ?? 0) > asOf) return false;
    return tags.every((tag) => (invalidated.get(`t:${tag}`) ?? 0) <= asOf);
  };

  return {
    kind: 'memory',
    find(key) {
      const kept = entries.get(key);
      if (kept === undefined) return { entry: undefined, snapshot: count };
      if (kept.expiresAt > clock.now() && isGood(key, kept)) return { entry: kept, snapshot: count };
      entries.delete(key);
      return { entry: undefined, snapshot: count };
    },
    put(key, tags, entry, _ttlMs, snapshot) {
      const kept: Kept = { ...entry, value: deepFreeze(entry.value), tags, asOf: snapshot as number };
      if (!isGood(key, kept)) return;
      entries.set(key, kept, { size: key.length + JSON.stringify(entry.value).length });
    },
    async invalidate(key) {
      entries.delete(key);
      invalidated.set(`k:${key}`, ++count);
    },
    async invalidateTag(tag) {
      invalidated.set(`t:${tag}`, ++count);
    },
    entries: () => entries.size,
  };
}

/** All readers share the one object; who changes it must hear of it. */
function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
