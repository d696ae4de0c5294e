/** Requests signed by producers: HMAC-SHA-256 over method, target, time, nonce and body. Each is good once. */
import { createHash, createHmac } from 'node:crypto';
import type { ApiKeys } from './api-keys.ts';
import type { AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { sameBytes } from './opaque-tokens.ts';
import type { Identity, SignedRequest } from './types.ts';

/** The largest difference between a producer's clock and ours, either way. */
export const WINDOW_MS = 300_000;

const VERSION = 'bellwether-v2';
const PREFIX = 'v2=';

const KEY_ID = /^key_[0-9a-z]{16}$/;
/** Epoch seconds or milliseconds. */
const TIMESTAMP = /^(\d{10}|\d{13})$/;
const NONCE = /^[\w-]{16,64}$/;
const SIGNATURE = /^v2=[0-9a-f]{64}$/;
const OLD_SIGNATURE = /^[0-9a-f]{64}$/;

export interface Signatures {
  /** @throws CodedError SIGNATURE_MALFORMED, SIGNATURE_EXPIRED, SIGNATURE_INVALID, SIGNATURE_REPLAYED */
  verify(request: SignedRequest): Promise<Identity>;
}

/** The parts of a request that a signature covers, as they are sent. */
export type SignedParts = Pick<SignedRequest, 'method' | 'target' | 'timestamp' | 'nonce'> & {
  readonly body: Uint8Array | string;
};

/** The text that is signed, documented in docs/signals.md#signing. */
export function canonicalRequest({ method, target, timestamp, nonce, body }: SignedParts): string {
  const bodyHash = createHash('sha256').update(body).digest('hex');
  return [VERSION, method.toUpperCase(), target, timestamp, nonce, bodyHash].join('\n');
}

/**
 * Signs a request to the desk.
 * @returns the value of the header X-Bellwether-Signature
 * @example sign(secret, { method: 'POST', target: '/api/v1/signals', timestamp, nonce: randomUUID(), body })
 */
export const sign = (secret: string, parts: SignedParts): string =>
  PREFIX + createHmac('sha256', secret).update(canonicalRequest(parts)).digest('hex');

/**
 * Signs a message that the desk sends to a customer's webhook (docs/channels.md). Not a form that the desk accepts.
 * @returns 64 hex digits: HMAC-SHA-256 over `timestamp.body`
 */
export const signMessage = (secret: string, timestamp: string, body: Uint8Array | string): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

/** @throws CodedError SIGNATURE_MALFORMED, naming the header */
function checkForm({ keyId, timestamp, nonce, signature }: SignedRequest): void {
  const malformed = (header: string, fix: string) => errors.SIGNATURE_MALFORMED({ field: header, fix });
  if (OLD_SIGNATURE.test(signature)) {
    throw errors.SIGNATURE_MALFORMED({
      field: 'X-Bellwether-Signature',
      detail: 'This is the old form, which covered only the time and the body',
      fix:
        `Send v2=<64 lower-case hex digits>: HMAC-SHA-256 over the lines ${VERSION}, method, target, ` +
        'timestamp, nonce and SHA-256 of the body',
    });
  }
  if (!KEY_ID.test(keyId)) throw malformed('X-Bellwether-Key', 'Send the id of the API key: key_…');
  if (!TIMESTAMP.test(timestamp))
    throw malformed('X-Bellwether-Timestamp', 'Send epoch seconds (10 digits) or milliseconds (13 digits)');
  if (!NONCE.test(nonce))
    throw malformed('X-Bellwether-Nonce', 'Send 16 to 64 characters of A-Z, a-z, 0-9, _ and -, new for each request');
  if (!SIGNATURE.test(signature)) throw malformed('X-Bellwether-Signature', 'Send v2=<64 lower-case hex digits>');
}

export function createSignatures({ db, clock, secrets }: AuthDeps, keys: ApiKeys): Signatures {
  return {
    async verify(request) {
      checkForm(request);
      const { keyId, timestamp, nonce, signature } = request;
      const at = Number(timestamp) * (timestamp.length === 10 ? 1_000 : 1);
      const now = clock.now();
      if (Math.abs(now - at) > WINDOW_MS) {
        throw errors.SIGNATURE_EXPIRED({
          field: 'X-Bellwether-Timestamp',
          detail: `The timestamp is ${Math.round((now - at) / 1_000)} s from our clock`,
          fix: `Set the clock: at most ${WINDOW_MS / 1_000} s either way are allowed`,
        });
      }
      // Computed and compared for an unknown key as well: neither the answer nor its time tells which keys exist.
      const isRight = sameBytes(Buffer.from(signature), Buffer.from(sign(secrets.signingSecret(keyId), request)));
      const identity = await keys.active(keyId);
      if (!isRight || !identity) {
        throw errors.SIGNATURE_INVALID({
          fix: 'Sign method, target as sent, timestamp, nonce and the bytes of the body with the signing secret of this key',
        });
      }
      // A nonce may come back once its first request is too old to be accepted.
      const { rowCount } = await db.query(
        `insert into signature_replays (key_id, nonce, expires_at) values ($1, $2, $3)
         on conflict (key_id, nonce) do update set expires_at = excluded.expires_at
           where signature_replays.expires_at < $4`,
        [keyId, nonce, new Date(at + WINDOW_MS), new Date(now)],
      );
      if (rowCount === 0)
        throw errors.SIGNATURE_REPLAYED({
          field: 'X-Bellwether-Nonce',
          fix: 'Sign each request again, with a new nonce and the time of sending',
        });
      // Only now: a forged signature is no use of its key.
      keys.noteUse(keyId);
      return identity;
    },
  };
}
