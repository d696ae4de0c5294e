/** The risks on the passages, put together from signals (through their links) and from what is observed. Reads only what was known at `asOf`. */
import type { Executor } from '../../kernel/database/types.ts';
import { contentHash } from '../../model/ids.ts';
import { extremize, freshness, hazardRate, poolLogOdds, probabilityWithin } from '../../model/probability.ts';
import { CHOKEPOINTS, type ChokepointId } from '../../model/place.ts';
import { DAY_MS, startOfDay, type Millis } from '../../model/time.ts';
import { remainingDays } from './closing-length.ts';
import type { Claim, EventRisk, Evidence } from './inputs.ts';
import { interval, type Interval } from './interval.ts';
import type { RiskReader } from './ports.ts';
import type { RiskSources, SourceLink, SourceSignal, SourceState } from './risk-sources.ts';
import { PARAMETERS } from './settings.ts';
import { logitVolatility } from './volatility.ts';

/** A price of this age weighs half. */
const HALF_LIFE_MS = 14 * DAY_MS;
/** History behind the volatility and the length of the record. */
const HISTORY_MS = 180 * DAY_MS;
/** Less traffic lost than this is a bad week, not a closing. */
const LEAST_LOST = 0.2;

/** How several prices of one event are made one, as learnt from outcomes. What it does to a price is in the claim, so that a replay needs no more. */
export interface PoolingRule {
  readonly version: string;
  /** `market`: the pool has lost to the raw price, and the lead market stands alone. */
  readonly use: 'pooled' | 'market';
  /** a of the logit pool. */
  readonly extremizing: number;
  reliabilityOf(source: string): number;
}

/** @param poolingInUse left out: prices are pooled as they are told, by the sources' declared reliability */
export function createRiskReader(declared: RiskSources, poolingInUse?: (on: Executor, asOf: Millis) => Promise<PoolingRule>): RiskReader {
  return {
    async eventRisks(on: Executor, asOf: Millis, chokepoints: readonly ChokepointId[] | null): Promise<readonly EventRisk[]> {
      const pooling = (await poolingInUse?.(on, asOf)) ?? null;
      const sources = pooling ? { ...declared, reliabilityOf: (source: string) => pooling.reliabilityOf(source) } : declared;
      const wanted = ({ link }: Linked): boolean => chokepoints === null || chokepoints.includes(link.chokepoint);
      // A link leads from a question to the passage that it is about: see the stage `signals`.
      const heard = chokepoints?.length === 1 ? await sources.liveSignals(on, asOf, chokepoints[0]) : await sources.liveSignals(on, asOf);
      const live = linked(heard, sources).filter(wanted);
      const occurred = linked(await sources.occurredSignals(on, asOf - HISTORY_MS, asOf), sources).filter(wanted);
      const states = await sources.chokepointStates(on, asOf, chokepoints ?? undefined);
      const passages = new Set([...live, ...occurred].map((l) => l.link.chokepoint));
      const histories = new Map<ChokepointId, readonly SourceSignal[]>();
      for (const id of passages) histories.set(id, await sources.signalHistory(on, id, asOf - HISTORY_MS, asOf, asOf));
      const observed = states.flatMap((state) => observedRisk(state, live.filter((l) => l.link.chokepoint === state.id), sources, asOf));
      const closed = new Set(observed.map((r) => r.chokepoint));
      return [
        ...observed,
        // What follows from an event is seen by then, or did not come.
        ...grouped(occurred).flatMap((g) => (closed.has(g.link.chokepoint) ? [] : occurredRisk(g, asOf))),
        ...grouped(live).map((g) => forecastRisk(g, histories.get(g.link.chokepoint) ?? [], sources, pooling, asOf)),
      ];
    },
  };
}

interface Linked {
  readonly signal: SourceSignal;
  readonly link: SourceLink;
}

const linked = (signals: readonly SourceSignal[], sources: RiskSources): readonly Linked[] => signals.flatMap((signal) => sources.linksOf(signal).map((link) => ({ signal, link })));

interface Group {
  readonly link: SourceLink;
  /** In order of their ids. */
  readonly signals: readonly SourceSignal[];
}

/** One group a disrupting link: its signals speak of the same event. */
function grouped(all: readonly Linked[]): readonly Group[] {
  const groups = new Map<string, { link: SourceLink; signals: SourceSignal[] }>();
  for (const { signal, link } of all) {
    if (link.effect !== 'disrupts') continue;
    const group = groups.get(link.id) ?? { link, signals: [] };
    group.signals.push(signal);
    groups.set(link.id, group);
  }
  return [...groups.values()].map(({ link, signals }) => ({ link, signals: signals.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }));
}

function forecastRisk({ link, signals }: Group, history: readonly SourceSignal[], sources: RiskSources, pooling: PoolingRule | null, asOf: Millis): EventRisk {
  const questions = new Set(signals.map(questionOf));
  // Everything that was said of this event, by questions that have ended too: what is open today may have been asked yesterday.
  const record = history.filter((h) => sources.linksOf(h).some((l) => l.id === link.id));
  const seen = record.map((h) => h.observedAt);
  const weighed = signals.map((signal) => ({ signal, weight: weightOf(signal, sources, asOf) }));
  const lead = weighed.reduce((a, b) => (b.weight > a.weight || (pooling?.use === 'market' && b.weight === a.weight && b.signal.confidence > a.signal.confidence) ? b : a));
  const main = lead.signal;
  const counted = pooling?.use === 'market' ? [lead] : weighed;
  const a = pooling?.use === 'pooled' ? pooling.extremizing : 1;
  const total = weighed.reduce((sum, w) => sum + w.weight, 0);
  return {
    ...common(link, signals, pooling ? [poolingEvidence(pooling, signals)] : []),
    id: link.id,
    event: `A yes to “${main.claim}”`,
    basis: {
      kind: 'forecast',
      claims: counted.flatMap(({ signal, weight }) => claimOf(signal, weight, a)),
      delayDays: link.delayDays,
      harmGivenEvent: link.probability,
      logitVolatility: logitVolatility(record.filter((h) => questionOf(h) === questionOf(main)).map((h) => ({ at: h.observedAt, probability: h.probability }))),
    },
    confidence: weighed.reduce((sum, w) => sum + w.weight * w.signal.confidence, 0) / total,
    confidenceReasons: [`${questions.size} ${questions.size === 1 ? 'question' : 'questions'} on this event`, ...main.confidenceReasons],
    recordLength: record.length,
    recordDays: seen.length === 0 ? 0 : Math.round(((Math.max(...seen) - Math.min(...seen)) / DAY_MS) * 10) / 10,
  };
}

/** A yes that came: harm follows within the link's delay or not at all, and counts show it some days after. */
function occurredRisk({ link, signals }: Group, asOf: Millis): readonly EventRisk[] {
  const first = signals.reduce((a, b) => (b.knownAt < a.knownAt ? b : a));
  if (asOf > first.knownAt + (link.delayDays.high + PARAMETERS.publicationDays) * DAY_MS) return [];
  return [
    {
      ...common(link, signals),
      id: `${link.id}:occurred`,
      event: `a yes to “${first.claim}”`,
      basis: { kind: 'occurred', at: first.knownAt, delayDays: link.delayDays, harmGivenEvent: link.probability },
      confidence: Math.max(...signals.map((s) => s.confidence)),
      confidenceReasons: ['the question has been answered with yes'],
      recordLength: signals.length,
    },
  ];
}

const common = (link: SourceLink, signals: readonly SourceSignal[], also: readonly Evidence[] = []): Pick<EventRisk, 'chokepoint' | 'durationDays' | 'linkSource' | 'evidence'> => ({
  chokepoint: link.chokepoint,
  durationDays: link.durationDays,
  linkSource: link.source,
  evidence: [...signals.map(signalEvidence), linkEvidence(link), ...also],
});

const questionOf = (s: SourceSignal): string => `${s.source} ${s.externalId}`;

/** Never 0: an old opinion is weak, and when alone still the only one there is. */
const weightOf = (s: SourceSignal, sources: RiskSources, asOf: Millis): number => Math.max(1e-9, sources.reliabilityOf(s.source) * freshness(asOf - s.observedAt, HALF_LIFE_MS));

const claimOf = (s: SourceSignal, weight: number, a: number): readonly Claim[] =>
  s.horizonEnd === null ? [] : [{ evidenceId: s.id, probability: extremize(s.probability, a), observedAt: s.observedAt, horizonEnd: s.horizonEnd, weight }];

const signalEvidence = (s: SourceSignal): Evidence => ({ kind: 'signal', id: s.id, hash: s.contentHash, statement: s.claim, probability: s.probability, source: s.source, url: s.evidence[0]?.url ?? null });

/** Which pooling the claims have gone through, for the causal chain and for who computes it again. */
function poolingEvidence({ version, use, extremizing, reliabilityOf }: PoolingRule, signals: readonly SourceSignal[]): Evidence {
  const reliability = Object.fromEntries([...new Set(signals.map((s) => s.source))].sort().map((source) => [source, reliabilityOf(source)]));
  const statement = use === 'market' ? 'Pooling is switched off, as it has not beaten the raw price: the lead market alone counts' : `Prices are pooled in log-odds with a = ${extremizing}, weighed by reliability and freshness`;
  return { kind: 'state', id: `pooling@${version}:${use}`, hash: contentHash({ version, use, extremizing, reliability }), statement, probability: null, source: 'the record of forecasts and outcomes', url: null };
}

function linkEvidence(link: SourceLink): Evidence {
  const { id, version, probability, delayDays, durationDays, statement, source } = link;
  const part = ({ low, expected, high }: Interval) => ({ low, expected, high });
  const hash = contentHash({ id, version, probability: part(probability), delayDays: part(delayDays), durationDays: part(durationDays), statement, source });
  return { kind: 'link', id: `${id}@${version}`, hash, statement, probability: probability.expected, source, url: null };
}

/** @returns nothing while traffic holds */
function observedRisk(state: SourceState, links: readonly Linked[], sources: RiskSources, asOf: Millis): readonly EventRisk[] {
  const { alarm, lostTraffic: lost, transits } = state;
  if (!lost || alarm?.direction !== 'down' || lost.expected < LEAST_LOST) return [];
  const since = startOfDay(alarm.alarmedFor);
  // A price that was formed while ships still passed says nothing of when they will again.
  const reliefs = links.filter((l) => l.link.effect === 'relieves' && l.signal.observedAt >= since);
  const name = CHOKEPOINTS[state.id];
  const evidence: Evidence[] = [
    { kind: 'alarm', id: alarm.id, hash: contentHash({ id: alarm.id, series: alarm.series, day: alarm.alarmedFor, statistic: alarm.statistic }), statement: `Traffic at ${name} fell: CUSUM alarm for ${alarm.alarmedFor}`, probability: null, source: transits?.source ?? alarm.series, url: transits?.url ?? null },
    { kind: 'state', id: `${state.id}.lost:${lost.to}`, hash: contentHash({ expected: lost.expected, low: lost.low, high: lost.high, from: lost.from, to: lost.to, series: lost.series }), statement: `From ${lost.from} to ${lost.to} the passage saw ${Math.round(100 * (1 - lost.expected))}% of its usual traffic`, probability: lost.expected, source: transits?.source ?? lost.series, url: transits?.url ?? null },
    ...reliefs.flatMap((r) => [signalEvidence(r.signal), linkEvidence(r.link)]),
  ];
  const reopening = reopeningDays(reliefs, sources, asOf);
  return [
    {
      id: `${state.id}.closed`,
      chokepoint: state.id,
      event: `The closing of ${name}`,
      basis: { kind: 'observed', trafficLost: interval(lost.low, lost.expected, lost.high), since },
      durationDays: reopening ?? remainingDays((asOf - since) / DAY_MS),
      linkSource: reopening ? 'the markets on its reopening, through their declared links' : 'declared judgement on how long closings last',
      evidence,
      confidence: 0.95 * freshness(asOf - (transits?.knownAt ?? alarm.knownAt), HALF_LIFE_MS),
      confidenceReasons: [`traffic is counted up to ${lost.to}`],
      recordLength: Math.max(1, Math.round((startOfDay(lost.to) - startOfDay(lost.from)) / DAY_MS) + 1 + reliefs.length),
    },
  ];
}

/**
 * Mean days until ships are back, from what markets say of a reopening: 1 ÷ (pooled hazard of relief × P(relief works)) plus its delay.
 * @returns null where no market speaks of it
 */
function reopeningDays(reliefs: readonly Linked[], sources: RiskSources, asOf: Millis): Interval | null {
  const horizon = PARAMETERS.poolingHorizonDays;
  const opinions = reliefs.flatMap(({ signal, link }) => {
    if (signal.horizonEnd === null || signal.horizonEnd <= signal.observedAt) return [];
    const rate = hazardRate(signal.probability, Math.max(1 / 24, (signal.horizonEnd - signal.observedAt) / DAY_MS));
    const within = (works: number): number => probabilityWithin(rate * works, horizon);
    return [{ link, weight: weightOf(signal, sources, asOf), low: within(link.probability.high), expected: within(link.probability.expected), high: within(link.probability.low) }];
  });
  if (opinions.length === 0) return null;
  const days = (pick: 'low' | 'expected' | 'high'): number => {
    const pooled = poolLogOdds(opinions.map((o) => ({ probability: o[pick], weight: o.weight }))) ?? 0;
    const delay = opinions.reduce((sum, o) => sum + o.link.delayDays[pick], 0) / opinions.length;
    return Math.min(720, 1 / Math.max(1e-3, hazardRate(pooled, horizon)) + delay);
  };
  const [low, expected, high] = [days('low'), days('expected'), days('high')];
  return interval(Math.min(low, expected), expected, Math.max(expected, high));
}
