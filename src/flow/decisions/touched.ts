/** What a change touches: shipments with a corridor ahead of them, the decisions that stand there, and the risks on every passage concerned. Reads only. */
import type { Transaction } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import { shipmentsAhead, type Ahead } from '../shipping/index.ts';
import { groundsOf, type Grounds } from './grounds.ts';
import type { EventRisk } from './inputs.ts';
import type { RiskReader } from './ports.ts';
import { isStanding, latestDecisions, pairKey, type Latest } from './store/decisions.ts';
import type { Ways } from './ways.ts';

/** What to look at. Null: everything. */
export interface Scope {
  readonly asOf: Millis;
  readonly cause: string;
  readonly chokepoints: readonly ChokepointId[] | null;
  readonly shipmentIds: readonly string[] | null;
}

/** A shipment and a corridor that lies ahead of it. */
export interface Crossing {
  readonly key: string;
  readonly ahead: Ahead;
  /** In the order in which the ship comes to them; one passage alone is a corridor too. */
  readonly corridor: readonly ChokepointId[];
  /** Decisions of the shipment there, oldest first: the standing one, or a newer one where the evaluation is late. */
  readonly before: readonly Latest[];
}

export interface Touched {
  readonly crossings: readonly Crossing[];
  readonly latest: readonly Latest[];
  /** By passage, each alone; of passages on a way around too. */
  readonly grounds: ReadonlyMap<ChokepointId, Grounds>;
}

export async function touchedBy(tx: Transaction, reader: RiskReader, scope: Scope, ways: Ways): Promise<Touched> {
  const { asOf, chokepoints, shipmentIds } = scope;
  // Asked at once: Postgres answers the one while this thread reads the other.
  const [latest, found] = await Promise.all([latestDecisions(tx, chokepoints, shipmentIds, asOf), reader.eventRisks(tx, asOf, chokepoints)]);
  const risks = byPassage(found, chokepoints);
  const ahead = [...(await shipmentsAhead(tx, [...risks.keys()], asOf, shipmentIds))];
  if (chokepoints !== null) {
    const left = leftBehind(latest, ahead);
    const around = new Set([...ahead.flatMap((a) => besides(a, ways)), ...left.flatMap((d) => d.corridor)]);
    const more = [...around].filter((id) => !chokepoints.includes(id)).sort();
    if (more.length > 0) for (const [id, near] of byPassage(await reader.eventRisks(tx, asOf, more), more)) risks.set(id, near);
    // Nothing speaks of the passage itself any more, or it lies behind: the rest of its corridor may still be threatened.
    const elsewhere = more.filter((id) => risks.has(id));
    const ids = left.filter((d) => d.corridor.some((id) => elsewhere.includes(id))).map((d) => d.shipmentId);
    if (ids.length > 0) ahead.push(...(await shipmentsAhead(tx, elsewhere, asOf, ids)));
  }
  return { crossings: crossingsOf(ahead, ways, latest, chokepoints), latest, grounds: new Map([...risks].map(([id, of]) => [id, groundsOf(of, asOf)])) };
}

/** What else weighs on the choice: the rest of the corridor, and what only the way around leads through. */
function besides(ahead: Ahead, ways: Ways): readonly ChokepointId[] {
  const { corridor, onward } = ways(ahead);
  return [...corridor, ...onward.map((p) => p.id)];
}

function leftBehind(latest: readonly Latest[], ahead: readonly Ahead[]): readonly Latest[] {
  const found = new Set(ahead.map((a) => a.shipment.id));
  return latest.filter((d) => isStanding(d) && !found.has(d.shipmentId));
}

function crossingsOf(ahead: readonly Ahead[], ways: Ways, latest: readonly Latest[], only: Scope['chokepoints']): readonly Crossing[] {
  const decided = Map.groupBy(latest, (d) => d.shipmentId);
  const crossings = new Map<string, Crossing>();
  for (const each of ahead) {
    const { corridor } = ways(each);
    const key = pairKey(each.shipment.id, corridor);
    if (crossings.has(key) || (only !== null && !corridor.some((id) => only.includes(id)))) continue;
    // A corridor of old may be a part of what is one now.
    crossings.set(key, { key, ahead: each, corridor, before: (decided.get(each.shipment.id) ?? []).filter((d) => d.corridor.some((id) => corridor.includes(id))) });
  }
  return [...crossings.values()];
}

function byPassage(risks: readonly EventRisk[], only: readonly ChokepointId[] | null): Map<ChokepointId, readonly EventRisk[]> {
  return Map.groupBy(only === null ? risks : risks.filter((r) => only.includes(r.chokepoint)), (r) => r.chokepoint);
}
