/** Sign-in by password. Work and reply are the same whether the user exists or not. Limits are in login-attempts.ts. */
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { createLoginAttempts, type Attempt } from './login-attempts.ts';
import { DECOY_HASH, hashPassword, isPasswordHash, verifyPassword } from './password.ts';

interface Verified {
  readonly userId: string;
  /** The hash that stands now. */
  readonly passwordHash: string;
}

export interface Login {
  /** @throws CodedError LOGIN_FAILED, LOGIN_LIMITED, LOGIN_BUSY */
  check(email: string, password: string, address: string): Promise<Verified>;
}

interface Account {
  readonly id: string;
  readonly password_hash: string;
  readonly disabled_at: Date | null;
}

export function createLogin(deps: AuthDeps): Login {
  const { db, logger } = deps;
  const attempts = createLoginAttempts(deps);

  /** The user, when the password is right and the account is enabled. */
  async function verify(account: string, password: string): Promise<(Account & { readonly outdated: boolean }) | null> {
    const { rows } = await db.query<Account>(
      'select id, password_hash, disabled_at from users where lower(email) = $1',
      [account],
    );
    const user = rows[0];
    const own = user && isPasswordHash(user.password_hash) ? user.password_hash : null;
    // A user that does not exist or has no password takes the same time.
    const { ok, outdated } = await verifyPassword(password, own ?? DECOY_HASH);
    return user && own !== null && ok && !user.disabled_at ? { ...user, outdated } : null;
  }

  /** LOGIN_BUSY and a lost database check no password, so the attempt does not count. */
  async function withdraw(attempt: Attempt): Promise<void> {
    await attempts
      .withdraw(attempt)
      .catch((error: unknown) => logger.warn('login_attempt_not_withdrawn', { error }));
  }

  /** @returns the hash that stands now @throws CodedError LOGIN_FAILED when the password was changed meanwhile */
  async function renewHash({ id, password_hash: outdated }: Account, password: string): Promise<string> {
    const renewed = await hashPassword(password);
    const { rowCount } = await db.query('update users set password_hash = $2 where id = $1 and password_hash = $3', [
      id,
      renewed,
      outdated,
    ]);
    if (rowCount > 0) return renewed;
    // Another sign-in has renewed it, or somebody has set another password.
    const { rows } = await db.query<{ password_hash: string }>('select password_hash from users where id = $1', [id]);
    const stored = rows[0]?.password_hash;
    if (stored === undefined || !isPasswordHash(stored) || !(await verifyPassword(password, stored)).ok) throw errors.LOGIN_FAILED();
    return stored;
  }

  return {
    async check(email, password, address) {
      const account = email.toLowerCase();
      const attempt = await attempts.record(account, address);
      const user = await verify(account, password).catch(async (error: unknown) => {
        await withdraw(attempt);
        throw error;
      });
      if (!user) throw errors.LOGIN_FAILED();
      await attempts.succeed(attempt, user.id);
      if (!user.outdated) return { userId: user.id, passwordHash: user.password_hash };
      return { userId: user.id, passwordHash: await renewHash(user, password) };
    },
  };
}
