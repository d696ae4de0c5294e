/**
 * Refuses requests that a web page of another site makes through a user's browser: a foreign `Host` (DNS rebinding) on any
 * request, a foreign `Origin` on a write or a WebSocket. Not here: who the caller is (access.ts).
 */
import { isIP } from 'node:net';
import { common } from '../errors/index.ts';
import { hostName } from './addresses.ts';
import { errors } from './errors.ts';
import type { Caller } from './types.ts';

export interface SiteCheckOptions {
  /** Where people reach the console: its host and origin are ours. */
  readonly publicUrl?: string | null;
  /** Further names that clients use for this server. `*` turns the check of the name off. */
  readonly allowedHosts?: readonly string[];
}

/** @throws CodedError BAD_REQUEST, HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED */
export type SiteCheck = (caller: SiteCaller, kind: 'request' | 'socket') => void;
export type SiteCaller = Pick<Caller, 'method' | 'headers'> & { readonly httpVersion: string };

/**
 * Endings of names that no one can register in public DNS (RFC 6761, RFC 8375, ICANN's `internal`; `lan` and `svc` are not in
 * the root zone), so an attacker's page cannot have one. A name without a dot, such as a container's, is safe for the same reason.
 */
const PRIVATE_ENDINGS = ['.localhost', '.local', '.internal', '.home.arpa', '.lan', '.svc', '.test'] as const;

const isPrivateName = (name: string): boolean =>
  isIP(name) !== 0 || !name.includes('.') || PRIVATE_ENDINGS.some((ending) => name.endsWith(ending));

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

export function createSiteCheck({ publicUrl = null, allowedHosts = [] }: SiteCheckOptions): SiteCheck {
  const ours = publicUrl === null ? null : new URL(publicUrl);
  const names = new Set(allowedHosts.map((name) => name.toLowerCase()));
  if (ours) names.add(ours.hostname);
  const anyHost = names.has('*');
  // Nearly every request names the same host: the last one that passed is remembered.
  let lastAllowed: string | null = null;

  function checkHost(host: string): void {
    if (anyHost || host === lastAllowed) return;
    const name = hostName(host);
    if (name === '' || !/^[\w.:-]+$/.test(name)) throw common.BAD_REQUEST({ field: 'Host', detail: 'The Host header is not a name' });
    if (!isPrivateName(name) && !names.has(name)) {
      throw errors.HOST_NOT_ALLOWED({
        field: 'Host',
        detail: `This server does not answer to the name ${name.slice(0, 100)}`,
        fix: 'If the name is yours, set PUBLIC_URL or add it to ALLOWED_HOSTS',
      });
    }
    lastAllowed = host;
  }

  return (caller, kind) => {
    const { host } = caller.headers;
    // HTTP/1.0 probes of some balancers send no Host; a browser always does.
    if (host === undefined && caller.httpVersion !== '1.0') {
      throw common.BAD_REQUEST({ field: 'Host', detail: 'The Host header is missing' });
    }
    if (host !== undefined) checkHost(host);
    if (kind === 'request' && isSafe(caller.method)) return;
    if (isForeignPage(caller, ours?.origin ?? null)) {
      throw errors.ORIGIN_NOT_ALLOWED({
        field: 'Origin',
        detail: `A page of ${String(caller.headers.origin ?? 'another site').slice(0, 100)} sent this, and this server is ${String(host).slice(0, 100)}`,
        fix: 'If that page is the console behind a proxy, set PUBLIC_URL to exactly that origin, with its http or https',
      });
    }
  };
}

/**
 * True when a browser says that a page of another origin sends the request. Programs send neither header.
 * @param publicOrigin an origin that is ours too
 */
export function isForeignPage({ headers }: Pick<Caller, 'headers'>, publicOrigin: string | null = null): boolean {
  const { host, origin } = headers;
  if (origin !== undefined && origin === publicOrigin) return false;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
