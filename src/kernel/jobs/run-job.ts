/** One run of one job: its payload is checked, its handler called in its trace, its end counted and logged. */
import type { JobHelpers, Task } from 'graphile-worker';
import type { Database } from '../database/index.ts';
import { isCodedError } from '../errors/index.ts';
import { crashPoint } from '../faults/crash-point.ts';
import type { Logger } from '../logging/types.ts';
import { errors } from './errors.ts';
import { createFence } from './fence.ts';
import type { JobMetrics, Outcome } from './job-metrics.ts';
import { issuesOf, type Envelope } from './payload.ts';
import type { TraceContext } from './trace-context.ts';
import type { JobDefinition, JobHandler } from './types.ts';

export interface Handled {
  readonly job: JobDefinition<unknown>;
  readonly handler: JobHandler<unknown>;
}


export interface RunDependencies {
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: JobMetrics;
  readonly trace: TraceContext;
  /** Told of each end, for what schedules remember. */
  readonly onEnd: (name: string, end: { readonly outcome: Outcome; readonly startedAtMs: number; readonly durationMs: number; readonly error: string | null }) => void;
  readonly now: () => number;
}

/** @param worker the lease's id @param stopping aborted when handlers must end */
export function taskFor(handled: Handled, worker: string, stopping: AbortSignal, running: { count: number }, deps: RunDependencies): Task {
  return async (raw: unknown, { job: row }: JobHelpers) => {
    const startedAtMs = deps.now();
    const from = performance.now();
    const logger = deps.logger.child({ job: handled.job.name, job_id: row.id, attempt: row.attempts });
    const fence = createFence(deps.db, { id: row.id, queueId: row.job_queue_id }, worker);
    deps.metrics.startDelay(handled.job.name, Math.max(0, startedAtMs - row.run_at.getTime()) / 1_000);
    running.count += 1;
    let failure: unknown;
    try {
      crashPoint('jobs.before-run');
      const envelope = raw as Envelope;
      const payload = parsePayload(handled.job, envelope);
      const context = { id: row.id, attempt: row.attempts, maxAttempts: row.max_attempts, signal: stopping, logger, transaction: fence.transaction, finish: fence.finish };
      await deps.trace.run(envelope.t ?? null, `job ${handled.job.name}`, { 'job.id': row.id, 'job.attempt': row.attempts }, () => handled.handler(payload, context));
      crashPoint('jobs.before-complete');
      await fence.endSerial();
    } catch (e) {
      failure = e;
      if (isHopeless(e)) await bury(deps.db, row.id, worker).catch(() => undefined);
      throw e;
    } finally {
      running.count -= 1;
      fence.close();
      const durationMs = performance.now() - from;
      const outcome = outcomeOf(failure, row.attempts >= row.max_attempts);
      deps.metrics.ran(handled.job.name, outcome, durationMs / 1_000);
      deps.onEnd(handled.job.name, { outcome, startedAtMs, durationMs, error: failure === undefined ? null : messageOf(failure) });
      report(logger, outcome, durationMs, failure);
    }
  };
}

function parsePayload(job: JobDefinition<unknown>, envelope: Envelope): unknown {
  const parsed = job.payload.safeParse(envelope.p);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error);
  throw errors.JOB_PAYLOAD_INVALID({ detail: `${job.name}: ${issues.map((i) => `${i.field}: ${i.message}`).join('; ')}`, issues });
}

const isHopeless = (e: unknown): boolean => isCodedError(e) && (e.code === 'JOB_PAYLOAD_INVALID' || e.code === 'JOB_HOPELESS');

/** No further try: graphile-worker then records the error as that of the last one. */
async function bury(db: Database, id: string, worker: string): Promise<void> {
  await db.query('update graphile_worker._private_jobs set attempts = max_attempts where id = $1 and locked_by = $2', [id, worker]);
}

function outcomeOf(failure: unknown, lastTry: boolean): Outcome {
  if (failure === undefined) return 'succeeded';
  if (isCodedError(failure) && failure.code === 'JOB_FENCED') return 'fenced';
  return lastTry || isHopeless(failure) ? 'dead' : 'failed';
}

function report(logger: Logger, outcome: Outcome, durationMs: number, error: unknown): void {
  const latency_ms = Math.round(durationMs * 10) / 10;
  if (outcome === 'succeeded') logger.debug('job_succeeded', { latency_ms });
  else if (outcome === 'fenced') logger.warn('job_fenced', { latency_ms, error });
  else if (outcome === 'failed') logger.warn('job_failed', { latency_ms, error });
  else logger.error('job_dead', { latency_ms, error });
}

export const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
