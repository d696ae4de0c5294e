/** The token file `.bellwether/curlrc`: for `curl -K`, where the system does not say who owns a connection (docs/adr/0016). */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOCAL_TOKEN_HEADER } from '../kernel/http/index.ts';
import type { Logger } from '../kernel/logging/types.ts';

const LINE = new RegExp(`^header = "${LOCAL_TOKEN_HEADER}: ([\\w-]{43})"$`, 'm');

/** Another process of the folder may be writing the file at this moment. */
const READS_MAX = 10;
const READ_PAUSE_MS = 20;

/**
 * The token of this folder, made when there is none. Processes that share the folder share the token; only the folder's
 * user can read it.
 * @param home absolute path of BELLWETHER_HOME
 * @returns null when the file can be neither read nor written: the desk works without it
 */
export async function localToken(home: string, logger: Logger): Promise<string | null> {
  const file = join(home, 'curlrc');
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return (await readToken(file)) ?? makeToken(file) ?? (await readToken(file));
  } catch (error) {
    logger.warn('local_token_unavailable', { file, error });
    return null;
  }
}

/** @returns null when there is no file. One that holds no token after a moment was emptied or edited: it is removed. */
async function readToken(file: string): Promise<string | null> {
  for (let reads = 0; reads < READS_MAX; reads++) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw e;
    }
    const token = LINE.exec(text)?.[1];
    if (token !== undefined) {
      chmodSync(file, 0o600);
      return token;
    }
    await pause(READ_PAUSE_MS);
  }
  rmSync(file, { force: true });
  return null;
}

/** @returns null when another process has made the file meanwhile */
function makeToken(file: string): string | null {
  const token = randomBytes(32).toString('base64url');
  const text = `# Reads of operational data at this machine: curl -K ${file} http://127.0.0.1:8000/health/components
header = "${LOCAL_TOKEN_HEADER}: ${token}"
`;
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return token;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw e;
  }
}
