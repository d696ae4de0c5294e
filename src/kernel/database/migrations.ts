/**
 * Numbered SQL migrations: `NNNN_name.sql`, with an optional part after a line `-- down` that undoes it.
 * One transaction a migration, under one advisory lock, remembered with a checksum in `schema_migrations`.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from './errors.ts';
import type { Database, Transaction } from './types.ts';

export interface Migration {
  readonly version: string;
  readonly name: string;
  readonly up: string;
  readonly down: string | null;
  /** SHA-256 of the file. */
  readonly checksum: string;
}

export interface MigrationState {
  readonly version: string;
  readonly name: string;
  readonly appliedAt: Date | null;
}

const FILE = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** Any constant will do, as long as every migrator takes the same: 'bwmg' in ASCII. */
const LOCK = 0x62_77_6d_67;

/** @throws CodedError MIGRATION_FAILED when two files have one number: the second would never be applied */
export function readMigrations(folder: string): readonly Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => FILE.test(file))
    .sort()
    .map((file) => {
      const [, version, name] = FILE.exec(file)!;
      const text = readFileSync(join(folder, file), 'utf8');
      const [up, down] = text.split(/^-- down\s*$/m);
      return { version: version!, name: name!, up: up!, down: down ?? null, checksum: createHash('sha256').update(text).digest('hex') };
    });
  const twice = migrations.find((m, i) => m.version === migrations[i - 1]?.version);
  if (twice) throw errors.MIGRATION_FAILED({ detail: `two files have the number ${twice.version}`, fix: `Give ${twice.version}_${twice.name}.sql the next free one` });
  return migrations;
}

/** Applies what is missing, in order. @returns what was applied @throws MIGRATION_EDITED, MIGRATION_FAILED */
export async function migrateUp(db: Database, migrations: readonly Migration[], onApplied?: (m: Migration) => void): Promise<readonly Migration[]> {
  const applied: Migration[] = [];
  for (;;) {
    const done = await underLock(db, async (tx) => {
      const known = await knownMigrations(tx);
      refuseEdited(migrations, known);
      const next = migrations.find((m) => !known.has(m.version));
      if (!next) return null;
      try {
        await tx.query(next.up);
      } catch (e) {
        throw errors.MIGRATION_FAILED({ detail: `${next.version}_${next.name}.sql: ${(e as Error).message}`, cause: e });
      }
      await tx.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [next.version, next.name, next.checksum]);
      return next;
    });
    if (!done) return applied;
    applied.push(done);
    onApplied?.(done);
  }
}

/** Undoes the newest one. @returns it, or null when there is none @throws MIGRATION_FAILED when it cannot be undone */
export async function migrateDown(db: Database, migrations: readonly Migration[]): Promise<Migration | null> {
  return underLock(db, async (tx) => {
    const known = await knownMigrations(tx);
    const last = [...known.keys()].sort().at(-1);
    if (last === undefined) return null;
    const migration = migrations.find((m) => m.version === last);
    if (!migration?.down) throw errors.MIGRATION_FAILED({ detail: `${last} has no "-- down" part`, fix: 'Restore a backup instead' });
    await tx.query(migration.down);
    await tx.query('delete from schema_migrations where version = $1', [last]);
    return migration;
  });
}

export async function migrationStatus(db: Database, migrations: readonly Migration[]): Promise<readonly MigrationState[]> {
  return underLock(db, async (tx) => {
    const known = await knownMigrations(tx);
    refuseEdited(migrations, known);
    return migrations.map((m) => ({ version: m.version, name: m.name, appliedAt: known.get(m.version)?.applied_at ?? null }));
  });
}

async function underLock<R>(db: Database, work: (tx: Transaction) => Promise<R>): Promise<R> {
  return db.transaction(async (tx) => {
    await tx.query('set local statement_timeout = 0');
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await tx.query(`create table if not exists schema_migrations (
      version text primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
    return work(tx);
  });
}

interface Known {
  readonly version: string;
  readonly checksum: string;
  readonly applied_at: Date;
}

async function knownMigrations(tx: Transaction): Promise<Map<string, Known>> {
  const { rows } = await tx.query<Known>('select version, checksum, applied_at from schema_migrations');
  return new Map(rows.map((row) => [row.version, row]));
}

function refuseEdited(migrations: readonly Migration[], known: ReadonlyMap<string, Known>): void {
  for (const m of migrations) {
    const before = known.get(m.version);
    if (before && before.checksum !== m.checksum) {
      throw errors.MIGRATION_EDITED({
        detail: `${m.version}_${m.name}.sql differs from what was applied on ${before.applied_at.toISOString()}`,
        fix: 'Put the file back as it was and write a new migration with the change',
      });
    }
  }
}
