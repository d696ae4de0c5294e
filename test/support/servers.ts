/**
 * Servers from outside npm that some tests need. Where one is missing its tests are skipped, with a line that says how to
 * get it; with `BELLWETHER_TEST_ALL=1` (as in CI) a missing server is a failure.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const SERVERS = {
  pgbouncer: { binaries: ['pgbouncer'], get: 'apt-get install pgbouncer' },
  redis: { binaries: ['redis-server', 'valkey-server'], get: 'apt-get install redis-server' },
  chromium: { binaries: ['chromium', 'chromium-browser', 'google-chrome'], get: 'apt-get install chromium' },
  prometheus: { binaries: ['promtool'], get: 'apt-get install prometheus' },
  nginx: { binaries: ['nginx'], get: 'apt-get install nginx-light' },
} as const;

export type ServerName = keyof typeof SERVERS;

/** `skip` is false or the reason, ready for `test(name, { skip })`. */
export type FoundServer = { readonly path: string; readonly skip: false } | { readonly path: null; readonly skip: string };

// Debian keeps servers in sbin, which is not on every user's PATH.
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * @example const redis = findServer('redis'); test('…', { skip: redis.skip }, async () => { spawn(redis.path!, …) });
 * @throws Error when it is missing and `BELLWETHER_TEST_ALL=1`
 */
export function findServer(name: ServerName): FoundServer {
  const { binaries, get } = SERVERS[name];
  for (const binary of binaries) {
    for (const folder of FOLDERS) {
      const path = join(folder, binary);
      if (folder && isExecutable(path)) return { path, skip: false };
    }
  }
  const reason = `${name} is not installed (${get})`;
  if (process.env['BELLWETHER_TEST_ALL'] === '1') throw new Error(`BELLWETHER_TEST_ALL=1, but ${reason}`);
  return { path: null, skip: reason };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
