/** Gauges that are read when somebody asks, so that nothing has to keep them up to date. */
import type { Database } from '../database/types.ts';
import type { Metrics } from './types.ts';

/** A gauge without labels whose value is `read()` at each scrape. */
export function gaugeFrom(metrics: Metrics, name: string, help: string, read: () => number): void {
  const gauge = metrics.gauge(name, help);
  // prom-client calls `collect` before each reading, and its types leave it out of the instance.
  (gauge as unknown as { collect: () => void }).collect = () => gauge.set(read());
}

/** The pool's size and use: `riskcast_db_connection_pool_size`, `database_connections_{active,max}`. */
export function databaseGauges(metrics: Metrics, db: Pick<Database, 'poolState'>): void {
  gaugeFrom(metrics, 'riskcast_db_connection_pool_size', 'Open connections to Postgres, in use or idle', () => {
    const { active, idle } = db.poolState();
    return active + idle;
  });
  gaugeFrom(metrics, 'database_connections_active', 'Connections to Postgres in use', () => db.poolState().active);
  gaugeFrom(metrics, 'database_connections_max', 'Largest number of connections to Postgres that the pool opens', () => db.poolState().max);
}
