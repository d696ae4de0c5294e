/**
 * One connection to Redis that may be broken at any time: commands fail fast instead of queueing, and it reconnects by
 * itself for ever. The cache and the shared rate gate speak through it.
 */
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from '../logging/types.ts';

export interface RedisConnection {
  /** The ioredis client, for plain commands. */
  readonly client: Redis;
  /** True while connected and answering. */
  ready(): boolean;
  /** Waits until it is connected, at most so long: for the start, lest the first calls fail and open the breaker. @returns whether it is */
  whenReady(limitMs: number): Promise<boolean>;
  /** Runs a Lua script by its hash, loading it where the server does not know it. */
  run(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Round trip in milliseconds. */
  ping(): Promise<number>;
  close(): Promise<void>;
}

export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

export const redisScript = (lua: string): RedisScript => Object.freeze({ lua, sha: createHash('sha1').update(lua).digest('hex') });

export interface RedisConnectionOptions {
  readonly url: string;
  readonly logger: Logger;
  /** A command that takes longer has failed. Default 250. */
  readonly commandTimeoutMs?: number;
  /** Longest pause between two tries to connect. Default 2,000. */
  readonly reconnectMsMax?: number;
}

/** Returns at once: until it is connected, commands fail. */
export function connectRedis({ url, logger, commandTimeoutMs = 250, reconnectMsMax = 2_000 }: RedisConnectionOptions): RedisConnection {
  const client = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2_000,
    // Without a connection a command fails at once; a queue would make every caller wait for the reconnection.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(25 * 2 ** Math.min(times, 10), reconnectMsMax),
    // A replica that a failover left behind refuses writes: connect anew to find the primary.
    reconnectOnError: (e) => e.message.startsWith('READONLY'),
    connectionName: 'bellwether',
  });
  let up: boolean | null = null;
  const turned = (now: boolean, fields: Record<string, unknown> = {}): void => {
    if (up === now) return;
    up = now;
    if (now) logger.info('redis_connected', fields);
    else logger.warn('redis_lost', fields);
  };
  client.on('ready', () => turned(true));
  // One line for the loss, not one for each try to reconnect. The URL may hold a password and is not logged.
  client.on('error', (error: Error & { code?: string }) => turned(false, { reason: error.code ?? error.message }));
  client.on('close', () => turned(false));

  return {
    client,
    ready: () => client.status === 'ready',
    whenReady: (limitMs) =>
      new Promise((resolve) => {
        if (client.status === 'ready') return resolve(true);
        const done = (): void => {
          clearTimeout(limit);
          client.off('ready', done);
          resolve(client.status === 'ready');
        };
        const limit = setTimeout(done, limitMs);
        client.once('ready', done);
      }),
    async run(script, keys, args) {
      try {
        return await client.evalsha(script.sha, keys.length, ...keys, ...args);
      } catch (e) {
        if (!(e instanceof Error) || !e.message.startsWith('NOSCRIPT')) throw e;
        return client.eval(script.lua, keys.length, ...keys, ...args);
      }
    },
    async ping() {
      const from = performance.now();
      await client.ping();
      return performance.now() - from;
    },
    async close() {
      up = false; // what follows is no loss
      await client.quit().catch(() => undefined);
      client.disconnect();
    },
  };
}
