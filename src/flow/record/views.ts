/** The record as JSON: names in snake_case, times in ISO 8601 UTC, money as decimal strings. */
import * as z from 'zod';
import { roundMicros, toDecimal, type Micros } from '../../model/money.ts';
import { iso } from '../../model/time.ts';
import { FORECASTERS } from './forecasts.ts';
import type { Period } from './learning/trial.ts';
import type { PoolingVersion } from './pooling-store.ts';
import type { RecordReport } from './report.ts';
import type { ForecasterScore } from './scoring/index.ts';

const probability = z.number().min(0).max(1);
const count = z.int().nonnegative();
const interval = z.tuple([z.number(), z.number()]).describe('90 % interval, low and high; whole events are drawn again, not rows');
const period = z.object({ from: z.iso.datetime(), to: z.iso.datetime(), n: count, clusters: count });

const SCORE = z.object({
  n: count.describe('Forecasts'),
  clusters: count.describe('Events: questions on one event count once'),
  brier: probability.describe('Mean squared error; lower is better, 0.25 is a coin'),
  brier_interval_90: interval.nullable().describe('Null below two events'),
  log_loss: z.number().nonnegative().describe('In nats; probabilities are clipped at 0.000001'),
  ece: probability.describe('Expected calibration error over ten bins of equal count'),
  ece_equal_width: probability.describe('The same over ten bins of equal width'),
  murphy: z
    .object({ reliability: z.number(), resolution: z.number(), uncertainty: z.number(), within_bin: z.number() })
    .describe('Brier = reliability − resolution + uncertainty + within_bin, over ten bins of equal width'),
  curve: z.array(z.object({ low: probability, high: probability, mean_forecast: probability, observed: probability, observed_interval_90: interval, n: count, clusters: count })),
  economic_value: z.array(z.object({ cost_loss: z.number(), value: z.number().max(1).nullable() })).describe('Richardson’s relative value: 1 perfect, 0 no better than the base rate; null where all outcomes are the same'),
});

const FORECASTER = SCORE.extend({
  forecaster: z.enum(FORECASTERS).describe('market: the raw price; pooled: the desk’s; climatology: the base rate of questions answered before'),
  n: count.describe('Forecasts: one a question and day'),
});

const VERSION = z.object({
  version: z.string(),
  adopted: z.boolean(),
  adopted_at: z.iso.datetime().nullable().describe('Desk time'),
  tried_at: z.iso.datetime().describe('Desk time'),
  why: z.string(),
  extremizing: z.number().positive(),
  reliability: z.record(z.string(), probability),
  train: period,
  test: period,
  brier_raw: probability,
  brier_pooled: probability,
  brier_in_use: probability,
  improvement_interval_90: interval.nullable(),
});

export const CALIBRATION = z.object({
  as_of: z.iso.datetime(),
  forecasters: z.array(FORECASTER),
  single_opinion_forecasts: count.describe('Pooled forecasts that rest on one opinion alone'),
  in_use: z.enum(['pooled', 'market']),
  pooling_version: z.string(),
  why: z.string(),
  learning: z.object({ versions: z.array(VERSION).describe('Newest first') }),
  sources: z.array(z.object({ source: z.string(), reliability: probability, reliability_interval_90: interval.nullable(), in_use: probability, n: count, clusters: count })),
  decisions: z.object({
    n_with_outcome: count,
    clusters: count,
    hits: count.describe('Of them: a passage was closed to the ship'),
    forecast: SCORE.nullable().describe('The probability in each decision against what came; decisions in one corridor at one time are one event'),
    n_priced: count.describe('Voyages whose costs are known: the decision that was followed, once a shipment and corridor'),
    regret_usd: z.string().describe('Cost above the best action in hindsight, summed'),
    mean_regret_usd: z.string().nullable(),
    saved_against: z.array(z.object({ policy: z.string(), n: count, saved_usd: z.string() })).describe('What following one policy always would have cost more'),
  }),
});

export type CalibrationView = z.infer<typeof CALIBRATION>;

export function calibrationView(r: RecordReport): CalibrationView {
  return {
    as_of: iso(r.asOf),
    forecasters: r.forecasters.map((f) => ({ forecaster: f.forecaster, ...scoreView(f) })),
    single_opinion_forecasts: r.singleOpinion,
    in_use: r.inUse,
    pooling_version: r.version,
    why: r.why,
    learning: { versions: r.versions.map(versionView).reverse() },
    sources: r.sources.map((s) => ({ source: s.source, reliability: s.reliability, reliability_interval_90: pair(s.interval90), in_use: s.inUse, n: s.n, clusters: s.events })),
    decisions: {
      n_with_outcome: r.decisions.n,
      clusters: r.decisions.clusters,
      hits: r.decisions.hits,
      forecast: r.decisions.score && scoreView(r.decisions.score),
      n_priced: r.decisions.priced,
      regret_usd: toDecimal(r.decisions.total),
      mean_regret_usd: r.decisions.priced === 0 ? null : toDecimal(mean(r.decisions.total, r.decisions.priced)),
      saved_against: Object.entries(r.decisions.savedAgainst).map(([policy, { n, saved }]) => ({ policy, n, saved_usd: toDecimal(saved) })),
    },
  };
}

const scoreView = (f: ForecasterScore): z.infer<typeof SCORE> => ({
  n: f.n,
  clusters: f.clusters,
  brier: f.brier,
  brier_interval_90: pair(f.brierInterval90),
  log_loss: f.logLoss,
  ece: f.ece,
  ece_equal_width: f.eceEqualWidth,
  murphy: { reliability: f.murphy.reliability, resolution: f.murphy.resolution, uncertainty: f.murphy.uncertainty, within_bin: f.murphy.withinBin },
  curve: f.curve.map((b) => ({ low: b.low, high: b.high, mean_forecast: b.meanForecast, observed: b.observed, observed_interval_90: [...b.observedInterval90], n: b.n, clusters: b.clusters })),
  economic_value: f.economicValue.map(({ costLoss, value }) => ({ cost_loss: costLoss, value: value === null ? null : Math.min(1, value) })),
});

const versionView = (v: PoolingVersion): z.infer<typeof VERSION> => ({
  version: v.version,
  adopted: v.adopted,
  adopted_at: v.adopted ? iso(v.asOf) : null,
  tried_at: iso(v.asOf),
  why: v.why,
  extremizing: v.extremizing,
  reliability: { ...v.reliability },
  train: periodView(v.train),
  test: periodView(v.test),
  brier_raw: v.brierRaw,
  brier_pooled: v.brierPooled,
  brier_in_use: v.brierInUse,
  improvement_interval_90: pair(v.improvement90),
});

const periodView = (p: Period): z.infer<typeof period> => ({ from: iso(p.from), to: iso(p.to), n: p.n, clusters: p.clusters });
const pair = (i: readonly [number, number] | null): [number, number] | null => i && [i[0], i[1]];
const mean = (total: Micros, n: number): Micros => roundMicros(Number(total) / n);
