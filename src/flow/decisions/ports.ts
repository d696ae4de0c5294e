/** What this stage asks of others: the risks now, the way by sea, the freight rate, the places' names, the audit. Wired by `app.ts`. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Json } from '../../model/ids.ts';
import type { Micros } from '../../model/money.ts';
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { DecisionContent } from './content.ts';
import type { Customer } from './customer.ts';
import type { EventRisk, FreightRate, SeaRoute } from './inputs.ts';

/** Risks on the passages as the desk knows them at `asOf`: nothing with a later `known_at`. */
export interface RiskReader {
  eventRisks(on: Executor, asOf: Millis): Promise<readonly EventRisk[]>;
}

export interface RoutePlanner {
  /**
   * The shortest way by sea.
   * @param options.closed passages that may not be used
   * @returns null when there is none, or when a port is unknown
   */
  route(from: UnLocode, to: UnLocode, options: { readonly closed: readonly ChokepointId[] }): SeaRoute | null;
  /** The port's name, or null for an unknown port. */
  portName(port: UnLocode): string | null;
}

export interface FreightReader {
  /** The lane's newest rate known at `asOf`, or null where no series covers the lane. */
  laneRate(on: Executor, from: UnLocode, to: UnLocode, asOf: Millis): Promise<FreightRate | null>;
}

/** What a person did, for the audit chain, in the same transaction. */
export interface AuditEntry {
  readonly actor: string;
  /** `decision.override`. */
  readonly action: string;
  readonly target: string;
  readonly reason: string | null;
  readonly before: Json;
  readonly after: Json;
}

export type Audit = (tx: Transaction, entry: AuditEntry) => Promise<unknown>;

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
  /** The decision that it takes the place of. */
  readonly supersedes: string | null;
}

/** Called in the transaction that stores the decision: what must follow is stored or enqueued on `tx`. */
export type OnDecision = (tx: Transaction, decision: MadeDecision) => Promise<void>;
