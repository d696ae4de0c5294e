/** What records of markets lack or need alike: token ids for a twin, and an order for text. */
import { createHash } from 'node:crypto';

/** No record has token ids; a twin needs some, as long as real ones: SHA-256 of market and side, in decimal. */
export function tokenOf(id: string, side: 'yes' | 'no'): string {
  return BigInt(`0x${createHash('sha256').update(`${id}/${side}`).digest('hex')}`).toString();
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
