/** Who may call a route: finds the identity of a request and holds it against the route's rule. */
import type { FastifyRequest } from 'fastify';
import { atLeast, type Authenticator, type Identity } from '../auth/types.ts';
import { common } from '../errors/index.ts';
import { hostName, isLoopback, type AddressList } from './addresses.ts';
import { errors } from './errors.ts';
import type { Access } from './types.ts';

export interface AccessOptions {
  /** Null: no one can sign in, and only public and loopback routes answer. */
  readonly auth: Authenticator | null;
  /** Reads from this machine itself need no token. */
  readonly adminLoopback: boolean;
  /** From where an admin may act. Null: from anywhere. */
  readonly adminAddresses: AddressList | null;
}

export interface AccessControl {
  /** @throws CodedError UNAUTHENTICATED, TOKEN_*, FORBIDDEN, SCOPE_MISSING, ADDRESS_NOT_ALLOWED */
  admit(request: FastifyRequest, access: Access & { kind: 'role' }): Promise<Identity>;
  /** The same for a signed request, once its body has been read. @throws SIGNATURE_* as well */
  admitSigned(request: FastifyRequest, access: Access & { kind: 'role' }, body: Buffer): Promise<Identity>;
}

const LOOPBACK: Identity = Object.freeze({ subject: 'loopback', role: 'viewer', scopes: Object.freeze([]) });
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Set by any proxy: the request then only seems to come from this machine. */
const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via', 'cf-connecting-ip', 'true-client-ip'] as const;

export const isSigned = (request: FastifyRequest): boolean => request.headers['x-bellwether-signature'] !== undefined;

export function createAccessControl({ auth, adminLoopback, adminAddresses }: AccessOptions): AccessControl {
  function allow(request: FastifyRequest, access: Access & { kind: 'role' }, identity: Identity): Identity {
    const { role, scope } = access;
    if (!atLeast(identity.role, role)) {
      throw common.FORBIDDEN({ detail: `This needs the role ${role}; yours is ${identity.role}`, facts: { role_needed: role, role: identity.role } });
    }
    const needed = scope ?? (isRead(request.method) ? 'read' : 'write');
    if (identity.scopes.length > 0 && !identity.scopes.includes(needed)) {
      throw errors.SCOPE_MISSING({ detail: `This needs the scope ${needed}; the key has ${identity.scopes.join(', ')}`, facts: { scope_needed: needed } });
    }
    if (role === 'admin' && adminAddresses && !adminAddresses.contains(request.ip)) {
      throw errors.ADDRESS_NOT_ALLOWED({ detail: `Administration is not allowed from ${request.ip}`, fix: 'Add the address to ADMIN_WHITELIST_IPS' });
    }
    return identity;
  }

  return {
    async admit(request, access) {
      const token = tokenOf(request);
      if (token !== null) {
        if (!auth) throw common.UNAUTHENTICATED({ detail: 'This server takes no tokens' });
        return allow(request, access, await auth.byToken(token));
      }
      if (adminLoopback && access.loopbackRead === true && isRead(request.method) && isThisMachine(request)) return LOOPBACK;
      throw common.UNAUTHENTICATED({ fix: 'Send Authorization: Bearer with an access token from POST /api/v1/auth/login, or an API key' });
    },
    async admitSigned(request, access, body) {
      if (!auth) throw common.UNAUTHENTICATED({ detail: 'This server takes no signatures' });
      const header = (name: string): string => String(request.headers[name] ?? '');
      const signed = {
        keyId: header('x-bellwether-key'),
        timestamp: header('x-bellwether-timestamp'),
        nonce: header('x-bellwether-nonce'),
        signature: header('x-bellwether-signature'),
        method: request.method,
        target: request.originalUrl,
        body,
      };
      return allow(request, access, await auth.bySignature(signed));
    },
  };
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** `Authorization: Bearer`, `X-API-Key`, or, as a browser cannot set headers on a WebSocket, the subprotocol `bearer.<token>`. */
function tokenOf(request: FastifyRequest): string | null {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const m = /^bearer\s+(\S+)\s*$/i.exec(authorization);
    if (!m) throw common.UNAUTHENTICATED({ detail: 'The Authorization header is not of the form Bearer <token>' });
    return m[1]!;
  }
  const key = request.headers['x-api-key'];
  if (typeof key === 'string' && key !== '') return key;
  const protocols = request.headers['sec-websocket-protocol'];
  const bearer = protocols?.split(',').find((p) => p.trim().startsWith('bearer.'));
  return bearer === undefined ? null : bearer.trim().slice('bearer.'.length);
}

/**
 * True for a program or a person at this machine, and not for a page of another site in this machine's browser:
 * the connection is local, no proxy stands between, the Host is a local name (against DNS rebinding), and where
 * the browser tells the origin, it is our own (against cross-site requests and WebSockets).
 */
function isThisMachine(request: FastifyRequest): boolean {
  const { headers } = request;
  if (!isLoopback(request.raw.socket.remoteAddress)) return false;
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  const { host, origin } = headers;
  if (host === undefined || !LOCAL_HOSTS.has(hostName(host))) return false;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return false;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
