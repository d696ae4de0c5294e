export type { CacheDependencies } from './loading-cache.ts';
export { createMemoryCache } from './memory-cache.ts';
export type { MemoryCacheOptions } from './memory-cache.ts';
export { createNoCache } from './no-cache.ts';
export { createRedisCache } from './redis-cache.ts';
export type { RedisCacheDependencies } from './redis-cache.ts';
export { connectRedis, redisScript } from './redis-connection.ts';
export type { RedisConnection, RedisConnectionOptions, RedisScript } from './redis-connection.ts';
export type { Cache, CacheOptions, CacheStats, WarmEntry } from './types.ts';
