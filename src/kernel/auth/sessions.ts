/**
 * Sessions: the refresh tokens that come from one sign-in (a family), and whether a session still stands.
 *
 * Every change of sessions locks the user's row first. So a refresh or a sign-in beside a password change, a sign-out or the
 * end of an account either comes before it and is ended by it, or comes after it and is refused.
 */
import type { Millis } from '../../model/time.ts';
import type { Executor, Transaction } from '../database/types.ts';
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { newRefreshToken, randomId, sha256 } from './opaque-tokens.ts';
import { ShortCache } from './short-cache.ts';
import type { Role } from './types.ts';

/**
 * How long a used refresh token may be exchanged again, from its first use. The tabs of a browser share one refresh token.
 * Two tabs that wake up together both send it, and a reply may be lost on the way. Within this time each gets a successor
 * of its own. A thief could use the same seconds, so the grace ends as soon as a successor is used: then the owner has the
 * new token, and a repeat of the old one counts as theft.
 */
export const GRACE_MS = 10_000;

export interface Session {
  /** `ses_…`: the family of its refresh tokens. */
  readonly id: string;
  readonly userId: string;
  readonly refreshToken: string;
}

export interface Sessions {
  /**
   * Begins a session.
   * @param passwordHash the hash that was verified, or null where another proof was given
   * @returns null when the account is disabled or unknown, or its password has changed since
   */
  begin(on: Executor, userId: string, passwordHash: string | null): Promise<Session | null>;
  /** Exchanges a refresh token. @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_REUSED */
  rotate(token: string): Promise<Session>;
  /** Ends the session of this token; an unknown one is no error. */
  end(token: string): Promise<void>;
  /** Ends all sessions of a user. The user's row is locked by `tx` already. */
  endAll(tx: Transaction, userId: string): Promise<void>;
  /** The user's role now, at most 5 s old where another process changed it. @throws CodedError TOKEN_REVOKED */
  role(userId: string, sessionId: string): Promise<Role>;
  /** Reads the user anew at the next request. */
  forget(userId: string): void;
}

interface Row {
  readonly family: string;
  readonly user_id: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly revoked_at: Date | null;
}

interface Standing {
  readonly role: Role | null;
  readonly live: boolean;
}

type Refusal = 'TOKEN_INVALID' | 'TOKEN_EXPIRED' | 'TOKEN_REVOKED' | 'TOKEN_REUSED';

export const createSessions = (deps: AuthDeps, ttlMs: number): Sessions => new StoredSessions(deps, ttlMs);

class StoredSessions implements Sessions {
  readonly #deps: AuthDeps;
  readonly #ttlMs: number;
  /** By user and session. */
  readonly #standing: ShortCache<Standing>;

  constructor(deps: AuthDeps, ttlMs: number) {
    this.#deps = deps;
    this.#ttlMs = ttlMs;
    this.#standing = new ShortCache(deps.clock, 2_000);
  }

  async begin(on: Executor, userId: string, passwordHash: string | null): Promise<Session | null> {
    const { clock } = this.#deps;
    const session = { id: randomId('ses'), userId, refreshToken: newRefreshToken() };
    const now = clock.now();
    const { rowCount } = await on.query(
      `insert into refresh_tokens (hash, family, user_id, created_at, expires_at)
       select $1, $2, id, $4, $5 from users
       where id = $3 and disabled_at is null and ($6::text is null or password_hash = $6) for share`,
      [sha256(session.refreshToken), session.id, userId, new Date(now), new Date(now + this.#ttlMs), passwordHash],
    );
    return rowCount === 1 ? session : null;
  }

  async rotate(token: string): Promise<Session> {
    const { db } = this.#deps;
    // A refusal is returned, not thrown: the end of a family must be committed.
    const outcome = await db.transaction((tx) => this.#exchange(tx, sha256(token)));
    if (typeof outcome === 'string') throw errors[outcome]({ fix: 'Sign in again' });
    return outcome;
  }

  async #exchange(tx: Transaction, hash: Buffer): Promise<Session | Refusal> {
    const { clock, logger } = this.#deps;
    if (!(await lockOwner(tx, hash))) return 'TOKEN_INVALID';
    const now = clock.now();
    const row = (await tx.query<Row>('select * from refresh_tokens where hash = $1', [hash])).rows[0];
    if (!row) return 'TOKEN_INVALID';
    if (row.revoked_at) return 'TOKEN_REVOKED';
    if (row.used_at && (await isReuse(tx, hash, row.used_at.getTime(), now))) {
      await this.#endFamily(tx, row.family, now);
      logger.warn('refresh_token_reused', { user: row.user_id, session: row.family });
      return 'TOKEN_REUSED';
    }
    if (row.expires_at.getTime() <= now) return 'TOKEN_EXPIRED';
    const refreshToken = newRefreshToken();
    await tx.query('update refresh_tokens set used_at = coalesce(used_at, $2) where hash = $1', [hash, new Date(now)]);
    await tx.query(
      `insert into refresh_tokens (hash, family, user_id, created_at, expires_at, replaces)
       values ($1, $2, $3, $4, $5, $6)`,
      [sha256(refreshToken), row.family, row.user_id, new Date(now), new Date(now + this.#ttlMs), hash],
    );
    return { id: row.family, userId: row.user_id, refreshToken };
  }

  async end(token: string): Promise<void> {
    const { db, clock } = this.#deps;
    const hash = sha256(token);
    await db.transaction(async (tx) => {
      if (!(await lockOwner(tx, hash))) return;
      const { rows } = await tx.query<{ family: string }>('select family from refresh_tokens where hash = $1', [hash]);
      if (rows[0]) await this.#endFamily(tx, rows[0].family, clock.now());
    });
  }

  async endAll(tx: Transaction, userId: string): Promise<void> {
    const now = new Date(this.#deps.clock.now());
    await tx.query('update refresh_tokens set revoked_at = $2 where user_id = $1 and revoked_at is null', [
      userId,
      now,
    ]);
    tx.afterCommit(() => this.forget(userId));
  }

  async role(userId: string, sessionId: string): Promise<Role> {
    const { role, live } = await this.#standing.get(cacheKey(userId, sessionId), async () => {
      const { rows } = await this.#deps.db.query<{ role: Role | null; live: boolean }>(
        `select case when disabled_at is null then role end as role,
                exists (select 1 from refresh_tokens where family = $2 and user_id = $1 and revoked_at is null) as live
         from users where id = $1`,
        [userId, sessionId],
      );
      return rows[0] ?? { role: null, live: false };
    });
    if (role === null) throw errors.TOKEN_REVOKED({ detail: 'This account is disabled', fix: 'Ask an admin' });
    if (!live) throw errors.TOKEN_REVOKED({ detail: 'This session has ended', fix: 'Sign in again' });
    return role;
  }

  forget(userId: string): void {
    this.#standing.forget((key) => key.startsWith(`${userId} `));
  }

  async #endFamily(tx: Transaction, family: string, now: Millis): Promise<void> {
    await tx.query('update refresh_tokens set revoked_at = $2 where family = $1 and revoked_at is null', [
      family,
      new Date(now),
    ]);
    tx.afterCommit(() => this.#standing.forget((key) => key.endsWith(` ${family}`)));
  }
}

const cacheKey = (userId: string, sessionId: string): string => `${userId} ${sessionId}`;

/** Locks the row of the user whose refresh token this is. @returns false when the token is unknown */
async function lockOwner(tx: Transaction, hash: Buffer): Promise<boolean> {
  const { rows } = await tx.query<{ user_id: string }>('select user_id from refresh_tokens where hash = $1', [hash]);
  if (!rows[0]) return false;
  await tx.query('select 1 from users where id = $1 for no key update', [rows[0].user_id]);
  return true;
}

/** True when a token that was used comes again after the grace, or after one of its successors was used. */
async function isReuse(tx: Transaction, hash: Buffer, usedAt: Millis, now: Millis): Promise<boolean> {
  if (Math.abs(now - usedAt) > GRACE_MS) return true;
  const { rowCount } = await tx.query(
    `select 1 from refresh_tokens
     where family = (select family from refresh_tokens where hash = $1) and replaces = $1 and used_at is not null limit 1`,
    [hash],
  );
  return rowCount > 0;
}
