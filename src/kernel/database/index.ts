export { openDatabase, sqlState } from './database.ts';
export type { DatabaseOptions } from './database.ts';
export { startEmbedded } from './embedded.ts';
export type { EmbeddedPostgres } from './embedded.ts';
export { migrateDown, migrateUp, migrationStatus, readMigrations } from './migrations.ts';
export type { Migration, MigrationState } from './migrations.ts';
export type { Database, Executor, Transaction, TransactionOptions } from './types.ts';
