import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database is not available', report: true },
  DATABASE_FOLDER_IN_USE: { status: 500, title: 'Another process owns this data folder' },
  DATABASE_VERSION_MISMATCH: { status: 500, title: 'The data folder is of another major version of Postgres' },
  DATABASE_EMBEDDED_FAILED: { status: 500, title: 'The embedded Postgres did not start', report: true },
  MIGRATION_EDITED: { status: 500, title: 'A migration that was applied has been edited' },
  MIGRATION_FAILED: { status: 500, title: 'A migration failed and was rolled back', report: true },
});
