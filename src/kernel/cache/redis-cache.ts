/**
 * The cache in Redis, shared by all processes. One round trip a read: the entry comes with the marks of its key and tags,
 * and is good when they are those that were seen when its load began. An invalidation sets a new mark, whatever the
 * number of entries under it, and also overtakes loads that are under way in other processes.
 */
import { randomBytes } from 'node:crypto';
import type { Breaker } from '../breakers/index.ts';
import { createLoadingCache, type CacheDependencies, type CacheStore, type Entry } from './loading-cache.ts';
import { MarkWriter } from './mark-writer.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { Cache } from './types.ts';

export interface RedisCacheDependencies extends CacheDependencies {
  readonly redis: RedisConnection;
  /** In front of every command, so that a dead Redis costs nothing. */
  readonly breaker: Breaker;
  /** Default `bw:cache`. */
  readonly prefix?: string;
}

/** No entry lives longer than the marks that can invalidate it. */
const TTL_MS_MAX = 86_400_000;
const MARK_TTL_MS = 2 * TTL_MS_MAX;

/** `v` value, `e` expiry, `l` load ms, `t` tags, `m` marks of all, of the key and of each tag. */
interface Stored {
  readonly v: unknown;
  readonly e: number;
  readonly l: number;
  readonly t: readonly string[];
  readonly m: readonly (string | null)[];
}

export function createRedisCache(deps: RedisCacheDependencies): Cache {
  return createLoadingCache(deps, (countError) => redisStore(deps, countError));
}

function redisStore({ redis, breaker, clock, prefix = 'bw:cache' }: RedisCacheDependencies, countError: () => void): CacheStore {
  const entryKey = (key: string): string => `${prefix}:v:${key}`;
  const allMark = `${prefix}:all`;
  const marksOf = (key: string, tags: readonly string[]): string[] => [allMark, `${prefix}:k:${key}`, ...tags.map((tag) => `${prefix}:t:${tag}`)];

  /** What Redis answers, or undefined when it does not. */
  async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    const ticket = breaker.enter();
    if (ticket === 0) return undefined;
    try {
      const answer = await question();
      breaker.succeed(ticket);
      return answer;
    } catch (e) {
      breaker.fail(ticket, e);
      countError();
      return undefined;
    }
  }

  const marks = new MarkWriter(allMark, (names) =>
    ask(() => Promise.all(names.map((name) => redis.client.set(name, randomBytes(9).toString('base64url'), 'PX', MARK_TTL_MS)))).then((told) => told !== undefined),
  );
  redis.client.on('ready', () => void marks.tell());

  async function goodEntry(key: string, text: string, asked: readonly string[], seen: readonly (string | null)[]): Promise<Entry | undefined> {
    const stored = parse(text);
    if (!stored || stored.e <= clock.now()) return undefined;
    let current = seen;
    if (!sameNames(stored.t, asked)) {
      // Read under other tags than it was written with, as `get` does: its own have to be asked for.
      const answer = await ask(() => redis.client.mget(...marksOf(key, stored.t)));
      if (!answer) return undefined;
      current = answer;
    }
    const isGood = stored.m.length === current.length && stored.m.every((mark, i) => mark === current[i]);
    return isGood ? { value: stored.v, expiresAt: stored.e, loadMs: stored.l } : undefined;
  }

  return {
    kind: 'redis',
    async find(key, tags) {
      if (marks.pending && !(await marks.tell())) return { entry: undefined, snapshot: undefined };
      const answer = await ask(() => redis.client.mget(entryKey(key), ...marksOf(key, tags)));
      if (!answer) return { entry: undefined, snapshot: undefined };
      const [text, ...seen] = answer;
      return { entry: text ? await goodEntry(key, text, tags, seen) : undefined, snapshot: seen };
    },
    async put(key, tags, entry, ttlMs, snapshot) {
      // Without the marks of its beginning nobody could tell whether it is still good.
      if (!Array.isArray(snapshot)) return;
      const stored: Stored = { v: entry.value, e: entry.expiresAt, l: entry.loadMs, t: tags, m: snapshot as (string | null)[] };
      await ask(() => redis.client.set(entryKey(key), JSON.stringify(stored), 'PX', Math.min(ttlMs, TTL_MS_MAX)));
    },
    invalidate: (key) => marks.set(`${prefix}:k:${key}`),
    invalidateTag: (tag) => marks.set(`${prefix}:t:${tag}`),
    entries: () => null,
  };
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, i) => name === b[i]);

/** Another version of this program may have written something else under the key: then it is a miss. */
function parse(text: string): Stored | undefined {
  try {
    const stored = JSON.parse(text) as Partial<Stored> | null;
    return stored && typeof stored.e === 'number' && typeof stored.l === 'number' && Array.isArray(stored.t) && Array.isArray(stored.m) ? (stored as Stored) : undefined;
  } catch {
    return undefined;
  }
}
