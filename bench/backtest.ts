/**
 * A year of history: how long a walk of it takes, and whether the process grows. In a process of its own, so that memory is the walk's alone;
 * its heap is collected before each measurement, so that what is measured is what is held.
 */
import { spawn } from 'node:child_process';
import { backtestAlone } from '../src/app/backtest.ts';
import { readScenario } from '../src/scenario/index.ts';
import { join } from 'node:path';
import type { BenchResult } from './types.ts';

const ROOT = join(import.meta.dirname, '..');
const MONTH = 30;
/** The heap itself stays flat; the resident set carries the pages that V8 keeps for the next busy day. */
const GROWTH_MIB_MAX = 128;

interface Held {
  readonly day: number;
  readonly seconds: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
}

export async function run(): Promise<BenchResult[]> {
  const held = await walkInChild();
  const [first, last] = [held[0]!, held.at(-1)!];
  const grown = last.rssMiB - first.rssMiB;
  const months = held.map((h) => `${Math.round(h.rssMiB)}`).join(', ');
  return [
    { name: 'A year of history walked and reported (365 days, 214 shipments)', unit: 's', ours: last.seconds, peers: [], goal: 'seconds to tens of seconds', met: last.seconds < 100 },
    {
      name: 'Memory held after a year of replay, beyond that after a month', unit: 'MiB', ours: grown, peers: [], goal: `≤ ${GROWTH_MIB_MAX} MiB: bounded, whatever is played`, met: grown <= GROWTH_MIB_MAX,
      note: `resident set by month: ${months} MiB; heap ${Math.round(first.heapMiB)} → ${Math.round(last.heapMiB)} MiB`,
    },
  ];
}

/** @returns one measurement a month and one at the end */
function walkInChild(): Promise<readonly Held[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--expose-gc', '--max-semi-space-size=4', import.meta.filename, '--walk'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve(output.trim().split('\n').map((line) => JSON.parse(line) as Held)) : reject(new Error(`the walk ended with ${code}`))));
  });
}

async function walkHere(): Promise<void> {
  const from = performance.now();
  const tell = (day: number): void => {
    (globalThis as unknown as { gc(): void }).gc();
    const { rss, heapUsed } = process.memoryUsage();
    const held: Held = { day, seconds: (performance.now() - from) / 1_000, rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 };
    process.stdout.write(`${JSON.stringify(held)}\n`);
  };
  await backtestAlone(readScenario(join(ROOT, 'scenarios/quiet-2025')), {
    migrations: join(ROOT, 'migrations'),
    onDay: (day, days) => (day % MONTH === 0 || day === days ? tell(day) : undefined),
  });
  process.exit(0);
}

if (process.argv[2] === '--walk') await walkHere();
