/**
 * Connections that stay one and the same, on the direct DSN: for LISTEN, session locks and libraries that bring their own
 * SQL. Ordinary statements go through the pool of `database.ts` instead.
 */
import pg from 'pg';
import { unavailableOr } from './lost-connection.ts';

export interface Session {
  /** The backend's pid in Postgres. */
  readonly backendPid: number;
  query<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<{ readonly rows: R[]; readonly rowCount: number }>;
  onNotification(listener: (channel: string, payload: string) => void): void;
  /** Aborted when the connection has ended, whoever ended it. */
  readonly ended: AbortSignal;
  /** From now on the connection alone does not keep the process running; nor would a query that is waited for. */
  unref(): void;
  close(): Promise<void>;
  /** Cuts the connection without waiting for Postgres, which may hang. */
  destroy(): void;
}

export interface SessionOptions {
  readonly applicationName: string;
  /** Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Settings of the session, such as `{ 'bellwether.worker': 'w1' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** @throws CodedError DATABASE_UNAVAILABLE */
export async function openSession(url: string, options: SessionOptions): Promise<Session> {
  const client = new pg.Client({ ...clientConfig(url, options), connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000 });
  const ended = new AbortController();
  client.on('error', () => ended.abort());
  client.on('end', () => ended.abort());
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return sessionOver(client, rows[0]!.pid, ended);
  } catch (e) {
    internalsOf(client).connection?.stream?.destroy();
    throw unavailableOr(e);
  }
}

function sessionOver(client: pg.Client, backendPid: number, ended: AbortController): Session {
  return {
    backendPid,
    ended: ended.signal,
    async query<R extends object>(text: string, values: readonly unknown[] = []) {
      try {
        const result = await client.query<R & pg.QueryResultRow>(text, [...values]);
        return { rows: result.rows, rowCount: result.rowCount ?? 0 };
      } catch (e) {
        throw unavailableOr(e);
      }
    },
    onNotification: (listener) => void client.on('notification', (message) => listener(message.channel, message.payload ?? '')),
    unref: () => internalsOf(client).unref(),
    async close() {
      // What is waited for must keep the process running.
      internalsOf(client).ref();
      if (!ended.signal.aborted) await client.end().catch(() => undefined);
      ended.abort();
    },
    destroy() {
      ended.abort();
      internalsOf(client).connection?.stream?.destroy();
    },
  };
}

/** A pool on the direct DSN for a library that takes one. Its connections' failures end no process: the library sees them at its next query. */
export function openSessionPool(url: string, options: SessionOptions & { readonly max: number }): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(url, options), max: options.max, connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

function clientConfig(url: string, options: SessionOptions): pg.ClientConfig {
  // pg lets the DSN's own `options` win over the config's, so ours are written into the DSN.
  const dsn = new URL(url);
  const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, '\\$&')}`);
  if (settings.length > 0) dsn.searchParams.set('options', [dsn.searchParams.get('options') ?? '', ...settings].join(' ').trim());
  return { connectionString: dsn.toString(), application_name: options.applicationName, keepAlive: true };
}

interface ClientInternals {
  ref(): void;
  unref(): void;
  readonly connection?: { readonly stream?: { destroy(): void } };
}

/** What pg has but does not declare: needed to leave a server that no longer answers, and not to be kept running by one. */
const internalsOf = (client: pg.Client): ClientInternals => client as unknown as ClientInternals;
