/** People who sign in. */
import { iso } from '../../model/time.ts';
import { appendAudit } from '../audit/audit.ts';
import { sqlState } from '../database/index.ts';
import type { Transaction } from '../database/types.ts';
import { keepingAnAdmin } from './admins.ts';
import { audited, type Actor, type AuthDeps } from './deps.ts';
import { errors } from './errors.ts';
import { requireRole, requireScopes } from './grants.ts';
import { randomId } from './opaque-tokens.ts';
import { hashPassword } from './password.ts';
import { withdrawLinks } from './sign-in-links.ts';
import type { Sessions } from './sessions.ts';
import type { Role } from './types.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: string;
  readonly disabled_at: string | null;
}

export interface UserChange {
  readonly role?: Role;
  readonly password?: string;
  readonly disabled?: boolean;
}

export interface Users {
  /** @throws CodedError USER_EXISTS, SCOPE_EXCEEDED */
  create(user: { readonly email: string; readonly password: string; readonly role: Role }, actor: Actor): Promise<User>;
  /**
   * A new password or the end of the account also ends its sessions.
   * @throws CodedError USER_UNKNOWN, LAST_ADMIN, SCOPE_EXCEEDED
   */
  change(id: string, change: UserChange, actor: Actor): Promise<User>;
  /** Upper and lower case are the same. Null when unknown. */
  byEmail(email: string): Promise<User | null>;
  /** By id. */
  list(after: string | null, limit: number): Promise<User[]>;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

export function createUsers({ db, clock }: AuthDeps, sessions: Sessions): Users {
  return {
    async create({ email, password, role }, actor) {
      requireScopes(actor, [], 'role');
      requireRole(actor, role, 'role');
      const hash = await hashPassword(password);
      const now = new Date(clock.now());
      const id = randomId('usr');
      try {
        return await db.transaction(async (tx) => {
          const { rows } = await tx.query<Row>(
            'insert into users (id, email, password_hash, role, created_at, updated_at) values ($1, $2, $3, $4, $5, $5) returning id, email, role, created_at, disabled_at',
            [id, email, hash, role, now],
          );
          await appendAudit(tx, { ...audited(actor), action: 'user.create', target: id, after: { email, role } });
          return toUser(rows[0]!);
        });
      } catch (e) {
        if (sqlState(e) === '23505')
          throw errors.USER_EXISTS({ field: 'email', fix: 'Change that user instead', cause: e });
        throw e;
      }
    },
    async change(id, change, actor) {
      const granting = grantingField(change);
      // Before the costly hash.
      if (granting !== null) requireScopes(actor, [], granting);
      const hash = change.password === undefined ? null : await hashPassword(change.password);
      const now = clock.now();
      const wanted = { ...change, id, hash, actor, now: new Date(now) };
      const user = await db.transaction((tx) => keepingAnAdmin(tx, now, () => applyChange(tx, sessions, wanted)));
      sessions.forget(id);
      return user;
    },
    async byEmail(email) {
      const { rows } = await db.query<Row>(
        'select id, email, role, created_at, disabled_at from users where lower(email) = lower($1)',
        [email],
      );
      return rows[0] ? toUser(rows[0]) : null;
    },
    async list(after, limit) {
      const { rows } = await db.query<Row>(
        `select id, email, role, created_at, disabled_at from users
         where $1::text is null or id > $1 order by id limit $2`,
        [after, limit],
      );
      return rows.map(toUser);
    },
  };
}

interface StoredChange extends UserChange {
  readonly id: string;
  /** Of the new password; null when it stays. */
  readonly hash: string | null;
  readonly actor: Actor;
  readonly now: Date;
}

/** The field by which a change gives access. Disabling takes it away. */
function grantingField({ role, password, disabled }: UserChange): 'role' | 'password' | 'disabled' | null {
  if (role !== undefined) return 'role';
  if (password !== undefined) return 'password';
  return disabled === false ? 'disabled' : null;
}

async function applyChange(tx: Transaction, sessions: Sessions, wanted: StoredChange): Promise<User> {
  const { id, hash, actor, now, ...change } = wanted;
  const found = await tx.query<Row>(
    'select id, email, role, created_at, disabled_at from users where id = $1 for update',
    [id],
  );
  const before = found.rows[0];
  if (!before) throw errors.USER_UNKNOWN({ field: 'id' });
  const granting = grantingField(change);
  // Whoever sets a password can sign in with the role that the user has.
  if (granting !== null) requireRole(actor, change.role ?? before.role, granting);
  const disabledAt =
    change.disabled === undefined ? before.disabled_at : change.disabled ? (before.disabled_at ?? now) : null;
  const { rows } = await tx.query<Row>(
    `update users set role = $2, disabled_at = $3, password_hash = coalesce($4, password_hash), updated_at = $5
     where id = $1 returning id, email, role, created_at, disabled_at`,
    [id, change.role ?? before.role, disabledAt, hash, now],
  );
  const after = rows[0]!;
  if (hash !== null || after.disabled_at) {
    await sessions.endAll(tx, id);
    await withdrawLinks(tx, id);
  }
  await appendAudit(tx, {
    ...audited(actor),
    action: 'user.change',
    target: id,
    before: { role: before.role, disabled: before.disabled_at !== null },
    after: { role: after.role, disabled: after.disabled_at !== null, password_changed: hash !== null },
  });
  return toUser(after);
}

const toUser = ({ id, email, role, created_at, disabled_at }: Row): User => ({
  id,
  email,
  role,
  created_at: iso(created_at.getTime()),
  disabled_at: disabled_at && iso(disabled_at.getTime()),
});
