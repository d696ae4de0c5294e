/** How good the desk has been, from the rows of its record. Pure: chance is seeded. */
import type { Millis } from '../../model/time.ts';
import { reliabilityOf } from '../signals/index.ts';
import { FORECASTERS, type Forecaster } from './forecasts.ts';
import { sourceRecords, type SourceRecord } from './learning/fit.ts';
import { eventOfQuestion, learnRows } from './learning/learn-rows.ts';
import type { InUse, TrialSettings } from './learning/trial.ts';
import { inUseAt, type PoolingInUse, type PoolingVersion } from './pooling-store.ts';
import type { DecisionOutcome, SeededRandom } from './ports.ts';
import { countClusters, regretOf, scoreForecaster, type ForecasterScore, type Regret } from './scoring/index.ts';
import type { RecordRow } from './store.ts';

export interface RecordReport {
  readonly asOf: Millis;
  readonly forecasters: readonly (ForecasterScore & { readonly forecaster: Forecaster })[];
  /** Pooled forecasts that rest on one opinion alone: there pooled and raw differ only by the extremising. */
  readonly singleOpinion: number;
  readonly inUse: InUse;
  readonly version: string;
  readonly why: string;
  /** Oldest first. */
  readonly versions: readonly PoolingVersion[];
  readonly sources: readonly (SourceRecord & { readonly inUse: number })[];
  readonly decisions: Regret & { readonly n: number; readonly clusters: number; readonly hits: number; readonly priced: number; readonly score: ForecasterScore | null };
}

export interface ReportInputs {
  readonly asOf: Millis;
  readonly rows: readonly RecordRow[];
  /** Oldest first. */
  readonly versions: readonly PoolingVersion[];
  readonly decisions: readonly DecisionOutcome[];
  readonly seeded: SeededRandom;
  readonly settings: TrialSettings;
}

export function reportOf({ asOf, rows, versions, decisions, seeded, settings }: ReportInputs): RecordReport {
  const events = eventOfQuestion(rows);
  const inUse = inUseAt(versions, asOf);
  const singleOpinion = rows.filter((r) => r.opinions?.length === 1).length;
  return {
    asOf,
    forecasters: FORECASTERS.flatMap((forecaster) => {
      const scored = rows.filter((r) => r.forecaster === forecaster).map((r) => ({ probability: r.probability, outcome: r.outcome, cluster: events.get(r.question)! }));
      return scored.length === 0 ? [] : [{ forecaster, ...scoreForecaster(scored, seeded(`score ${forecaster}`)) }];
    }),
    singleOpinion,
    inUse: inUse.use,
    version: inUse.version,
    why: whyOf(inUse, rows, new Set(events.values()).size, singleOpinion, settings),
    versions,
    sources: sourceRecords(learnRows(rows), reliabilityOf, seeded('sources')).map((s) => ({ ...s, inUse: inUse.reliabilityOf(s.source) })),
    decisions: decisionsOf(decisions, seeded),
  };
}

function decisionsOf(decisions: readonly DecisionOutcome[], seeded: SeededRandom): RecordReport['decisions'] {
  const scored = decisions.map((d) => ({ probability: d.probability, outcome: d.hit ? (1 as const) : (0 as const), cluster: d.event }));
  const costs = decisions.flatMap((d) => d.cost ?? []);
  const score = scored.length === 0 ? null : scoreForecaster(scored, seeded('score decisions'));
  return { n: decisions.length, clusters: countClusters(scored), hits: decisions.filter((d) => d.hit).length, priced: costs.length, score, ...regretOf(costs) };
}

function whyOf(inUse: PoolingInUse, rows: readonly RecordRow[], events: number, singleOpinion: number, { leastEvents }: TrialSettings): string {
  const shipped = 'The pool is used as shipped: a = 1 and declared reliabilities';
  if (rows.length === 0) return `No question that the desk had forecasts of has been answered yet, so nothing is scored. ${shipped}`;
  const pooled = rows.filter((r) => r.forecaster === 'pooled').length;
  const alone = `${singleOpinion} of ${pooled} pooled forecasts rest on one opinion alone`;
  if (inUse.why !== null) return `${inUse.use === 'market' ? 'The pool is switched off: the raw price of the lead market is used.' : 'The pool is used.'} ${inUse.why} (${alone})`;
  return `${shipped}. It is tried once ${leastEvents} events lie on either side of a split in time; the record holds ${events} ${events === 1 ? 'event' : 'events'} (${alone})`;
}
