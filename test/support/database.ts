/**
 * Real Postgres for tests: one embedded server a test process, one migrated template, and a fresh copy for each `freshDatabase`.
 * With `TEST_DATABASE_SERVER` (a DSN with the right to create databases) that server is used instead.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrateUp, openDatabase, readMigrations, startEmbedded, type Database, type DatabaseOptions } from '../../src/kernel/database/index.ts';
import { migrateJobs } from '../../src/kernel/jobs/index.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

let server: Promise<{ url: string; stop(): Promise<void> }> | undefined;
let template: Promise<string> | undefined;

/** The server's DSN (database `bellwether`). Started on first use, stopped when the test process ends its work. */
export async function testServer(): Promise<string> {
  const given = process.env['TEST_DATABASE_SERVER'];
  if (given) return given;
  server ??= startTestServer();
  return (await server).url;
}

async function startTestServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-test-'));
  const embedded = await startEmbedded(folder, { durable: false });
  process.once('exit', () => {
    try {
      process.kill(embedded.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return embedded;
}

/** A database of its own, migrated, closed and dropped by `await using`. */
export async function freshDatabase(options: Partial<DatabaseOptions> = {}): Promise<Database & AsyncDisposable & { readonly url: string }> {
  const base = await testServer();
  template ??= makeTemplate(base);
  const name = `t_${randomBytes(6).toString('hex')}`;
  await admin(base, `create database ${name} template ${await template}`);
  const url = withDatabase(base, name);
  const db = openDatabase({ url, ...options });
  return Object.assign(db, {
    url,
    async [Symbol.asyncDispose]() {
      await db.close();
      await admin(base, `drop database if exists ${name} with (force)`);
    },
  });
}

async function makeTemplate(base: string): Promise<string> {
  const name = `template_${randomBytes(6).toString('hex')}`;
  await admin(base, `create database ${name}`);
  const db = openDatabase({ url: withDatabase(base, name), max: 2 });
  await migrateUp(db, readMigrations(MIGRATIONS));
  await db.close();
  await migrateJobs(withDatabase(base, name));
  return name;
}

async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const u = new URL(url);
  u.pathname = `/${name}`;
  return u.toString();
}
