/**
 * One evaluation: every shipment that a change touches is assessed; a decision that moved beyond hysteresis is stored and supersedes.
 * All in the caller's transaction. Repeating it with the same time and facts stores nothing.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { parseUsd } from '../../model/money.ts';
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, parseInstant, type Millis } from '../../model/time.ts';
import { customersById, passageTime, type Customer, type RoutePlanner, type Shipment } from '../shipping/index.ts';
import { assess } from './assess.ts';
import { isAlertWorthy } from './alert-worthy.ts';
import { leadOf } from './corridor.ts';
import { reckon, say } from './decide.ts';
import { exposureOf } from './exposure.ts';
import { movement, type Movement } from './hysteresis.ts';
import { groundsOf, keptGrounds, type Grounds, type KeptGrounds } from './grounds.ts';
import { closedProbability, combined } from './hit-probability.ts';
import type { DecisionInputs, DecisionReader, FreightRate } from './inputs.ts';
import type { FreightReader, MadeDecision, OnDecision, RiskReader } from './ports.ts';
import { decisionId, ownInputsJson } from './record.ts';
import { EXPECTED, PARAMETERS, RULE_VERSION } from './settings.ts';
import { closeDecisions, insertDecisions, insertShared, isStanding, lockDecisions, pairKey, type Closing, type Latest, type NewDecision } from './store/decisions.ts';
import { en } from './texts/index.ts';
import { toldIn, type Told } from './told.ts';
import { touchedBy, type Crossing, type Scope } from './touched.ts';
import { onwardRisks, waysFor, type Ways } from './ways.ts';

export interface EvaluateDeps {
  readonly risks: RiskReader;
  readonly planner: RoutePlanner;
  readonly freight: FreightReader | null;
  readonly onDecision: OnDecision;
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
  const ways = waysFor(deps.planner);
  const { crossings, latest, grounds } = await touchedBy(tx, deps.risks, scope, ways);
  const customers = await customersById(tx, [...new Set(crossings.map((c) => c.ahead.shipment.customerId))]);
  const round: Round = { tx, deps, scope, grounds, together: new Map(), ways, customers, rates: new Map(), settled: new Set(), kept: new Map(), made: [], superseded: 0, stored: 0, supported: 0 };
  let writing: Promise<void> = Promise.resolve();
  for (let at = 0; at < crossings.length; at += SHIPMENTS_A_STEP) {
    const next = await weighed(round, crossings.slice(at, at + SHIPMENTS_A_STEP));
    // Postgres writes one step while this thread weighs the next.
    await writing;
    writing = store(round, next);
    writing.catch(() => undefined);
    await breathe();
  }
  await writing;
  const expired = expiring(latest, round.settled, scope);
  await closeDecisions(tx, expired, scope.asOf);
  crashPoint('decisions.handed-over-before-commit');
  return { assessed: crossings.length, made: round.made, superseded: round.superseded, expired: expired.length, unchanged: round.supported - round.stored };
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
  /** By passages, where several of a corridor are threatened. */
  readonly together: Map<string, Grounds>;
  readonly ways: Ways;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly rates: Map<string, FreightRate | null>;
  /** Decisions that stand on, or that another takes the place of. */
  readonly settled: Set<string>;
  /** Grounds as kept. */
  readonly kept: Map<Grounds, KeptGrounds>;
  readonly made: MadeDecision[];
  superseded: number;
  stored: number;
  /** Corridors of which a risk speaks. */
  supported: number;
}

interface Fresh extends NewDecision {
  readonly told: Told | null;
}

interface Weighed {
  readonly fresh: readonly Fresh[];
  readonly closings: readonly Closing[];
}

async function weighed(round: Round, crossings: readonly Crossing[]): Promise<Weighed> {
  const { scope, settled } = round;
  const fresh: Fresh[] = [];
  const closings: Closing[] = [];
  for (const crossing of crossings) {
    const { before } = crossing;
    const newest = before.at(-1) ?? null;
    // A late job of an earlier time never overrules what was decided later.
    const late = newest !== null && newest.asOf > scope.asOf;
    const outcome = late ? 'stands' : weigh(round, crossing, await laneRate(round, crossing.ahead.shipment), standing(newest));
    if (outcome === 'unsupported') continue;
    round.supported += 1;
    for (const d of before) settled.add(d.id);
    if (late) continue;
    if (outcome !== 'stands') fresh.push(outcome);
    const [by, reason] = outcome === 'stands' ? [newest!.id, 'corridor'] : [outcome.id, outcome.movement];
    closings.push(...before.filter((d) => isStanding(d) && d.id !== by).map((d) => ({ id: d.id, by, reason })));
  }
  round.superseded += closings.length;
  round.stored += fresh.length;
  return { fresh, closings };
}

const standing = (d: Latest | null): Latest | null => (d && isStanding(d) ? d : null);

/** Somebody took the advice and its deadline is over: the choice is made, and advising another would only confuse. */
const isActedOn = (d: Latest, asOf: Millis): boolean =>
  (d.status === 'acknowledged' || d.status === 'overridden') && d.action !== 'proceed' && d.action !== 'wait' && d.deadline !== null && d.deadline <= asOf;

async function laneRate({ tx, deps, rates, scope }: Round, s: Shipment): Promise<FreightRate | null> {
  const lane = `${s.from}-${s.to}`;
  const known = rates.get(lane);
  if (known !== undefined) return known;
  const rate = (await deps.freight?.laneRate(tx, s.from, s.to, scope.asOf)) ?? null;
  rates.set(lane, rate);
  return rate;
}

function inputsOf({ grounds, ways, scope, customers }: Round, { ahead }: Crossing, chokepoint: ChokepointId, own: Grounds, freight: FreightRate | null): DecisionInputs {
  const way = ways({ ...ahead, chokepoint });
  const customer = customers.get(ahead.shipment.customerId);
  const onward = onwardRisks(way, ahead.shipment, grounds, scope.asOf);
  return {
    asOf: scope.asOf,
    shipment: ahead.shipment,
    chokepoint,
    places: { from: ahead.fromName, to: ahead.toName },
    routes: { usual: ahead.route, avoiding: way.avoiding },
    risks: own.risks,
    freight,
    ...(customer && { reader: readerOf(customer) }),
    ...(onward.length > 0 && { onward }),
  };
}

const readerOf = (customer: Customer): DecisionReader => ({ tolerance: customer.riskTolerance });

/** @returns `unsupported`: nothing speaks for a decision; `stands`: nothing moved beyond hysteresis */
function weigh(round: Round, crossing: Crossing, freight: FreightRate | null, before: Latest | null): Fresh | 'unsupported' | 'stands' {
  const { scope, customers } = round;
  const { shipment, route } = crossing.ahead;
  const passages = crossing.corridor.filter((id) => exposureOf(shipment, route, id, round.grounds.get(id)?.windows ?? [], scope.asOf) !== null);
  if (passages.length === 0) return 'unsupported';
  if (before && isActedOn(before, scope.asOf)) return 'stands';
  const grounds = groundsAt(round, passages);
  const inputs = inputsOf(round, crossing, leading(round, crossing, passages, before), grounds, freight);
  const assessment = assess(inputs, grounds, PARAMETERS.probabilityFloor);
  if (!assessment) return 'unsupported';
  const now = { action: assessment.action, deadline: assessment.deadline, expectedCost: assessment.expectedCost, ruleVersion: RULE_VERSION };
  const moved: Movement | 'first' | null = before ? (movement(before, now) ?? (passages.includes(before.chokepoint) ? null : 'passage')) : 'first';
  if (moved === null) return 'stands';
  const reckoned = reckon(inputs, grounds, assessment);
  const content = say(reckoned, en);
  const customer = customers.get(content.customer_id);
  const alertWorthy = customer !== undefined && isAlertWorthy(content, customer);
  const told = alertWorthy ? toldIn(customer.language, reckoned, content) : null;
  return { id: decisionId(content), corridor: crossing.corridor, inputs: ownInputsJson(inputs), content, grounds: keptOf(round, grounds), cause: scope.cause, movement: moved, alertWorthy, told };
}

/** @param passages threatened, at least one */
function groundsAt({ grounds, together, scope }: Round, passages: readonly ChokepointId[]): Grounds {
  if (passages.length === 1) return grounds.get(passages[0]!)!;
  const key = passages.join('+');
  let all = together.get(key);
  if (!all) together.set(key, (all = groundsOf(passages.flatMap((id) => grounds.get(id)!.risks), scope.asOf)));
  return all;
}

function leading({ grounds, scope }: Round, { ahead }: Crossing, passages: readonly ChokepointId[], before: Latest | null): ChokepointId {
  if (passages.length === 1) return passages[0]!;
  const each = passages.map((chokepoint) => {
    const { prepared, medians } = grounds.get(chokepoint)!;
    const inDays = (passageTime(ahead.shipment, ahead.route, chokepoint)! - scope.asOf) / DAY_MS;
    return { chokepoint, p: combined(prepared.map((p, i) => closedProbability(p, medians[i]!, inDays)), EXPECTED.dependence) };
  });
  return leadOf(each, before?.chokepoint ?? null);
}

function keptOf({ kept }: Round, grounds: Grounds): KeptGrounds {
  let found = kept.get(grounds);
  if (!found) kept.set(grounds, (found = keptGrounds(grounds, en)));
  return found;
}

/** Standing decisions whose passages lie behind, or of which no risk speaks any more. */
function expiring(latest: readonly Latest[], settled: ReadonlySet<string>, scope: Scope): readonly Closing[] {
  return latest.flatMap((d): Closing[] => (isStanding(d) && !settled.has(d.id) && d.asOf <= scope.asOf ? [{ id: d.id, by: null, reason: 'no_longer_exposed' }] : []));
}

async function store({ tx, deps, scope, customers, made }: Round, { fresh, closings }: Weighed): Promise<void> {
  if (fresh.length === 0) return closeDecisions(tx, closings, scope.asOf);
  // Sent at once, done in this order: first the old out of force, since one decision stands for a shipment in a corridor.
  const [, , stored] = await Promise.all([closeDecisions(tx, closings, scope.asOf), insertShared(tx, new Set(fresh.map((d) => d.grounds))), insertDecisions(tx, fresh)]);
  if (stored.size > 0) crashPoint('decisions.stored-before-handed-over');
  // Of several the newest, which is the last.
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
    eventKey: pairKey(content.shipment_id, d.corridor),
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
