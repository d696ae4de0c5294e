/**
 * The file `.bellwether/phones`: the address of the WhatsApp twin's page with its key, for a replay that runs without a
 * terminal. Written at each start of a replay, removed at its stop.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param home absolute path of BELLWETHER_HOME */
export const phonesFile = (home: string): string => join(home, 'phones');

/**
 * Writes the address so that only the owner of the folder can read it.
 * @returns removes the file, unless another process has written its own address into it since
 */
export function writePhonesFile(home: string, phoneUrl: string): () => void {
  const file = phonesFile(home);
  const draft = `${file}.${process.pid}`;
  const text = `${phoneUrl}\n`;
  // Written to a new file and renamed, so the mode of an old file, or a symbolic link in its place, has no effect.
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  return () => {
    if (readOrNull(file) === text) rmSync(file, { force: true });
  };
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw e;
  }
}
