/** Refresh tokens: each is good once and gives the next; one that comes twice was stolen, and ends all that came from it. */
import type { Millis } from '../../model/time.ts';
import type { Executor } from '../database/types.ts';
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { newRefreshToken, randomId, sha256 } from './opaque-tokens.ts';

export interface Sessions {
  /** Begins a session. */
  begin(on: Executor, userId: string): Promise<string>;
  /** @returns the user and the next refresh token @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_REUSED */
  rotate(token: string): Promise<{ readonly userId: string; readonly refreshToken: string }>;
  /** Ends the session of this token; an unknown one is no error. */
  end(token: string): Promise<void>;
}

interface Row {
  readonly family: string;
  readonly user_id: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly revoked_at: Date | null;
}

type Outcome = { readonly userId: string; readonly refreshToken: string } | 'TOKEN_INVALID' | 'TOKEN_EXPIRED' | 'TOKEN_REVOKED' | 'TOKEN_REUSED';

export function createSessions({ db, clock, logger }: AuthDeps, ttlMs: number): Sessions {
  async function store(on: Executor, family: string, userId: string, now: Millis): Promise<string> {
    const token = newRefreshToken();
    await on.query('insert into refresh_tokens (hash, family, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5)', [sha256(token), family, userId, new Date(now), new Date(now + ttlMs)]);
    return token;
  }

  return {
    begin: (on, userId) => store(on, randomId('ses'), userId, clock.now()),
    async rotate(token) {
      const now = clock.now();
      const outcome = await db.transaction(async (tx): Promise<Outcome> => {
        const row = (await tx.query<Row>('select * from refresh_tokens where hash = $1 for update', [sha256(token)])).rows[0];
        if (!row) return 'TOKEN_INVALID';
        if (row.revoked_at) return 'TOKEN_REVOKED';
        if (row.used_at) {
          // Not thrown in here: the end of the family must be committed.
          await tx.query('update refresh_tokens set revoked_at = $2 where family = $1 and revoked_at is null', [row.family, new Date(now)]);
          logger.warn('refresh_token_reused', { user: row.user_id, session: row.family });
          return 'TOKEN_REUSED';
        }
        if (row.expires_at.getTime() <= now) return 'TOKEN_EXPIRED';
        await tx.query('update refresh_tokens set used_at = $2 where hash = $1', [sha256(token), new Date(now)]);
        return { userId: row.user_id, refreshToken: await store(tx, row.family, row.user_id, now) };
      });
      if (typeof outcome === 'string') throw errors[outcome]({ fix: 'Sign in again' });
      return outcome;
    },
    async end(token) {
      await db.query(
        'update refresh_tokens set revoked_at = $2 where revoked_at is null and family = (select family from refresh_tokens where hash = $1)',
        [sha256(token), new Date(clock.now())],
      );
    },
  };
}
