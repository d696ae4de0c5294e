/** What this stage asks of others: the risks now, the way by sea, the freight rate, the places' names, the audit. Wired by `app.ts`. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
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

/** What a person did to a decision, for the audit chain, in the same transaction. */
export interface AuditEntry {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type Audit = (tx: Transaction, entry: AuditEntry) => Promise<void>;
