/** One trial of the pool against what came true: new parameters are adopted, or the pool is switched off, or all stays. Pure. */
import type { Random } from '../../../kernel/random/random.ts';
import type { Millis } from '../../../model/time.ts';
import type { PoolingParameters } from '../pooling.ts';
import { brierOf, clusterBootstrap90, countClusters, meanOf, type Interval90 } from '../scoring/index.ts';
import { fitExtremizing, pooledLosses, sourceRecords } from './fit.ts';
import { splitByTime, type LearnRow } from './split.ts';
import { neymanRoughgarden } from './theory.ts';

export interface TrialSettings {
  /** Held-out Brier must be better by at least this. */
  readonly margin: number;
  /** Fewer events on either side than this decide nothing. */
  readonly leastEvents: number;
}

export const TRIAL_SETTINGS: TrialSettings = Object.freeze({ margin: 0.002, leastEvents: 20 });

/** What the desk goes by. `market`: the pool is switched off, and the raw price of the lead market stands for the event. */
export type InUse = 'pooled' | 'market';

export interface Standing {
  readonly use: InUse;
  readonly parameters: PoolingParameters;
  /** The end of what its parameters were learnt from: events that began later are held out for it. What is shipped has seen none. */
  readonly learntUntil: Millis | null;
  /** What is shipped, and what the estimates are drawn to. */
  readonly declared: (source: string) => number;
}

export interface Period {
  readonly from: Millis;
  readonly to: Millis;
  readonly n: number;
  readonly clusters: number;
}

export interface Trial {
  readonly extremizing: number;
  /** Source → 0…1, of the sources in the training rows. */
  readonly reliability: Readonly<Record<string, number>>;
  readonly train: Period;
  readonly test: Period;
  /** Held-out scores: of the raw prices, of the candidate, of what was in use. */
  readonly brierRaw: number;
  readonly brierPooled: number;
  readonly brierInUse: number;
  /** 90 % interval of brierRaw − brierPooled over whole events. */
  readonly improvement90: Interval90 | null;
  readonly adopted: boolean;
  readonly useAfter: InUse;
  /** In plain words. */
  readonly why: string;
}

/** @returns null while either side of the split has too few events: nothing is decided, and nothing is learnt from looking */
export function tryPooling(rows: readonly LearnRow[], standing: Standing, uniform: Random, settings: TrialSettings = TRIAL_SETTINGS): Trial | null {
  const split = splitByTime(rows);
  if (!split) return null;
  const [train, test] = [periodOf(split.train), periodOf(split.test)];
  if (!train || !test || Math.min(train.clusters, test.clusters) < settings.leastEvents) return null;

  const reliability = Object.fromEntries(sourceRecords(split.train, standing.declared, uniform).map((s) => [s.source, s.reliability]));
  const reliabilityOf = (source: string): number => (Object.hasOwn(reliability, source) ? reliability[source]! : standing.declared(source));
  const extremizing = fitExtremizing(split.train, reliabilityOf);

  const raw = split.test.map((r) => brierOf(r.raw, r.outcome));
  const candidate = pooledLosses(split.test, { extremizing, reliabilityOf });
  const pool = pooledLosses(split.test, standing.parameters);
  const improvement90 = clusterBootstrap90(split.test.map((r, i) => ({ cluster: r.event, value: raw[i]! - candidate[i]! })), uniform);
  const scores = { brierRaw: meanOf(raw), brierPooled: meanOf(candidate), brierInUse: meanOf(standing.use === 'market' ? raw : pool) };
  const measured = { extremizing, reliability, train, test, ...scores, improvement90 };

  const refusal = refusalOf(scores, improvement90, settings);
  if (refusal === null) return { ...measured, adopted: true, useAfter: 'pooled', why: `Adopted: on ${test.clusters} held-out events its Brier score is ${gain(scores.brierRaw, scores.brierPooled)} better than the raw price. ${theoryOf(split.train, extremizing)}` };
  const verdict = verdictOn(rows, standing, settings);
  const loses = standing.use === 'pooled' && verdict !== null;
  return { ...measured, adopted: false, useAfter: loses ? 'market' : standing.use, why: `Not adopted: ${refusal}.${loses ? ` ${verdict}` : ''}` };
}

/**
 * Whether the pool in use loses to the raw price, on every event that it has not learnt from and on which the two differ.
 * @returns why it is switched off, or null
 */
function verdictOn(rows: readonly LearnRow[], { parameters, learntUntil }: Standing, { leastEvents }: TrialSettings): string | null {
  const began = new Map<string, Millis>();
  for (const r of rows) began.set(r.event, Math.min(r.forecastAt, began.get(r.event) ?? r.forecastAt));
  const heldOut = rows.filter((r) => learntUntil === null || began.get(r.event)! > learntUntil);
  const pooled = pooledLosses(heldOut, parameters);
  const contested = heldOut.flatMap((r, i) => {
    const raw = brierOf(r.raw, r.outcome);
    return Math.abs(raw - pooled[i]!) > 1e-12 ? [{ cluster: r.event, raw, pooled: pooled[i]! }] : [];
  });
  const events = countClusters(contested);
  if (events < leastEvents) return null;
  const [pool, raw] = [meanOf(contested.map((c) => c.pooled)), meanOf(contested.map((c) => c.raw))];
  return pool < raw ? null : `The pool in use does not beat the raw price either (${pool.toFixed(4)} against ${raw.toFixed(4)} on ${events} events on which they differ): it is switched off.`;
}

/** Why the candidate does not pass, or null when it does. */
function refusalOf(s: { brierRaw: number; brierPooled: number; brierInUse: number }, improvement90: Interval90 | null, { margin }: TrialSettings): string | null {
  if (s.brierRaw - s.brierPooled < margin) return `held-out Brier ${s.brierPooled.toFixed(4)} against ${s.brierRaw.toFixed(4)} of the raw price is not better by ${margin}`;
  if (improvement90 === null || !(improvement90[0] > 0)) return `the gain over the raw price may be chance (90 % interval from ${improvement90 ? improvement90[0].toFixed(4) : 'unknown'})`;
  if (s.brierInUse - s.brierPooled < margin) return `it is not better by ${margin} than what is in use (${s.brierPooled.toFixed(4)} against ${s.brierInUse.toFixed(4)})`;
  return null;
}

const gain = (before: number, after: number): string => `${(before - after).toFixed(4)} (${after.toFixed(4)} against ${before.toFixed(4)})`;

/** Holds the learnt a against theory's, for the usual number of opinions. */
function theoryOf(rows: readonly LearnRow[], extremizing: number): string {
  const counts = rows.map((r) => r.opinions.length).sort((a, b) => a - b);
  const usual = counts[Math.floor(counts.length / 2)]!;
  return `Learnt a = ${extremizing.toFixed(2)}; for ${usual === 1 ? 'one opinion' : `${usual} opinions`} theory's worst case gives ${neymanRoughgarden(usual).toFixed(2)}`;
}

function periodOf(rows: readonly LearnRow[]): Period | null {
  if (rows.length === 0) return null;
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const r of rows) [from, to] = [Math.min(from, r.forecastAt), Math.max(to, r.knownAt)];
  return { from, to, n: rows.length, clusters: countClusters(rows.map((r) => ({ cluster: r.event }))) };
}
