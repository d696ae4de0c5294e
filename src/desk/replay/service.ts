/**
 * Plays recorded history: moves the scenario's "now" a day at a time and has the desk sweep its sources at each.
 * A day ends when its work is done, whatever the pace, so that a slow machine tells the same story as a fast one.
 * All state is the row in `replays` and the next job, both written in one transaction: killed anywhere, it goes on.
 */
import { z } from 'zod';
import { appendAudit } from '../../kernel/audit/index.ts';
import type { Database, Executor, Transaction } from '../../kernel/database/index.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { JobContext, JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import { addDays, dayOf, HOUR_MS, iso, startOfDay, type Clock, type IsoDay, type Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import { currentReplay, insertReplay, replayToView, stampPurpose, updateReplay, type Replay } from './store.ts';
import type { ReplayCommand, ScenarioView } from './views.ts';

/** The hour (UTC) of a scenario's day at which the desk looks: late enough for that day's publications. */
export const LOOK_AT_HOUR = 18;
export const lookAt = (day: IsoDay): Millis => startOfDay(day) + LOOK_AT_HOUR * HOUR_MS;

export const replayAdvanceJob: JobDefinition<{ readonly replay_id: string }> = {
  name: 'replay.advance',
  payload: z.strictObject({ replay_id: z.string() }),
  serialQueue: 'replay',
  maxAttempts: 1_000,
};

/** Plays from the first day again. On the desk's own queue, so that nothing of the earlier run is under way while it is forgotten. */
export const replayBeginJob: JobDefinition<{ readonly seconds_per_day: number }> = {
  name: 'replay.begin',
  serialQueue: 'replay',
  payload: z.strictObject({ seconds_per_day: z.number().min(0).max(3600) }),
  priority: -100,
};

export interface ReplayDeps {
  readonly db: Database;
  readonly queue: JobQueue;
  readonly events: EventBus<DeskEvents>;
  /** Wall time: the pace. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly scenario: ScenarioView;
  readonly defaultSecondsPerDay: number;
  /** Names of the jobs that make up a day's work: the next day waits for them. */
  readonly dayJobs: readonly string[];
  /** The serial queue on which that work runs. */
  readonly dayQueue: string;
  /** Hands the day to the stages: enqueues their sweeps. */
  readonly sweep: (tx: Transaction, asOf: Millis) => Promise<void>;
  /** Stores who ships what, before the first day. Repeating it changes nothing. */
  readonly prepare: (tx: Transaction, scenario: ScenarioView) => Promise<void>;
  /** Forgets everything that was played, before it is played again. */
  readonly forget: (tx: Transaction) => Promise<void>;
}

export interface ReplayService {
  /** Begins with the first day, or goes on where an earlier process was stopped. */
  resume(): Promise<Replay>;
  /** @param by who asked: written to the audit chain @throws CodedError REPLAY_ENDED when `play` is asked after the last day */
  command(command: ReplayCommand, by: { readonly subject: string; readonly traceId: string }): Promise<Replay>;
  /** @throws CodedError REPLAY_NONE */
  current(on?: Executor): Promise<Replay>;
}

export function createReplay(deps: ReplayDeps): ReplayService {
  deps.queue.handle(replayAdvanceJob, (payload, context) => advance(deps, payload.replay_id, context));
  deps.queue.handle(replayBeginJob, (payload, context) =>
    context.transaction(async (tx) => {
      await currentReplay(tx, true);
      await deps.forget(tx);
      await begin(deps, tx, payload.seconds_per_day);
    }),
  );
  const current = async (on: Executor = deps.db): Promise<Replay> => {
    const replay = await currentReplay(on);
    if (!replay) throw errors.REPLAY_NONE({ fix: 'Start the desk without --live' });
    return replay;
  };
  return {
    current,
    async resume() {
      return deps.db.transaction(async (tx) => {
        await refuseOtherPurpose(tx);
        const replay = await currentReplay(tx, true);
        if (replay === null || replay.scenario !== deps.scenario.name) {
          if (replay !== null) await deps.forget(tx);
          return begin(deps, tx, deps.defaultSecondsPerDay);
        }
        // The step that waits is kept, with its pace; only one that a killed process held has to be given anew.
        if (replay.status === 'playing') await enqueueAdvance(deps, tx, replay.id, 0, 'keep');
        return replay;
      });
    },
    async command(command, by) {
      return deps.db.transaction(async (tx) => {
        const replay = await currentReplay(tx, true);
        if (!replay) throw errors.REPLAY_NONE();
        const secondsPerDay = command.seconds_per_day ?? replay.secondsPerDay;
        const audit = () =>
          appendAudit(tx, {
            actor: by.subject,
            action: `replay.${command.action}`,
            target: replay.scenario,
            before: { status: replay.status, sim_time: iso(replay.simTime), seconds_per_day: replay.secondsPerDay },
            after: { seconds_per_day: secondsPerDay },
            traceId: by.traceId,
          });
        if (command.action === 'restart') {
          // Until it begins, the clock stands still: no step of the earlier run is taken meanwhile.
          const paused = { ...replay, secondsPerDay, status: 'paused' as const };
          await updateReplay(tx, replay.id, paused);
          await deps.queue.enqueue(tx, replayBeginJob, { seconds_per_day: secondsPerDay }, { key: replayBeginJob.name, serialQueue: deps.dayQueue });
          await audit();
          return paused;
        }
        if (replay.status === 'ended') throw errors.REPLAY_ENDED({ field: 'action', fix: 'Send {"action":"restart"} to play it again' });
        const status = command.action === 'pause' ? 'paused' : 'playing';
        await updateReplay(tx, replay.id, { simTime: replay.simTime, secondsPerDay, status });
        if (status === 'playing') await enqueueAdvance(deps, tx, replay.id, 0);
        await tell(deps, tx, { ...replay, secondsPerDay, status });
        await audit();
        return { ...replay, secondsPerDay, status };
      });
    },
  };
}

async function begin(deps: ReplayDeps, tx: Transaction, secondsPerDay: number): Promise<Replay> {
  const { scenario } = deps;
  await deps.prepare(tx, scenario);
  const replay = await insertReplay(tx, {
    scenario: scenario.name,
    title: scenario.title,
    fromDay: scenario.from,
    toDay: scenario.to,
    simTime: lookAt(scenario.from),
    secondsPerDay,
  });
  await deps.sweep(tx, replay.simTime);
  await enqueueAdvance(deps, tx, replay.id, secondsPerDay * 1_000);
  await tell(deps, tx, replay);
  return replay;
}

/** One step: when the day's work is done, the next day begins. */
async function advance(deps: ReplayDeps, replayId: string, context: JobContext): Promise<void> {
  await context.transaction(async (tx) => {
    const replay = await currentReplay(tx, true);
    // A pause, a restart or a newer run: this step is no longer wanted.
    if (!replay || String(replay.id) !== replayId || replay.status !== 'playing') return;
    if ((await deps.queue.pending(tx, deps.dayJobs)) > 0) {
      // Behind it on the same queue: asked again exactly when that is done.
      await enqueueAdvance(deps, tx, replay.id, 0);
      return;
    }
    const today = dayOf(replay.simTime);
    if (today >= replay.toDay) {
      await updateReplay(tx, replay.id, { ...replay, status: 'ended' });
      await tell(deps, tx, { ...replay, status: 'ended' });
      deps.logger.info('replay_ended', { scenario: replay.scenario, sim_time: iso(replay.simTime) });
      return;
    }
    const next = { ...replay, simTime: lookAt(addDays(today, 1)) };
    await updateReplay(tx, replay.id, next);
    await deps.sweep(tx, next.simTime);
    await enqueueAdvance(deps, tx, replay.id, replay.secondsPerDay * 1_000);
    await tell(deps, tx, next);
    crashPoint('replay.day-before-commit');
  });
  crashPoint('replay.day-committed');
}

const enqueueAdvance = (deps: ReplayDeps, tx: Transaction, id: bigint, delayMs: number, mode: 'replace' | 'keep' = 'replace'): Promise<string> =>
  // One key: however often a start or a button asks, one next step waits.
  deps.queue.enqueue(tx, replayAdvanceJob, { replay_id: String(id) }, { key: replayAdvanceJob.name, mode, serialQueue: deps.dayQueue, newTrace: true, ...(delayMs > 0 ? { runAt: new Date(deps.clock.now() + delayMs) } : {}) });

function tell(deps: ReplayDeps, tx: Transaction, replay: Replay): Promise<void> {
  const { sim_time, day, status } = replayToView(replay);
  return deps.events.publish(tx, 'replay.tick', { sim_time, day, status });
}

async function refuseOtherPurpose(on: Executor): Promise<void> {
  await claimPurpose(on, 'replay');
}

/**
 * Refuses a database that is kept for the other purpose: recorded and live rows in one table could never be told apart again.
 * @throws CodedError REPLAY_PURPOSE_MISMATCH
 */
export async function claimPurpose(on: Executor, wanted: 'replay' | 'live'): Promise<void> {
  const kept = await stampPurpose(on, wanted);
  if (kept !== wanted) {
    throw errors.REPLAY_PURPOSE_MISMATCH({
      detail: `The database is kept for ${kept}, and this start is for ${wanted}`,
      field: 'DATABASE_URL',
      fix: kept === 'live' ? 'Start with --live, or name another database for a replay' : 'Start without --live, or name another database for the live desk',
    });
  }
}
