/** What a stage's `routes.ts` sees of the web server: fastify with zod types, and an access rule on each route. */
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Identity, Role } from '../auth/types.ts';
import type { OpenSpan } from '../tracing/types.ts';

export type HttpApp = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>;

/**
 * Who may call. A route without a rule stops the start: deny by default.
 * `role` is the least role (`viewer` < `trader` < `approver` < `operator` < `admin`); `loopbackRead` lets this machine read without signing in
 * where `ADMIN_LOOPBACK=true`.
 */
export type Access =
  | { readonly kind: 'public'; readonly why: string }
  | { readonly kind: 'role'; readonly role: Role; readonly scope?: string; readonly loopbackRead?: boolean };

export const publicAccess = (why: string): Access => ({ kind: 'public', why });
/** A read: any signed-in user, and this machine itself on the embedded set-up. */
export const readAccess: Access = Object.freeze({ kind: 'role', role: 'viewer', loopbackRead: true });
export const roleAccess = (role: Role, scope?: string): Access => ({ kind: 'role', role, ...(scope === undefined ? {} : { scope }) });

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** A write that creates: takes `Idempotency-Key`, and a repeat gets the stored reply. */
    idempotent?: boolean;
    /** A GET whose reply gets an `ETag`; `If-None-Match` then gives 304. */
    etag?: boolean;
    /** A reply that stays open: neither timed nor waited for when the desk stops. */
    stream?: boolean;
    /** A probe that a machine calls all day: not limited, and its trace kept only when it fails. */
    probe?: boolean;
  }
  interface FastifyRequest {
    /** Null only on public routes. */
    identity: Identity | null;
    traceId: string;
    /** The request's own span: to add attributes. */
    span: OpenSpan | null;
    /** The body's bytes as they came, for signatures. Null where there was none. */
    rawBody: Buffer | null;
    /** Code of the error that was replied, for the log. */
    errorCode: string | null;
  }
}
