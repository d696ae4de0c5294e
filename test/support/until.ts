/** Waits for what another process does in its own time; fails after a limit. For what this process does, inject a clock instead. */
import { setTimeout as sleep } from 'node:timers/promises';

export async function until(condition: () => boolean | Promise<boolean>, what: string, limitMs = 15_000): Promise<void> {
  const from = performance.now();
  while (!(await condition())) {
    if (performance.now() - from > limitMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await sleep(10);
  }
}
