/** Postgres through one pool: kysely for typed queries, plain SQL for the rest, transactions that retry what Postgres asks to retry. */
import { CompiledQuery, Kysely } from 'kysely';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { HouseDialect } from './dialect.ts';
import { errors } from './errors.ts';
import { sqlState } from './lost-connection.ts';
import type { Database, Executor, Transaction, TransactionOptions } from './types.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Default: `url`. Another one means that `url` goes through a pooler, such as PgBouncer in transaction mode. */
  readonly directUrl?: string;
  /** Largest number of connections. Default 10. */
  readonly max?: number;
  /**
   * A statement that runs longer is cancelled. Default 15,000. Behind a pooler it holds inside transactions only: give the
   * role the same there (`alter role … set statement_timeout`).
   */
  readonly statementTimeoutMs?: number;
  /** A transaction that does nothing for longer is rolled back, so that a process that hangs holds no locks. Default 30,000. */
  readonly idleTransactionTimeoutMs?: number;
  /** A request for a connection that waits longer fails with DATABASE_UNAVAILABLE. Default 5,000. */
  readonly acquireTimeoutMs?: number;
  readonly applicationName?: string;
}

// int8 comes back as bigint (money, counters); numeric stays text, so that nothing is rounded unseen.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

const RETRYABLE = new Set(['40001', '40P01']);

export function openDatabase(options: DatabaseOptions): Database {
  const max = options.max ?? 10;
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000;
  const pooled = options.directUrl !== undefined && options.directUrl !== options.url;
  const pool = new pg.Pool({
    connectionString: options.url,
    max,
    types,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    application_name: options.applicationName ?? 'bellwether',
    keepAlive: true,
    // PgBouncer refuses a connection that brings settings of its own.
    ...(pooled ? {} : { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: options.idleTransactionTimeoutMs ?? 30_000 }),
  });
  // A connection that breaks while nothing runs on it, idle in the pool or in a transaction, says so by an event; without a
  // listener that would end the process. The pool drops it, and its next query fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const root = new Kysely<unknown>({ dialect: new HouseDialect({ pool, localStatementTimeoutMs: pooled ? statementTimeoutMs : null }) });
  const executor = executorOver(root);

  return {
    ...executor,
    directUrl: options.directUrl ?? options.url,
    transaction: (work, transactionOptions) => runTransaction(root, work, transactionOptions),
    ping: (signal) => ping(executor, signal),
    poolState: () => ({ active: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount, max }),
    close: () => root.destroy(),
  };
}

function executorOver(kysely: Kysely<unknown>): Executor {
  return {
    async query<R extends object>(text: string, values: readonly unknown[] = []) {
      const result = await kysely.executeQuery<R>(CompiledQuery.raw(text, [...values]));
      return { rows: result.rows, rowCount: Number(result.numAffectedRows ?? result.rows.length) };
    },
    as: <Tables>() => kysely as unknown as Kysely<Tables>,
  };
}

async function runTransaction<R>(root: Kysely<unknown>, work: (tx: Transaction) => Promise<R>, options: TransactionOptions = {}): Promise<R> {
  const retries = options.retries ?? 4;
  for (let attempt = 0; ; attempt++) {
    const afterCommit: (() => void | Promise<void>)[] = [];
    let result: R;
    try {
      result = await root
        .transaction()
        .setIsolationLevel(options.isolation ?? 'read committed')
        .execute((trx) => work({ ...executorOver(trx), inTransaction: true, afterCommit: (task) => void afterCommit.push(task) }));
    } catch (e) {
      if (attempt >= retries || !RETRYABLE.has(sqlState(e) ?? '')) throw e;
      // Those that collided must not meet again: up to twice the wait, at random.
      await sleep(2 ** attempt * 5 * (1 + Math.random()));
      continue;
    }
    // Outside the try: what fails here must not run a committed transaction again.
    for (const task of afterCommit) await task();
    return result;
  }
}

/** The query may hang for as long as the statement's timeout: whoever asks decides how long to wait. */
async function ping(executor: Executor, signal?: AbortSignal): Promise<number> {
  const gaveUp = (): Error => errors.DATABASE_UNAVAILABLE({ detail: 'Postgres did not answer a ping in time', retryAfterSeconds: 5 });
  if (signal?.aborted) throw gaveUp();
  const from = performance.now();
  const answer = executor.query('select 1');
  if (signal) {
    let onAbort: (() => void) | undefined;
    const abort = new Promise<never>((_, reject) => signal.addEventListener('abort', (onAbort = () => reject(gaveUp())), { once: true }));
    answer.catch(() => undefined);
    await Promise.race([answer, abort]).finally(() => signal.removeEventListener('abort', onAbort!));
  } else await answer;
  return performance.now() - from;
}
