/** Three vessels near Hormuz and one off Rotterdam, as sentences and as frames. A test helper. */
import { createAisDecoder, framesOf, toVesselReport, type TimedFrame } from '../index.ts';
import type { VesselReport } from '../../../flow/reality/ports.ts';
import { bitsOf, positionBits, sentences, textBits } from '../nmea/test-support/encode.ts';

export const HORMUZ = [[[24, 54], [28, 58]]] as const;
export const START = Date.parse('2026-02-20T00:00:00Z');

const underWay = (mmsi: number, latitude: number, longitude: number): string =>
  sentences(positionBits({ type: 1, mmsi, status: 0, turn: 0, speed: 123, accuracy: 1, lon: Math.round(longitude * 600_000), lat: Math.round(latitude * 600_000), course: 1_100, heading: 111, second: 7, radio: 0 }))[0]!;

const voyage = (mmsi: number, name: string, destination: string): readonly string[] =>
  sentences(
    bitsOf([[5, 6], [0, 2], [mmsi, 30], [0, 2], [9_134_270, 30]]) + textBits('3FOF8', 7) + textBits(name, 20)
      + bitsOf([[71, 8], [225, 9], [70, 9], [1, 6], [31, 6], [1, 4], [3, 4], [2, 5], [14, 5], [0, 6], [122, 8]]) + textBits(destination, 20) + bitsOf([[0, 1], [0, 1]]),
    { sequence: '3' },
  );

/** Position, static data in two parts, a vessel without a position, one elsewhere. */
export const LINES: readonly string[] = [
  underWay(351_759_000, 26.5, 56.25),
  ...voyage(351_759_000, 'EVER DIADEM', 'JEBEL ALI'),
  underWay(538_003_913, 26.25, 56.5),
  underWay(636_012_345, 91, 181),
  underWay(244_660_274, 51.9, 4.1),
];

/** One frame a minute. */
export const framesFrom = (start: number): readonly TimedFrame[] => framesOf(LINES, (n) => start + n * 60_000);

/** All before the start. */
export const FRAMES: readonly TimedFrame[] = framesFrom(START - 5 * 60_000);

/** What the sentences say, each at `at`. */
export function expectedReports(source: string, at: (i: number) => number): readonly VesselReport[] {
  const decoder = createAisDecoder();
  return LINES.flatMap((line) => decoder.line(line, 0) ?? []).flatMap((message, i) => toVesselReport(message, at(i), source) ?? []);
}

/** Lets sockets work until the condition holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUp = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > giveUp) throw new Error(`never: ${what}`);
    await new Promise((turn) => setImmediate(turn));
  }
}
