/**
 * Ports outside a passage from which cargo for the ports behind it can go overland, with the price of the road or rail
 * and the days by which the cargo comes later than it would have by sea.
 * All figures are declared judgement: an order of size from distances and border crossings, to be replaced by a haulier's quote.
 */
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import { interval, type Interval } from './interval.ts';

export interface Overland {
  readonly outside: UnLocode;
  readonly name: string;
  readonly usdPerFeu: Interval;
  /** Days later than by sea. */
  readonly days: Interval;
  readonly source: string;
}

const road = (outside: UnLocode, name: string, usd: readonly [number, number, number], days: readonly [number, number, number], how: string): Overland =>
  Object.freeze({ outside, name, usdPerFeu: interval(...usd), days: interval(...days), source: `declared judgement: ${how}` });

const khorFakkan = (usd: readonly [number, number, number], days: readonly [number, number, number], how: string): Overland =>
  road('AEKLF', 'Khor Fakkan', usd, days, how);
const sohar = (usd: readonly [number, number, number], days: readonly [number, number, number], how: string): Overland => road('OMSOH', 'Sohar', usd, days, how);

/** By passage, then by the port behind it. */
export const OVERLAND: Partial<Record<ChokepointId, Readonly<Record<UnLocode, Overland>>>> = {
  hormuz: {
    AEJEA: khorFakkan([450, 800, 1_400], [0, 1, 3], 'truck, about 150 km within the UAE'),
    AEDXB: khorFakkan([450, 800, 1_400], [0, 1, 3], 'truck, about 140 km within the UAE'),
    AESHJ: khorFakkan([400, 750, 1_300], [0, 1, 3], 'truck, about 120 km within the UAE'),
    AEAJM: khorFakkan([400, 750, 1_300], [0, 1, 3], 'truck, about 120 km within the UAE'),
    AEAUH: khorFakkan([600, 1_000, 1_700], [0, 1, 3], 'truck, about 280 km within the UAE'),
    AEKHL: khorFakkan([550, 950, 1_600], [0, 1, 3], 'truck, about 220 km within the UAE'),
    QAHMD: sohar([2_200, 3_400, 5_200], [3, 5, 9], 'truck, about 950 km, two borders'),
    BHKBS: sohar([2_400, 3_600, 5_500], [4, 7, 11], 'truck, about 1,050 km, three borders'),
    SADMM: sohar([2_200, 3_400, 5_200], [4, 6, 10], 'truck, about 1,000 km, two borders'),
    SAJUB: sohar([2_400, 3_600, 5_500], [4, 7, 11], 'truck, about 1,100 km, two borders'),
    KWSWK: sohar([3_000, 4_500, 7_000], [6, 9, 14], 'truck, about 1,450 km, three borders'),
    KWSAA: sohar([3_000, 4_500, 7_000], [6, 9, 14], 'truck, about 1,450 km, three borders'),
    IQUQR: sohar([3_500, 5_500, 8_500], [7, 11, 18], 'truck, about 1,600 km, four borders'),
  },
  bab_el_mandeb: {
    SAJED: road('SADMM', 'Dammam', [1_800, 2_800, 4_500], [3, 5, 9], 'truck across Saudi Arabia, about 1,350 km'),
  },
  panama: {
    USNYC: road('USLAX', 'Los Angeles', [2_800, 3_800, 5_500], [6, 9, 14], 'rail across the United States'),
    USSAV: road('USLAX', 'Los Angeles', [2_600, 3_500, 5_200], [6, 9, 14], 'rail across the United States'),
    USHOU: road('USLAX', 'Los Angeles', [2_000, 2_800, 4_300], [5, 8, 12], 'rail, about 2,500 km'),
  },
};

/** @returns the way overland to or from a port behind the passage, or null where the table has none */
export function overlandFor(chokepoint: ChokepointId, port: UnLocode): Overland | null {
  return OVERLAND[chokepoint]?.[port] ?? null;
}
