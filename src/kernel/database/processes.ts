/** What can be told of another process from its pid, on Linux through /proc and elsewhere through ps. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessFacts {
  /** Name of the executable. */
  readonly name: string;
  /** When it started, in whatever unit the system gives: with the pid it names one process for good. */
  readonly startedAt: string;
}

/** @returns null when there is none, or only what its parent has not yet collected */
export function processFacts(pid: number): ProcessFacts | null {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const open = stat.indexOf('(');
      const close = stat.lastIndexOf(')');
      // After the name: state is the first field, the start in ticks since boot the twentieth (proc(5), fields 3 and 22).
      const fields = stat.slice(close + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : { name: stat.slice(open + 1, close), startedAt: fields[19]! };
    } catch {
      return null;
    }
  }
  try {
    const [line = ''] = execFileSync('ps', ['-o', 'stat=,lstart=,comm=', '-p', String(pid)], { encoding: 'utf8' }).trim().split('\n');
    const match = /^(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.+)$/.exec(line.trim());
    return match && !match[1]!.startsWith('Z') ? { name: match[3]!.split('/').at(-1)!, startedAt: match[2]! } : null;
  } catch {
    return null;
  }
}

export const isAlive = (pid: number): boolean => processFacts(pid) !== null;
export const isPostgres = (pid: number): boolean => /^postgres|^postmaster/.test(processFacts(pid)?.name ?? '');

/** @returns whether it has ended within the time */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  for (const end = performance.now() + timeoutMs; isAlive(pid); ) {
    if (performance.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Ends a postmaster: fast shutdown (SIGINT: transactions are rolled back), then immediate (SIGQUIT: the next start recovers
 * from the log), then SIGKILL, which Postgres survives as well.
 */
export async function stopPostmaster(pid: number, fastMs = 15_000, immediateMs = 5_000): Promise<void> {
  for (const [signal, ms] of [['SIGINT', fastMs], ['SIGQUIT', immediateMs], ['SIGKILL', immediateMs]] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitForEnd(pid, ms)) return;
  }
}
