/** What the reality stage asks of the world: counts and prices that were observed, each with the day it is for and the moment it became known. */
import type { ChokepointId } from '../../model/place.ts';
import type { IsoDay, Millis } from '../../model/time.ts';

/** Ship classes that transit counts are split by. */
export const TRANSIT_CLASSES = Object.freeze(['total', 'container', 'dry_bulk', 'general_cargo', 'roro', 'tanker'] as const);
export type TransitClass = (typeof TRANSIT_CLASSES)[number];

/** `hormuz.transits.total`, `bab_el_mandeb.transits.container`, `freight.shanghai_rotterdam`. */
export type SeriesId = string;
export const transitSeries = (chokepoint: ChokepointId, shipClass: TransitClass = 'total'): SeriesId => `${chokepoint}.transits.${shipClass}`;
/** @param lane `shanghai_rotterdam`: origin and destination, lower case, joined by an underscore */
export const freightSeries = (lane: string): SeriesId => `freight.${lane}`;

/** `hormuz.ais.waiting`: ships heard there now. */
export const vesselSeries = (chokepoint: ChokepointId, what: 'inside' | 'waiting' | 'diverted'): SeriesId => `${chokepoint}.ais.${what}`;

export type ObservationUnit = 'vessels/day' | 'vessels' | 'USD/FEU' | 'index';

/** One value of one series. A correction of a day already told is another observation with a later `knownAt`. */
export interface Observation {
  readonly series: SeriesId;
  /** The day (UTC) that the value describes. */
  readonly observedFor: IsoDay;
  /** From when anyone outside could know it (publication): transit counts come 4 to 8 days late. */
  readonly knownAt: Millis;
  /** Finite, not negative. */
  readonly value: number;
  readonly unit: ObservationUnit;
  /** `portwatch`, `drewry-wci`, … */
  readonly source: string;
  readonly url: string;
}

export interface ObservationSource {
  readonly name: string;
  readonly kind: 'real' | 'twin';
  /**
   * @param asOf the desk's now; nothing with a later `knownAt` may be returned
   * @param since only observations for this day or later are wanted (corrections of older days are not); null wants all there is
   * @throws CodedError the venue's; the sweep reports it and goes on with the next source
   */
  fetch(asOf: Millis, since: IsoDay | null, signal: AbortSignal): Promise<readonly Observation[]>;
}

/** What a ship says of itself over AIS, whoever received it; null is "not said, or not available". */
export interface VesselReport {
  readonly mmsi: number;
  /** When it was received; a report carries no date of its own. */
  readonly at: Millis;
  /** Degrees, WGS 84; null where the report has none (static data, no fix). */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Over ground. */
  readonly speedKnots: number | null;
  /** Over ground, 0 to 360. */
  readonly courseDegrees: number | null;
  readonly headingDegrees: number | null;
  /** ITU-R M.1371 table 45: 0 under way using engine, 1 at anchor, 5 moored. */
  readonly navigationStatus: number | null;
  /** As the crew typed it. */
  readonly destination: string | null;
  readonly shipType: number | null;
  readonly name: string | null;
  readonly draughtM: number | null;
  readonly eta: string | null;
  /** `aisstream`, `nmea`. */
  readonly source: string;
}
