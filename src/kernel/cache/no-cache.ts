/** No cache (`ENABLE_CACHING=false`): every read is a miss, and still at most one load a key runs at a time. */
import { createLoadingCache, type CacheDependencies } from './loading-cache.ts';
import type { Cache } from './types.ts';

export function createNoCache(deps: CacheDependencies): Cache {
  return createLoadingCache(deps, () => ({
    kind: 'off',
    find: () => ({ entry: undefined, snapshot: undefined }),
    put: () => undefined,
    invalidate: async () => undefined,
    invalidateTag: async () => undefined,
    entries: () => 0,
  }));
}
