/** The real writes behind the component `disk`: a file in a folder and a row in Postgres. */
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database/types.ts';
import type { DiskProbes } from './disk.ts';

/** Two blocks: a smaller file may fit into its directory entry and need no space at all. */
const PROBE = Buffer.alloc(8_192, 'bellwether');

export const diskProbes = (db: Database): DiskProbes => ({
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  async writeFile(folder) {
    // A new file each time: writing over an old one needs no new block, so it succeeds on a full disk.
    const path = join(folder, `.disk-probe-${process.pid}`);
    try {
      const file = await open(path, 'w', 0o600);
      try {
        await file.writeFile(PROBE);
        await file.sync();
      } finally {
        await file.close();
      }
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
  },
  writeRow: () =>
    db.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = '2s'`);
      await tx.query(
        `insert into disk_probe (only_row) values (true)
         on conflict (only_row) do update set written_at = clock_timestamp()`,
      );
    }),
});
