/** Random tokens of which only a hash is kept. 256 bits are not guessed, so a plain SHA-256 suffices where a password needs argon2. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Ids use digits and letters without those that look alike. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const randomId = (prefix: string): string => `${prefix}_${Array.from(randomBytes(16), (byte) => ALPHABET[byte & 31]).join('')}`;

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** `bw_<id>_<secret>`: the id finds the row, the secret proves. The prefix lets secret scanners know one that was leaked. */
export function newKeyToken(keyId: string): { readonly token: string; readonly hash: Buffer } {
  const secret = randomBytes(32).toString('base64url');
  return { token: `bw_${keyId.slice('key_'.length)}_${secret}`, hash: sha256(secret) };
}

const KEY_TOKEN = /^bw_([0-9a-z]{16})_([\w-]{43})$/;

export function parseKeyToken(token: string): { readonly keyId: string; readonly hash: Buffer } | null {
  const m = KEY_TOKEN.exec(token);
  return m ? { keyId: `key_${m[1]}`, hash: sha256(m[2]!) } : null;
}

export const newLinkCode = (): string => `bwl_${randomBytes(32).toString('base64url')}`;

export const newRefreshToken = (): string => `bwr_${randomBytes(32).toString('base64url')}`;
