/** Sentences of AIS decoded in a second of processor time, all fields of each, beside two decoders from npm on the same lines. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sharedData } from '../test/support/shared-data.ts';
import { createAisDecoder } from '../src/venues/ais/nmea/index.ts';
import { positionBits, sentences } from '../src/venues/ais/nmea/test-support/encode.ts';
import type { BenchResult } from './types.ts';

const RECORDED = 'risk/ais/risky_ais.txt';
const ROUNDS = 7;
const GOAL = 300_000;
const GENERATED = 30_000;

interface Candidate {
  readonly name: string;
  /** @returns messages decoded */
  run(lines: readonly string[]): Promise<number>;
}

export async function run(): Promise<BenchResult[]> {
  const lines = recordedLines() ?? generatedLines();
  const candidates = [ours(), ggencoder(), aisStreamDecoder()];
  const samples = new Map<string, number[]>(candidates.map((c) => [c.name, []]));
  const decoded = new Map<string, number>();
  // In turn, so that a slow moment of the machine hits all alike; the first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const candidate of candidates) {
      const from = process.cpuUsage();
      decoded.set(candidate.name, await candidate.run(lines));
      const { user, system } = process.cpuUsage(from);
      if (round > 0) samples.get(candidate.name)!.push(lines.length / ((user + system) / 1e6));
    }
  }
  const median = (name: string): number => samples.get(name)!.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
  const [own, ...peers] = candidates as [Candidate, Candidate, Candidate];
  const figure = median(own.name);
  const rates = peers.map((p) => ({ name: `${p.name} (${decoded.get(p.name)!.toLocaleString('en-US')} messages)`, value: median(p.name) }));
  const source = sharedData(RECORDED) ? 'recorded, risky_ais.txt' : 'generated: the recorded file is absent';
  return [
    {
      name: 'AIS: sentences decoded, all fields, a CPU second',
      unit: 'sentences',
      ours: figure,
      peers: rates,
      goal: `≥ ${GOAL.toLocaleString('en-US')}, and more than the peers`,
      met: figure >= GOAL && rates.every((r) => r.value < figure),
      note: `${lines.length.toLocaleString('en-US')} sentences (${source}), ${decoded.get(own.name)!.toLocaleString('en-US')} messages of ours; processor time of all threads, median of ${ROUNDS} rounds`,
    },
  ];
}

const recordedLines = (): readonly string[] | null => {
  const path = sharedData(RECORDED);
  return path ? readFileSync(path, 'latin1').split(/\r?\n/).filter((line) => /^!..VD[MO],/.test(line)) : null;
};

const generatedLines = (): readonly string[] =>
  Array.from({ length: GENERATED }, (_, i) => sentences(positionBits({ type: 1, mmsi: 200_000_000 + i, status: 0, turn: i % 100, speed: i % 300, accuracy: 1, lon: i * 3_000, lat: i * 1_000, course: i % 3_600, heading: i % 360, second: i % 60, radio: i }))[0]!);

function ours(): Candidate {
  return {
    name: 'ours',
    run: async (lines) => {
      const decoder = createAisDecoder();
      let messages = 0;
      for (const line of lines) if (decoder.line(line, 0)) messages += 1;
      return messages;
    },
  };
}

/** One constructor call a sentence; parts meet in a session object. */
function ggencoder(): Candidate {
  const { AisDecode } = createRequire(import.meta.url)('ggencoder') as { AisDecode: new (line: string, session: object) => { readonly valid: boolean } };
  return {
    name: 'ggencoder',
    run: async (lines) => {
      const session = {};
      let messages = 0;
      for (const line of lines) if (new AisDecode(line, session).valid) messages += 1;
      return messages;
    },
  };
}

/** A stream that gives JSON; types other than 1, 2, 3, 4, 5, 8, 18, 24 it passes over. */
function aisStreamDecoder(): Candidate {
  const module = createRequire(import.meta.url)('ais-stream-decoder') as { default: new (options: { silent: boolean }) => NodeJS.ReadWriteStream };
  return {
    name: 'ais-stream-decoder',
    run: async (lines) => {
      const stream = new module.default({ silent: true });
      let messages = 0;
      stream.on('data', () => void (messages += 1));
      const ended = new Promise((done) => stream.on('end', done));
      for (const line of lines) if (!stream.write(line)) await new Promise((drained) => stream.once('drain', drained));
      stream.end();
      await ended;
      return messages;
    },
  };
}
