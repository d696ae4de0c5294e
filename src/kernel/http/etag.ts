/** Entity tags of GET replies: the same content is not sent twice. */
import { createHash } from 'node:crypto';

/** Weak, because the same content may be compressed on its way. */
export const etagOf = (payload: string | Buffer): string => `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;

/** RFC 9110 section 13.1.2: `If-None-Match` compares weakly, and `*` matches anything. */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}
