/**
 * One evaluation: every shipment that a change touches is assessed; a decision that moved beyond hysteresis is stored and supersedes.
 * All in the caller's transaction. Repeating it with the same time and facts stores nothing.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { parseUsd } from '../../model/money.ts';
import type { ChokepointId } from '../../model/place.ts';
import { parseInstant, type Millis } from '../../model/time.ts';
import { customersById, shipmentsAhead, type Ahead, type Customer, type RoutePlanner } from '../shipping/index.ts';
import { assess } from './assess.ts';
import { isAlertWorthy } from './alert-worthy.ts';
import { explain } from './decide.ts';
import { exposureOf } from './exposure.ts';
import { movement, type Movement } from './hysteresis.ts';
import type { DecisionInputs, EventRisk, FreightRate } from './inputs.ts';
import type { FreightReader, MadeDecision, OnDecision, RiskReader } from './ports.ts';
import { evidenceOf, normalInputs, recordOf } from './record.ts';
import { PARAMETERS, RULE_VERSION } from './settings.ts';
import { closeDecisions, insertDecisions, latestDecisions, lockDecisions, pairKey, type Closing, type Latest, type NewDecision } from './store/decisions.ts';

export interface EvaluateDeps {
  readonly risks: RiskReader;
  readonly planner: RoutePlanner;
  readonly freight: FreightReader | null;
  readonly onDecision: OnDecision;
}

/** What to look at. Null: everything. */
export interface Scope {
  readonly asOf: Millis;
  readonly cause: string;
  readonly chokepoints: readonly ChokepointId[] | null;
  readonly shipmentIds: readonly string[] | null;
}

export interface Evaluation {
  readonly assessed: number;
  readonly made: readonly MadeDecision[];
  readonly superseded: number;
  readonly expired: number;
  /** Assessed, and the standing decision stands. */
  readonly unchanged: number;
}

export async function evaluate(tx: Transaction, deps: EvaluateDeps, scope: Scope): Promise<Evaluation> {
  await lockDecisions(tx);
  const risks = byChokepoint(await deps.risks.eventRisks(tx, scope.asOf), scope.chokepoints);
  const ahead = await shipmentsAhead(tx, [...risks.keys()], scope.asOf, scope.shipmentIds);
  const latest = await latestDecisions(tx, scope.chokepoints, scope.shipmentIds);
  const customers = await customersById(tx, [...new Set(ahead.map((a) => a.shipment.customerId))]);
  const round: Round = { tx, deps, scope, risks, latest, customers, rates: new Map(), supported: new Set(), made: [], superseded: 0, stored: 0 };
  for (let at = 0; at < ahead.length; at += SHIPMENTS_A_STEP) await step(round, ahead.slice(at, at + SHIPMENTS_A_STEP));
  const expired = expiring(latest, round.supported, scope);
  await closeDecisions(tx, expired, scope.asOf);
  crashPoint('decisions.handed-over-before-commit');
  return { assessed: ahead.length, made: round.made, superseded: round.superseded, expired: expired.length, unchanged: round.supported.size - round.stored };
}

/** A decision in full takes about 2 ms of this thread: between steps the event loop turns, and Postgres hears of the transaction. */
const SHIPMENTS_A_STEP = 50;

/** What one evaluation holds on its way through the shipments. */
interface Round {
  readonly tx: Transaction;
  readonly deps: EvaluateDeps;
  readonly scope: Scope;
  readonly risks: ReadonlyMap<ChokepointId, readonly EventRisk[]>;
  readonly latest: ReadonlyMap<string, Latest>;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly rates: Map<string, FreightRate | null>;
  /** Pairs of which a risk speaks. */
  readonly supported: Set<string>;
  readonly made: MadeDecision[];
  superseded: number;
  stored: number;
}

async function step(round: Round, ahead: readonly Ahead[]): Promise<void> {
  const { tx, deps, scope } = round;
  const fresh: NewDecision[] = [];
  const closings: Closing[] = [];
  for (const each of ahead) {
    const key = pairKey(each.shipment.id, each.chokepoint);
    const before = round.latest.get(key) ?? null;
    // A late job of an earlier time never overrules what was decided later.
    if (before && before.asOf > scope.asOf) {
      round.supported.add(key);
      continue;
    }
    const inputs = await inputsOf(tx, deps, each, round.risks.get(each.chokepoint) ?? [], round.rates, scope.asOf);
    const outcome = weigh(inputs, standing(before), scope.cause, round.customers);
    if (outcome === 'unsupported') continue;
    round.supported.add(key);
    if (outcome === 'stands') continue;
    fresh.push(outcome);
    if (standing(before)) closings.push({ id: before!.id, by: outcome.record.id, reason: outcome.movement });
  }
  round.superseded += closings.length;
  round.stored += fresh.length;
  await store(round, fresh, closings);
}

const isStanding = (d: Latest): boolean => d.status === 'active' || d.status === 'acknowledged' || d.status === 'overridden';
const standing = (d: Latest | null): Latest | null => (d && isStanding(d) ? d : null);

/** Somebody took the advice and its deadline is over: the choice is made, and advising another would only confuse. */
const isActedOn = (d: Latest, asOf: Millis): boolean =>
  (d.status === 'acknowledged' || d.status === 'overridden') && d.action !== 'proceed' && d.action !== 'wait' && d.deadline !== null && d.deadline <= asOf;

function byChokepoint(risks: readonly EventRisk[], only: readonly ChokepointId[] | null): ReadonlyMap<ChokepointId, readonly EventRisk[]> {
  const map = new Map<ChokepointId, EventRisk[]>();
  for (const risk of risks) if (only === null || only.includes(risk.chokepoint)) map.set(risk.chokepoint, [...(map.get(risk.chokepoint) ?? []), risk]);
  return map;
}

async function inputsOf(tx: Transaction, deps: EvaluateDeps, each: Ahead, risks: readonly EventRisk[], rates: Map<string, FreightRate | null>, asOf: Millis): Promise<DecisionInputs> {
  const { shipment, chokepoint } = each;
  const lane = `${shipment.from}-${shipment.to}`;
  if (!rates.has(lane)) rates.set(lane, (await deps.freight?.laneRate(tx, shipment.from, shipment.to, asOf)) ?? null);
  return {
    asOf,
    shipment,
    chokepoint,
    places: { from: each.fromName, to: each.toName },
    routes: { usual: each.route, avoiding: deps.planner.route(shipment.from, shipment.to, { closed: [chokepoint] }) },
    risks,
    freight: rates.get(lane) ?? null,
  };
}

/** @returns `unsupported`: nothing speaks for a decision; `stands`: nothing moved beyond hysteresis */
function weigh(given: DecisionInputs, before: Latest | null, cause: string, customers: ReadonlyMap<string, Customer>): NewDecision | 'unsupported' | 'stands' {
  if (before && isActedOn(before, given.asOf) && given.risks.length > 0) return 'stands';
  if (!exposureOf(given.shipment, given.routes.usual, given.chokepoint, given.risks, given.asOf)) return 'unsupported';
  const inputs = normalInputs(given);
  const assessment = assess(inputs);
  if (!assessment || assessment.world.p < PARAMETERS.probabilityFloor) return 'unsupported';
  const now = { action: assessment.action, deadline: assessment.deadline, expectedCost: assessment.expectedCost, ruleVersion: RULE_VERSION };
  const moved: Movement | 'first' | null = before ? movement(before, now) : 'first';
  if (moved === null) return 'stands';
  const content = explain(inputs, assessment);
  const customer = customers.get(content.customer_id);
  return { record: recordOf(inputs, content), evidence: evidenceOf(inputs), cause, movement: moved, alertWorthy: customer !== undefined && isAlertWorthy(content, customer) };
}

/** Standing decisions whose passage lies behind, or of which no risk speaks any more. */
function expiring(latest: ReadonlyMap<string, Latest>, supported: ReadonlySet<string>, scope: Scope): readonly Closing[] {
  return [...latest].flatMap(([key, d]): Closing[] => (isStanding(d) && !supported.has(key) && d.asOf <= scope.asOf ? [{ id: d.id, by: null, reason: 'no_longer_exposed' }] : []));
}

async function store({ tx, deps, scope, customers, made }: Round, fresh: readonly NewDecision[], closings: readonly Closing[]): Promise<void> {
  // First the old out of force: one decision stands for a shipment at a passage.
  await closeDecisions(tx, closings, scope.asOf);
  const stored = await insertDecisions(tx, fresh);
  if (stored.size > 0) crashPoint('decisions.stored-before-handed-over');
  for (const d of fresh) {
    const customer = customers.get(d.record.content.customer_id);
    if (!stored.has(d.record.id) || !customer) continue;
    const decision = madeDecision(d, customer, scope.asOf, closings.find((c) => c.by === d.record.id)?.id ?? null);
    await deps.onDecision(tx, decision);
    made.push(decision);
  }
}

function madeDecision(d: NewDecision, customer: Customer, asOf: Millis, supersedes: string | null): MadeDecision {
  const { id, content } = d.record;
  return {
    id,
    eventKey: pairKey(content.shipment_id, content.chokepoint),
    content,
    expectedCostMicros: parseUsd(content.expected_cost_usd),
    deadline: content.deadline === null ? null : parseInstant(content.deadline),
    asOf,
    customer,
    alertWorthy: d.alertWorthy,
    supersedes,
  };
}
