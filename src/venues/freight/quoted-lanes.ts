/**
 * Which freight series speaks for which ports: data. A series is used for the ports that it names or whose region its index names, and for no other:
 * a lane that is merely near has another price. Not here: how an index names its lanes on the wire (lanes.ts).
 */
import type { UnLocode } from '../../model/place.ts';

export interface QuotedLane {
  /** The part of the series' name after `freight.`. */
  readonly lane: string;
  /** For people: `Shanghai to Rotterdam`. */
  readonly title: string;
  /** `pair`: quoted for these two ports. `region`: quoted for the region in which the port lies. `estimate`: a calculator's range, not a market's index. */
  readonly precision: 'pair' | 'region' | 'estimate';
  /** What the index is quoted in. A rate a TEU is stored doubled, a FEU being two TEU; carriers ask less than double, so it errs high. */
  readonly quotedIn: 'FEU' | 'TEU';
  readonly from: readonly UnLocode[];
  readonly to: readonly UnLocode[];
}

const SHANGHAI = ['CNSHA'];
/** Drewry WCI: port to port, USD a FEU. */
const drewry = (lane: string, title: string, from: UnLocode, to: UnLocode): QuotedLane => ({ lane, title, precision: 'pair', quotedIn: 'FEU', from: [from], to: [to] });
/** SCFI: from Shanghai to a region's base ports, or to the port in brackets. Regions are read narrowly: ports that mainline services call at. */
const scfi = (lane: string, title: string, quotedIn: 'FEU' | 'TEU', to: string): QuotedLane => ({ lane, title: `Shanghai to ${title}`, precision: 'region', quotedIn, from: SHANGHAI, to: to.split(' ') });

const PAIRS: readonly QuotedLane[] = [
  drewry('shanghai_rotterdam', 'Shanghai to Rotterdam', 'CNSHA', 'NLRTM'),
  drewry('shanghai_genoa', 'Shanghai to Genoa', 'CNSHA', 'ITGOA'),
  drewry('shanghai_la', 'Shanghai to Los Angeles', 'CNSHA', 'USLAX'),
  drewry('shanghai_ny', 'Shanghai to New York', 'CNSHA', 'USNYC'),
  drewry('rotterdam_shanghai', 'Rotterdam to Shanghai', 'NLRTM', 'CNSHA'),
];

/** Freightos' calculator is asked for the pairs that the desk knows an index for, so that there is a rate where none is subscribed to. */
export const ESTIMATED_LANES: readonly QuotedLane[] = Object.freeze(PAIRS.map((pair) => ({ ...pair, lane: `freightos_${pair.lane}`, precision: 'estimate' as const })));

export const QUOTED_LANES: readonly QuotedLane[] = Object.freeze([
  ...PAIRS,
  scfi('shanghai_north_europe', 'North Europe', 'TEU', 'NLRTM BEANR BEZEE DEHAM DEBRV DEWVN GBFXT GBSOU GBLGP FRLEH FRDKK'),
  scfi('shanghai_mediterranean', 'the Mediterranean', 'TEU', 'ITGOA ITSPE ITLIV ITNAP ITGIT ESBCN ESVLC FRFOS FRMRS MTMAR GRPIR'),
  scfi('shanghai_us_west_coast', 'the US west coast', 'FEU', 'USLAX USLGB USOAK'),
  scfi('shanghai_us_east_coast', 'the US east coast', 'FEU', 'USNYC USEWR USSAV USORF USCHS'),
  scfi('shanghai_persian_gulf', 'the Persian Gulf and Red Sea', 'TEU', 'AEJEA AEDXB AEAUH AEKLF AESHJ SADMM SAJUB SAJED BHBAH BHMSN QAHMD QADOH KWSAA KWSWK IQUQR'),
  scfi('shanghai_australia', 'Australia and New Zealand', 'TEU', 'AUMEL AUSYD AUBNE NZAKL NZTRG'),
  scfi('shanghai_west_africa', 'West Africa', 'TEU', 'NGLOS NGAPP NGTIN'),
  scfi('shanghai_south_africa', 'South Africa', 'TEU', 'ZADUR'),
  scfi('shanghai_south_america', 'South America', 'TEU', 'BRSSZ'),
  scfi('shanghai_west_japan', 'West Japan', 'TEU', 'JPOSA JPUKB'),
  scfi('shanghai_east_japan', 'East Japan', 'TEU', 'JPTYO JPYOK'),
  scfi('shanghai_southeast_asia', 'Singapore', 'TEU', 'SGSIN'),
  scfi('shanghai_korea', 'Busan', 'TEU', 'KRPUS'),
  ...ESTIMATED_LANES,
]);

const ORDER: readonly QuotedLane['precision'][] = ['pair', 'region', 'estimate'];
const BY_PORTS: ReadonlyMap<string, readonly QuotedLane[]> = byPorts();

/** @returns the series that speak for the two ports, the more precise first; none where no index does */
export const lanesOf = (from: UnLocode, to: UnLocode): readonly QuotedLane[] => BY_PORTS.get(`${from}-${to}`) ?? [];

function byPorts(): ReadonlyMap<string, readonly QuotedLane[]> {
  const found = new Map<string, QuotedLane[]>();
  for (const precision of ORDER) {
    for (const lane of QUOTED_LANES.filter((l) => l.precision === precision)) {
      for (const pair of lane.from.flatMap((from) => lane.to.map((to) => `${from}-${to}`))) found.set(pair, [...(found.get(pair) ?? []), lane]);
    }
  }
  return found;
}
