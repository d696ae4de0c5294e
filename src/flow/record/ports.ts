/** What this stage asks of others; wired by `app/`. */
import type { Executor } from '../../kernel/database/types.ts';
import type { Random } from '../../kernel/random/random.ts';
import type { Millis } from '../../model/time.ts';
import type { DecidedCost } from './scoring/index.ts';

/** A decision whose end is known by `asOf`. */
export interface DecisionOutcome {
  readonly decisionId: string;
  /** Decisions on one event are no independent evidence. */
  readonly event: string;
  readonly knownAt: Millis;
  /** P(hit) as it was decided on. */
  readonly probability: number;
  readonly hit: boolean;
  /** What each policy would have cost; null where that is not known, and for all but the one decision of a voyage that was followed. */
  readonly cost: DecidedCost | null;
}

/** Decisions with an outcome known by `asOf`. */
export type DecisionOutcomes = (on: Executor, asOf: Millis) => Promise<readonly DecisionOutcome[]>;

/** The same seed draws the same numbers: an interval that is computed twice is the same. */
export type SeededRandom = (seed: string) => Random;
