/** Jobs at fixed times. Every process looks; the row's lock lets one of them enqueue a slot. */
import { iso, SECOND_MS, type Clock } from '../../model/time.ts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../logging/types.ts';
import { nextRun } from './cron.ts';
import { enqueue } from './enqueue.ts';
import type { Outcome } from './job-metrics.ts';
import type { RunDependencies } from './run-job.ts';
import { noTrace } from './trace-context.ts';
import type { JobDefinition } from './types.ts';

export interface ScheduledJob {
  readonly name: string;
  readonly cron: string;
  /** ISO instants. */
  readonly next_run_at: string;
  readonly last_slot_at: string | null;
  readonly last_started_at: string | null;
  readonly last_duration_ms: number | null;
  readonly last_outcome: Outcome | null;
  readonly last_error: string | null;
  /** How late: the last start after its slot, or the time by which a slot is overdue. */
  readonly lag_seconds: number;
}

export interface Schedules {
  add(cron: string, job: JobDefinition<Record<string, never>>): void;
  /** Writes the schedules down; one that is known keeps its next time. */
  register(): Promise<void>;
  /** Enqueues what is due. Slots missed while nobody ran become one run. */
  tick(): Promise<void>;
  /** Remembers how a run of a scheduled kind ended. */
  ended: RunDependencies['onEnd'];
  list(): Promise<readonly ScheduledJob[]>;
}

interface Row {
  readonly name: string;
  readonly cron: string;
  readonly next_run_at: Date;
  readonly last_slot_at: Date | null;
  readonly last_started_at: Date | null;
  readonly last_duration_ms: number | null;
  readonly last_outcome: Outcome | null;
  readonly last_error: string | null;
}

export function createSchedules(deps: { readonly db: Database; readonly clock: Clock; readonly logger: Logger }): Schedules {
  const { db, clock, logger } = deps;
  const known = new Map<string, { readonly cron: string; readonly job: JobDefinition<Record<string, never>> }>();

  async function enqueueSlot(name: string): Promise<void> {
    const schedule = known.get(name)!;
    await db.transaction(async (tx) => {
      const now = clock.now();
      const { rows } = await tx.query<{ slot: Date }>(
        'select next_run_at as slot from job_schedules where name = $1 and next_run_at <= $2 for update skip locked',
        [name, new Date(now)],
      );
      if (!rows[0]) return;
      // Kept when the one of an earlier slot still waits: a schedule says how often, not how many.
      const id = await enqueue(noTrace, tx, schedule.job, {}, { key: `schedule:${name}`, mode: 'keep' });
      await tx.query('update job_schedules set last_slot_at = $2, next_run_at = $3, last_job_id = $4 where name = $1', [name, rows[0].slot, new Date(nextRun(schedule.cron, now)), id]);
    });
  }

  return {
    add(cron, job) {
      nextRun(cron, clock.now());
      known.set(job.name, { cron, job });
    },
    async register() {
      for (const [name, { cron }] of known) {
        await db.query(
          `insert into job_schedules (name, cron, next_run_at) values ($1, $2, $3)
           on conflict (name) do update set cron = excluded.cron, next_run_at = excluded.next_run_at where job_schedules.cron <> excluded.cron`,
          [name, cron, new Date(nextRun(cron, clock.now()))],
        );
      }
    },
    async tick() {
      if (known.size === 0) return;
      const { rows } = await db.query<{ name: string }>('select name from job_schedules where next_run_at <= $1 and name = any($2::text[])', [new Date(clock.now()), [...known.keys()]]);
      for (const { name } of rows) await enqueueSlot(name);
    },
    ended(name, end) {
      if (!known.has(name) || end.outcome === 'fenced') return;
      void db
        .query('update job_schedules set last_started_at = $2, last_duration_ms = $3, last_outcome = $4, last_error = $5 where name = $1', [
          name,
          new Date(end.startedAtMs),
          Math.round(end.durationMs),
          end.outcome,
          end.error,
        ])
        .catch((error: unknown) => logger.warn('job_schedule_not_noted', { job: name, error }));
    },
    async list() {
      const { rows } = await db.query<Row>('select * from job_schedules order by name');
      return rows.map((row) => describe(row, clock.now()));
    },
  };
}

function describe(row: Row, now: number): ScheduledJob {
  const text = (at: Date | null): string | null => (at ? iso(at.getTime()) : null);
  const overdue = now - row.next_run_at.getTime();
  const late = row.last_started_at && row.last_slot_at ? row.last_started_at.getTime() - row.last_slot_at.getTime() : 0;
  return {
    name: row.name,
    cron: row.cron,
    next_run_at: iso(row.next_run_at.getTime()),
    last_slot_at: text(row.last_slot_at),
    last_started_at: text(row.last_started_at),
    last_duration_ms: row.last_duration_ms,
    last_outcome: row.last_outcome,
    last_error: row.last_error,
    lag_seconds: Math.max(0, overdue, late) / SECOND_MS,
  };
}
