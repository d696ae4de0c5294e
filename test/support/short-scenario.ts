/** A few days of a shipped scenario, for tests that play it more than once: the same figures, a shorter window. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

/**
 * @param from first day that is played @param to last day
 * @returns the folder, removed when disposed
 */
export function shortScenario(name: string, from: string, to: string): Disposable & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bw-scenario-'));
  const path = join(folder, name);
  cpSync(join(SCENARIOS, name), path, { recursive: true });
  const manifest = join(path, 'scenario.json');
  const told = JSON.parse(readFileSync(manifest, 'utf8')) as { events: { day: string }[] };
  writeFileSync(manifest, JSON.stringify({ ...told, from, to, events: told.events.filter((e) => e.day >= from && e.day <= to) }));
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
