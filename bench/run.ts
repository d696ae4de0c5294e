/** `npm run bench [-- NAME…]`: measures beside peers in one run and writes bench/results.md. Bounded: each bench under a minute or two. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchResult } from './types.ts';

const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>>> = {
  http: () => import('./http.ts'),
  outbound: () => import('./outbound.ts'),
  gate: () => import('./gate.ts'),
  jobs: () => import('./jobs.ts'),
  signals: () => import('./signals.ts'),
  decisions: () => import('./decisions.ts'),
  desk: () => import('./desk.ts'),
  ais: () => import('./ais.ts'),
  'sea-route': () => import('./sea-route.ts'),
  backtest: () => import('./backtest.ts'),
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name));
if (values.help || unknown !== undefined) {
  process.stderr.write(`usage: npm run bench [-- ${Object.keys(BENCHES).join(' | ')}]\n`);
  process.exit(unknown === undefined ? 0 : 2);
}

const results: BenchResult[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
  process.stderr.write(`measuring ${name} …\n`);
  const from = performance.now();
  const found = await (await BENCHES[name]!()).run();
  results.push(...found);
  for (const r of found) process.stderr.write(`  ${r.met ? 'met   ' : 'MISSED'} ${r.name}: ${figure(r.ours)} ${r.unit} (${r.goal})\n`);
  process.stderr.write(`  ${Math.round((performance.now() - from) / 1_000)} s\n`);
}
const report = markdown(results);
if (positionals.length === 0) writeFileSync(join(import.meta.dirname, 'results.md'), report);
process.stdout.write(report);
process.exit(0);

function markdown(rows: readonly BenchResult[]): string {
  const lines = [
    '# Measured',
    '',
    `One run of \`npm run bench\` on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. The peers ran beside ours, so read the ratios, not the figures.`,
    '',
    '| what | ours | peers | goal | met |',
    '|---|---:|---|---|---|',
    ...rows.map((r) => `| ${r.name} | ${figure(r.ours)} ${r.unit} | ${r.peers.map((p) => `${p.name}: ${figure(p.value)}`).join('<br>') || '–'} | ${r.goal} | ${r.met ? 'yes' : '**no**'}${r.note ? `<br>${r.note}` : ''} |`),
  ];
  return `${lines.join('\n')}\n`;
}

function figure(n: number): string {
  if (Math.abs(n) >= 1_000) return Math.round(n).toLocaleString('en-US');
  return Number(n.toPrecision(3)).toString();
}
