/** Passwords as argon2id hashes in PHC string format, through Node's own crypto. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { errors } from './errors.ts';

const derive = promisify(argon2);

/**
 * OWASP Password Storage Cheat Sheet, "Argon2id": at least 19 MiB of memory, 2 passes, parallelism 1.
 * Costs 20 to 45 ms here; the tag of 32 and salt of 16 bytes are those of RFC 9106 section 4.
 */
const OWASP = Object.freeze({ memory: 19_456, passes: 2, parallelism: 1 });
const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** Hashes under way; each holds 19 MiB and one of libuv's four threads. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 64;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]{16,64})\$([\w+/]{22,128})$/;

let running = 0;
const waiting: (() => void)[] = [];

/** @throws CodedError LOGIN_BUSY when 64 others wait already: memory stays bounded whatever comes in */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw errors.LOGIN_BUSY({ retryAfterSeconds: 2 });
    // The place is handed over by the one that ends, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

const b64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** In place of a hash, for a user who signs in by link alone: no password fits it. */
export const NO_PASSWORD = 'none';

export const isPasswordHash = (text: string): boolean => PHC.test(text);

const phc = (nonce: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${OWASP.memory},t=${OWASP.passes},p=${OWASP.parallelism}$${b64(nonce)}$${b64(tag)}`;

/** Stands in for the hash of a user that has none, so that the work is the same. No known password fits it. */
export const DECOY_HASH = phc(Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES));

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const message = password.normalize('NFKC');
  return phc(nonce, await inTurn(() => derive('argon2id', { message, nonce, tagLength: TAG_BYTES, ...OWASP })));
}

/** @returns whether it fits, and whether the hash was made with weaker parameters than today's and should be made anew */
export async function verifyPassword(password: string, hash: string): Promise<{ readonly ok: boolean; readonly outdated: boolean }> {
  const m = PHC.exec(hash);
  if (!m) return { ok: false, outdated: false };
  const [memory, passes, parallelism] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const expected = Buffer.from(m[5]!, 'base64');
  const tag = await inTurn(() => derive('argon2id', { message: password.normalize('NFKC'), nonce: Buffer.from(m[4]!, 'base64'), tagLength: expected.length, memory, passes, parallelism }));
  return { ok: timingSafeEqual(tag, expected), outdated: memory < OWASP.memory || passes < OWASP.passes };
}
