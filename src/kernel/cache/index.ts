export { connectRedis, redisScript } from './redis-connection.ts';
export type { RedisConnection, RedisConnectionOptions, RedisScript } from './redis-connection.ts';
export type { Cache, CacheOptions } from './types.ts';
