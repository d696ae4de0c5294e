/** Recorded real data for tests. A user's clone has none: tests that need it skip and say so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** @param file relative to the data folder, such as `risk/methods/test_vectors.json` @returns its path, or null where it is absent */
export function sharedData(file: string): string | null {
  for (const folder of ['../shared/data', '../../shared/data']) {
    const path = join(ROOT, folder, file);
    if (existsSync(path)) return path;
  }
  return null;
}
