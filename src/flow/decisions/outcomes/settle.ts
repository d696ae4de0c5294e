/**
 * The desk's own look at what came of its decisions: once a ship's time at its passages is over and the counts of those days are known.
 * Incremental: a decision that is settled is not looked at again. Repeating it with the same time stores nothing.
 */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import { crashPoint } from '../../../kernel/faults/crash-point.ts';
import { deterministicId } from '../../../model/ids.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { DAY_MS, type Millis } from '../../../model/time.ts';
import { inputsFromJson } from '../record.ts';
import { findRecord } from '../store/decisions.ts';
import { closedAt, metBy, policyCosts, type PolicyCosts, type SeenPassages } from './outcome.ts';
import { insertOutcomes, markSettled, unsettledDecisions, type NewOutcome, type Unsettled } from './store.ts';

/** The traffic of passages as known at `asOf`. */
export type SeenReader = (on: Executor, passages: readonly ChokepointId[], asOf: Millis) => Promise<SeenPassages>;

/** A passage that nobody has counted by then is not going to be: there is no outcome. */
const GIVE_UP_MS = 60 * DAY_MS;
/** A closing that was met is followed to its end for so long. */
const FOLLOW_MS = 400 * DAY_MS;

export interface Settlement {
  /** Decisions of which an outcome was stored. */
  readonly observed: number;
  /** Decisions that will not be looked at again. */
  readonly settled: number;
}

export async function settle(tx: Transaction, seenBy: SeenReader, asOf: Millis): Promise<Settlement> {
  const due = await unsettledDecisions(tx, asOf - FOLLOW_MS - GIVE_UP_MS, asOf);
  if (due.length === 0) return { observed: 0, settled: 0 };
  const seen = await seenBy(tx, [...new Set(due.flatMap((d) => d.passings.map((p) => p.chokepoint)))].sort(), asOf);
  const outcomes: NewOutcome[] = [];
  const settled: string[] = [];
  for (const decision of due) {
    const looked = await look(tx, decision, seen, asOf);
    if (looked.outcome) outcomes.push(looked.outcome);
    if (looked.settled) settled.push(decision.id);
  }
  const observed = await insertOutcomes(tx, outcomes);
  await markSettled(tx, settled, asOf);
  crashPoint('decisions.settled-before-commit');
  return { observed, settled: settled.length };
}

interface Looked {
  readonly outcome: NewOutcome | null;
  readonly settled: boolean;
}

/** A closing is told when it is met, and again with its length when it is over. */
async function look(tx: Transaction, d: Unsettled, seen: SeenPassages, asOf: Millis): Promise<Looked> {
  const met = metBy(d.passings, seen);
  if (!met) return { outcome: null, settled: asOf - d.passesAt > GIVE_UP_MS };
  const costs = met.censored ? null : await costsOf(tx, d, seen);
  const settled = costs !== null || asOf - d.passesAt > (met.censored ? FOLLOW_MS : GIVE_UP_MS);
  if (d.seen && !settled) return { outcome: null, settled };
  const levels = d.passings.map(({ chokepoint, passesAt }) => ({ chokepoint, level: seen.get(chokepoint)?.level(passesAt) ?? null }));
  const none = { delayDays: null, costMicros: null, actionTaken: null, note: null, by: null };
  const id = deterministicId('out', d.id, 'observed', settled);
  return { outcome: { ...none, id, decisionId: d.id, source: 'observed', hit: met.hit, closedDays: met.closedDays, stillClosed: met.censored, levels, costs, knownAt: asOf }, settled };
}

/** @returns null as long as what an advised delay met is not known */
async function costsOf(tx: Transaction, d: Unsettled, seen: SeenPassages): Promise<PolicyCosts | null> {
  const record = await findRecord(tx, d.id);
  return record && policyCosts(inputsFromJson(record.inputs), record.content, (later) => metBy(d.passings, seen, later), closedAt(d.passings, seen, d.asOf));
}
