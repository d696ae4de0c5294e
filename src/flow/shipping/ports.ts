/** What this stage asks of others: the way by sea, the audit, and whom to tell that a shipment is another. Wired by `app.ts`. */
import type { Transaction } from '../../kernel/database/types.ts';
import type { Json } from '../../model/ids.ts';
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { SeaRoute } from './shipment.ts';

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

/** Shipments that were added or changed: what must be weighed again is enqueued on `tx`. `asOf` is desk time. */
export type OnShipments = (tx: Transaction, changed: { readonly asOf: Millis; readonly ids: readonly string[] }) => Promise<void>;
