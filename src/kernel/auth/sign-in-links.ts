/** One-time sign-in links for the person at the machine: a code that is shown once, kept as a hash, and good once. */
import { DAY_MS, iso, MINUTE_MS, type Millis } from '../../model/time.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Transaction } from '../database/types.ts';
import { common } from '../errors/index.ts';
import { audited, type Actor, type AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { requireRole, requireScopes } from './grants.ts';
import { newLinkCode, randomId, sha256 } from './opaque-tokens.ts';
import { NO_PASSWORD } from './password.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Role } from './types.ts';

/** The desk's own owner: signs in by link alone, unless an admin gives the account a password. */
export const OWNER_EMAIL = 'owner@bellwether.local';

const DEFAULT_TTL_MS = 10 * MINUTE_MS;
const MAX_TTL_MS = DAY_MS;

export interface LinkRequest {
  /** Default: the owner, who is created when absent. */
  readonly userId?: string;
  /** Default 10 minutes, at most a day. */
  readonly ttlMs?: number;
}

export interface SignInLink {
  /** `bwl_…`, shown once. */
  readonly code: string;
  readonly expiresAt: Millis;
}

export interface SignInLinkStore {
  /** @throws CodedError VALIDATION_FAILED, USER_UNKNOWN, SIGN_IN_LINK_REFUSED, SCOPE_EXCEEDED */
  create(request: LinkRequest, actor: Actor): Promise<SignInLink>;
  /** Uses the code up and begins a session. @throws CodedError SIGN_IN_LINK_INVALID */
  redeem(code: string, traceId?: string | null): Promise<Session>;
}

interface Account {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly disabled_at: Date | null;
}

const ACCOUNT = 'id, email, role, disabled_at';

export function createSignInLinks({ db, clock }: AuthDeps, sessions: Sessions): SignInLinkStore {
  return {
    async create({ userId, ttlMs = DEFAULT_TTL_MS }, actor) {
      if (!(ttlMs > 0 && ttlMs <= MAX_TTL_MS))
        throw common.VALIDATION_FAILED({
          field: 'ttlMs',
          detail: `ttlMs is ${ttlMs}`,
          fix: `More than 0 and at most ${MAX_TTL_MS}`,
        });
      const code = newLinkCode();
      const now = clock.now();
      const expiresAt = now + Math.round(ttlMs);
      await db.transaction(async (tx) => {
        const user = userId === undefined ? await ownerAccount(tx, now, actor) : await enabledAccount(tx, userId);
        requireScopes(actor, [], 'userId');
        requireRole(actor, user.role, 'userId');
        await tx.query(
          'insert into sign_in_links (hash, user_id, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5)',
          [sha256(code), user.id, actor.subject, new Date(now), new Date(expiresAt)],
        );
        const after = { email: user.email, expires_at: iso(expiresAt) };
        await appendAudit(tx, { ...audited(actor), action: 'sign_in_link.create', target: user.id, after });
      });
      return { code, expiresAt };
    },

    async redeem(code, traceId = null) {
      const session = await db.transaction((tx) => exchange(tx, sha256(code), traceId));
      // Unknown, used, expired and withdrawn look the same: the answer tells nothing about codes.
      if (!session)
        throw errors.SIGN_IN_LINK_INVALID({ fix: 'Make another link at the machine of the desk: bellwether sign-in' });
      return session;
    },
  };

  async function exchange(tx: Transaction, hash: Buffer, traceId: string | null): Promise<Session | null> {
    const found = await tx.query<{ user_id: string }>('select user_id from sign_in_links where hash = $1', [hash]);
    if (!found.rows[0]) return null;
    const userId = found.rows[0].user_id;
    // The user's row first, as wherever sessions change.
    await tx.query('select 1 from users where id = $1 for no key update', [userId]);
    const now = new Date(clock.now());
    const { rowCount } = await tx.query(
      'update sign_in_links set used_at = $2 where hash = $1 and used_at is null and expires_at > $2',
      [hash, now],
    );
    if (rowCount === 0) return null;
    const session = await sessions.begin(tx, userId, null);
    if (!session) return null;
    await appendAudit(tx, {
      actor: `user:${userId}`,
      action: 'sign_in_link.use',
      target: userId,
      after: { session: session.id },
      traceId,
    });
    return session;
  }
}

/** Withdraws the links of a user that are not used yet. */
export async function withdrawLinks(tx: Transaction, userId: string): Promise<void> {
  await tx.query('delete from sign_in_links where user_id = $1 and used_at is null', [userId]);
}

async function enabledAccount(tx: Transaction, id: string): Promise<Account> {
  const user = (await tx.query<Account>(`select ${ACCOUNT} from users where id = $1 for share`, [id])).rows[0];
  if (!user) throw errors.USER_UNKNOWN({ field: 'userId' });
  if (user.disabled_at)
    throw errors.SIGN_IN_LINK_REFUSED({
      detail: `${user.email} is disabled`,
      fix: 'Ask an admin to enable the account',
    });
  return user;
}

/**
 * The owner, created on demand. What an admin has decided stands: a link neither enables nor promotes the account.
 * @throws CodedError SIGN_IN_LINK_REFUSED
 */
async function ownerAccount(tx: Transaction, now: Millis, actor: Actor): Promise<Account> {
  const id = randomId('usr');
  const { rowCount } = await tx.query(
    `insert into users (id, email, password_hash, role, created_at, updated_at) values ($1, $2, $3, 'admin', $4, $4)
     on conflict (lower(email)) do nothing`,
    [id, OWNER_EMAIL, NO_PASSWORD, new Date(now)],
  );
  if (rowCount === 1) {
    const after = { email: OWNER_EMAIL, role: 'admin' };
    await appendAudit(tx, { ...audited(actor), action: 'user.create', target: id, after });
  }
  const owner = (
    await tx.query<Account>(`select ${ACCOUNT} from users where lower(email) = $1 for share`, [OWNER_EMAIL])
  ).rows[0]!;
  if (owner.disabled_at || owner.role !== 'admin') {
    throw errors.SIGN_IN_LINK_REFUSED({
      detail: `An admin has ${owner.disabled_at ? 'disabled' : 'demoted'} ${OWNER_EMAIL}`,
      fix: 'Use another user (bellwether sign-in --email ADDRESS), or have an admin restore it (PATCH /api/v1/users/ID)',
    });
  }
  return owner;
}
