/** Finds the Postgres of a data folder that a live Bellwether owns, for a command beside it. Starts and stops nothing. */
import { resolve } from 'node:path';
import { liveOwner } from './embedded-owner.ts';
import { findPostmaster, layoutOf } from './embedded-server.ts';
import { dsn } from './embedded.ts';
import { errors } from './errors.ts';

/**
 * @param folder where the data lives, such as `.bellwether/postgres`
 * @returns DSN of the database `bellwether`; null when no live process owns the folder
 * @throws CodedError DATABASE_UNAVAILABLE when it is owned and its Postgres does not run
 */
export function runningEmbeddedUrl(folder: string): string | null {
  const layout = layoutOf(resolve(folder));
  const owner = liveOwner(layout.owner);
  if (owner === null) return null;
  const server = findPostmaster(layout.data);
  if (server) return dsn(server.sockets, 'bellwether');
  throw errors.DATABASE_UNAVAILABLE({
    detail: `Bellwether (process ${owner}) runs on ${layout.folder}, but its Postgres does not run`,
    fix: 'Repeat in a moment: the desk starts it again by itself',
    retryAfterSeconds: 5,
  });
}
