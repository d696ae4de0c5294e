/** Who calls: users, API keys, tokens and signatures, put together. */
import { DAY_MS, MINUTE_MS, type Clock } from '../../model/time.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logging/types.ts';
import { findAdmins, lockAdmins } from './admins.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createApiKeys, type ApiKeys } from './api-keys.ts';
import type { Actor, AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { createLogin } from './login.ts';
import { purgeLoginAttempts } from './login-attempts.ts';
import { loadSecrets } from './secrets.ts';
import { createSessions, type Session } from './sessions.ts';
import { createSignInLinks, type LinkRequest, type SignInLink } from './sign-in-links.ts';
import { createSignatures, WINDOW_MS } from './signatures.ts';
import type { Authenticator, Identity } from './types.ts';
import { createUsers, type Users } from './users.ts';

export interface AuthOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** JWT_SECRET_KEY. Default: one is made and kept in the database. */
  readonly secret?: string;
  /** Life of an access token. Default 15 minutes. */
  readonly accessTtlMs?: number;
  /** Life of a refresh token, from its last use. Default 30 days. */
  readonly refreshTtlMs?: number;
}

export interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
}

/** One-time links for the person at the machine. */
export interface SignInLinks {
  /** @throws CodedError VALIDATION_FAILED, USER_UNKNOWN, SIGN_IN_LINK_REFUSED, SCOPE_EXCEEDED */
  create(request: LinkRequest, actor: Actor): Promise<SignInLink>;
  /** Signs in, once. @throws CodedError SIGN_IN_LINK_INVALID */
  redeem(code: string, traceId?: string | null): Promise<TokenPair>;
}

export interface Auth extends Authenticator {
  readonly users: Users;
  readonly keys: ApiKeys;
  readonly links: SignInLinks;
  /** @param address of the caller, by which attempts are limited @throws CodedError LOGIN_FAILED, LOGIN_LIMITED, LOGIN_BUSY */
  login(email: string, password: string, address: string): Promise<TokenPair>;
  /** @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_REUSED */
  refresh(refreshToken: string): Promise<TokenPair>;
  logout(refreshToken: string): Promise<void>;
  /** A token with which to administer, once: null when somebody can already. Shown, never stored. */
  ensureAdminToken(): Promise<string | null>;
  /** Removes what has expired. @returns how many rows */
  purge(): Promise<number>;
}

export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { db, clock, logger } = options;
  const deps: AuthDeps = { db, clock, logger, secrets: await loadSecrets(db, options.secret) };
  const sessions = createSessions(deps, options.refreshTtlMs ?? 30 * DAY_MS);
  const users = createUsers(deps, sessions);
  const keys = createApiKeys(deps);
  const access = createAccessTokens(deps.secrets, clock, options.accessTtlMs ?? 15 * MINUTE_MS);
  const login = createLogin(deps);
  const links = createSignInLinks(deps, sessions);
  const signatures = createSignatures(deps, keys);

  const pair = async ({ id, userId, refreshToken }: Session): Promise<TokenPair> => ({
    access_token: await access.issue({ userId, sessionId: id }, clock.now()),
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: Math.floor(access.ttlMs / 1_000),
  });

  return {
    users,
    keys,
    links: {
      create: (request, actor) => links.create(request, actor),
      redeem: async (code, traceId) => pair(await links.redeem(code, traceId)),
    },
    bySignature: (request) => signatures.verify(request),
    async byToken(token): Promise<Identity> {
      if (token.startsWith('bw_')) return keys.identify(token);
      const { userId, sessionId } = await access.verify(token);
      return { subject: `user:${userId}`, role: await sessions.role(userId, sessionId), scopes: [] };
    },
    async login(email, password, address) {
      const { userId, passwordHash } = await login.check(email, password, address);
      const session = await sessions.begin(db, userId, passwordHash);
      // The account was disabled or got another password in the meantime.
      if (!session) throw errors.LOGIN_FAILED();
      return pair(session);
    },
    refresh: async (refreshToken) => pair(await sessions.rotate(refreshToken)),
    logout: (refreshToken) => sessions.end(refreshToken),
    ensureAdminToken: () =>
      db.transaction(async (tx) => {
        // Of processes that start together, one makes it.
        await lockAdmins(tx);
        // A key that ends soon counts here: a later start makes a token when it is needed.
        if ((await findAdmins(tx, clock.now())).now) return null;
        const { token } = await keys.createWithin(tx, { name: 'first start', role: 'admin' }, { subject: 'system', reason: 'First start: nobody could administer' });
        return token;
      }),
    async purge() {
      const now = new Date(clock.now());
      const counts = await Promise.all([
        // One window more than needed, so that a process whose clock is behind still finds the nonce.
        db.query('delete from signature_replays where expires_at < $1', [new Date(clock.now() - WINDOW_MS)]),
        db.query('delete from refresh_tokens where expires_at < $1', [now]),
        db.query('delete from sign_in_links where expires_at < $1', [now]),
      ]);
      const attempts = await purgeLoginAttempts(db, clock.now());
      return counts.reduce((sum, { rowCount }) => sum + rowCount, attempts);
    },
  };
}
