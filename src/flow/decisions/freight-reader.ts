/** The spot rate of a shipment's lane, from published series by lane. A lane without a series has none: the settings' general rate is then used, and said. */
import type { Executor } from '../../kernel/database/types.ts';
import { contentHash } from '../../model/ids.ts';
import type { UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { FreightReader } from './ports.ts';

/** The newest value of a lane's series known at `asOf`. */
export interface LaneValue {
  /** USD/FEU. */
  readonly value: number;
  readonly observedFor: string;
  readonly knownAt: Millis;
  readonly source: string;
  readonly url: string;
}

export interface LaneSeries {
  /** @param lane `shanghai_rotterdam` */
  newest(on: Executor, lane: string, asOf: Millis): Promise<LaneValue | null>;
}

const EAST_ASIA = new Set(['CN', 'HK', 'JP', 'KR', 'TW', 'VN', 'TH', 'MY', 'SG', 'ID', 'PH']);
const NORTH_EUROPE = new Set(['NL', 'DE', 'BE', 'GB', 'DK', 'SE', 'PL', 'IE', 'NO', 'FI']);
const MEDITERRANEAN = new Set(['IT', 'ES', 'GR', 'TR', 'MT', 'HR', 'SI']);
const US_WEST = new Set(['USLAX', 'USLGB', 'USOAK', 'USSEA', 'USTIW']);
const US_EAST = new Set(['USNYC', 'USSAV', 'USORF', 'USCHS', 'USBAL', 'USMIA']);

/** The published lane that stands for a port pair, or null. The index routes start in Shanghai and stand for East Asia. */
export function laneOf(from: UnLocode, to: UnLocode): string | null {
  const [origin, destination] = [from.slice(0, 2), to.slice(0, 2)];
  if (NORTH_EUROPE.has(origin) && EAST_ASIA.has(destination)) return 'rotterdam_shanghai';
  if (!EAST_ASIA.has(origin)) return null;
  if (NORTH_EUROPE.has(destination)) return 'shanghai_rotterdam';
  if (MEDITERRANEAN.has(destination)) return 'shanghai_genoa';
  if (US_WEST.has(to)) return 'shanghai_la';
  return US_EAST.has(to) ? 'shanghai_ny' : null;
}

export function createFreightReader(series: LaneSeries): FreightReader {
  return {
    async laneRate(on, from, to, asOf) {
      const lane = laneOf(from, to);
      const newest = lane === null ? null : await series.newest(on, lane, asOf);
      if (lane === null || newest === null) return null;
      const { value, observedFor, source, url } = newest;
      const id = `freight.${lane}:${observedFor}`;
      return {
        usdPerFeu: value,
        lane,
        observedFor,
        evidence: { kind: 'observation', id, hash: contentHash({ id, value, source }), statement: `Freight ${lane.replace('_', '–')} at ${Math.round(value)} USD/FEU on ${observedFor}`, probability: null, source, url },
      };
    },
  };
}
