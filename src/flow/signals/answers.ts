/** How questions ended, and what had been said of them: for whoever keeps the record. Reads only what was known at `asOf`. */
import type { Executor } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import { iso, type Millis } from '../../model/time.ts';

/** A market that has closed at this price or above paid for yes, at its complement or below for no; between them it is not settled. */
const SETTLED = 0.99;

/** A question that has been answered. */
export interface Answer {
  readonly source: string;
  readonly externalId: string;
  readonly claim: string;
  readonly chokepoint: ChokepointId;
  readonly classifiedBy: string | null;
  readonly outcome: 0 | 1;
  /** The closing statement, and when it could be known. */
  readonly signalId: string;
  readonly knownAt: Millis;
}

interface AnswerRow {
  source: string;
  external_id: string;
  claim: string;
  subject_id: ChokepointId;
  classified_by: string | null;
  probability: number;
  id: string;
  known_at: Date;
}

/**
 * Questions on a passage whose newest statement says that they have closed, at a price that is an outcome. What still trades at 0 or 1 is
 * all but certain, and not answered.
 * @returns in order of source and id
 */
export async function answers(on: Executor, asOf: Millis): Promise<readonly Answer[]> {
  const { rows } = await on.query<AnswerRow>(
    `select s.source, s.external_id, s.claim, s.subject_id, s.classified_by, s.probability, s.id, s.known_at from signals s
      where s.rejected_by = 'closed' and s.kind = 'event' and s.subject_type = 'chokepoint' and s.known_at <= $1 and (s.probability >= $2 or s.probability <= 1 - $2)
        and not exists (select 1 from signals n where n.source = s.source and n.external_id = s.external_id and n.known_at <= $1
                        and (n.known_at, n.observed_at, n.seq) > (s.known_at, s.observed_at, s.seq))
      order by s.source, s.external_id`,
    [iso(asOf), SETTLED],
  );
  return rows.map((r) => ({
    source: r.source,
    externalId: r.external_id,
    claim: r.claim,
    chokepoint: r.subject_id,
    classifiedBy: r.classified_by,
    outcome: r.probability >= SETTLED ? 1 : 0,
    signalId: r.id,
    knownAt: r.known_at.getTime(),
  }));
}

/** One statement of a question, in the least shape that a forecast needs. */
export interface Said {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  readonly classifiedBy: string | null;
  readonly probability: number;
  readonly horizonEnd: Millis | null;
  readonly observedAt: Millis;
  readonly knownAt: Millis;
  /** False: a rule rejected it, so that from then on the question does not count. */
  readonly counts: boolean;
}

/** Every statement on these passages that became known from `from` to `asOf`, rejected ones too, in that order. */
export async function saidOf(on: Executor, chokepoints: readonly ChokepointId[], from: Millis, asOf: Millis): Promise<readonly Said[]> {
  const { rows } = await on.query<{ id: string; source: string; external_id: string; classified_by: string | null; probability: number; horizon_end: Date | null; observed_at: Date; known_at: Date; rejected_by: string | null }>(
    `select id, source, external_id, classified_by, probability, horizon_end, observed_at, known_at, rejected_by from signals
      where kind = 'event' and subject_type = 'chokepoint' and subject_id = any($2::text[]) and known_at between $3 and $1 order by known_at, observed_at, seq`,
    [iso(asOf), chokepoints, iso(from)],
  );
  return rows.map((r) => ({
    id: r.id,
    source: r.source,
    externalId: r.external_id,
    classifiedBy: r.classified_by,
    probability: r.probability,
    horizonEnd: r.horizon_end?.getTime() ?? null,
    observedAt: r.observed_at.getTime(),
    knownAt: r.known_at.getTime(),
    counts: r.rejected_by === null,
  }));
}
