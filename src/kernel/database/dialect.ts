/**
 * Kysely's Postgres dialect, with lost connections told as DATABASE_UNAVAILABLE wherever they show: at the driver, so that
 * queries of the builder and plain SQL are alike.
 */
import { CompiledQuery, PostgresDialect, type DatabaseConnection, type Driver, type QueryResult, type TransactionSettings } from 'kysely';
import type pg from 'pg';
import { errors } from './errors.ts';
import { isConnectionLost, unavailableOr } from './lost-connection.ts';

export interface DialectOptions {
  readonly pool: pg.Pool;
  /** Set at the start of each transaction: for a pooler that takes no settings at connect. */
  readonly localStatementTimeoutMs: number | null;
}

export class HouseDialect extends PostgresDialect {
  readonly #options: DialectOptions;
  constructor(options: DialectOptions) {
    super({ pool: options.pool });
    this.#options = options;
  }
  override createDriver(): Driver {
    return new HouseDriver(super.createDriver(), this.#options.localStatementTimeoutMs);
  }
}

class HouseConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  constructor(inner: DatabaseConnection) {
    this.inner = inner;
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.inner.executeQuery<R>(query);
    } catch (e) {
      throw unavailableOr(e);
    }
  }
  async *streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> {
    yield* this.inner.streamQuery<R>(query, chunkSize);
  }
}

class HouseDriver implements Driver {
  readonly #inner: Driver;
  readonly #statementTimeoutMs: number | null;
  readonly #connections = new WeakMap<DatabaseConnection, HouseConnection>();

  constructor(inner: Driver, statementTimeoutMs: number | null) {
    this.#inner = inner;
    this.#statementTimeoutMs = statementTimeoutMs;
  }
  init(): Promise<void> {
    return this.#inner.init();
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    const inner = await this.#inner.acquireConnection().catch((e: unknown) => {
      throw unavailableOr(e, 'no connection to Postgres could be had in time');
    });
    let connection = this.#connections.get(inner);
    if (!connection) this.#connections.set(inner, (connection = new HouseConnection(inner)));
    return connection;
  }
  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const level = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    const local = this.#statementTimeoutMs === null ? '' : `; set local statement_timeout = ${this.#statementTimeoutMs}`;
    await connection.executeQuery(CompiledQuery.raw(`start transaction${level}${local}`));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#inner.commitTransaction(innerOf(connection));
    } catch (cause) {
      if (!isConnectionLost(cause)) throw cause;
      throw errors.DATABASE_UNAVAILABLE({
        detail: 'the connection was lost during a commit: it may have happened or not',
        facts: { commit_unknown: true },
        retryAfterSeconds: 5,
        cause,
      });
    }
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#inner.rollbackTransaction(innerOf(connection));
    } catch (e) {
      // Postgres rolls back what a lost connection leaves; the error that led here is the one to tell.
      if (!isConnectionLost(e)) throw e;
    }
  }
  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#inner.releaseConnection(innerOf(connection));
  }
  destroy(): Promise<void> {
    return this.#inner.destroy();
  }
}

const innerOf = (connection: DatabaseConnection): DatabaseConnection => (connection as HouseConnection).inner;
