/** What was forecast of a question that has been answered: from what had been said by then, and nothing later. Pure. */
import { DAY_MS, dayOf, type Millis } from '../../model/time.ts';
import { linksOf, type Answer, type Said } from '../signals/index.ts';
import { poolQuestion, type Opinion, type PoolingParameters } from './pooling.ts';

export const FORECASTERS = Object.freeze(['market', 'pooled', 'climatology'] as const);
export type Forecaster = (typeof FORECASTERS)[number];

export interface Forecast {
  readonly source: string;
  readonly externalId: string;
  readonly forecaster: Forecaster;
  readonly forecastAt: Millis;
  readonly probability: number;
  readonly windowDays: number;
  /** Of the pool alone. */
  readonly opinions: readonly Opinion[] | null;
  readonly poolingVersion: string | null;
  readonly signalId: string;
  readonly knownAt: Millis;
}

export interface VersionedPooling extends PoolingParameters {
  readonly version: string;
}

type Question = Pick<Said, 'source' | 'externalId'>;
export const questionKey = ({ source, externalId }: Question): string => `${source} ${externalId}`;

/** Questions that the risk reader pools as one event: those of one disrupting link. One without such a link stands alone. */
export function groupOf(question: Question & { readonly classifiedBy: string | null }): string {
  const links = linksOf(question).filter((link) => link.effect === 'disrupts').map((link) => link.id);
  return links.sort()[0] ?? questionKey(question);
}

export interface ForecastContext {
  /** {@link saidByGroup} */
  readonly said: ReadonlyMap<string, ReadonlyMap<string, readonly Said[]>>;
  /** Every question that has been answered: the base rate is drawn from those known before each forecast. */
  readonly answers: readonly Answer[];
  /** What the pool went by at a time. */
  readonly poolingAt: (at: Millis) => VersionedPooling;
}

/**
 * Group → question → what was said of it, oldest first.
 * @param said everything on the passages in question, in the order in which it became known
 */
export function saidByGroup(said: readonly Said[]): ForecastContext['said'] {
  const groups = new Map<string, Map<string, Said[]>>();
  for (const statement of said) {
    const [group, question] = [groupOf(statement), questionKey(statement)];
    const questions = groups.get(group) ?? new Map<string, Said[]>();
    groups.set(group, questions);
    const statements = questions.get(question);
    if (statements) statements.push(statement);
    else questions.set(question, [statement]);
  }
  return groups;
}

/**
 * One forecast a forecaster and UTC day: at the question's newest statement of that day, while it counted and before its answer was known.
 * A day, so that a source that is asked every quarter of an hour does not count a hundredfold.
 */
export function forecastsOf(answer: Answer, context: ForecastContext): readonly Forecast[] {
  const group = context.said.get(groupOf(answer)) ?? new Map<string, readonly Said[]>();
  const peers = [...group.values()];
  const own = group.get(questionKey(answer)) ?? [];
  const newestOfDay = new Map<string, Said>();
  for (const statement of own) if (statement.knownAt < answer.knownAt) newestOfDay.set(dayOf(statement.knownAt), statement);
  return [...newestOfDay.values()].flatMap((statement) => {
    const at = statement.knownAt;
    const told = opinionOf(statement, at);
    if (told === null) return [];
    const opinions = peers.flatMap((statements) => opinionOf(statements.findLast((s) => s.knownAt <= at), at) ?? []);
    const pooling = context.poolingAt(at);
    const pooled = poolQuestion(opinions, told.days, pooling) ?? told.probability;
    const common = { source: answer.source, externalId: answer.externalId, forecastAt: at, windowDays: told.days, signalId: statement.id, knownAt: answer.knownAt, opinions: null, poolingVersion: null };
    return [
      { ...common, forecaster: 'market' as const, probability: told.probability },
      { ...common, forecaster: 'pooled' as const, probability: pooled, opinions, poolingVersion: pooling.version },
      { ...common, forecaster: 'climatology' as const, probability: baseRate(context.answers, at) },
    ];
  });
}

/** Null for what does not count at that time: rejected, ended, or said of no time at all. */
function opinionOf(statement: Said | undefined, at: Millis): Opinion | null {
  if (!statement?.counts || statement.horizonEnd === null || statement.horizonEnd <= at || statement.observedAt >= statement.horizonEnd) return null;
  return { source: statement.source, probability: statement.probability, days: (statement.horizonEnd - statement.observedAt) / DAY_MS, ageDays: (at - statement.observedAt) / DAY_MS };
}

/** Share of yes among questions whose answer was known by then, by Laplace's rule of succession (k + 1) ÷ (n + 2): one half before the first. */
function baseRate(answers: readonly Answer[], at: Millis): number {
  const earlier = answers.filter((a) => a.knownAt <= at);
  return (earlier.filter((a) => a.outcome === 1).length + 1) / (earlier.length + 2);
}
