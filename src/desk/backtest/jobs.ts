/** Backtests as durable work: one at a time, with its progress in the row, and the report in the transaction that ends the job. */
import { z } from 'zod';
import { isCodedError } from '../../kernel/errors/index.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { jobErrors } from '../../kernel/jobs/index.ts';
import type { JobContext, JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import type { Clock } from '../../model/time.ts';
import type { Scenario } from '../../scenario/index.ts';
import { errors } from './errors.ts';
import type { BacktestReport } from './report.ts';
import { markDone, markFailed, markRunning } from './store.ts';
import type { WalkOptions } from './walk.ts';

interface Payload {
  readonly backtest_id: string;
  readonly scenario: string;
}

/** A kill begins it anew; what fails thrice fails. */
export const backtestRun: JobDefinition<Payload> = Object.freeze({
  name: 'backtest.run',
  payload: z.strictObject({ backtest_id: z.string(), scenario: z.string().min(1).max(120) }),
  maxAttempts: 3,
  serialQueue: 'backtest.run',
});

export interface BacktestJobDeps {
  readonly clock: Clock;
  /** @throws CodedError SCENARIO_UNKNOWN, SCENARIO_INVALID */
  load(scenario: string): Scenario;
  /**
   * Walks and reports in a database of its own, named after the backtest.
   * @throws CodedError BACKTEST_NOT_POSSIBLE
   */
  run(id: string, scenario: Scenario, options: WalkOptions): Promise<BacktestReport>;
}

export function handleBacktestJobs(queue: Pick<JobQueue, 'handle'>, deps: BacktestJobDeps): void {
  queue.handle(backtestRun, (payload, context) => work(deps, payload, context));
}

/** Progress is written this often, in days walked. */
const TOLD_EVERY = 5;

async function work(deps: BacktestJobDeps, { backtest_id: id, scenario: name }: Payload, context: JobContext): Promise<void> {
  try {
    const scenario = deps.load(name);
    const report = await deps.run(id, scenario, {
      signal: context.signal,
      async onDay(day, days) {
        if (day % TOLD_EVERY === 1 || day === days) await context.transaction((tx) => markRunning(tx, id, day));
      },
    });
    crashPoint('backtest.walked-before-stored');
    await context.finish((tx) => markDone(tx, id, report, deps.clock.now()));
    context.logger.info('backtest_done', { id, scenario: name, report: report.id });
  } catch (e) {
    // A stop is no failure: the job is given back.
    if (context.signal.aborted) throw e;
    const failure = isCodedError(e) ? e : errors.BACKTEST_FAILED({ detail: 'The log has the reason', cause: e });
    const hopeless = failure.code === 'BACKTEST_NOT_POSSIBLE';
    if (hopeless || context.attempt >= context.maxAttempts) {
      await context.transaction((tx) => markFailed(tx, id, failure, deps.clock.now()));
    }
    throw hopeless ? jobErrors.JOB_HOPELESS({ detail: failure.message, cause: failure }) : e;
  }
}
