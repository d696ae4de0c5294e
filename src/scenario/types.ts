/**
 * A scenario as it is used: recorded history, each figure with what it is for and from when it could be known.
 * Lives here: the shapes. Not here: how the folder is read (read.ts) or what the figures mean (the stages).
 */
import type { Micros } from '../model/money.ts';
import type { ChokepointId, UnLocode } from '../model/place.ts';
import type { IsoDay, Millis } from '../model/time.ts';

/** One wrong place in a scenario's folder, told so that it can be put right. */
export interface ScenarioProblem {
  /** `transits.csv`, relative to the folder. */
  readonly file: string;
  /** Line in the file, from 1; null where the fault is of the whole file. */
  readonly line: number | null;
  /** Column of a CSV file, or path in a JSON file: `events[2].day`. */
  readonly column: string | null;
  readonly message: string;
  /** What would be right. */
  readonly fix: string;
}

/** Thrown when a folder cannot be used; nothing of it is returned. */
export class ScenarioInvalid extends Error {
  override readonly name = 'ScenarioInvalid';
  readonly code = 'SCENARIO_INVALID';
  readonly path: string;
  readonly problems: readonly ScenarioProblem[];
  constructor(path: string, problems: readonly ScenarioProblem[]) {
    super(`${path}: ${problems.length} problem${problems.length === 1 ? '' : 's'}\n${problems.slice(0, 20).map(problemLine).join('\n')}`);
    this.path = path;
    this.problems = Object.freeze([...problems]);
  }
}

/** `transits.csv:14 known_at: is before observed_for. Fix: …` */
export function problemLine(p: ScenarioProblem): string {
  return `${p.file}${p.line === null ? '' : `:${p.line}`}${p.column === null ? '' : ` ${p.column}`}: ${p.message}. Fix: ${p.fix}`;
}

export interface Attribution {
  readonly source: string;
  readonly licence: string;
  readonly url: string;
  readonly retrieved: IsoDay;
}

/** A day worth a mark on the time line, with where it is written. */
export interface ScenarioEvent {
  readonly day: IsoDay;
  readonly title: string;
  readonly source: string;
  /** The passages whose traffic it moves: from its day to `until` an alarm there is a true one. Empty for a mark alone. */
  readonly affects: readonly ChokepointId[];
  /** The last day of that; null: to the scenario's end and beyond. */
  readonly until: IsoDay | null;
}

export const TRANSIT_COLUMNS = Object.freeze(['total', 'container', 'dry_bulk', 'general_cargo', 'roro', 'tanker'] as const);
export type TransitColumn = (typeof TRANSIT_COLUMNS)[number];

/** Ships through a passage on one day, by class. */
export interface TransitRow {
  readonly chokepoint: ChokepointId;
  readonly observedFor: IsoDay;
  readonly knownAt: Millis;
  /** Vessels a day; null where the record has none. */
  readonly counts: Readonly<Record<TransitColumn, number | null>>;
}

export interface FreightRow {
  /** Origin and destination, lower case, joined by an underscore: `shanghai_rotterdam`. */
  readonly lane: string;
  readonly observedFor: IsoDay;
  readonly knownAt: Millis;
  readonly usdPerFeu: number;
  /** `drewry-wci`. */
  readonly source: string;
}

/** A question with a yes and a no, traded somewhere. */
export interface MarketRow {
  /** The source's own id. */
  readonly id: string;
  /** `polymarket`: which twin plays it. */
  readonly source: string;
  readonly question: string;
  readonly url: string;
  readonly slug: string;
  readonly tags: readonly string[];
  readonly opens: Millis;
  /** As the source states it; the question's own words may name another day. */
  readonly closes: Millis;
  readonly tokenIds: { readonly yes: string; readonly no: string };
  /** US dollars resting in the book, where the record has it. */
  readonly liquidityUsd: number | null;
  readonly resolution: { readonly outcome: 'yes' | 'no'; readonly knownAt: Millis } | null;
}

export interface PriceRow {
  readonly marketId: string;
  /** When the price was formed. */
  readonly observedFor: Millis;
  readonly knownAt: Millis;
  /** Of yes, 0…1. */
  readonly price: number;
}

export interface ScenarioCustomer {
  readonly id: string;
  readonly name: string;
  /** E.164: `+447700900217`. */
  readonly whatsapp: string;
  /** BCP 47. */
  readonly language: string;
  /** IANA. */
  readonly timezone: string;
  /** Nothing is told below these. */
  readonly minExposure: Micros;
  readonly minProbability: number;
  /** Local wall time, `HH:MM`; null for none. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
}

export const SCENARIO_CONTAINERS = Object.freeze(['20GP', '20RF', '40GP', '40HC', '40RH', '45HC'] as const);
export type ScenarioContainer = (typeof SCENARIO_CONTAINERS)[number];
export const SCENARIO_GOODS = Object.freeze(['general', 'time_sensitive', 'perishable'] as const);
export type ScenarioGoods = (typeof SCENARIO_GOODS)[number];

export interface ScenarioShipment {
  readonly id: string;
  readonly reference: string;
  readonly customerId: string;
  /** When the desk was told of it. */
  readonly knownAt: Millis;
  readonly from: UnLocode;
  readonly to: UnLocode;
  readonly etd: Millis;
  readonly eta: Millis;
  readonly cargo: string;
  readonly cargoValue: Micros;
  readonly containers: number;
  readonly containerType: ScenarioContainer;
  readonly goodsClass: ScenarioGoods;
  /** SCAC of the carrier. */
  readonly carrier: string;
  readonly vessel: string | null;
  readonly bookingReference: string | null;
  readonly penaltyPerDay: Micros;
  readonly penaltyFreeDays: number;
  readonly penaltyCap: Micros;
}

/** Rows of a series are ordered by `knownAt`, then by what they are for. */
export interface Scenario {
  /** The folder it was read from. */
  readonly path: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** First and last day played. */
  readonly from: IsoDay;
  readonly to: IsoDay;
  readonly secondsPerDay: number;
  readonly attributions: readonly Attribution[];
  readonly events: readonly ScenarioEvent[];
  readonly transits: readonly TransitRow[];
  readonly freight: readonly FreightRow[];
  readonly markets: readonly MarketRow[];
  readonly prices: readonly PriceRow[];
  readonly customers: readonly ScenarioCustomer[];
  readonly shipments: readonly ScenarioShipment[];
}
