/** The state of a passage as of a time, put together from what was known then: traffic, freight, odds, alarm, status. */
import type { Executor } from '../../kernel/database/types.ts';
import { deterministicId } from '../../model/ids.ts';
import { CHOKEPOINT_IDS, CHOKEPOINTS, type ChokepointId } from '../../model/place.ts';
import { addDays, DAY_MS, dayOf, startOfDay, type IsoDay, type Millis } from '../../model/time.ts';
import { liveSignals, resolvedSignals, signalHistory, type EventSignal, type LiveSignal } from '../signals/index.ts';
import { baselineAnchor, followSeries, type DayValue, type SeriesState } from './charts/follow-series.ts';
import { freightAlarms } from './charts/freight-chart.ts';
import { BASELINE_DAYS, FREIGHT_MONITORS, freightSeriesOf, MONITORS, REALITY_RULES_VERSION, type Monitor } from './charts/monitors.ts';
import { correlate, THRESHOLDS, type ChokepointStatus } from './correlation.ts';
import { leadMarket, riskPrice, type LeadMarket } from './lead-market.ts';
import { lostTraffic, type LostTraffic } from './lost-traffic.ts';
import { transitSeries, type SeriesId } from './ports.ts';
import { knownValues, type Alarm, type KnownValue } from './store.ts';

export interface Transits {
  readonly series: SeriesId;
  /** Vessels on the newest day known. */
  readonly value: number;
  readonly observedFor: IsoDay;
  readonly knownAt: Millis;
  /** Null until there is enough history. */
  readonly baselineMean: number | null;
  readonly baselineSd: number | null;
  /** value ÷ baseline mean. */
  readonly ratio: number | null;
  /** Mean of the recent days ÷ baseline mean. */
  readonly recentRatio: number | null;
  readonly source: string;
  readonly url: string;
}

export interface FreightPremium {
  readonly lane: string;
  /** USD per FEU. */
  readonly value: number;
  readonly observedFor: IsoDay;
  readonly knownAt: Millis;
  /** Mean rate over the baseline of the passage's traffic, USD per FEU; null when it was not observed then. */
  readonly baseline: number | null;
  /** value ÷ baseline − 1. */
  readonly premium: number | null;
  readonly source: string;
  readonly url: string;
}

export interface ChokepointState {
  readonly id: ChokepointId;
  readonly name: string;
  readonly asOf: Millis;
  readonly status: ChokepointStatus;
  readonly transits: Transits | null;
  /** Of the series that lost most among those whose alarm stands, else of all ships; null where no series has a baseline. */
  readonly lostTraffic: (LostTraffic & { readonly series: SeriesId; readonly from: IsoDay; readonly to: IsoDay }) | null;
  readonly freight: FreightPremium | null;
  readonly lead: LeadMarket | null;
  /** Questions that raise the risk and came true in the last weeks: the event has happened, whether or not ships show it yet. */
  readonly cameTrue: readonly EventSignal[];
  /** The alarm that stands, of the series that lost most. */
  readonly alarm: Alarm | null;
  /** The alarms of the last quarters, of traffic and of freight, oldest first, ended ones too. */
  readonly alarms: readonly Alarm[];
  readonly rulesVersion: string;
}

/**
 * Charts look back this many quarters. What happened before could still matter for five (a new normal takes a year, then the next anchor):
 * so only the alarms of the last three are reported. Older ones were written down when they were known.
 */
const QUARTERS_BACK = 8;
const REPORTED_QUARTERS = 3;

interface Followed {
  readonly monitor: Monitor;
  readonly state: SeriesState;
}

/** @returns one state a passage, in the order asked for */
export async function chokepointStates(on: Executor, asOf: Millis, ids: readonly ChokepointId[] = CHOKEPOINT_IDS): Promise<readonly ChokepointState[]> {
  const today = dayOf(asOf);
  const monitors = MONITORS.filter((m) => ids.includes(m.chokepoint));
  const series = new Set([...monitors.map((m) => m.series), ...ids.map((id) => transitSeries(id)), ...ids.map(freightSeriesOf).filter((s) => s !== null), ...FREIGHT_MONITORS.filter((m) => ids.includes(m.chokepoint)).map((m) => m.series)]);
  const from = addDays(baselineAnchor(today, QUARTERS_BACK), -BASELINE_DAYS);
  const values = await knownValues(on, [...series], from, today, asOf);
  const signals = await liveSignals(on, asOf);
  const resolved = await resolvedSignals(on, asOf, THRESHOLDS.predictedDays * DAY_MS);
  const states: ChokepointState[] = [];
  for (const id of ids) {
    const followed = monitors.filter((m) => m.chokepoint === id).map((monitor) => ({ monitor, state: follow(monitor, values.get(monitor.series) ?? []) }));
    const about = { live: signals.filter((s) => s.subject.id === id), cameTrue: resolved.filter((s) => s.subject?.id === id && (riskPrice(s) ?? 0) >= THRESHOLDS.predictedProbability) };
    states.push(await assemble(on, id, asOf, followed, values, about));
  }
  return states;
}

export async function chokepointState(on: Executor, id: ChokepointId, asOf: Millis): Promise<ChokepointState> {
  return (await chokepointStates(on, asOf, [id]))[0]!;
}

const follow = (monitor: Monitor, values: readonly KnownValue[]): SeriesState =>
  followSeries(dayValues(values), { side: monitor.side, level: monitor.level });

const dayValues = (values: readonly KnownValue[]): DayValue[] => values.map((v) => ({ day: v.observedFor, value: v.value, knownAt: v.knownAt }));

interface Told {
  readonly live: readonly LiveSignal[];
  readonly cameTrue: readonly EventSignal[];
}

async function assemble(on: Executor, id: ChokepointId, asOf: Millis, followed: readonly Followed[], values: ReadonlyMap<SeriesId, readonly KnownValue[]>, about: Told): Promise<ChokepointState> {
  const reportedFrom = baselineAnchor(dayOf(asOf), REPORTED_QUARTERS);
  const ofFreight = FREIGHT_MONITORS.filter((m) => m.chokepoint === id).flatMap((monitor) => freightAlarms(dayValues(values.get(monitor.series) ?? [])).map((a) => ({ monitor, alarm: a })));
  const ofTraffic = followed.flatMap(({ monitor, state }) => state.alarms.map((a) => ({ monitor, alarm: a })));
  const alarms = [...ofTraffic, ...ofFreight].filter(({ alarm: a }) => a.day >= reportedFrom).map(({ monitor, alarm: a }) => alarmOf(monitor, a)).sort((a, b) => (a.alarmedFor < b.alarmedFor ? -1 : a.alarmedFor > b.alarmedFor ? 1 : a.series < b.series ? -1 : 1));
  const worst = hardestHit(followed);
  const lost = worst?.monitor.side === 'down' ? lostTraffic(worst.state) : null;
  const standing = worst?.state.standing ? alarmOf(worst.monitor, worst.state.standing) : null;
  const falling = standing?.direction === 'down' ? standing : null;
  const lead = leadMarket(about.live);
  const predicted = about.cameTrue.length > 0 || (lead !== null && lead.risk >= THRESHOLDS.predictedProbability) || (falling !== null && (await wasPredicted(on, id, falling, asOf)));
  const total = transitSeries(id);
  const main = followed.find((f) => f.monitor.series === total);
  return {
    id,
    name: CHOKEPOINTS[id],
    asOf,
    status: correlate(predicted, { alarm: falling !== null, drop: lost?.expected ?? 0, dropLow: lost?.low ?? 0 }),
    transits: transitsOf(total, values.get(total) ?? [], main?.state ?? null),
    lostTraffic: worst && lost ? { ...lost, series: worst.monitor.series, from: worst.state.recent!.from, to: worst.state.recent!.to } : null,
    freight: freightOf(id, values, main?.state ?? null),
    lead,
    cameTrue: about.cameTrue,
    alarm: standing,
    alarms,
    rulesVersion: REALITY_RULES_VERSION,
  };
}

/** Of the series whose alarm stands the one that changed most; while none stands the first in the list, all ships: the classes are noisier. */
function hardestHit(followed: readonly Followed[]): Followed | null {
  const known = followed.filter((f) => f.state.baseline);
  const change = ({ monitor, state }: Followed): number => (monitor.side === 'down' ? 1 - state.recent!.ratio : state.recent!.ratio - 1);
  const [worst] = known.filter((f) => f.state.standing).sort((a, b) => change(b) - change(a));
  return worst ?? known[0] ?? null;
}

/** True when a market priced it at even odds or more in the weeks before the alarm, as far as was known when it came. */
async function wasPredicted(on: Executor, id: ChokepointId, alarm: Alarm, asOf: Millis): Promise<boolean> {
  const from = startOfDay(alarm.alarmedFor) - THRESHOLDS.predictedDays * DAY_MS;
  const told = await signalHistory(on, id, from, alarm.knownAt, asOf);
  return told.some((s) => (riskPrice(s) ?? 0) >= THRESHOLDS.predictedProbability);
}

function alarmOf(monitor: Pick<Monitor, 'chokepoint' | 'series'>, a: NonNullable<SeriesState['standing']>): Alarm {
  const { from, to, mean, sd } = a.baseline;
  return {
    id: deterministicId('alm', monitor.chokepoint, monitor.series, a.direction, a.day, REALITY_RULES_VERSION),
    series: monitor.series,
    chokepoint: monitor.chokepoint,
    direction: a.direction,
    alarmedFor: a.day,
    knownAt: a.knownAt,
    statistic: a.statistic,
    levelRatio: a.level,
    baseline: { from, to, mean, sd },
  };
}

function transitsOf(series: SeriesId, values: readonly KnownValue[], state: SeriesState | null): Transits | null {
  const last = values.at(-1);
  if (!last) return null;
  const baseline = state?.baseline ?? null;
  return {
    series,
    value: last.value,
    observedFor: last.observedFor,
    knownAt: last.knownAt,
    baselineMean: baseline?.mean ?? null,
    baselineSd: baseline?.sd ?? null,
    ratio: baseline && baseline.mean > 0 ? last.value / baseline.mean : null,
    recentRatio: state?.recent?.ratio ?? null,
    source: last.source,
    url: last.url,
  };
}

/** Weekly figures: a baseline of fewer than this many says nothing. */
const LEAST_FREIGHT_VALUES = 3;

function freightOf(id: ChokepointId, values: ReadonlyMap<SeriesId, readonly KnownValue[]>, state: SeriesState | null): FreightPremium | null {
  const series = freightSeriesOf(id);
  const rates = series === null ? [] : (values.get(series) ?? []);
  const last = rates.at(-1);
  if (series === null || !last) return null;
  const { baseline } = state ?? { baseline: null };
  const within = baseline ? rates.filter((r) => r.observedFor >= baseline.from && r.observedFor <= baseline.to) : [];
  const mean = within.length < LEAST_FREIGHT_VALUES ? null : within.reduce((sum, r) => sum + r.value, 0) / within.length;
  return {
    lane: series.slice('freight.'.length),
    value: last.value,
    observedFor: last.observedFor,
    knownAt: last.knownAt,
    baseline: mean,
    premium: mean === null || mean === 0 ? null : last.value / mean - 1,
    source: last.source,
    url: last.url,
  };
}
