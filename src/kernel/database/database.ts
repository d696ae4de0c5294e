/** Postgres through one pool: kysely for typed queries, plain SQL for the rest, transactions that retry what Postgres asks to retry. */
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from './errors.ts';
import type { Database, Executor, Transaction, TransactionOptions } from './types.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Default: `url`. */
  readonly directUrl?: string;
  /** Largest number of connections. Default 10. */
  readonly max?: number;
  /** A statement that runs longer is cancelled. Default 15,000. */
  readonly statementTimeoutMs?: number;
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
  const pool = new pg.Pool({
    connectionString: options.url,
    max,
    types,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    application_name: options.applicationName ?? 'bellwether',
    keepAlive: true,
  });
  // A connection that breaks while idle is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const root = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const executor = executorOver(root);

  return {
    ...executor,
    directUrl: options.directUrl ?? options.url,
    transaction: (work, transactionOptions) => runTransaction(root, work, transactionOptions),
    async ping() {
      const from = performance.now();
      await executor.query('select 1');
      return performance.now() - from;
    },
    poolState: () => ({ active: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount, max }),
    close: () => root.destroy(),
  };
}

function executorOver(kysely: Kysely<unknown>): Executor {
  return {
    async query<R extends object>(text: string, values: readonly unknown[] = []) {
      try {
        const result = await kysely.executeQuery<R>(CompiledQuery.raw(text, [...values]));
        return { rows: result.rows, rowCount: Number(result.numAffectedRows ?? result.rows.length) };
      } catch (e) {
        throw unavailableOr(e);
      }
    },
    as: <Tables>() => kysely as unknown as Kysely<Tables>,
  };
}

async function runTransaction<R>(root: Kysely<unknown>, work: (tx: Transaction) => Promise<R>, options: TransactionOptions = {}): Promise<R> {
  const retries = options.retries ?? 4;
  for (let attempt = 0; ; attempt++) {
    const afterCommit: (() => void | Promise<void>)[] = [];
    try {
      const result = await root
        .transaction()
        .setIsolationLevel(options.isolation ?? 'read committed')
        .execute((trx) => work({ ...executorOver(trx), inTransaction: true, afterCommit: (task) => void afterCommit.push(task) }));
      for (const task of afterCommit) await task();
      return result;
    } catch (e) {
      if (attempt >= retries || !RETRYABLE.has(sqlState(e) ?? '')) throw unavailableOr(e);
      await sleep(2 ** attempt * 5);
    }
  }
}

/** The five-character SQLSTATE of a Postgres error, wherever it is wrapped. */
export function sqlState(e: unknown): string | undefined {
  for (let at: unknown = e; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const CONNECTION_MESSAGES = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after/i;

/** A lost or refused connection becomes DATABASE_UNAVAILABLE; anything else stays what it is. */
export function unavailableOr(e: unknown): unknown {
  if (!(e instanceof Error)) return e;
  const code = (e as { code?: unknown }).code;
  const state = sqlState(e);
  const lost =
    (typeof code === 'string' && CONNECTION_CODES.has(code)) || CONNECTION_MESSAGES.test(e.message) || (state !== undefined && (state.startsWith('08') || state.startsWith('57P')));
  return lost ? errors.DATABASE_UNAVAILABLE({ detail: 'Postgres does not answer', retryAfterSeconds: 5, cause: e }) : e;
}
