/** What this stage asks of others: the risks now and the freight rate; and what it hands on. Wired by `app.ts`. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Micros } from '../../model/money.ts';
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { Customer } from '../shipping/index.ts';
import type { DecisionContent } from './content.ts';
import type { EventRisk, FreightRate } from './inputs.ts';
import type { Told } from './told.ts';

/** Risks on the passages as the desk knows them at `asOf`: nothing with a later `known_at`. */
export interface RiskReader {
  /** @param chokepoints only risks on these; null: all */
  eventRisks(on: Executor, asOf: Millis, chokepoints: readonly ChokepointId[] | null): Promise<readonly EventRisk[]>;
}

export interface FreightReader {
  /** The lane's newest rate known at `asOf`, or null where no series covers the lane. */
  laneRate(on: Executor, from: UnLocode, to: UnLocode, asOf: Millis): Promise<FreightRate | null>;
}

/** A decision that was just stored, with what is needed to tell its customer. */
export interface MadeDecision {
  readonly id: string;
  /** The same for every re-evaluation: `hormuz/shp_12`. */
  readonly eventKey: string;
  readonly content: DecisionContent;
  readonly expectedCostMicros: Micros;
  readonly deadline: Millis | null;
  readonly asOf: Millis;
  readonly customer: Customer;
  /** It crosses the customer's thresholds, or asks for more than proceeding. */
  readonly alertWorthy: boolean;
  /** In the customer's language; null where nobody is told. */
  readonly told: Told | null;
  /** The decision that it takes the place of. */
  readonly supersedes: string | null;
}

/** Called in the transaction that stores the decision: what must follow is stored or enqueued on `tx`. */
export type OnDecision = (tx: Transaction, decision: MadeDecision) => Promise<void>;
