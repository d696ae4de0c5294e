/** Credentials with which somebody can administer, and the rule that the last of them cannot end itself. */
import { DAY_MS, type Millis } from '../../model/time.ts';
import type { Executor, Transaction } from '../database/types.ts';
import { errors } from './errors.ts';

/** A key that ends within this time does not count as lasting: somebody needs time to notice and replace it. */
const LASTING_MS = DAY_MS;

/**
 * Whether somebody can administer. An enabled admin with a password always counts. A revoked or expired key never
 * counts. The two fields count different admin keys.
 */
export interface Admins {
  /** At this moment. Counts keys that end soon, and keys with the scopes `read` and `write` (for admin routes). */
  readonly now: boolean;
  /** Counts keys with no end or one more than 24 hours away. Keys with scopes do not count: they create no users. */
  readonly lasting: boolean;
}

/** Until `tx` ends. Two that end each other's credential at once must not both succeed. */
export async function lockAdmins(tx: Transaction): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('bellwether admins'))");
}

export async function findAdmins(on: Executor, now: Millis): Promise<Admins> {
  const { rows } = await on.query<{ users: boolean; keys: boolean; lasting_keys: boolean }>(
    `with admin_keys as
       (select * from api_keys
        where role = 'admin' and revoked_at is null and (expires_at is null or expires_at > $1))
     select exists (select 1 from users
                    where role = 'admin' and disabled_at is null and password_hash like '$argon2id$%') as users,
            exists (select 1 from admin_keys where scopes = '{}' or scopes @> '{read,write}') as keys,
            exists (select 1 from admin_keys
                    where scopes = '{}' and (expires_at is null or expires_at > $2)) as lasting_keys`,
    [new Date(now), new Date(now + LASTING_MS)],
  );
  const { users, keys, lasting_keys } = rows[0]!;
  return { now: users || keys, lasting: users || lasting_keys };
}

/**
 * Runs `work`, which may end a credential. Refuses it when it ends the last lasting admin, or the last admin at all.
 * A key that ends in a few seconds cannot replace a lasting one: after its end nobody could administer. If there was no
 * such admin before `work`, there is nothing to refuse.
 * @throws CodedError LAST_ADMIN
 */
export async function keepingAnAdmin<R>(tx: Transaction, now: Millis, work: () => Promise<R>): Promise<R> {
  await lockAdmins(tx);
  const before = await findAdmins(tx, now);
  const result = await work();
  const after = await findAdmins(tx, now);
  if ((before.lasting && !after.lasting) || (before.now && !after.now)) {
    throw errors.LAST_ADMIN({
      fix:
        'First make another user with a password an admin, or make an API key with the role admin, without scopes, ' +
        'and with no end or one more than 24 hours away',
    });
  }
  return result;
}
