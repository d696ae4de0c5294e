/** How the decisions stage reads the stages above it: their faces, put into the shapes that it asks for. */
import { createRiskReader, type FreightReader, type RiskReader } from '../flow/decisions/index.ts';
import { chokepointStates, freightSeries, knownValues, type SeaRouter } from '../flow/reality/index.ts';
import { poolingInUse } from '../flow/record/index.ts';
import { linksOf, liveSignals, reliabilityOf, resolvedSignals, signalHistory, type Signal } from '../flow/signals/index.ts';
import { plannerOver, type RoutePlanner } from '../flow/shipping/index.ts';
import { contentHash } from '../model/ids.ts';
import type { UnLocode } from '../model/place.ts';
import { addDays, dayOf, iso } from '../model/time.ts';

export const riskReader = (): RiskReader =>
  createRiskReader({
    liveSignals: (on, asOf) => liveSignals(on, asOf),
    occurredSignals: (on, since, asOf) => resolvedSignals(on, asOf, asOf - since),
    signalHistory: (on, chokepoint, from, to, asOf) => signalHistory(on, chokepoint, from, to, asOf),
    // What the reader hands back is what `liveSignals` gave it.
    linksOf: (signal) => linksOf(signal as unknown as Signal),
    reliabilityOf,
    chokepointStates: (on, asOf) => chokepointStates(on, asOf),
  }, poolingInUse);

export const seaPlanner = (router: SeaRouter): RoutePlanner => plannerOver(router);

/** Port pairs that the index is quoted for. A lane that is merely near has another price: it is not guessed from these. */
const QUOTED: Readonly<Record<string, string>> = Object.freeze({
  'CNSHA-NLRTM': 'shanghai_rotterdam',
  'CNSHA-ITGOA': 'shanghai_genoa',
  'CNSHA-USLAX': 'shanghai_la',
  'CNSHA-USNYC': 'shanghai_ny',
  'NLRTM-CNSHA': 'rotterdam_shanghai',
});

/** A weekly index that is older than this says nothing of today. */
const STALE_DAYS = 28;

export const freightReader: FreightReader = {
  async laneRate(on, from: UnLocode, to: UnLocode, asOf) {
    const lane = QUOTED[`${from}-${to}`];
    if (lane === undefined) return null;
    const series = freightSeries(lane);
    const today = dayOf(asOf);
    const newest = (await knownValues(on, [series], addDays(today, -STALE_DAYS), today, asOf)).get(series)?.at(-1);
    if (!newest) return null;
    const { value, observedFor, knownAt, source, url } = newest;
    const statement = `Container freight ${lane.replace('_', ' to ')}: $${Math.round(value)} an FEU on ${observedFor}`;
    const facts = { series, observed_for: observedFor, known_at: iso(knownAt), value, source };
    return { usdPerFeu: value, lane, observedFor, evidence: { kind: 'observation', id: `${series}@${observedFor}`, hash: contentHash(facts), statement, probability: null, source, url } };
  },
};
