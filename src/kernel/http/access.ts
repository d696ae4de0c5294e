/** Who may call a route: finds the identity of a caller and compares it with the route's rule. */
import { atLeast, type Authenticator, type Identity, type Role } from '../auth/types.ts';
import { common, isCodedError } from '../errors/index.ts';
import { isLoopback, type AddressList } from './addresses.ts';
import { errors } from './errors.ts';
import type { LocalCallers } from './local-caller.ts';
import type { Access, Caller, RoleAccess } from './types.ts';

export interface AccessOptions {
  /** Null: no one can sign in, and only public and local routes answer. */
  readonly auth: Authenticator | null;
  /** Tells a program of this machine from a caller behind a proxy. */
  readonly localCallers: LocalCallers;
  /** Routes with `local: 'read'` answer a program of this machine without a token. */
  readonly localReads: boolean;
  /** Addresses from which administration is allowed. Null: from anywhere. */
  readonly adminAddresses: AddressList | null;
}

export interface AccessControl {
  /**
   * Who calls, by token or as a program of this machine.
   * @throws CodedError UNAUTHENTICATED, TOKEN_*
   */
  identify(caller: Caller, access: RoleAccess): Promise<Identity>;
  /** Who signed the request, once its body has been read. @throws CodedError UNAUTHENTICATED, SIGNATURE_* */
  identifySigned(caller: Caller, body: Buffer): Promise<Identity>;
  /** @param route the pattern, `/admin/…` @throws CodedError FORBIDDEN, SCOPE_MISSING, ADDRESS_NOT_ALLOWED */
  authorise(caller: Caller, route: string, access: RoleAccess, identity: Identity): void;
  /** Of a connection that stays open: false once its credential has ended, or no longer allows the route. */
  stillAllows(caller: Caller, route: string, access: RoleAccess): Promise<boolean>;
}

/** The subject of a program of this machine that sent no token. */
export const LOCAL_SUBJECT = 'loopback';

/** A program of this machine has the role that the route asks for: its rule says that such a program may call. */
const localIdentity = (role: Role): Identity => ({ subject: LOCAL_SUBJECT, role, scopes: [] });

const SIGNATURE_HEADER = 'x-bellwether-signature';

const isSigned = ({ headers }: Pick<Caller, 'headers'>): boolean => headers[SIGNATURE_HEADER] !== undefined;

/** True when the rule needs the raw body: a webhook's proof, or the signature of this request. */
export const decidesAfterBody = (access: Access, caller: Pick<Caller, 'headers'>): boolean =>
  access.kind === 'proof' || (access.kind === 'role' && access.signed === true && isSigned(caller));

/** True for a request that claims an identity, rightly or not. */
export const presentsCredential = ({ headers }: Pick<Caller, 'headers'>): boolean =>
  headers.authorization !== undefined ||
  headers['x-api-key'] !== undefined ||
  headers[SIGNATURE_HEADER] !== undefined ||
  (headers['sec-websocket-protocol']?.includes('bearer.') ?? false);

export function createAccessControl({ auth, localCallers, localReads, adminAddresses }: AccessOptions): AccessControl {
  const mayCallLocally = (caller: Caller, { local }: RoleAccess): boolean =>
    local === 'call' || (local === 'read' && localReads && isRead(caller.method));

  const control: AccessControl = {
    async identify(caller, access) {
      const token = tokenOf(caller);
      if (token !== null) {
        if (!auth) throw common.UNAUTHENTICATED({ detail: 'This server takes no tokens' });
        return auth.byToken(token);
      }
      if (mayCallLocally(caller, access) && (await localCallers.isLocal(caller))) return localIdentity(access.role);
      throw unauthenticated(caller, access, mayCallLocally(caller, access));
    },

    async identifySigned(caller, body) {
      if (!auth) throw common.UNAUTHENTICATED({ detail: 'This server takes no signatures' });
      if (tokenOf(caller) !== null) {
        throw common.UNAUTHENTICATED({ detail: 'The request has both a token and a signature', fix: 'Send one of them' });
      }
      const header = (name: string): string => String(caller.headers[name] ?? '');
      return auth.bySignature({
        keyId: header('x-bellwether-key'),
        timestamp: header('x-bellwether-timestamp'),
        nonce: header('x-bellwether-nonce'),
        signature: header(SIGNATURE_HEADER),
        method: caller.method,
        target: caller.url,
        body,
      });
    },

    authorise(caller, route, { role, scope }, identity) {
      if (!atLeast(identity.role, role)) {
        throw common.FORBIDDEN({
          detail: `This needs the role ${role}; yours is ${identity.role}`,
          facts: { role_needed: role, role: identity.role },
        });
      }
      const needed = scope ?? (isRead(caller.method) ? 'read' : 'write');
      if (identity.scopes.length > 0 && !identity.scopes.includes(needed)) {
        throw errors.SCOPE_MISSING({
          detail: `This needs the scope ${needed}; the key has ${identity.scopes.join(', ')}`,
          facts: { scope_needed: needed },
        });
      }
      const isAdministration = role === 'admin' || route.startsWith('/admin/');
      if (isAdministration && adminAddresses && !adminAddresses.contains(caller.ip)) {
        throw errors.ADDRESS_NOT_ALLOWED({
          detail: `Administration is not allowed from ${caller.ip}`,
          fix: 'Add the address to ADMIN_WHITELIST_IPS',
        });
      }
    },

    async stillAllows(caller, route, access) {
      try {
        control.authorise(caller, route, access, await control.identify(caller, access));
        return true;
      } catch (e) {
        // A database that does not answer says nothing about the credential.
        return !(isCodedError(e) && (e.status === 401 || e.status === 403));
      }
    },
  };
  return control;
}

/** What is missing, and for a local read why this caller is no local one. */
function unauthenticated(caller: Caller, access: RoleAccess, isLocalRoute: boolean): Error {
  if (isLocalRoute && isLoopback(caller.socket.remoteAddress)) {
    return common.UNAUTHENTICATED({
      detail: 'Without a token, only the user that the desk runs as may call this, on its machine and not through a proxy',
      fix: 'Send Authorization: Bearer TOKEN (bellwether token create), or run the command as that user, or as another one: sudo cat .bellwether/curlrc | curl -K - URL',
    });
  }
  return common.UNAUTHENTICATED({
    ...(isSigned(caller) && access.signed !== true ? { detail: 'Signatures are not taken here' } : {}),
    fix: 'Send Authorization: Bearer with an access token from POST /api/v1/auth/login, or an API key',
  });
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** `Authorization: Bearer`, `X-API-Key`, or the subprotocol `bearer.<token>`: a browser cannot set headers on a WebSocket. */
function tokenOf({ headers }: Caller): string | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const m = /^bearer\s+(\S+)\s*$/i.exec(authorization);
    if (!m) throw common.UNAUTHENTICATED({ detail: 'The Authorization header is not of the form Bearer <token>' });
    return m[1]!;
  }
  const key = headers['x-api-key'];
  if (typeof key === 'string' && key !== '') return key;
  const protocols = headers['sec-websocket-protocol'];
  const bearer = protocols?.split(',').find((p) => p.trim().startsWith('bearer.'));
  return bearer === undefined ? null : bearer.trim().slice('bearer.'.length);
}
