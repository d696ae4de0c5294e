/** Types of the web server: the app, and the rule that says who may call a route. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Identity, Role } from '../auth/types.ts';
import type { OpenSpan } from '../tracing/types.ts';

export type HttpApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Anyone may call. `share: 'sign-in'` counts the calls against the part of the request limit that is kept for signing in. */
export interface PublicAccess {
  readonly kind: 'public';
  readonly why: string;
  readonly share?: 'sign-in';
}

/** Another service calls, and proves each request over its raw body (a webhook). The body is not parsed before that. */
export interface ProofAccess {
  readonly kind: 'proof';
  /** Which service: `whatsapp`. */
  readonly service: string;
  /** @throws CodedError with status 401 when the proof is missing or wrong */
  prove(headers: IncomingHttpHeaders, rawBody: Buffer): void;
}

/** A signed-in caller with at least this role. */
export interface RoleAccess {
  readonly kind: 'role';
  /** The least role: `viewer` < `trader` < `approver` < `operator` < `admin`. */
  readonly role: Role;
  /** The scope that a scoped API key needs. Default: `read` for GET, else `write`. */
  readonly scope?: string;
  /**
   * What a program on this machine may do here without a token. `read`: GET, where the server allows it (`adminLoopback`).
   * `call`: any method, always. Never allowed for the role admin. See docs/adr/0016.
   */
  readonly local?: 'read' | 'call';
  /** True: a producer may sign the request instead of sending a token. Only for methods that have a body. */
  readonly signed?: true;
}

/** Who may call. A route without a rule stops the start: deny by default. */
export type Access = PublicAccess | ProofAccess | RoleAccess;

export const publicAccess = (why: string): PublicAccess => ({ kind: 'public', why });
/** Signing in: public, with its own part of the request limit. */
export const signInAccess: PublicAccess = Object.freeze({
  kind: 'public',
  why: 'The caller has no token yet',
  share: 'sign-in',
});
/** A read by any signed-in user. */
export const readAccess: RoleAccess = Object.freeze({ kind: 'role', role: 'viewer' });
/**
 * A read of operational data (health, queues, quotas, replay), which a program on this machine may do without a token.
 * Not for rows that name customers, users, keys or money.
 */
export const operationalAccess: RoleAccess = Object.freeze({ kind: 'role', role: 'viewer', local: 'read' });
export const roleAccess = (role: Role, scope?: string): RoleAccess => ({
  kind: 'role',
  role,
  ...(scope === undefined ? {} : { scope }),
});
/** A write that a producer may sign instead of sending a token. */
export const signedAccess = (role: Role, scope: string): RoleAccess => ({ kind: 'role', role, scope, signed: true });

/** What deciding about a request needs of it: the same for a route and for a WebSocket handshake. */
export interface Caller {
  readonly method: string;
  /** Path with query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The caller's address; behind a trusted proxy the one that it forwards. */
  readonly ip: string;
  readonly socket: IncomingMessage['socket'];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** A write that creates: takes `Idempotency-Key`, and a repeat gets the stored reply. */
    idempotent?: boolean;
    /** A GET whose reply gets an `ETag`; `If-None-Match` then gives 304. */
    etag?: boolean;
    /** A reply that stays open: neither timed nor waited for when the desk stops. */
    stream?: boolean;
    /** A probe that machines call all day: not limited, and its trace is kept only when it fails. */
    probe?: boolean;
  }
  interface FastifyRequest {
    /** Null only on public and proof routes. */
    identity: Identity | null;
    /** Of a stream: false once the credential of this request has ended. Streams ask it now and then. */
    stillAdmitted: (() => Promise<boolean>) | null;
    /** True once the route's rule of access has allowed this request. The handler does not run before. */
    admitted: boolean;
    traceId: string;
    /** The request's own span: to add attributes. */
    span: OpenSpan | null;
    /** The body's bytes as they came, for signatures. Null where there was none. */
    rawBody: Buffer | null;
    /** Parses the body of a signed request, once its sender is known. @throws CodedError BODY_TOO_DEEP, BAD_REQUEST */
    readBody: (() => unknown) | null;
    /** Code of the error that was replied, for the log. */
    errorCode: string | null;
  }
}
