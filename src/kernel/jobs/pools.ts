/**
 * graphile-worker's pools under one lease: one that fetches ahead for the ordinary kinds, one that takes jobs singly for
 * the kinds with a serial queue.
 *
 * Two, because a fetch ahead takes several jobs of one serial queue at once and frees the queue at the end of the first
 * (graphile-worker 0.17.3, `getJobs.js` with a batch above 1), so that order and one-at-a-time would be lost.
 */
import { EventEmitter } from 'node:events';
import { runTaskList, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import { openSessionPool } from '../database/index.ts';
import type { Logger } from '../logging/types.ts';
import { libraryLogger } from './library-logger.ts';
import { messageOf } from './run-job.ts';

export interface PoolTuning {
  /** Handlers at once, besides those of serial queues. */
  readonly concurrency: number;
  /** Handlers of serial queues at once. */
  readonly serialConcurrency: number;
  /** Jobs fetched ahead. */
  readonly fetchAhead: number;
  readonly pollMs: number;
}

export interface Pools {
  /** Resolves when a pool has ended by itself: it could not record an end, so the lease must be given up. */
  readonly failed: Promise<string>;
  /** Takes no more jobs, hands back those fetched ahead, waits for those that run. */
  drain(): Promise<void>;
  /** Leaves those that run to themselves. */
  abandon(): Promise<void>;
  /** Milliseconds for which no fetch has worked; 0 when the last one did. */
  sickForMs(): number;
}

export interface PoolOptions {
  readonly url: string;
  /** The lease's id: becomes `locked_by`, and the fence's setting on the pool's connections. */
  readonly worker: string;
  readonly ordinary: TaskList;
  readonly serial: TaskList;
  readonly tuning: PoolTuning;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Jobs fetched ahead that no handler has taken for so long go back, for other processes. */
const FETCHED_AHEAD_TTL_MS = 2_000;

export function startPools(options: PoolOptions): Pools {
  const { tuning, worker } = options;
  // A listener and a fetch for each pool, and the two batches that record ends.
  const connections = openSessionPool(options.url, { applicationName: 'bellwether jobs', max: 6 + tuning.serialConcurrency, settings: { 'bellwether.worker': worker } });
  let sickSince: number | null = null;
  const logger = libraryLogger(options.logger, (message) => {
    if (message.includes('fetching jobs')) sickSince ??= options.now();
  });

  const start = (tasks: TaskList, concurrency: number, localQueue: number): WorkerPool | null => {
    if (Object.keys(tasks).length === 0) return null;
    const events: WorkerEvents = new EventEmitter();
    // Emitted before the pool takes its first job. Its own id would be random, and unknown to the lease.
    events.on('pool:create', ({ workerPool }) => void (workerPool.id = worker));
    events.on('localQueue:getJobs:complete', () => void (sickSince = null));
    events.on('worker:getJob:error', () => void (sickSince ??= options.now()));
    events.on('worker:getJob:empty', () => void (sickSince = null));
    return runTaskList(
      {
        concurrency,
        noHandleSignals: true,
        pollInterval: tuning.pollMs,
        logger,
        preset: {
          worker: {
            events,
            ...(localQueue > 1 ? { localQueue: { size: localQueue, ttl: FETCHED_AHEAD_TTL_MS } } : {}),
            // 0 batches the ends of one turn of the event loop. Never −1: without the batch an end that Postgres does
            // not take is a rejection that nobody handles, and ends the process.
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
          },
        },
      },
      tasks,
      connections,
    );
  };

  const pools = [start(options.ordinary, tuning.concurrency, tuning.fetchAhead), start(options.serial, tuning.serialConcurrency, -1)].filter((pool) => pool !== null);
  const ends = pools.map((pool) => pool.promise.then(() => 'a pool of workers ended', messageOf));
  const close = async (): Promise<void> => {
    await Promise.all(ends);
    await connections.end().catch(() => undefined);
  };

  return {
    failed: ends.length > 0 ? Promise.race(ends) : new Promise<string>(() => undefined),
    async drain() {
      await Promise.allSettled(pools.map(async (pool) => (pool._shuttingDown ? pool.promise : pool.gracefulShutdown('the worker stops'))));
      await close();
    },
    async abandon() {
      await Promise.allSettled(pools.map(async (pool) => (pool._forcefulShuttingDown ? undefined : pool.forcefulShutdown('the worker stops'))));
      await close();
    },
    sickForMs: () => (sickSince === null ? 0 : options.now() - sickSince),
  };
}
