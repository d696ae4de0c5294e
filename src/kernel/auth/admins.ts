/** Credentials with which somebody can administer, and the rule that the last of them cannot end itself. */
import type { Millis } from '../../model/time.ts';
import type { Executor, Transaction } from '../database/types.ts';
import { errors } from './errors.ts';

/** Until `tx` ends. Two that end each other's credential at once must not both succeed. */
export async function lockAdmins(tx: Transaction): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('bellwether admins'))");
}

/**
 * True when a user or a key can administer: an enabled admin with a password, or an admin key that is not revoked, has not
 * expired, and whose scopes allow reads and writes (what routes for admins ask for).
 */
export async function hasAdmin(on: Executor, now: Millis): Promise<boolean> {
  const { rows } = await on.query<{ yes: boolean }>(
    `select exists (select 1 from users
                    where role = 'admin' and disabled_at is null and password_hash like '$argon2id$%')
         or exists (select 1 from api_keys
                    where role = 'admin' and revoked_at is null and (expires_at is null or expires_at > $1)
                      and (scopes = '{}' or scopes @> '{read,write}')) as yes`,
    [new Date(now)],
  );
  return rows[0]!.yes;
}

/**
 * Runs `work`, which may end a credential, and refuses it when nobody could administer afterwards. It is allowed when
 * nobody could before: then the credential was of no use for administration.
 * @throws CodedError LAST_ADMIN
 */
export async function keepingAnAdmin<R>(tx: Transaction, now: Millis, work: () => Promise<R>): Promise<R> {
  await lockAdmins(tx);
  const before = await hasAdmin(tx, now);
  const result = await work();
  if (before && !(await hasAdmin(tx, now))) {
    throw errors.LAST_ADMIN({
      fix: 'First make another user with a password an admin, or make another API key with the role admin',
    });
  }
  return result;
}
