/** Identity: content hashes and ids that the same input always yields again. */
import { createHash } from 'node:crypto';

/** A value that JSON can hold, and `bigint` (written as its decimal digits). */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * One text for one value, whatever the order of its keys (after RFC 8785): keys sorted by code unit,
 * no white space, `undefined` members left out, bigint as a string of digits.
 * @throws RangeError on NaN or infinity, which JSON cannot say
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`not a JSON number: ${value}`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((v: Json) => canonicalJson(v)).join(',')}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** SHA-256 of the canonical JSON, 64 hex digits. */
export function contentHash(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/**
 * An id that depends on its parts alone, so that a repeat is recognised: `sig_3f9a…` (prefix, then 24 hex digits = 96 bits).
 * @param prefix short, lower case: `sig`, `dec`, `alr`
 */
export function deterministicId(prefix: string, ...parts: readonly Json[]): string {
  return `${prefix}_${contentHash(parts).slice(0, 24)}`;
}
