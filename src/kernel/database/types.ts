/** What the rest of the house sees of Postgres. */
import type { Kysely } from 'kysely';

export interface Executor {
  /**
   * Runs one statement, unnamed (safe behind PgBouncer in transaction mode).
   * @param values `$1…`; `bigint` and `Date` are taken, JSON columns take text (`JSON.stringify`)
   */
  query<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<{ readonly rows: R[]; readonly rowCount: number }>;
  /**
   * The typed query builder over the tables that a store declares for itself.
   * @example const rows = await tx.as<SignalTables>().selectFrom('signals').selectAll().execute();
   */
  as<Tables>(): Kysely<Tables>;
}

/** An open transaction. What needs all-or-nothing asks for this type, so that it cannot be called outside one. */
export interface Transaction extends Executor {
  readonly inTransaction: true;
  /** Runs once the commit has succeeded: for what may be lost, such as a cache drop. What may not be lost is a job in this transaction. */
  afterCommit(task: () => void | Promise<void>): void;
}

export interface TransactionOptions {
  /** Default `read committed`. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Further tries after a serialisation failure (40001) or deadlock (40P01). Default 4. */
  readonly retries?: number;
}

export interface Database extends Executor {
  /** Runs `work` in one transaction; it is run again from its start on 40001 and 40P01, so it must do nothing outside the transaction. */
  transaction<R>(work: (tx: Transaction) => Promise<R>, options?: TransactionOptions): Promise<R>;
  /** Round trip in milliseconds. @throws CodedError DATABASE_UNAVAILABLE */
  ping(signal?: AbortSignal): Promise<number>;
  /** Connections: `active` in use, `idle`, `waiting` requests, `max`. */
  poolState(): { readonly active: number; readonly idle: number; readonly waiting: number; readonly max: number };
  /** The direct DSN (not through PgBouncer): the queue, LISTEN and session locks. */
  readonly directUrl: string;
  close(): Promise<void>;
}
