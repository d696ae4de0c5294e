/** The token file `.bellwether/curlrc`: for `curl -K`, where the system does not say who owns a connection (docs/adr/0016). */
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_TOKEN_HEADER } from '../kernel/http/index.ts';

const LINE = new RegExp(`^header = "${LOCAL_TOKEN_HEADER}: ([\\w-]{43})"$`, 'm');

export const localTokenFile = (home: string): string => join(home, 'curlrc');

/**
 * The token of this folder, made when there is none. Processes that share the folder share the token; only the folder's
 * user can read it.
 * @param home absolute path of BELLWETHER_HOME
 */
export function localToken(home: string): string {
  const file = localTokenFile(home);
  const known = readToken(file);
  if (known !== null) return known;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('base64url');
  // Written whole and then given its name, so that a process beside this one never reads half of it, nor replaces it.
  const draft = `${file}.${process.pid}`;
  const text = `# Reads of operational data at this machine: curl -K ${file} http://127.0.0.1:8000/health/components\nheader = "${LOCAL_TOKEN_HEADER}: ${token}"\n`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    if (readUnusable(file)) rmSync(file, { force: true });
    linkSync(draft, file);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
  } finally {
    rmSync(draft, { force: true });
  }
  return readToken(file) ?? token;
}

function readToken(file: string): string | null {
  try {
    const token = LINE.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
    if (token !== null) chmodSync(file, 0o600);
    return token;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw e;
  }
}

/** True for a file of that name that holds no token: somebody emptied or edited it. */
function readUnusable(file: string): boolean {
  try {
    return !LINE.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}
