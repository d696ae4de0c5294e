/**
 * The worker of this process: takes a lease, runs jobs under it, and takes another when it is lost. Losing Postgres for a
 * while is an ordinary course of events here: the loop waits and starts over.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskList } from 'graphile-worker';
import type { Logger } from '../logging/types.ts';
import type { JobMetrics } from './job-metrics.ts';
import { takeLease, type Lease } from './lease.ts';
import { startPools, type Pools, type PoolTuning } from './pools.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { messageOf, taskFor, type Handled, type RunDependencies } from './run-job.ts';

export interface Worker {
  /** @throws CodedError DATABASE_UNAVAILABLE when the first lease cannot be had */
  start(): Promise<void>;
  /** Waits for running jobs until the signal, then gives them back. */
  stop(signal: AbortSignal): Promise<void>;
  /** The lease's id while there is one. */
  id(): string | null;
  running(): number;
}

export interface WorkerOptions {
  readonly url: string;
  readonly handled: () => readonly Handled[];
  readonly tuning: PoolTuning;
  /** A worker that has not been heard of for so long is taken for dead. */
  readonly leaseMs: number;
  /** Heartbeat and reaping. */
  readonly beatMs: number;
  readonly logger: Logger;
  readonly metrics: JobMetrics;
  readonly run: RunDependencies;
  /** Once a beat while there is a lease. */
  readonly onBeat: () => Promise<void>;
}

interface Epoch {
  readonly lease: Lease;
  readonly pools: Pools;
  readonly reaper: Reaper;
  readonly stopping: AbortController;
  readonly running: { count: number };
}

/** Without one fetch that worked for so long, though the lease stands, the pools are started anew. */
const SICK_MS = 5_000;

export function createWorker(options: WorkerOptions): Worker {
  const { logger } = options;
  const stop = new AbortController();
  let epoch: Epoch | null = null;
  let loop: Promise<void> = Promise.resolve();

  async function run(first: Epoch): Promise<void> {
    let current: Epoch | null = first;
    for (let failures = 0; !stop.signal.aborted; ) {
      try {
        current ??= await begin(options);
      } catch (e) {
        failures += 1;
        logger.warn('job_worker_waits', { error: e });
        await sleep(Math.min(2_000, 100 * 2 ** failures), undefined, { signal: stop.signal }).catch(() => undefined);
        continue;
      }
      failures = 0;
      epoch = current;
      const reason = await attend(current, stop.signal, options);
      if (stop.signal.aborted) return;
      logger.warn('job_worker_restarts', { worker: current.lease.id, reason });
      leave(current, logger);
      epoch = current = null;
    }
  }

  return {
    async start() {
      const first = await begin(options);
      epoch = first;
      loop = run(first);
    },
    async stop(signal) {
      stop.abort();
      await loop;
      if (epoch) await end(epoch, signal, logger);
      epoch = null;
    },
    id: () => epoch?.lease.id ?? null,
    running: () => epoch?.running.count ?? 0,
  };
}

/** @throws CodedError DATABASE_UNAVAILABLE */
async function begin(options: WorkerOptions): Promise<Epoch> {
  const handled = options.handled();
  const lease = await takeLease({ url: options.url, leaseMs: options.leaseMs, tasks: handled.map((h) => h.job.name), concurrency: options.tuning.concurrency });
  const stopping = new AbortController();
  const running = { count: 0 };
  const tasksOf = (chosen: readonly Handled[]): TaskList => Object.fromEntries(chosen.map((h) => [h.job.name, taskFor(h, lease.id, stopping.signal, running, options.run)]));
  const pools = startPools({
    url: options.url,
    worker: lease.id,
    ordinary: tasksOf(handled.filter((h) => h.job.serialQueue === undefined)),
    serial: tasksOf(handled.filter((h) => h.job.serialQueue !== undefined)),
    tuning: options.tuning,
    logger: options.logger,
    now: options.run.now,
  });
  options.logger.info('job_worker_started', { worker: lease.id });
  return { lease, pools, reaper: createReaper(lease.session, lease.id, options.leaseMs), stopping, running };
}

/** Beats until the epoch cannot go on. @returns why */
async function attend(current: Epoch, stop: AbortSignal, options: WorkerOptions): Promise<string> {
  let failure: string | null = null;
  void current.pools.failed.then((reason) => (failure ??= reason));
  const woken = AbortSignal.any([stop, current.lease.lost]);
  while (!stop.aborted) {
    if (failure !== null) return failure;
    if (current.lease.lost.aborted) return 'the lease was lost';
    if (current.pools.sickForMs() > SICK_MS) return 'no fetch works though Postgres answers';
    try {
      await beat(current, options);
    } catch (e) {
      options.logger.warn('job_worker_beat_failed', { error: e });
    }
    await Promise.race([sleep(options.beatMs, undefined, { signal: woken }).catch(() => undefined), current.pools.failed]);
  }
  return 'stopped';
}

async function beat(current: Epoch, options: WorkerOptions): Promise<void> {
  await current.lease.beat(current.running.count);
  for (const { worker, jobs } of await current.reaper.pass()) {
    options.metrics.reaped(jobs);
    options.logger.warn('job_worker_reaped', { worker, jobs });
  }
  await options.onBeat();
}

/** Everything that still runs under the old id is fenced out, so nobody waits for it. */
function leave(old: Epoch, logger: Logger): void {
  old.stopping.abort();
  void old.lease.release();
  void old.pools.drain().catch((e: unknown) => logger.warn('job_worker_leave_failed', { message: messageOf(e) }));
}

async function end(epoch: Epoch, signal: AbortSignal, logger: Logger): Promise<void> {
  const deadline = new Promise<'late'>((resolve) => {
    if (signal.aborted) resolve('late');
    signal.addEventListener('abort', () => resolve('late'), { once: true });
  });
  const outcome = await Promise.race([epoch.pools.drain().then(() => 'drained' as const), deadline]);
  if (outcome === 'late') {
    epoch.stopping.abort();
    const { rowCount } = await giveBack(epoch.lease).catch(() => ({ rowCount: 0 }));
    logger.warn('job_worker_stopped_late', { worker: epoch.lease.id, given_back: rowCount });
    // Not waited for: a handler that hangs would hold up the stop. What it still does is fenced out.
    void epoch.pools.abandon().catch(() => undefined);
  }
  await epoch.lease.release();
}

/** The try that was cut short does not count: it was our stop, not the job's failure. */
async function giveBack(lease: Lease): Promise<{ readonly rowCount: number }> {
  const freed = await lease.session.query(
    `update graphile_worker._private_jobs set locked_at = null, locked_by = null, attempts = greatest(0, attempts - 1) where locked_by = $1`,
    [lease.id],
  );
  await lease.session.query('update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_by = $1', [lease.id]);
  return freed;
}
