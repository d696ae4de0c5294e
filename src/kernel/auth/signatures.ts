/** Requests signed by producers: HMAC-SHA-256 over `timestamp.body`, good once and for five minutes. */
import { createHmac } from 'node:crypto';
import type { ApiKeys } from './api-keys.ts';
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { sameBytes } from './opaque-tokens.ts';
import type { Identity, SignedRequest } from './types.ts';

/** How far a producer's clock may differ from ours, either way. */
const WINDOW_MS = 300_000;

export interface Signatures {
  /** @throws CodedError SIGNATURE_MALFORMED, SIGNATURE_EXPIRED, SIGNATURE_INVALID, SIGNATURE_REPLAYED */
  verify(request: SignedRequest): Promise<Identity>;
}

/** @param timestamp as it is sent @returns 64 hex digits */
export const sign = (secret: string, timestamp: string, body: Uint8Array | string): string => createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

export function createSignatures({ db, clock, secrets }: AuthDeps, keys: ApiKeys): Signatures {
  return {
    async verify({ keyId, timestamp, signature, body }) {
      // Seconds, or milliseconds for a producer that sends the same body more than once a second.
      if (!/^(\d{10}|\d{13})$/.test(timestamp) || !/^[0-9a-f]{64}$/.test(signature) || !/^key_[0-9a-z]{16}$/.test(keyId)) {
        throw errors.SIGNATURE_MALFORMED({ fix: 'Send X-Bellwether-Key (key_…), X-Bellwether-Timestamp (epoch seconds) and X-Bellwether-Signature (64 hex digits)' });
      }
      const at = Number(timestamp) * (timestamp.length === 10 ? 1_000 : 1);
      const now = clock.now();
      // One digit of a second may be lost to truncation.
      if (Math.abs(now - at) > WINDOW_MS) throw errors.SIGNATURE_EXPIRED({ detail: `The timestamp is ${Math.round((now - at) / 1_000)} s from our clock; at most ${WINDOW_MS / 1_000} s are allowed` });
      const given = Buffer.from(signature, 'hex');
      // An unknown key is checked all the same: the answer tells neither which keys exist nor sooner.
      const fits = sameBytes(given, Buffer.from(sign(secrets.signingSecret(keyId), timestamp, body), 'hex'));
      const identity = await keys.active(keyId);
      if (!fits || !identity) throw errors.SIGNATURE_INVALID({ fix: 'Sign the bytes of `timestamp.body` with the signing secret of this key' });
      const { rowCount } = await db.query('insert into signature_replays (signature, key_id, expires_at) values ($1, $2, $3) on conflict do nothing', [given, keyId, new Date(at + WINDOW_MS)]);
      if (rowCount === 0) throw errors.SIGNATURE_REPLAYED({ fix: 'Sign each request anew, with the time of sending' });
      return identity;
    },
  };
}
