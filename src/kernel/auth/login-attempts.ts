/** Counts sign-in attempts and limits them. Whether a password is right is decided in login.ts. */
import { randomUUID } from 'node:crypto';
import { DAY_MS, MINUTE_MS, type Millis } from '../../model/time.ts';
import type { Executor, Transaction } from '../database/types.ts';
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';

const WINDOW_MS = 15 * MINUTE_MS;

/**
 * Attempts in 15 minutes that failed or have not finished. `pair`: one account from one address.
 * `address`: one address. `account`: one account from all addresses.
 */
const LIMITS = Object.freeze({ pair: 5, address: 50, account: 100 });
type Kind = keyof typeof LIMITS;
const KINDS = Object.freeze(['pair', 'address', 'account'] as const satisfies readonly Kind[]);

/** How long an address stays known after the last successful sign-in from it. */
const KNOWN_MS = 30 * DAY_MS;
/** Addresses kept for a user; the one with the oldest sign-in is dropped first. */
const KNOWN_MAX = 20;

export interface Attempt {
  readonly id: string;
  readonly account: string;
  readonly address: string;
}

export interface LoginAttempts {
  /**
   * Records an attempt as failed, before the password is checked. Parallel attempts are counted one after the other.
   * @param account the e-mail in lower case
   * @throws CodedError LOGIN_LIMITED, and records nothing
   */
  record(account: string, address: string): Promise<Attempt>;
  /** Removes an attempt whose password was not checked. */
  withdraw(attempt: Attempt): Promise<void>;
  /** Removes an attempt that succeeded and the earlier failures of its account from its address; notes the address. */
  succeed(attempt: Attempt, userId: string): Promise<void>;
}

export function createLoginAttempts({ db, clock, logger, secrets }: AuthDeps): LoginAttempts {
  const hashOf = ({ account, address }: Pick<Attempt, 'account' | 'address'>): Buffer =>
    secrets.addressHash(`${account} ${address}`);

  async function refuseTooMany(tx: Transaction, attempt: Attempt, now: Millis): Promise<void> {
    const subjects = subjectsOf(attempt);
    const { rows } = await tx.query<{ subject: string; attempts: bigint; oldest: Date }>(
      `select subject, count(*) as attempts, min(at) as oldest from login_failures
       where subject = any($1) and at > $2 group by subject`,
      [Object.values(subjects), new Date(now - WINDOW_MS)],
    );
    for (const kind of KINDS) {
      const row = rows.find(({ subject }) => subject === subjects[kind]);
      if (!row || row.attempts < LIMITS[kind]) continue;
      // Otherwise anyone with two addresses could lock out a user whose e-mail they know.
      if (kind === 'account' && (await isKnown(tx, hashOf(attempt), now))) continue;
      logger.warn('login_limited', { kind, attempts: Number(row.attempts) });
      throw errors.LOGIN_LIMITED({
        detail: `${row.attempts} sign-ins within 15 minutes have failed or are in progress`,
        retryAfterSeconds: Math.max(1, Math.ceil((row.oldest.getTime() + WINDOW_MS - now) / 1_000)),
      });
    }
  }

  return {
    record(account, address) {
      const attempt = { id: randomUUID(), account, address };
      const subjects = subjectsOf(attempt);
      return db.transaction(async (tx) => {
        // Always the address first: two attempts never wait for each other.
        await lock(tx, subjects.address);
        await lock(tx, subjects.account);
        const now = clock.now();
        await refuseTooMany(tx, attempt, now);
        await tx.query('insert into login_failures (subject, at, attempt) select unnest($1::text[]), $2, $3', [
          Object.values(subjects),
          new Date(now),
          attempt.id,
        ]);
        return attempt;
      });
    },
    withdraw: (attempt) => remove(db, attempt),
    succeed: (attempt, userId) =>
      db.transaction(async (tx) => {
        await remove(tx, attempt);
        await tx.query('delete from login_failures where subject = $1', [subjectsOf(attempt).pair]);
        await noteAddress(tx, hashOf(attempt), userId, clock.now());
      }),
  };
}

/** Removes what no limit needs any more. @returns how many rows */
export async function purgeLoginAttempts(on: Executor, now: Millis): Promise<number> {
  const failures = await on.query('delete from login_failures where at < $1', [new Date(now - DAY_MS)]);
  const addresses = await on.query('delete from login_addresses where used_at < $1', [new Date(now - KNOWN_MS)]);
  return failures.rowCount + addresses.rowCount;
}

const subjectsOf = ({ account, address }: Pick<Attempt, 'account' | 'address'>): Readonly<Record<Kind, string>> => ({
  pair: `pair ${address} ${account}`,
  address: `address ${address}`,
  account: `account ${account}`,
});

/** Until `tx` ends. */
async function lock(tx: Transaction, subject: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`auth.login:${subject}`]);
}

async function remove(on: Executor, attempt: Attempt): Promise<void> {
  await on.query('delete from login_failures where subject = any($1) and attempt = $2', [
    Object.values(subjectsOf(attempt)),
    attempt.id,
  ]);
}

async function isKnown(on: Executor, hash: Buffer, now: Millis): Promise<boolean> {
  const known = 'select 1 from login_addresses where hash = $1 and used_at > $2';
  return (await on.query(known, [hash, new Date(now - KNOWN_MS)])).rowCount > 0;
}

async function noteAddress(tx: Transaction, hash: Buffer, userId: string, now: Millis): Promise<void> {
  await tx.query(
    `insert into login_addresses (hash, user_id, used_at) values ($1, $2, $3)
     on conflict (hash) do update set user_id = excluded.user_id, used_at = excluded.used_at`,
    [hash, userId, new Date(now)],
  );
  await tx.query(
    `delete from login_addresses where hash in
       (select hash from login_addresses where user_id = $1 order by used_at desc, hash offset $2)`,
    [userId, KNOWN_MAX],
  );
}
