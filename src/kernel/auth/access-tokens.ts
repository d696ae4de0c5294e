/** Access tokens: short JWTs (HS256) that name a user. The role is asked of the database, so that a demotion holds at once. */
import { errors as jose, jwtVerify, SignJWT } from 'jose';
import type { Clock, Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import type { Secrets } from './secrets.ts';

const ISSUER = 'bellwether';
const AUDIENCE = 'bellwether-api';

export interface AccessTokens {
  readonly ttlMs: number;
  issue(userId: string, at: Millis): Promise<string>;
  /** @returns the user's id @throws CodedError TOKEN_EXPIRED, TOKEN_INVALID */
  verify(token: string): Promise<string>;
}

export function createAccessTokens(secrets: Secrets, clock: Clock, ttlMs: number): AccessTokens {
  return {
    ttlMs,
    issue: (userId, at) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(Math.floor(at / 1_000))
        .setExpirationTime(Math.floor((at + ttlMs) / 1_000))
        .sign(secrets.accessKey),
    async verify(token) {
      try {
        // One algorithm and one type: neither `none` nor another kind of token of ours is taken.
        const { payload } = await jwtVerify(token, secrets.accessKey, { algorithms: ['HS256'], typ: 'at+jwt', issuer: ISSUER, audience: AUDIENCE, currentDate: new Date(clock.now()), requiredClaims: ['sub', 'exp'] });
        return payload.sub!;
      } catch (cause) {
        if (cause instanceof jose.JWTExpired) throw errors.TOKEN_EXPIRED({ fix: 'Get a new one at POST /api/v1/auth/refresh', cause });
        throw errors.TOKEN_INVALID({ cause });
      }
    },
  };
}
