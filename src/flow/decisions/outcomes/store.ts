/** The SQL of outcomes: written once and kept; the newest of people's words counts, else the newest of what was seen. */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import type { Micros } from '../../../model/money.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { iso, parseInstant, type Millis } from '../../../model/time.ts';
import type { Action } from '../options/index.ts';
import type { Passing, PolicyCosts } from './outcome.ts';

export interface NewOutcome {
  readonly id: string;
  readonly decisionId: string;
  readonly source: 'observed' | 'reported';
  readonly hit: boolean;
  readonly closedDays: number | null;
  /** The passage was still closed when this became known: the days are at least so many. */
  readonly stillClosed: boolean;
  /** Observed: traffic around the ship's day as a share of the baseline. */
  readonly levels: readonly { readonly chokepoint: ChokepointId; readonly level: number | null }[] | null;
  readonly delayDays: number | null;
  readonly costMicros: Micros | null;
  readonly actionTaken: Action | null;
  readonly note: string | null;
  readonly by: string | null;
  readonly costs: PolicyCosts | null;
  /** Desk time. */
  readonly knownAt: Millis;
}

export interface StoredOutcome extends NewOutcome {
  /** Wall clock. */
  readonly createdAt: Millis;
}

/** @returns how many were not there before */
export async function insertOutcomes(tx: Transaction, outcomes: readonly NewOutcome[]): Promise<number> {
  if (outcomes.length === 0) return 0;
  const records = outcomes.map((o) => ({
    id: o.id, decision_id: o.decisionId, source: o.source, hit: o.hit, closed_days: o.closedDays, still_closed: o.stillClosed, levels: o.levels, delay_days: o.delayDays, cost_micros: o.costMicros?.toString() ?? null,
    action_taken: o.actionTaken, note: o.note, reported_by: o.by, costs: o.costs && Object.fromEntries(Object.entries(o.costs).map(([policy, micros]) => [policy, String(micros)])), known_at: iso(o.knownAt),
  }));
  const columns = Object.keys(records[0]!).join(', ');
  const { rowCount } = await tx.query(`insert into decision_outcomes (${columns}) select ${columns} from jsonb_populate_recordset(null::decision_outcomes, $1::jsonb) on conflict (id) do nothing`, [JSON.stringify(records)]);
  return rowCount;
}

interface Row {
  id: string;
  decision_id: string;
  source: 'observed' | 'reported';
  hit: boolean;
  closed_days: number | null;
  still_closed: boolean;
  levels: { chokepoint: ChokepointId; level: number | null }[] | null;
  delay_days: number | null;
  cost_micros: bigint | null;
  action_taken: Action | null;
  note: string | null;
  reported_by: string | null;
  costs: Record<string, string> | null;
  known_at: Date;
  created_at: Date;
}

const costsOf = (json: Row['costs']): PolicyCosts | null => json && (Object.fromEntries(Object.entries(json).map(([policy, micros]) => [policy, BigInt(micros)])) as PolicyCosts);

/** All outcomes of a decision; the one that counts first. */
export async function outcomesOf(on: Executor, decisionId: string): Promise<readonly StoredOutcome[]> {
  const { rows } = await on.query<Row>(`select * from decision_outcomes where decision_id = $1 order by (source = 'reported') desc, seq desc`, [decisionId]);
  return rows.map((r) => ({
    id: r.id, decisionId: r.decision_id, source: r.source, hit: r.hit, closedDays: r.closed_days, stillClosed: r.still_closed, levels: r.levels, delayDays: r.delay_days, costMicros: r.cost_micros,
    actionTaken: r.action_taken, note: r.note, by: r.reported_by, costs: costsOf(r.costs), knownAt: r.known_at.getTime(), createdAt: r.created_at.getTime(),
  }));
}

/** A decision whose ship is past its passages by schedule, and of which the desk has not settled what came. */
export interface Unsettled {
  readonly id: string;
  readonly passings: readonly Passing[];
  /** Of the last of them. */
  readonly passesAt: Millis;
  readonly asOf: Millis;
  /** Something was seen already: the passage had not opened by then. */
  readonly seen: boolean;
}

export async function unsettledDecisions(tx: Transaction, from: Millis, to: Millis): Promise<readonly Unsettled[]> {
  const { rows } = await tx.query<{ id: string; passages: { chokepoint: ChokepointId; passes_at: string }[]; passes_at: Date; as_of: Date; seen: boolean }>(
    `select id, passages, passes_at, as_of, exists (select 1 from decision_outcomes o where o.decision_id = d.id and o.source = 'observed') as seen
       from decisions d where settled_as_of is null and passes_at between $1 and $2 order by passes_at, id`,
    [iso(from), iso(to)],
  );
  return rows.map((r) => ({ id: r.id, passings: passingsOf(r.passages), passesAt: r.passes_at.getTime(), asOf: r.as_of.getTime(), seen: r.seen }));
}

export async function passingsOfDecision(on: Executor, id: string): Promise<readonly Passing[]> {
  const { rows } = await on.query<{ passages: { chokepoint: ChokepointId; passes_at: string }[] }>('select passages from decisions where id = $1', [id]);
  return passingsOf(rows[0]?.passages ?? []);
}

const passingsOf = (passages: readonly { chokepoint: ChokepointId; passes_at: string }[]): readonly Passing[] => passages.map((p) => ({ chokepoint: p.chokepoint, passesAt: parseInstant(p.passes_at) }));

export async function markSettled(tx: Transaction, ids: readonly string[], asOf: Millis): Promise<void> {
  if (ids.length > 0) await tx.query('update decisions set settled_as_of = $2 where id = any($1::text[]) and settled_as_of is null', [ids, iso(asOf)]);
}

/** A decision whose end is known by a time. */
export interface Decided {
  readonly id: string;
  readonly shipmentId: string;
  readonly corridor: readonly string[];
  readonly action: Action;
  readonly asOf: Millis;
  readonly passesAt: Millis;
  /** P(one of its passages is closed when the ship gets there). */
  readonly probability: number;
  readonly hit: boolean;
  readonly knownAt: Millis;
  readonly costs: PolicyCosts | null;
}

/** Oldest first. Nothing that became known after `asOf`. */
export async function decidedBy(on: Executor, asOf: Millis): Promise<readonly Decided[]> {
  const { rows } = await on.query<{ id: string; shipment_id: string; corridor: string[]; action: Action; as_of: Date; passes_at: Date; probability: number; hit: boolean; known_at: Date; costs: Record<string, string> | null }>(
    `select d.id, d.shipment_id, d.corridor, d.action, d.as_of, d.passes_at, d.probability, o.hit, o.known_at, o.costs
       from (select distinct on (decision_id) * from decision_outcomes where known_at <= $1 order by decision_id, (source = 'reported') desc, seq desc) o
       join decisions d on d.id = o.decision_id order by d.as_of, d.id`,
    [iso(asOf)],
  );
  return rows.map((r) => ({
    id: r.id, shipmentId: r.shipment_id, corridor: r.corridor, action: r.action, asOf: r.as_of.getTime(), passesAt: r.passes_at.getTime(), probability: r.probability, hit: r.hit, knownAt: r.known_at.getTime(), costs: costsOf(r.costs),
  }));
}
