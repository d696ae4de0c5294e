/** Access tokens: short JWTs (HS256) that name a user and a session. Role and session are read from the database. */
import { errors as jose, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { Clock, Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import type { Secrets } from './secrets.ts';

const ISSUER = 'bellwether';
const AUDIENCE = 'bellwether-api';

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  readonly ttlMs: number;
  issue(claims: AccessClaims, at: Millis): Promise<string>;
  /** @throws CodedError TOKEN_EXPIRED, TOKEN_INVALID */
  verify(token: string): Promise<AccessClaims>;
}

export function createAccessTokens(secrets: Secrets, clock: Clock, ttlMs: number): AccessTokens {
  return {
    ttlMs,
    issue: ({ userId, sessionId }, at) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(Math.floor(at / 1_000))
        .setExpirationTime(Math.floor((at + ttlMs) / 1_000))
        .sign(secrets.accessKey),
    async verify(token) {
      const { sub, sid } = await payloadOf(token, secrets.accessKey, clock);
      // Older versions issued tokens without a session. A client refreshes on TOKEN_EXPIRED, and gets one that names it.
      if (typeof sid !== 'string')
        throw errors.TOKEN_EXPIRED({ detail: 'This token was issued by an older version', fix: REFRESH });
      return { userId: sub!, sessionId: sid };
    },
  };
}

const REFRESH = 'Get a new one at POST /api/v1/auth/refresh';

async function payloadOf(token: string, key: Uint8Array, clock: Clock): Promise<JWTPayload> {
  try {
    // One algorithm and one type: neither `none` nor another kind of token of ours is accepted.
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      typ: 'at+jwt',
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'exp'],
    });
    return payload;
  } catch (cause) {
    if (cause instanceof jose.JWTExpired) throw errors.TOKEN_EXPIRED({ fix: REFRESH, cause });
    throw errors.TOKEN_INVALID({ cause });
  }
}
