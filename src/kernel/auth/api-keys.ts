/** Keys of programs: shown once, kept as hashes, limited by role, scopes and time, replaced with an overlap. */
import { LRUCache } from 'lru-cache';
import { iso, type Millis } from '../../model/time.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Transaction } from '../database/types.ts';
import { common } from '../errors/index.ts';
import { keepingAnAdmin } from './admins.ts';
import { audited, type Actor, type AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { requireRole, requireScopes } from './grants.ts';
import { newKeyToken, parseKeyToken, randomId, sameBytes } from './opaque-tokens.ts';
import { ShortCache } from './short-cache.ts';
import type { Identity, Role } from './types.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  /** To the minute. */
  readonly last_used_at: string | null;
  readonly rotated_from: string | null;
}

/** A key as it is shown once, when it is made. */
export interface NewApiKey {
  readonly key: ApiKey;
  readonly token: string;
  /** For signed requests instead of the token. */
  readonly signingSecret: string;
}

export interface KeyRequest {
  readonly name: string;
  readonly role: Role;
  /** Empty: all that the role may do. */
  readonly scopes?: readonly string[];
  readonly expiresAt?: Millis | null;
}

export interface ApiKeys {
  /**
   * @throws CodedError VALIDATION_FAILED for a blank name or an end that is not in the future, SCOPE_EXCEEDED for a key
   *   that may do more than the actor
   */
  create(request: KeyRequest, actor: Actor): Promise<NewApiKey>;
  /**
   * A new key like the old one, which still works for `overlapMs` (default 24 h).
   * @throws CodedError API_KEY_UNKNOWN, API_KEY_INACTIVE, SCOPE_EXCEEDED
   */
  rotate(id: string, actor: Actor, overlapMs?: number): Promise<NewApiKey>;
  /** Any admin may: it hands out nothing. Ends the key at once here, and within 5 s in other processes. @throws CodedError API_KEY_UNKNOWN, LAST_ADMIN */
  revoke(id: string, actor: Actor): Promise<ApiKey>;
  list(after: string | null, limit: number): Promise<ApiKey[]>;
  /** @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED */
  identify(token: string): Promise<Identity>;
  /** The identity behind a key id, whose proof is elsewhere (a signature). Null when unknown or no longer good. */
  active(id: string): Promise<Identity | null>;
  /** Notes that the key was used just now: to the minute, and without the request waiting for it. */
  noteUse(id: string): void;
  /** Within `tx`; for the first start. @throws CodedError SCOPE_EXCEEDED */
  createWithin(tx: Transaction, request: KeyRequest, actor: Actor, rotatedFrom?: string): Promise<NewApiKey>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: string[];
  readonly secret_hash: Buffer;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly rotated_from: string | null;
}

const LAST_USED_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

export const createApiKeys = (deps: AuthDeps): ApiKeys => new StoredKeys(deps);

class StoredKeys implements ApiKeys {
  readonly #deps: AuthDeps;
  readonly #rows: ShortCache<Row | null>;
  readonly #lastNoted = new LRUCache<string, Millis>({ max: 2_000 });

  constructor(deps: AuthDeps) {
    this.#deps = deps;
    this.#rows = new ShortCache(deps.clock, 2_000);
  }

  async create(request: KeyRequest, actor: Actor): Promise<NewApiKey> {
    const { db, clock } = this.#deps;
    const checked = checkedRequest(request, clock.now());
    return db.transaction((tx) => this.createWithin(tx, checked, actor));
  }

  async createWithin(tx: Transaction, request: KeyRequest, actor: Actor, rotatedFrom?: string): Promise<NewApiKey> {
    const { clock, secrets } = this.#deps;
    const { name, role, scopes = [], expiresAt = null } = request;
    // The input of a rotation is the id alone.
    requireScopes(actor, scopes, rotatedFrom === undefined ? 'scopes' : 'id');
    requireRole(actor, role, rotatedFrom === undefined ? 'role' : 'id');
    const id = randomId('key');
    const { token, hash } = newKeyToken(id);
    const inserted = await tx.query<Row>(
      `insert into api_keys (id, name, role, scopes, secret_hash, created_by, created_at, expires_at, rotated_from)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *`,
      [id, name, role, scopes, hash, actor.subject, new Date(clock.now()), expiresAt === null ? null : new Date(expiresAt), rotatedFrom ?? null],
    );
    const after = { name, role, scopes, expires_at: expiresAt === null ? null : iso(expiresAt), rotated_from: rotatedFrom ?? null };
    await appendAudit(tx, { ...audited(actor), action: 'api_key.create', target: id, after });
    return { key: toKey(inserted.rows[0]!), token, signingSecret: secrets.signingSecret(id) };
  }

  async rotate(id: string, actor: Actor, overlapMs = DAY_MS): Promise<NewApiKey> {
    const { db, clock } = this.#deps;
    const made = await db.transaction(async (tx) => {
      const old = (await tx.query<Row>('select * from api_keys where id = $1 for update', [id])).rows[0];
      if (!old) throw errors.API_KEY_UNKNOWN({ field: 'id' });
      if (old.revoked_at || this.#isExpired(old)) throw errors.API_KEY_INACTIVE({ fix: 'Make a new key' });
      const key = await this.createWithin(tx, { name: old.name, role: old.role, scopes: old.scopes, expiresAt: old.expires_at?.getTime() ?? null }, actor, id);
      const ends = new Date(Math.min(clock.now() + overlapMs, old.expires_at?.getTime() ?? Number.POSITIVE_INFINITY));
      await tx.query('update api_keys set expires_at = $2 where id = $1', [id, ends]);
      await appendAudit(tx, { ...audited(actor), action: 'api_key.rotate', target: id, before: { expires_at: at(old.expires_at) }, after: { expires_at: at(ends), replaced_by: key.key.id } });
      return key;
    });
    this.#forget(id);
    return made;
  }

  async revoke(id: string, actor: Actor): Promise<ApiKey> {
    const { db, clock } = this.#deps;
    const key = await db.transaction((tx) =>
      keepingAnAdmin(tx, clock.now(), async () => {
        const now = new Date(clock.now());
        const { rows } = await tx.query<Row>(
          'update api_keys set revoked_at = coalesce(revoked_at, $2) where id = $1 returning *',
          [id, now],
        );
        const revoked = rows[0];
        if (!revoked) throw errors.API_KEY_UNKNOWN({ field: 'id' });
        const after = { name: revoked.name, role: revoked.role };
        await appendAudit(tx, { ...audited(actor), action: 'api_key.revoke', target: id, after });
        return toKey(revoked);
      }),
    );
    this.#forget(id);
    return key;
  }

  async list(after: string | null, limit: number): Promise<ApiKey[]> {
    const { rows } = await this.#deps.db.query<Row>('select * from api_keys where $1::text is null or id > $1 order by id limit $2', [after, limit]);
    return rows.map(toKey);
  }

  async identify(token: string): Promise<Identity> {
    const parsed = parseKeyToken(token);
    const row = parsed && (await this.#find(parsed.keyId));
    if (!row || !sameBytes(row.secret_hash, parsed.hash)) throw errors.TOKEN_INVALID({ detail: 'This API key is not known' });
    if (row.revoked_at) throw errors.TOKEN_REVOKED({ detail: 'This API key was revoked', fix: 'Ask an admin for a new one' });
    if (this.#isExpired(row)) throw errors.TOKEN_EXPIRED({ detail: 'This API key has expired', fix: 'Ask an admin to rotate it' });
    this.noteUse(row.id);
    return identityOf(row);
  }

  async active(id: string): Promise<Identity | null> {
    const row = await this.#find(id);
    return !row || row.revoked_at || this.#isExpired(row) ? null : identityOf(row);
  }

  #find(id: string): Promise<Row | null> {
    return this.#rows.get(id, async () => {
      const { rows } = await this.#deps.db.query<Row>('select * from api_keys where id = $1', [id]);
      return rows[0] ?? null;
    });
  }

  #forget(id: string): void {
    this.#rows.forget((key) => key === id);
  }

  #isExpired({ expires_at }: Row): boolean {
    return expires_at !== null && expires_at.getTime() <= this.#deps.clock.now();
  }

  noteUse(id: string): void {
    const { db, clock, logger } = this.#deps;
    const now = clock.now();
    if (now - (this.#lastNoted.get(id) ?? Number.NEGATIVE_INFINITY) < LAST_USED_EVERY_MS) return;
    this.#lastNoted.set(id, now);
    db.query('update api_keys set last_used_at = $2 where id = $1', [id, new Date(now)]).catch((error: unknown) => logger.warn('api_key_use_not_noted', { key: id, error }));
  }
}

/** @throws CodedError VALIDATION_FAILED */
function checkedRequest(request: KeyRequest, now: Millis): KeyRequest {
  const name = request.name.trim();
  if (name === '') {
    throw common.VALIDATION_FAILED({ field: 'name', detail: 'name is blank', fix: 'Say what the key is for' });
  }
  const { expiresAt = null } = request;
  if (expiresAt !== null && expiresAt <= now) {
    throw common.VALIDATION_FAILED({
      field: 'expires_at',
      detail: `expires_at is ${iso(expiresAt)}, and it is ${iso(now)} now`,
      fix: 'Give a time in the future, or none for a key without an end',
    });
  }
  return { ...request, name };
}

const identityOf = ({ id, role, scopes }: Row): Identity => ({ subject: `key:${id}`, role, scopes });

const at = (date: Date | null): string | null => date && iso(date.getTime());

const toKey = ({ secret_hash: _hidden, ...row }: Row): ApiKey => ({
  ...row,
  created_at: iso(row.created_at.getTime()),
  expires_at: at(row.expires_at),
  revoked_at: at(row.revoked_at),
  last_used_at: at(row.last_used_at),
});
