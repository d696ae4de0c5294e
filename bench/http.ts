/** CPU that a request of `/health` costs our server, with logging, metrics and tracing on, beside bare fastify. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { devNull } from 'node:os';
import autocannon from 'autocannon';
import type { BenchResult } from './types.ts';

const SERVER = join(import.meta.dirname, 'http-server.ts');
const WARM_UP = 8_000;
const REQUESTS = 20_000;
const ROUNDS = 5;
const GOAL = 1.6;

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(kind: 'bare' | 'ours'): Promise<Server> {
  // The log is written to a real descriptor, so that its system calls count.
  const child = fork(SERVER, [kind], { stdio: ['ignore', openSync(devNull, 'w'), 'inherit', 'ipc'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${port}/health` };
}

async function cpuMicros({ child }: Server): Promise<number> {
  const answer = once(child, 'message') as Promise<[{ cpuMicros: number }]>;
  child.send('cpu');
  return (await answer)[0].cpuMicros;
}

/** Microseconds of CPU, user and system and all threads, a request. */
async function costOf(server: Server, requests: number): Promise<number> {
  const before = await cpuMicros(server);
  const { non2xx, errors } = await autocannon({ url: server.url, amount: requests, connections: 16 });
  if (non2xx + errors > 0) throw new Error(`${non2xx} replies were no success, ${errors} requests failed`);
  return ((await cpuMicros(server)) - before) / requests;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const round = (n: number): number => Math.round(n * 10) / 10;

export async function run(): Promise<BenchResult[]> {
  const [bare, ours] = await Promise.all([start('bare'), start('ours')]);
  try {
    await costOf(bare, WARM_UP);
    await costOf(ours, WARM_UP);
    const costs = { bare: [] as number[], ours: [] as number[] };
    // In turns, so that what else this machine does falls on both.
    for (let i = 0; i < ROUNDS; i++) {
      costs.bare.push(await costOf(bare, REQUESTS));
      costs.ours.push(await costOf(ours, REQUESTS));
    }
    const peer = median(costs.bare);
    const mine = median(costs.ours);
    return [
      {
        name: 'GET /health, CPU a request',
        unit: 'µs',
        ours: round(mine),
        peers: [{ name: 'bare fastify', value: round(peer) }],
        goal: `≤ ${GOAL} × bare fastify`,
        met: mine <= GOAL * peer,
        note: `${(mine / peer).toFixed(2)} ×, with a log line, metrics and a trace for each request (a probe's trace is kept when it fails); median of ${ROUNDS} rounds of ${REQUESTS} requests`,
      },
    ];
  } finally {
    for (const { child } of [bare, ours]) child.disconnect();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await run(), null, 2));
