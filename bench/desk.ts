/** The whole desk: how long until it answers, cold and warm, and what it holds in memory at rest beside Postgres. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDesk, until, type DeskProcess } from '../test/support/desk.ts';
import type { BenchResult } from './types.ts';

const REST_MS = 20_000;

export async function run(): Promise<BenchResult[]> {
  const home = mkdtempSync(join(tmpdir(), 'bw-bench-'));
  try {
    const cold = await timedStart(home);
    await until(async () => ((await cold.desk.get('/api/v1/replay')).body as { status: string }).status === 'ended', { ended: cold.desk.ended, output: cold.desk.output, limitMs: 180_000, what: 'the end of the scenario' });
    await sleep(REST_MS);
    const rest = residentMiB(cold.desk.pid);
    await cold.desk.kill('SIGTERM');
    const warm = await timedStart(home);
    await warm.desk.kill('SIGTERM');
    return [
      { name: 'Start to /health, empty folder (initdb, migrations)', unit: 's', ours: cold.seconds, peers: [], goal: '≤ 60 s on a clean clone, the installation included', met: cold.seconds <= 60, note: 'without `npm ci` (20–25 s here) and the build of the console (5 s)' },
      { name: 'Start to /health, again', unit: 's', ours: warm.seconds, peers: [], goal: '≤ 5 s', met: warm.seconds <= 5 },
      { name: 'Memory at rest, all roles and twins, beside Postgres', unit: 'MiB', ours: rest, peers: [], goal: '≤ 350 MiB', met: rest <= 350, note: `resident set ${REST_MS / 1_000} s after a whole scenario` },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function timedStart(home: string): Promise<{ readonly desk: DeskProcess; readonly seconds: number }> {
  const from = performance.now();
  const desk = await startDesk({ home, args: ['--seconds-per-day', '0'] });
  return { desk, seconds: (performance.now() - from) / 1_000 };
}

/** The process and its children, those of Postgres left out. */
function residentMiB(pid: number): number {
  let kib = 0;
  for (const id of [pid, ...childrenOf(pid)]) {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    if (!/^Name:\s+postgres/m.test(status)) kib += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return kib / 1_024;
}

const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
      } catch {
        // It ended between the listing and the look.
        return false;
      }
    });
