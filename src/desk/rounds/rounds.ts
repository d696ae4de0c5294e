/**
 * A round of the desk: hear what is said, look at what happens, weigh what changed, settle and score what ended, let go what quiet hours held.
 * One after the other on one serial queue, so that a round tells the same story however often it is interrupted.
 */
import { z } from 'zod';
import { sweepAlerts } from '../../flow/alerts/index.ts';
import { decisionsEvaluate, decisionsSettle } from '../../flow/decisions/index.ts';
import { realityAssess, realitySweep } from '../../flow/reality/index.ts';
import { recordScore } from '../../flow/record/index.ts';
import { signalsSweep } from '../../flow/signals/index.ts';
import type { Executor, Transaction } from '../../kernel/database/index.ts';
import type { JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import { iso, MINUTE_MS, type Clock, type Millis } from '../../model/time.ts';

/** Everything that reads or weighs the world runs here, one at a time: a late evaluation must not overtake a newer one. */
export const DESK_QUEUE = 'desk';

/** What must have ended before the next round of a replay may begin. Alerts are not: they go out in wall time. */
export const ROUND_JOBS: readonly string[] = Object.freeze([signalsSweep.name, realitySweep.name, realityAssess.name, decisionsEvaluate.name, decisionsSettle.name, recordScore.name]);

/** Enqueues a round. @param cause kept with the sweeps' reports: `replay`, `schedule` */
export async function enqueueRound(queue: JobQueue, tx: Transaction, asOf: Millis, cause: string): Promise<void> {
  const as_of = iso(asOf);
  const serial = { serialQueue: DESK_QUEUE };
  await queue.enqueue(tx, signalsSweep, { as_of, cause }, serial);
  await queue.enqueue(tx, realitySweep, { as_of, cause }, serial);
  // Time alone changes a decision too: a deadline passes, a ship sails, a shipment becomes known.
  await queue.enqueue(tx, decisionsEvaluate, { as_of, cause: 'clock' }, serial);
  // What has come is looked at once it has been acted on: ships that have passed, questions that have been answered.
  await queue.enqueue(tx, decisionsSettle, { as_of }, serial);
  await queue.enqueue(tx, recordScore, { as_of }, serial);
  await queue.enqueue(tx, sweepAlerts, { as_of }, serial);
}

/** What new signals or a changed passage ask for: the state of the passages, then the decisions that they touch. */
export async function enqueueReassessment(queue: JobQueue, on: Executor, asOf: Millis, cause: 'signals' | 'reality', chokepoints: readonly ChokepointId[]): Promise<void> {
  const as_of = iso(asOf);
  const serial = { serialQueue: DESK_QUEUE };
  if (cause === 'signals') await queue.enqueue(on, realityAssess, { as_of, cause }, serial);
  await queue.enqueue(on, decisionsEvaluate, { as_of, cause, chokepoints: [...chokepoints] }, serial);
}

/** A file may bring 20,000; each job is one transaction. */
const SHIPMENTS_A_JOB = 1_000;

/** Shipments that were added or changed are weighed at once. */
export async function enqueueWeighing(queue: JobQueue, on: Executor, asOf: Millis, shipmentIds: readonly string[]): Promise<void> {
  for (let at = 0; at < shipmentIds.length; at += SHIPMENTS_A_JOB) {
    await queue.enqueue(on, decisionsEvaluate, { as_of: iso(asOf), cause: 'shipments', shipment_ids: shipmentIds.slice(at, at + SHIPMENTS_A_JOB) }, { serialQueue: DESK_QUEUE });
  }
}

/** The live desk's round, by the clock. */
export const deskRound: JobDefinition<Record<string, never>> = {
  name: 'desk.round',
  payload: z.strictObject({}),
  serialQueue: 'desk.round',
};

/** Prices move within minutes, transits are published weekly: a quarter of an hour serves both, below every quota. */
export const ROUND_CRON = '*/15 * * * *';

export function scheduleRounds(queue: JobQueue, clock: Clock): void {
  queue.handle(deskRound, (_payload, context) =>
    context.transaction(async (tx) => {
      await lockRounds(tx);
      await enqueueLiveRound(queue, tx, clock.now(), 'schedule');
    }),
  );
  queue.schedule(ROUND_CRON, deskRound);
}

/** A round that a start or the schedule enqueued within this time is also the round of a process that starts now. */
const RECENT_MS = MINUTE_MS;

/** A round waits or runs while one of these does: the job that enqueues it, its first job, its last two. */
const SIGNS_OF_A_ROUND = [deskRound, signalsSweep, recordScore, sweepAlerts];

/**
 * The first round of a live process. Of several that start together, one enqueues it; and none does when the last round
 * is less than a minute old or has not ended.
 * @returns whether it was enqueued
 */
export async function enqueueFirstRound(queue: JobQueue, tx: Transaction, asOf: Millis): Promise<boolean> {
  await lockRounds(tx);
  const { rowCount } = await tx.query('select 1 from desk_rounds where enqueued_at > $1', [iso(asOf - RECENT_MS)]);
  if (rowCount > 0 || (await queue.pending(tx, SIGNS_OF_A_ROUND)) > 0) return false;
  await enqueueLiveRound(queue, tx, asOf, 'start');
  return true;
}

/** Until the end of the transaction: whoever takes it next sees what this one has enqueued. */
async function lockRounds(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('bellwether desk rounds'))`);
}

type LiveCause = 'start' | 'schedule';

async function enqueueLiveRound(queue: JobQueue, tx: Transaction, at: Millis, cause: LiveCause): Promise<void> {
  await enqueueRound(queue, tx, at, cause);
  await tx.query(
    `insert into desk_rounds (cause, enqueued_at) values ($1, $2)
     on conflict (only_row) do update set cause = excluded.cause, enqueued_at = excluded.enqueued_at`,
    [cause, iso(at)],
  );
}
