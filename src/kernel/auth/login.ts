/** Signing in by password: the same work and the same answer whether the user exists or not, and few tries. */
import { MINUTE_MS } from '../../model/time.ts';
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { hashPassword, isPasswordHash, verifyPassword } from './password.ts';

/** Failures within 15 minutes, after which sign-in waits: of one account from one address, of one address, of one account from anywhere. */
const WINDOW_MS = 15 * MINUTE_MS;
const LIMITS = Object.freeze({ pair: 5, address: 50, account: 100 });

interface Verified {
  readonly userId: string;
  /** The hash that stands now. */
  readonly passwordHash: string;
}

export interface Login {
  /** @throws CodedError LOGIN_FAILED, LOGIN_LIMITED, LOGIN_BUSY */
  check(email: string, password: string, address: string): Promise<Verified>;
}

export function createLogin({ db, clock, logger }: AuthDeps): Login {
  // Compared with the password of an unknown user, or of one who has none, so that the answer takes as long.
  let decoy: Promise<string> | undefined;

  async function refuseTooMany(subjects: Readonly<Record<keyof typeof LIMITS, string>>): Promise<void> {
    const now = clock.now();
    const { rows } = await db.query<{ subject: string; failures: bigint; oldest: Date }>(
      'select subject, count(*) as failures, min(at) as oldest from login_failures where subject = any($1) and at > $2 group by subject',
      [Object.values(subjects), new Date(now - WINDOW_MS)],
    );
    for (const kind of ['pair', 'address', 'account'] as const) {
      const row = rows.find(({ subject }) => subject === subjects[kind]);
      if (!row || row.failures < LIMITS[kind]) continue;
      logger.warn('login_limited', { kind, failures: Number(row.failures) });
      throw errors.LOGIN_LIMITED({
        detail: `${row.failures} sign-ins failed within 15 minutes`,
        retryAfterSeconds: Math.max(1, Math.ceil((row.oldest.getTime() + WINDOW_MS - now) / 1_000)),
      });
    }
  }

  return {
    async check(email, password, address) {
      const account = email.toLowerCase();
      const subjects = { pair: `pair ${address} ${account}`, address: `address ${address}`, account: `account ${account}` };
      await refuseTooMany(subjects);
      const { rows } = await db.query<{ id: string; password_hash: string; disabled_at: Date | null }>('select id, password_hash, disabled_at from users where lower(email) = $1', [account]);
      const user = rows[0];
      const own = user && isPasswordHash(user.password_hash) ? user.password_hash : null;
      const { ok, outdated } = await verifyPassword(password, own ?? (await (decoy ??= hashPassword('decoy'))));
      if (!user || own === null || !ok || user.disabled_at) {
        await db.query('insert into login_failures (subject, at) select unnest($1::text[]), $2', [Object.values(subjects), new Date(clock.now())]);
        throw errors.LOGIN_FAILED();
      }
      await db.query('delete from login_failures where subject = $1', [subjects.pair]);
      if (!outdated) return { userId: user.id, passwordHash: user.password_hash };
      const renewed = await hashPassword(password);
      await db.query('update users set password_hash = $2 where id = $1 and password_hash = $3', [
        user.id,
        renewed,
        user.password_hash,
      ]);
      return { userId: user.id, passwordHash: renewed };
    },
  };
}
