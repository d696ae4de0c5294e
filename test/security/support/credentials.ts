/** Every kind of credential with which a route can be called, for the authorisation matrix: how it is sent, and what it proves. */
import { createHash, randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { createAccessTokens } from '../../../src/kernel/auth/access-tokens.ts';
import { loadSecrets } from '../../../src/kernel/auth/secrets.ts';
import { sign } from '../../../src/kernel/auth/index.ts';
import { ROLES, type Role } from '../../../src/kernel/auth/types.ts';
import type { Database } from '../../../src/kernel/database/index.ts';
import { ManualClock } from '../../../src/model/time.ts';
import { ask } from '../../support/ask.ts';

/** What a credential proves, from which the expected outcome of a call follows. */
export type Proof =
  /** Nobody. `local`: the call comes from a program of the desk's user on its machine. */
  | { readonly kind: 'nobody'; readonly local: boolean }
  | { readonly kind: 'identity'; readonly role: Role; readonly scopes: readonly string[] }
  /** A credential that is wrong: never better than none. */
  | { readonly kind: 'wrong' }
  /** A signature; `identity` null: one that is forged. */
  | { readonly kind: 'signature'; readonly identity: { readonly role: Role; readonly scopes: readonly string[] } | null }
  /** A page of another site, or a name that is not ours. */
  | { readonly kind: 'foreign'; readonly status: 403 | 421; readonly writesOnly: boolean };

export interface Credential {
  readonly name: string;
  readonly proof: Proof;
  headers(method: string, target: string): Readonly<Record<string, string>>;
  /** Sent by curl as another user of this machine. */
  readonly asOtherUser?: boolean;
}

export interface CredentialsDesk {
  readonly url: string;
  readonly adminToken: string;
  readonly db: Database;
  readonly secret: string;
  readonly localToken: string;
}

const bearer = (token: string) => () => ({ authorization: `Bearer ${token}` });
const PASSWORD = 'correct horse battery staple';

export async function makeCredentials(desk: CredentialsDesk): Promise<readonly Credential[]> {
  const post = async (path: string, json: object, token: string | null = desk.adminToken) => {
    const reply = await ask(desk.url + path, { token, json });
    if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
    return reply.json;
  };
  const key = async (role: Role, scopes: readonly string[] = [], name = `${role} ${scopes.join()}`) => {
    const made = await post('/api/v1/api-keys', { name, role, scopes });
    return { id: String(made['id']), token: String(made['token']), secret: String(made['signing_secret']) };
  };
  const identity = (name: string, role: Role, scopes: readonly string[], token: string): Credential => ({ name, proof: { kind: 'identity', role, scopes }, headers: bearer(token) });
  const wrong = (name: string, token: string): Credential => ({ name, proof: { kind: 'wrong' }, headers: bearer(token) });

  const byRole = await Promise.all(ROLES.map(async (role) => identity(`key of a ${role}`, role, [], (await key(role)).token)));
  const scoped = await Promise.all(
    ([['admin', ['read']], ['admin', ['write']], ['trader', ['signals:write']], ['operator', ['traces:write']], ['admin', ['gate:reset']], ['admin', ['nothing:here']]] as const).map(async ([role, scopes]) =>
      identity(`key of a ${role} for ${scopes.join()}`, role, scopes, (await key(role, scopes)).token),
    ),
  );
  await post('/api/v1/users', { email: 'matrix@example.org', password: PASSWORD, role: 'operator' });
  const session = async () => await post('/api/v1/auth/login', { email: 'matrix@example.org', password: PASSWORD }, null);
  const signedIn = await session();
  const ended = await session();
  await ask(`${desk.url}/api/v1/auth/logout`, { json: { refresh_token: ended['refresh_token'] } });
  const revoked = await key('admin', [], 'revoked');
  await post(`/api/v1/api-keys/${revoked.id}/revoke`, {});
  const expired = await key('admin', [], 'expired');
  await desk.db.query("update api_keys set expires_at = now() - interval '1 minute' where id = $1", [expired.id]);
  const admin = byRole.at(-1)!;
  const adminToken = admin.headers('GET', '/')['authorization']!.slice('Bearer '.length);
  const [producer, reader] = [await key('trader', ['signals:write'], 'producer'), await key('admin', ['read'], 'reader')];

  return [
    { name: 'nothing, from this machine', proof: { kind: 'nobody', local: true }, headers: () => ({}) },
    { name: 'the token file', proof: { kind: 'nobody', local: true }, headers: () => ({ 'x-bellwether-local': desk.localToken }) },
    { name: 'a guess at the token file', proof: { kind: 'nobody', local: false }, headers: () => ({ 'x-bellwether-local': 'a'.repeat(43) }) },
    { name: 'nothing, forwarded', proof: { kind: 'nobody', local: false }, headers: () => ({ 'x-forwarded-for': '127.0.0.1' }) },
    { name: 'nothing, from another user', proof: { kind: 'nobody', local: false }, headers: () => ({}), asOtherUser: true },
    { name: 'the token file, from another user', proof: { kind: 'nobody', local: true }, headers: () => ({ 'x-bellwether-local': desk.localToken }), asOtherUser: true },
    ...byRole,
    ...scoped,
    { ...admin, name: 'key of an admin, forwarded', headers: () => ({ ...bearer(adminToken)(), 'x-forwarded-for': '203.0.113.7' }) },
    { ...admin, name: 'key of an admin in X-API-Key', headers: () => ({ 'x-api-key': adminToken }) },
    identity('session of an operator', 'operator', [], String(signedIn['access_token'])),
    wrong('a session that has ended', String(ended['access_token'])),
    wrong('a revoked key', revoked.token),
    wrong('an expired key', expired.token),
    wrong('a key with another secret', adminToken.replace(/.{43}$/, 'A'.repeat(43))),
    wrong('an expired access token', await accessToken(desk, String(signedIn['access_token']), Date.now() - 3_600_000)),
    wrong('an access token of another key', await foreignToken(String(signedIn['access_token']))),
    wrong('an access token with alg none', unsignedToken(String(signedIn['access_token']))),
    wrong('a refresh token', String(signedIn['refresh_token'])),
    { name: 'a header with no Bearer', proof: { kind: 'wrong' }, headers: () => ({ authorization: 'Basic YWRtaW46YWRtaW4=' }) },
    { name: 'a forged signature', proof: { kind: 'signature', identity: null }, headers: () => ({ 'x-bellwether-signature': 'x' }) },
    { name: 'a signature of a producer', proof: { kind: 'signature', identity: { role: 'trader', scopes: ['signals:write'] } }, headers: (method, target) => signature(producer, method, target) },
    { name: 'a signature of an admin for reads', proof: { kind: 'signature', identity: { role: 'admin', scopes: ['read'] } }, headers: (method, target) => signature(reader, method, target) },
    { name: 'a page of another site', proof: { kind: 'foreign', status: 403, writesOnly: true }, headers: () => ({ origin: 'https://evil.example', ...bearer(adminToken)() }) },
    { name: 'a name that is not ours', proof: { kind: 'foreign', status: 421, writesOnly: false }, headers: () => ({ host: 'evil.example', ...bearer(adminToken)() }) },
  ];
}

/** For a user and a session that exist: only the time or the key is wrong. @param like a token that is good */
async function accessToken({ db, secret }: CredentialsDesk, like: string, at: number): Promise<string> {
  const { sub, sid } = decodeJwt<{ sid: string }>(like);
  return createAccessTokens(await loadSecrets(db, secret), new ManualClock(at), 900_000).issue({ userId: sub!, sessionId: sid }, at);
}

const foreignToken = (like: string): Promise<string> =>
  new SignJWT({ sid: decodeJwt(like)['sid'] })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setSubject(decodeJwt(like).sub!)
    .setIssuer('bellwether')
    .setAudience('bellwether-api')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(createHash('sha256').update('another key').digest());

const unsignedToken = (token: string): string => `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${token.split('.')[1]}.`;

function signature(key: { readonly id: string; readonly secret: string }, method: string, target: string): Record<string, string> {
  const timestamp = String(Date.now());
  const nonce = randomUUID();
  return {
    'x-bellwether-key': key.id,
    'x-bellwether-timestamp': timestamp,
    'x-bellwether-nonce': nonce,
    'x-bellwether-signature': sign(key.secret, { method, target, timestamp, nonce, body: '' }),
  };
}
