/**
 * One evaluation: every shipment that a change touches is assessed; a decision that moved beyond hysteresis is stored and supersedes.
 * All in the caller's transaction. Repeating it with the same time and facts stores nothing.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { parseUsd } from '../../model/money.ts';
import type { ChokepointId } from '../../model/place.ts';
import { parseInstant, type Millis } from '../../model/time.ts';
import { customersById, shipmentsAhead, type Ahead, type Customer, type RoutePlanner, type Shipment } from '../shipping/index.ts';
import { assess } from './assess.ts';
import { isAlertWorthy } from './alert-worthy.ts';
import { reckon, say } from './decide.ts';
import { exposureOf } from './exposure.ts';
import { movement, type Movement } from './hysteresis.ts';
import { groundsOf, keptGrounds, type Grounds, type KeptGrounds } from './grounds.ts';
import type { DecisionInputs, DecisionReader, EventRisk, FreightRate } from './inputs.ts';
import type { FreightReader, MadeDecision, OnDecision, RiskReader } from './ports.ts';
import { decisionId, ownInputsJson } from './record.ts';
import { PARAMETERS, RULE_VERSION } from './settings.ts';
import { closeDecisions, insertDecisions, insertShared, latestDecisions, lockDecisions, pairKey, type Closing, type Latest, type NewDecision } from './store/decisions.ts';
import { en } from './texts/index.ts';
import { toldIn, type Told } from './told.ts';
import { onwardRisks, waysFor, type Ways } from './ways.ts';

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
  const found = byChokepoint(await deps.risks.eventRisks(tx, scope.asOf, scope.chokepoints), scope.chokepoints);
  const ahead = await shipmentsAhead(tx, [...found.keys()], scope.asOf, scope.shipmentIds);
  const latest = await latestDecisions(tx, scope.chokepoints, scope.shipmentIds, scope.asOf);
  const customers = await customersById(tx, [...new Set(ahead.map((a) => a.shipment.customerId))]);
  const ways = waysFor(deps.planner);
  const grounds = await groundsFor(tx, deps, scope, found, ahead, ways);
  const round: Round = { tx, deps, scope, grounds, ways, latest, customers, rates: new Map(), supported: new Set(), kept: new Map(), made: [], superseded: 0, stored: 0 };
  let writing: Promise<void> = Promise.resolve();
  for (let at = 0; at < ahead.length; at += SHIPMENTS_A_STEP) {
    const next = await weighed(round, ahead.slice(at, at + SHIPMENTS_A_STEP));
    // Postgres writes one step while this thread weighs the next.
    await writing;
    writing = store(round, next);
    writing.catch(() => undefined);
    await breathe();
  }
  await writing;
  const expired = expiring(latest, round.supported, scope);
  await closeDecisions(tx, expired, scope.asOf);
  crashPoint('decisions.handed-over-before-commit');
  return { assessed: ahead.length, made: round.made, superseded: round.superseded, expired: expired.length, unchanged: round.supported.size - round.stored };
}

/** A decision in full takes about 1 ms of this thread: between steps the event loop turns, and Postgres hears of the transaction. */
const SHIPMENTS_A_STEP = 100;
const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What one evaluation holds on its way through the shipments. */
interface Round {
  readonly tx: Transaction;
  readonly deps: EvaluateDeps;
  readonly scope: Scope;
  /** By passage; of passages on a way around too. */
  readonly grounds: ReadonlyMap<ChokepointId, Grounds>;
  readonly ways: Ways;
  readonly latest: ReadonlyMap<string, Latest>;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly rates: Map<string, FreightRate | null>;
  /** Pairs of which a risk speaks. */
  readonly supported: Set<string>;
  /** Grounds as kept, by passage. */
  readonly kept: Map<ChokepointId, KeptGrounds>;
  readonly made: MadeDecision[];
  superseded: number;
  stored: number;
}

interface Fresh extends NewDecision {
  readonly told: Told | null;
}

interface Weighed {
  readonly fresh: readonly Fresh[];
  readonly closings: readonly Closing[];
}

async function weighed(round: Round, ahead: readonly Ahead[]): Promise<Weighed> {
  const { scope } = round;
  const fresh: Fresh[] = [];
  const closings: Closing[] = [];
  for (const each of ahead) {
    const key = pairKey(each.shipment.id, each.chokepoint);
    const before = round.latest.get(key) ?? null;
    // A late job of an earlier time never overrules what was decided later.
    if (before && before.asOf > scope.asOf) {
      round.supported.add(key);
      continue;
    }
    const outcome = weigh(round, each, await laneRate(round, each.shipment), standing(before));
    if (outcome === 'unsupported') continue;
    round.supported.add(key);
    if (outcome === 'stands') continue;
    fresh.push(outcome);
    if (standing(before)) closings.push({ id: before!.id, by: outcome.id, reason: outcome.movement });
  }
  round.superseded += closings.length;
  round.stored += fresh.length;
  return { fresh, closings };
}

const isStanding = (d: Latest): boolean => d.status === 'active' || d.status === 'acknowledged' || d.status === 'overridden';
const standing = (d: Latest | null): Latest | null => (d && isStanding(d) ? d : null);

/** Somebody took the advice and its deadline is over: the choice is made, and advising another would only confuse. */
const isActedOn = (d: Latest, asOf: Millis): boolean =>
  (d.status === 'acknowledged' || d.status === 'overridden') && d.action !== 'proceed' && d.action !== 'wait' && d.deadline !== null && d.deadline <= asOf;

function byChokepoint(risks: readonly EventRisk[], only: readonly ChokepointId[] | null): ReadonlyMap<ChokepointId, readonly EventRisk[]> {
  const map = new Map<ChokepointId, EventRisk[]>();
  for (const risk of risks) {
    if (only !== null && !only.includes(risk.chokepoint)) continue;
    const same = map.get(risk.chokepoint);
    if (same) same.push(risk);
    else map.set(risk.chokepoint, [risk]);
  }
  return map;
}

/** The risks of the passages touched, and those of passages that only a way around leads to. */
async function groundsFor(tx: Transaction, deps: EvaluateDeps, scope: Scope, found: ReadonlyMap<ChokepointId, readonly EventRisk[]>, ahead: readonly Ahead[], ways: Ways): Promise<ReadonlyMap<ChokepointId, Grounds>> {
  const grounds = new Map([...found].map(([id, risks]) => [id, groundsOf(id, risks, scope.asOf)]));
  if (scope.chokepoints === null) return grounds;
  const around = new Set(ahead.flatMap((a) => ways(a).onward.map((p) => p.id)).filter((id) => !scope.chokepoints!.includes(id)));
  const more = around.size === 0 ? [] : byChokepoint(await deps.risks.eventRisks(tx, scope.asOf, [...around].sort()), [...around]);
  for (const [id, risks] of more) grounds.set(id, groundsOf(id, risks, scope.asOf));
  return grounds;
}

async function laneRate({ tx, deps, rates, scope }: Round, s: Shipment): Promise<FreightRate | null> {
  const lane = `${s.from}-${s.to}`;
  const known = rates.get(lane);
  if (known !== undefined) return known;
  const rate = (await deps.freight?.laneRate(tx, s.from, s.to, scope.asOf)) ?? null;
  rates.set(lane, rate);
  return rate;
}

function inputsOf({ grounds, ways, scope, customers }: Round, each: Ahead, own: Grounds, freight: FreightRate | null): DecisionInputs {
  const way = ways(each);
  const customer = customers.get(each.shipment.customerId);
  const onward = onwardRisks(way, each.shipment, grounds, scope.asOf);
  return {
    asOf: scope.asOf,
    shipment: each.shipment,
    chokepoint: each.chokepoint,
    places: { from: each.fromName, to: each.toName },
    routes: { usual: each.route, avoiding: way.avoiding },
    risks: own.risks,
    freight,
    ...(customer && { reader: readerOf(customer) }),
    ...(onward.length > 0 && { onward }),
  };
}

const readerOf = (customer: Customer): DecisionReader => ({ tolerance: customer.riskTolerance });

/** @returns `unsupported`: nothing speaks for a decision; `stands`: nothing moved beyond hysteresis */
function weigh(round: Round, each: Ahead, freight: FreightRate | null, before: Latest | null): Fresh | 'unsupported' | 'stands' {
  const { scope, customers } = round;
  const grounds = round.grounds.get(each.chokepoint);
  if (!grounds) return 'unsupported';
  if (before && isActedOn(before, scope.asOf)) return 'stands';
  if (!exposureOf(each.shipment, each.route, each.chokepoint, grounds.windows, scope.asOf)) return 'unsupported';
  const inputs = inputsOf(round, each, grounds, freight);
  const assessment = assess(inputs, grounds, PARAMETERS.probabilityFloor);
  if (!assessment) return 'unsupported';
  const now = { action: assessment.action, deadline: assessment.deadline, expectedCost: assessment.expectedCost, ruleVersion: RULE_VERSION };
  const moved: Movement | 'first' | null = before ? movement(before, now) : 'first';
  if (moved === null) return 'stands';
  const reckoned = reckon(inputs, grounds, assessment);
  const content = say(reckoned, en);
  const customer = customers.get(content.customer_id);
  const alertWorthy = customer !== undefined && isAlertWorthy(content, customer);
  const told = alertWorthy ? toldIn(customer.language, reckoned, content) : null;
  return { id: decisionId(content), inputs: ownInputsJson(inputs), content, grounds: keptOf(round, grounds), cause: scope.cause, movement: moved, alertWorthy, told };
}

function keptOf({ kept }: Round, grounds: Grounds): KeptGrounds {
  let found = kept.get(grounds.chokepoint);
  if (!found) kept.set(grounds.chokepoint, (found = keptGrounds(grounds, en)));
  return found;
}

/** Standing decisions whose passage lies behind, or of which no risk speaks any more. */
function expiring(latest: ReadonlyMap<string, Latest>, supported: ReadonlySet<string>, scope: Scope): readonly Closing[] {
  return [...latest].flatMap(([key, d]): Closing[] => (isStanding(d) && !supported.has(key) && d.asOf <= scope.asOf ? [{ id: d.id, by: null, reason: 'no_longer_exposed' }] : []));
}

async function store({ tx, deps, scope, customers, made }: Round, { fresh, closings }: Weighed): Promise<void> {
  if (fresh.length === 0) return;
  // Sent at once, done in this order: first the old out of force, since one decision stands for a shipment at a passage.
  const [, , stored] = await Promise.all([closeDecisions(tx, closings, scope.asOf), insertShared(tx, new Set(fresh.map((d) => d.grounds))), insertDecisions(tx, fresh)]);
  if (stored.size > 0) crashPoint('decisions.stored-before-handed-over');
  const replaced = new Map(closings.map((c) => [c.by, c.id]));
  for (const d of fresh) {
    const customer = customers.get(d.content.customer_id);
    if (!stored.has(d.id) || !customer) continue;
    const decision = madeDecision(d, customer, scope.asOf, replaced.get(d.id) ?? null);
    await deps.onDecision(tx, decision);
    made.push(decision);
  }
}

function madeDecision(d: Fresh, customer: Customer, asOf: Millis, supersedes: string | null): MadeDecision {
  const { id, content } = d;
  return {
    id,
    eventKey: pairKey(content.shipment_id, content.chokepoint),
    content,
    expectedCostMicros: parseUsd(content.expected_cost_usd),
    deadline: content.deadline === null ? null : parseInstant(content.deadline),
    asOf,
    customer,
    alertWorthy: d.alertWorthy,
    told: d.told,
    supersedes,
  };
}
