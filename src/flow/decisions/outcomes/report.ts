/** What a person tells of a decision's end. It counts before what the desk has seen; a second word corrects the first, and both are kept. */
import type { Transaction } from '../../../kernel/database/types.ts';
import { deterministicId } from '../../../model/ids.ts';
import { toDecimal, type Micros } from '../../../model/money.ts';
import { iso, type Millis } from '../../../model/time.ts';
import type { Audit } from '../../shipping/index.ts';
import type { Action } from '../options/index.ts';
import { inputsFromJson } from '../record.ts';
import { findRecord, type StoredDecision } from '../store/decisions.ts';
import { closedAt, metBy, policyCosts, type PolicyCosts } from './outcome.ts';
import type { SeenReader } from './settle.ts';
import { insertOutcomes, outcomesOf, passingsOfDecision, type NewOutcome, type StoredOutcome } from './store.ts';

export interface ReportedOutcome {
  readonly hit: boolean;
  readonly delayDays: number | null;
  /** What it cost beyond the undisturbed voyage, all told. */
  readonly cost: Micros | null;
  /** Null: what was advised. */
  readonly actionTaken: Action | null;
  readonly note: string | null;
}

export interface ReportDeps {
  readonly audit: Audit;
  readonly seen: SeenReader;
}

/** @param decision locked @param now desk time. A repeat of what the same person has said last changes nothing and is not audited again. */
export async function reportOutcome(deps: ReportDeps, tx: Transaction, decision: StoredDecision, told: ReportedOutcome, by: string, now: Millis): Promise<void> {
  const before = await outcomesOf(tx, decision.id);
  const last = before.find((o) => o.source === 'reported');
  if (last && last.by === by && sameWords(last, told)) return;
  const outcome: NewOutcome = {
    id: deterministicId('out', decision.id, 'reported', before.length),
    decisionId: decision.id,
    source: 'reported',
    hit: told.hit,
    closedDays: told.hit ? null : 0,
    stillClosed: false,
    levels: null,
    delayDays: told.delayDays,
    costMicros: told.cost,
    actionTaken: told.actionTaken,
    note: told.note,
    by,
    costs: await costsOf(deps, tx, decision, told, now),
    knownAt: now,
  };
  await insertOutcomes(tx, [outcome]);
  const current = before[0];
  await deps.audit(tx, { actor: by, action: 'decision.outcome', target: decision.id, reason: told.note, before: current ? inShort(current) : null, after: inShort(outcome) });
}

const sameWords = (o: StoredOutcome, t: ReportedOutcome): boolean => o.hit === t.hit && o.delayDays === t.delayDays && o.costMicros === t.cost && o.actionTaken === t.actionTaken && o.note === t.note;

const inShort = (o: NewOutcome) => ({ outcome: o.id, source: o.source, hit: o.hit, delay_days: o.delayDays, cost_usd: o.costMicros === null ? null : toDecimal(o.costMicros), action_taken: o.actionTaken, known_at: iso(o.knownAt) });

/**
 * What the policies come to under what was told; of what was done, as told. A closing's length is the delay that was told, else what the
 * counts say of it; where neither is known there are no costs.
 */
async function costsOf({ seen }: ReportDeps, tx: Transaction, { id, content, asOf }: StoredDecision, told: ReportedOutcome, now: Millis): Promise<PolicyCosts | null> {
  const record = await findRecord(tx, id);
  const passings = await passingsOfDecision(tx, id);
  const levels = await seen(tx, passings.map((p) => p.chokepoint), now);
  const observed = metBy(passings, levels);
  const closedDays = !told.hit ? 0 : (told.delayDays ?? (observed?.hit && !observed.censored ? observed.closedDays : null));
  if (!record || closedDays === null) return null;
  const met = (later: number) => (later === 0 ? { hit: told.hit, closedDays } : metBy(passings, levels, later));
  const costs = policyCosts(inputsFromJson(record.inputs), content, met, closedAt(passings, levels, asOf));
  return costs && told.cost !== null && (told.actionTaken ?? content.action) === content.action ? { ...costs, chosen: told.cost } : costs;
}
