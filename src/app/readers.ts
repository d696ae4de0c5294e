/** How the decisions stage reads the stages above it: their faces, put into the shapes that it asks for. */
import { createRiskReader, decidedOutcomes, type FreightReader, type RiskReader } from '../flow/decisions/index.ts';
import { chokepointStates, freightSeries, knownValues, type SeaRouter } from '../flow/reality/index.ts';
import { eventsOf, poolingInUse, type DecisionOutcomes } from '../flow/record/index.ts';
import { linksOf, liveSignals, reliabilityOf, resolvedSignals, signalHistory, type Signal } from '../flow/signals/index.ts';
import { plannerOver, type RoutePlanner } from '../flow/shipping/index.ts';
import { contentHash } from '../model/ids.ts';
import type { UnLocode } from '../model/place.ts';
import { addDays, dayOf, iso } from '../model/time.ts';
import { lanesOf, type QuotedLane } from '../venues/freight/index.ts';

export const riskReader = (): RiskReader =>
  createRiskReader({
    liveSignals,
    occurredSignals: (on, since, asOf) => resolvedSignals(on, asOf, asOf - since),
    signalHistory: (on, chokepoint, from, to, asOf) => signalHistory(on, chokepoint, from, to, asOf),
    // What the reader hands back is what `liveSignals` gave it.
    linksOf: (signal) => linksOf(signal as unknown as Signal),
    reliabilityOf,
    chokepointStates: (on, asOf, ids) => chokepointStates(on, asOf, ids),
  }, poolingInUse);

export const seaPlanner = (router: SeaRouter): RoutePlanner => plannerOver(router);

/** A weekly index that is older than this says nothing of today. */
const STALE_DAYS = 28;

export const freightReader: FreightReader = {
  async laneRate(on, from: UnLocode, to: UnLocode, asOf) {
    const lanes = lanesOf(from, to);
    if (lanes.length === 0) return null;
    const today = dayOf(asOf);
    const values = await knownValues(on, lanes.map((l) => freightSeries(l.lane)), addDays(today, -STALE_DAYS), today, asOf);
    // The most precise series that has a rate of late, and of that the newest.
    for (const lane of lanes) {
      const series = freightSeries(lane.lane);
      const newest = values.get(series)?.at(-1);
      if (!newest) continue;
      const { value, observedFor, knownAt, source, url } = newest;
      const facts = { series, observed_for: observedFor, known_at: iso(knownAt), value, source };
      return { usdPerFeu: value, lane: lane.lane, observedFor, evidence: { kind: 'observation', id: `${series}@${observedFor}`, hash: contentHash(facts), statement: saysOf(lane, value, observedFor), probability: null, source, url } };
    }
    return null;
  },
};

function saysOf({ title, precision, quotedIn }: QuotedLane, value: number, observedFor: string): string {
  const kind = { pair: '', region: ', the index of the region', estimate: ", the middle of a calculator's range" }[precision];
  const unit = quotedIn === 'TEU' ? ', quoted a TEU and counted twice' : '';
  return `Container freight ${title}: $${Math.round(value)} an FEU on ${observedFor}${kind}${unit}`;
}

/** Decisions in one corridor whose lives overlap speak of one event, as questions on one link do. */
export const decisionOutcomes: DecisionOutcomes = async (on, asOf) => {
  const decided = await decidedOutcomes(on, asOf);
  const events = eventsOf(decided.map((d) => ({ question: d.id, group: d.corridor.join('+'), from: d.asOf, to: d.passesAt })));
  return decided.map(({ id, probability, hit, knownAt, costs }) => {
    const { chosen, ...policies } = costs ?? { chosen: null };
    return { decisionId: id, event: events.get(id)!, knownAt, probability, hit, cost: chosen === null ? null : { chosen, policies } };
  });
};
