/** The file `.bellwether/address`: where the desk of this folder listens, for commands beside it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../kernel/database/index.ts';

const addressFile = (home: string): string => join(home, 'address');

const record = z.object({ url: z.string(), public_url: z.string().nullable(), pid: z.int() });

export interface DeskAddress {
  /** On this machine: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** `PUBLIC_URL` of the desk that runs. */
  readonly publicUrl: string | null;
}

/** The file is a help, no truth: a folder that takes no writes does not stop the desk. */
export function writeDeskAddress(home: string, { url, publicUrl }: DeskAddress): void {
  try {
    writeFileSync(addressFile(home), JSON.stringify({ url, public_url: publicUrl, pid: process.pid }), { mode: 0o600 });
  } catch {
    // Commands then use the configured port.
  }
}

export const forgetDeskAddress = (home: string): void => rmSync(addressFile(home), { force: true });

/** @returns null when no desk of this folder runs, or it has no API in this folder */
export function readDeskAddress(home: string): DeskAddress | null {
  try {
    const { url, public_url, pid } = record.parse(JSON.parse(readFileSync(addressFile(home), 'utf8')));
    return isAlive(pid) ? { url, publicUrl: public_url } : null;
  } catch {
    return null;
  }
}
