/** The durable queue and the worker of this process. */
import { MINUTE_MS, SECOND_MS, type Clock } from '../../model/time.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { cancelPending, enqueue, enqueueMany, pending } from './enqueue.ts';
import { errors } from './errors.ts';
import { jobMetrics } from './job-metrics.ts';
import type { Handled } from './run-job.ts';
import { createSchedules, type ScheduledJob } from './schedules.ts';
import { dropSuperseded, queueDepths, workersState, type WorkersState } from './state.ts';
import { noTrace, type TraceContext } from './trace-context.ts';
import type { JobQueue } from './types.ts';
import { createWorker } from './worker.ts';

export interface JobsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly traceContext?: TraceContext;
  /** Handlers at once, besides those of serial queues. Default 10. */
  readonly concurrency?: number;
  /** Handlers of serial queues at once. Default 2. */
  readonly serialConcurrency?: number;
  /**
   * Jobs fetched ahead in one statement. Default 500: 21,000–29,000 no-op jobs/s on two cores, against 13,000–21,000 with
   * 200 (`bench/jobs.ts`). An urgent job waits behind those fetched ahead, at most two seconds: then they go back.
   */
  readonly fetchAhead?: number;
  /** A worker that is alive but unheard of for so long is fenced out; a killed one is known at once. Default 15,000. */
  readonly leaseMs?: number;
  /** Heartbeat, reaping and schedules. Default 1,000. */
  readonly beatMs?: number;
  /** Delayed jobs and retries start at most so late. Default 1,000. */
  readonly pollMs?: number;
}

export interface Jobs {
  readonly queue: JobQueue;
  readonly deadLetters: DeadLetters;
  /** After every `handle` and `schedule`. @throws CodedError DATABASE_UNAVAILABLE */
  start(): Promise<void>;
  /** Takes no more, waits for what runs until the signal, then gives it back for others. */
  stop(signal: AbortSignal): Promise<void>;
  workers(): Promise<WorkersState>;
  scheduled(): Promise<readonly ScheduledJob[]>;
}

const GAUGES_EVERY_MS = 5 * SECOND_MS;

/** @example const jobs = createJobs({ db, clock, logger, metrics }); jobs.queue.handle(evaluate, handler); await jobs.start(); */
export function createJobs(options: JobsOptions): Jobs {
  const { db, clock, logger } = options;
  const trace = options.traceContext ?? noTrace;
  const metrics = jobMetrics(options.metrics);
  const handled = new Map<string, Handled>();
  const schedules = createSchedules({ db, clock, logger });
  let gaugesAt = Number.NEGATIVE_INFINITY;
  let sweptAt = clock.now();

  async function onBeat(): Promise<void> {
    await schedules.tick();
    if (clock.now() - gaugesAt >= GAUGES_EVERY_MS) {
      gaugesAt = clock.now();
      metrics.depths(await queueDepths(db));
    }
    if (clock.now() - sweptAt >= MINUTE_MS) {
      sweptAt = clock.now();
      await dropSuperseded(db);
    }
  }

  const worker = createWorker({
    url: db.directUrl,
    handled: () => [...handled.values()],
    tuning: {
      concurrency: options.concurrency ?? 10,
      serialConcurrency: options.serialConcurrency ?? 2,
      fetchAhead: options.fetchAhead ?? 500,
      pollMs: options.pollMs ?? 1_000,
    },
    leaseMs: options.leaseMs ?? 15_000,
    beatMs: options.beatMs ?? 1_000,
    logger,
    metrics,
    run: { db, logger, metrics, trace, onEnd: schedules.ended, now: () => clock.now() },
    onBeat,
  });

  const queue: JobQueue = {
    enqueue: (on, job, payload, enqueueOptions) => enqueue(trace, on, job, payload, enqueueOptions),
    enqueueMany: (on, job, payloads, enqueueOptions) => enqueueMany(trace, on, job, payloads, enqueueOptions),
    handle(job, handler) {
      if (handled.has(job.name)) throw errors.JOB_HANDLED_TWICE({ detail: job.name });
      // The payload goes through the definition's own schema before the handler sees it.
      handled.set(job.name, { job, handler } as unknown as Handled);
    },
    schedule: (cron, job) => schedules.add(cron, job),
    cancelPending,
    pending: (on, jobs) => pending(on, jobs.map((job) => (typeof job === 'string' ? job : job.name))),
  };

  return {
    queue,
    deadLetters: createDeadLetters(db),
    async start() {
      await schedules.register();
      await worker.start();
    },
    stop: (signal) => worker.stop(signal),
    workers: () => workersState(db, worker.id()),
    scheduled: () => schedules.list(),
  };
}
