/** Signing in and out, and for admins users and API keys: `/api/v1/auth`, `/api/v1/users`, `/api/v1/api-keys`. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInstant } from '../../model/time.ts';
import { body, decodeCursor, id as idField, listQuery, page, readAccess, roleAccess, secretField, signInAccess, type HttpApp } from '../http/index.ts';
import type { Auth } from './create-auth.ts';
import type { NewApiKey } from './api-keys.ts';
import type { Actor } from './deps.ts';
import { ROLES } from './types.ts';

const admin = { access: roleAccess('admin') } as const;
const signIn = { access: signInAccess } as const;

const email = z.email().max(254);
/** NIST SP 800-63B section 3.1.1.2: length counts, not kinds of characters. The upper bound keeps hashing cheap to call. */
const password = secretField(z.string().min(12).max(200));
const reason = z.string().min(1).max(500).optional();
const role = z.enum(ROLES);
const id = z.strictObject({ id: z.string().max(64) });
const cursorOf = (cursor: string | undefined): string | null => (cursor === undefined ? null : decodeCursor(cursor, z.tuple([idField(64)]))[0]);

function actorOf({ identity, traceId }: FastifyRequest, why: string | undefined): Actor {
  const { subject, role: own, scopes } = identity!;
  return { subject, role: own, scopes, reason: why ?? null, traceId };
}

export const authRoutes = (auth: Auth) => (app: HttpApp): void => {
  const tags = ['auth'];
  const credentials = body({ email: z.string().max(254), password: secretField(z.string().max(200)) });
  const login = { tags, summary: 'Sign in', body: credentials };
  app.post('/api/v1/auth/login', { config: signIn, schema: login }, (request) =>
    auth.login(request.body.email, request.body.password, request.ip),
  );
  const code = body({ code: secretField(z.string().max(100)) });
  const link = { tags, summary: 'Sign in by a one-time link (bellwether sign-in)', body: code };
  app.post('/api/v1/auth/link', { config: signIn, schema: link }, (request) =>
    auth.links.redeem(request.body.code, request.traceId),
  );
  const refresh = { tags, body: body({ refresh_token: secretField(z.string().max(100)) }) };
  app.post('/api/v1/auth/refresh', { config: signIn, schema: { ...refresh, summary: 'A new pair of tokens; the old refresh token is used up' } }, (request) => auth.refresh(request.body.refresh_token));
  app.post('/api/v1/auth/logout', { config: signIn, schema: { ...refresh, summary: 'End the session' } }, async (request, reply) => {
    await auth.logout(request.body.refresh_token);
    return reply.code(204).send();
  });
  app.get('/api/v1/auth/me', { config: { access: readAccess }, schema: { tags, summary: 'Who am I?' } }, async (request) => request.identity);
  userRoutes(app, auth);
  keyRoutes(app, auth);
};

function userRoutes(app: HttpApp, { users }: Auth): void {
  const tags = ['users'];
  app.get('/api/v1/users', { config: admin, schema: { tags, querystring: listQuery({}) } }, async ({ query }) =>
    page(await users.list(cursorOf(query.cursor), query.limit + 1), query.limit, (user) => [user.id]),
  );
  // No Idempotency-Key: what it would keep of the body holds the password, and the unique e-mail makes a repeat harmless.
  app.post('/api/v1/users', { config: admin, schema: { tags, body: body({ email, password, role, reason }) } }, async (request, reply) => {
    const { reason: why, ...user } = request.body;
    return reply.code(201).send(await users.create(user, actorOf(request, why)));
  });
  const change = body({ role: role.optional(), password: password.optional(), disabled: z.boolean().optional(), reason });
  app.patch('/api/v1/users/:id', { config: admin, schema: { tags, params: id, body: change } }, (request) => {
    const { role: newRole, password: newPassword, disabled, reason: why } = request.body;
    return users.change(
      request.params.id,
      { ...(newRole === undefined ? {} : { role: newRole }), ...(newPassword === undefined ? {} : { password: newPassword }), ...(disabled === undefined ? {} : { disabled }) },
      actorOf(request, why),
    );
  });
}

/** The token and the signing secret are in this reply alone. */
const shownOnce = ({ key, token, signingSecret }: NewApiKey) => ({ ...key, token, signing_secret: signingSecret });

function keyRoutes(app: HttpApp, { keys }: Auth): void {
  const tags = ['api keys'];
  app.get('/api/v1/api-keys', { config: admin, schema: { tags, querystring: listQuery({}) } }, async ({ query }) =>
    page(await keys.list(cursorOf(query.cursor), query.limit + 1), query.limit, (key) => [key.id]),
  );
  const scopes = z.array(z.string().regex(/^[a-z_]+(:[a-z_]+)?$/)).max(50).optional();
  const name = z.string().trim().min(1).max(100);
  const create = body({ name, role, scopes, expires_at: z.iso.datetime().optional(), reason });
  // Not idempotent: a stored reply would hold the token.
  app.post('/api/v1/api-keys', { config: admin, schema: { tags, body: create } }, async (request, reply) => {
    const { name: keyName, role: keyRole, scopes: keyScopes, expires_at, reason: why } = request.body;
    const wanted = { name: keyName, role: keyRole, scopes: keyScopes ?? [], expiresAt: expires_at === undefined ? null : parseInstant(expires_at) };
    return reply.code(201).send(shownOnce(await keys.create(wanted, actorOf(request, why))));
  });
  const rotate = body({ overlap_seconds: z.number().int().min(0).max(30 * 86_400).optional(), reason });
  // Without a body it is null.
  const rotation = { tags, params: id, body: rotate.nullish() };
  app.post('/api/v1/api-keys/:id/rotate', { config: admin, schema: rotation }, async (request, reply) => {
    const overlap = request.body?.overlap_seconds;
    return reply.code(201).send(shownOnce(await keys.rotate(request.params.id, actorOf(request, request.body?.reason), overlap === undefined ? undefined : overlap * 1_000)));
  });
  const revocation = { tags, params: id, body: body({ reason }).nullish() };
  app.post('/api/v1/api-keys/:id/revoke', { config: admin, schema: revocation }, (request) =>
    keys.revoke(request.params.id, actorOf(request, request.body?.reason)),
  );
}
