/** How good the probabilities in the decisions were: against what ships met, beside the raw market's price and beside how often it had been so. Pure. */
import { scoreForecaster, type ForecasterScore, type Scored } from '../../flow/record/index.ts';
import { seededUniform } from '../../kernel/random/seeded-uniform.ts';
import { contentHash, type Json } from '../../model/ids.ts';
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, startOfDay, type Millis } from '../../model/time.ts';
import { knownBy, type Scenario } from '../../scenario/index.ts';
import type { Book } from './book.ts';
import { metAt, passageRecord, type PassageRecord } from './outcome.ts';
import type { BacktestReport } from './report.ts';

/** A decision as a forecast: P(one of its passages is closed when the ship gets there). */
export interface Forecast {
  readonly shipmentId: string;
  /** The passage that leads. */
  readonly chokepoint: ChokepointId;
  readonly asOf: Millis;
  /** All that were weighed. */
  readonly passages: readonly { readonly chokepoint: ChokepointId; readonly passesAt: Millis }[];
  readonly probability: number;
  /** The highest price of yes among the markets that the decision rests on; null where it rests on none. */
  readonly market: number | null;
}

export interface ForecastInput {
  readonly scenario: Pick<Scenario, 'transits' | 'from'>;
  readonly forecasts: readonly Forecast[];
  readonly book: Book;
  readonly records: ReadonlyMap<ChokepointId, PassageRecord>;
  readonly share: number;
}

interface Row {
  readonly forecast: Forecast;
  readonly outcome: 0 | 1;
  readonly climatology: number;
}

export function forecastsOf(input: ForecastInput): BacktestReport['forecasts'] {
  const usual = climatology(input);
  const rows = input.forecasts.flatMap((forecast): readonly Row[] => {
    const hit = hitAt(forecast, input);
    return hit !== null ? [{ forecast, outcome: hit ? 1 : 0, climatology: usual(forecast.chokepoint, forecast.asOf) }] : [];
  });
  const priced = rows.filter((r) => r.forecast.market !== null);
  const scored = (of: readonly Row[], probability: (r: Row) => number): BacktestReport['forecasts']['ours'] =>
    of.length === 0 ? null : scoreOf(of.map((r) => ({ probability: probability(r), outcome: r.outcome, cluster: r.forecast.chokepoint })));
  return {
    rows: rows.length,
    not_recorded: input.forecasts.length - rows.length,
    hits: rows.filter((r) => r.outcome === 1).length,
    ours: scored(rows, (r) => r.forecast.probability),
    climatology: scored(rows, (r) => r.climatology),
    where_a_market_speaks: { rows: priced.length, ours: scored(priced, (r) => r.forecast.probability), market: scored(priced, (r) => r.forecast.market!) },
    silent: silent(input),
  };
}

/** Whether one of the passages was closed when the ship came; null where none was as far as is recorded, and one is not. */
function hitAt({ passages }: Forecast, { records, share }: ForecastInput): boolean | null {
  const met = passages.map(({ chokepoint, passesAt }) => {
    const record = records.get(chokepoint);
    return record ? metAt(record, passesAt, share) : null;
  });
  if (met.some((m) => m?.hit)) return true;
  return met.includes(null) ? null : false;
}

/** Ships of the book about whose passage nothing was ever said: below the least probability that makes a decision. */
function silent({ book, forecasts, share }: ForecastInput): BacktestReport['forecasts']['silent'] {
  const spoken = new Set(forecasts.flatMap((f) => f.passages.map((p) => `${f.shipmentId} ${p.chokepoint}`)));
  const quiet = book.exposures.flatMap((e) => e.passages.filter((p) => !spoken.has(`${e.shipment.id} ${p.chokepoint}`)));
  return { passages: quiet.length, hit: quiet.filter((p) => metAt(p.record, p.passesAt, share)?.hit).length };
}

/**
 * How often the passage had been closed on the days known by then, as a rate that is never 0 or 1: (closed + ½) ÷ (days + 1). No look-ahead.
 */
function climatology({ scenario, share }: ForecastInput): (chokepoint: ChokepointId, asOf: Millis) => number {
  const remembered = new Map<string, number>();
  return (chokepoint, asOf) => {
    const key = `${chokepoint} ${asOf}`;
    let rate = remembered.get(key);
    if (rate === undefined) remembered.set(key, (rate = rateBy(scenario, chokepoint, asOf, share)));
    return rate;
  };
}

/** Nothing is recorded: what (0 + ½) ÷ (0 + 1) comes to. */
const NEVER_SEEN = 0.5;

function rateBy(scenario: Pick<Scenario, 'transits' | 'from'>, chokepoint: ChokepointId, asOf: Millis, share: number): number {
  const known = knownBy(scenario.transits, asOf).filter((r) => r.chokepoint === chokepoint);
  const record = passageRecord({ transits: known, from: scenario.from }, chokepoint);
  if (!record) return NEVER_SEEN;
  const days = known.map((r) => startOfDay(r.observedFor)).sort((a, b) => a - b);
  let [counted, closed] = [0, 0];
  for (let at = days[0]!; at <= days.at(-1)!; at += DAY_MS) {
    const level = record.level(at);
    if (level === null) continue;
    counted += 1;
    if (level < share) closed += 1;
  }
  return (closed + 0.5) / (counted + 1);
}

/** The draws of the interval are seeded by the rows: the same walk gives the same bytes. */
const scoreOf = (rows: readonly Scored[]) => scoreView(scoreForecaster(rows, seededUniform(contentHash(rows as unknown as Json))));

const scoreView = (s: ForecasterScore): NonNullable<BacktestReport['forecasts']['ours']> => ({
  n: s.n,
  clusters: s.clusters,
  brier: round(s.brier),
  brier_interval_90: s.brierInterval90 && [round(s.brierInterval90[0]), round(s.brierInterval90[1])],
  log_loss: round(s.logLoss),
  ece: round(s.ece),
  murphy: { reliability: round(s.murphy.reliability), resolution: round(s.murphy.resolution), uncertainty: round(s.murphy.uncertainty), within_bin: round(s.murphy.withinBin) },
  reliability: s.curve.map((b) => ({ from: round(b.low), to: round(b.high), forecasts: b.n, mean_forecast: round(b.meanForecast), hit_rate: round(b.observed), hit_rate_interval_90: [round(b.observedInterval90[0]), round(b.observedInterval90[1])] })),
});

const round = (n: number): number => Number(n.toFixed(6));
