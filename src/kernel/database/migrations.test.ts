import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { isCodedError } from '../errors/index.ts';
import { openDatabase } from './database.ts';
import { migrateDown, migrateUp, migrationStatus, readMigrations } from './migrations.ts';

const code = (wanted: string) => (e: unknown) => isCodedError(e) && e.code === wanted;

/** A folder of migrations, and a database that has had none. */
async function setup(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'bw-migrations-'));
  const write = (more: Record<string, string>) => {
    for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
    return readMigrations(folder);
  };
  const db = await freshDatabase();
  await db.query('drop table schema_migrations');
  return {
    db,
    write,
    migrations: write(files),
    exists: async (table: string) => (await db.query<{ t: string | null }>('select to_regclass($1)::text as t', [table])).rows[0]!.t !== null,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const TWO = {
  '0001_a.sql': 'create table a (n int);\n-- down\ndrop table a;\n',
  '0002_b.sql': 'create table b (n int);\ninsert into b values (1);\n-- down\ndrop table b;\n',
  'notes.txt': 'no migration',
};

test('up applies in order, status tells, down undoes the newest', async () => {
  await using at = await setup(TWO);
  const seen: string[] = [];
  assert.deepEqual((await migrationStatus(at.db, at.migrations)).map((m) => m.appliedAt), [null, null]);
  await migrateUp(at.db, at.migrations, (m) => seen.push(m.version));
  assert.deepEqual(seen, ['0001', '0002']);
  assert.deepEqual(await migrateUp(at.db, at.migrations), []);
  assert.ok((await migrationStatus(at.db, at.migrations)).every((m) => m.appliedAt instanceof Date));
  assert.equal((await migrateDown(at.db, at.migrations))!.name, 'b');
  assert.deepEqual([await at.exists('a'), await at.exists('b')], [true, false]);
  assert.equal((await migrateDown(at.db, at.migrations))!.name, 'a');
  assert.equal(await migrateDown(at.db, at.migrations), null);
});

test('one without a way down is refused, and stays applied', async () => {
  await using at = await setup({ '0001_a.sql': 'create table a (n int);' });
  await migrateUp(at.db, at.migrations);
  await assert.rejects(migrateDown(at.db, at.migrations), code('MIGRATION_FAILED'));
  assert.equal(await at.exists('a'), true);
});

test('an edited file is refused before anything is applied', async () => {
  await using at = await setup(TWO);
  await migrateUp(at.db, at.migrations);
  const edited = at.write({ '0001_a.sql': 'create table a (n bigint);', '0003_c.sql': 'create table c (n int);' });
  await assert.rejects(migrateUp(at.db, edited), (e) => code('MIGRATION_EDITED')(e) && /0001_a\.sql/.test((e as Error).message));
  await assert.rejects(migrationStatus(at.db, edited), code('MIGRATION_EDITED'));
  assert.equal(await at.exists('c'), false);
});

test('a failing one is rolled back whole, those before it stay, and it can be mended', async () => {
  await using at = await setup({ ...TWO, '0003_c.sql': 'create table c (n int);\ninsert into c values (1 / 0);' });
  await assert.rejects(migrateUp(at.db, at.migrations), (e) => code('MIGRATION_FAILED')(e) && /0003_c\.sql: division by zero/.test((e as Error).message));
  assert.deepEqual([await at.exists('b'), await at.exists('c')], [true, false]);
  const mended = at.write({ '0003_c.sql': 'create table c (n int);' });
  assert.deepEqual((await migrateUp(at.db, mended)).map((m) => m.version), ['0003']);
});

test('two migrators at once apply each migration once', async () => {
  await using at = await setup({ ...TWO, '0003_c.sql': 'select pg_sleep(0.05); create table c (n int);' });
  const other = openDatabase({ url: at.db.directUrl });
  const applied = await Promise.all([migrateUp(at.db, at.migrations), migrateUp(other, at.migrations)]);
  await other.close();
  assert.deepEqual(applied.flat().map((m) => m.version).sort(), ['0001', '0002', '0003']);
  assert.equal((await at.db.query('select from b')).rowCount, 1);
});

test('a database that is ahead of these files is not touched', async () => {
  await using at = await setup(TWO);
  await migrateUp(at.db, at.migrations);
  assert.deepEqual(await migrateUp(at.db, at.migrations.slice(0, 1)), []);
  await assert.rejects(migrateDown(at.db, at.migrations.slice(0, 1)), code('MIGRATION_FAILED'));
  assert.equal(await at.exists('b'), true);
});

test('two files of one number are refused', async () => {
  await using at = await setup(TWO);
  assert.throws(() => at.write({ '0002_again.sql': 'select 1;' }), code('MIGRATION_FAILED'));
});
