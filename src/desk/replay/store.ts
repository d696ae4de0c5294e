/** The SQL of replays. */
import type { Executor, Transaction } from '../../kernel/database/index.ts';
import { dayOf, daysBetween, iso, type IsoDay, type Millis } from '../../model/time.ts';
import type { ReplayView } from './views.ts';

export interface Replay {
  readonly id: bigint;
  readonly scenario: string;
  readonly title: string;
  readonly fromDay: IsoDay;
  readonly toDay: IsoDay;
  readonly simTime: Millis;
  readonly secondsPerDay: number;
  readonly status: 'playing' | 'paused' | 'ended';
  readonly startedAt: Millis;
}

interface Row {
  readonly id: bigint;
  readonly scenario: string;
  readonly title: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly sim_time: Date;
  readonly seconds_per_day: number;
  readonly status: Replay['status'];
  readonly started_at: Date;
}

const COLUMNS = 'id, scenario, title, from_day::text, to_day::text, sim_time, seconds_per_day, status, started_at';

const fromRow = (row: Row): Replay => ({
  id: row.id,
  scenario: row.scenario,
  title: row.title,
  fromDay: row.from_day,
  toDay: row.to_day,
  simTime: row.sim_time.getTime(),
  secondsPerDay: row.seconds_per_day,
  status: row.status,
  startedAt: row.started_at.getTime(),
});

/** The newest replay, or null. With `lock` no other transaction moves it meanwhile. */
export async function currentReplay(on: Executor, lock = false): Promise<Replay | null> {
  const { rows } = await on.query<Row>(`select ${COLUMNS} from replays order by id desc limit 1${lock ? ' for update' : ''}`);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function insertReplay(tx: Transaction, replay: Omit<Replay, 'id' | 'startedAt' | 'status'>): Promise<Replay> {
  const { rows } = await tx.query<Row>(
    `insert into replays (scenario, title, from_day, to_day, sim_time, seconds_per_day, status)
     values ($1, $2, $3, $4, $5, $6, 'playing') returning ${COLUMNS}`,
    [replay.scenario, replay.title, replay.fromDay, replay.toDay, new Date(replay.simTime), replay.secondsPerDay],
  );
  return fromRow(rows[0]!);
}

export async function updateReplay(tx: Transaction, id: bigint, change: Pick<Replay, 'simTime' | 'secondsPerDay' | 'status'>): Promise<void> {
  await tx.query('update replays set sim_time = $2, seconds_per_day = $3, status = $4, updated_at = now() where id = $1', [
    id,
    new Date(change.simTime),
    change.secondsPerDay,
    change.status,
  ]);
}

/**
 * Stamps the database with what it is for, the first time.
 * @returns what it was stamped with: the caller refuses to go on when that is the other
 */
export async function stampPurpose(on: Executor, purpose: 'replay' | 'live'): Promise<'replay' | 'live'> {
  await on.query('insert into desk_purpose (purpose) values ($1) on conflict do nothing', [purpose]);
  const { rows } = await on.query<{ purpose: 'replay' | 'live' }>('select purpose from desk_purpose');
  return rows[0]!.purpose;
}

export function replayToView(replay: Replay): ReplayView {
  return {
    scenario: replay.scenario,
    title: replay.title,
    from: replay.fromDay,
    to: replay.toDay,
    sim_time: iso(replay.simTime),
    day: daysBetween(replay.fromDay, dayOf(replay.simTime)) + 1,
    days: daysBetween(replay.fromDay, replay.toDay) + 1,
    seconds_per_day: replay.secondsPerDay,
    status: replay.status,
    started_at: iso(replay.startedAt),
  };
}
