/**
 * The shipped form of the sea network and of the ports: small, and readable as a diff.
 * Not here: how it is made from its source (`tools/build-network.ts`) and how it is searched (`sea-network.ts`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Position } from './geodesy.ts';

/** Degrees are stored as integers of 1e-5° (about 1 m). */
export const DEGREES_PER_UNIT = 1e-5;

export interface NetworkFile {
  readonly source: string;
  /** lon, lat of each node in turn, in units, each as the difference from the node before. */
  readonly nodes: readonly number[];
  /** Polylines as node numbers, each as the difference from the number before; a line's first is a difference from 0. */
  readonly lines: readonly (readonly number[])[];
  /** The lines (by index) whose every segment lies in a passage. */
  readonly passages: Readonly<Record<string, readonly number[]>>;
  /** Further segments in a passage, as [line, segment]: found by geometry where the source has no tag. */
  readonly segments: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

/** UN/LOCODE → name, longitude, latitude. */
export type PortsFile = { readonly source: string; readonly ports: Readonly<Record<string, readonly [name: string, lon: number, lat: number]>> };

export interface DecodedNetwork {
  readonly nodes: readonly Position[];
  readonly lines: readonly (readonly number[])[];
  /** The passage of a segment, or undefined on the open sea. */
  passageOf(line: number, segment: number): string | undefined;
}

const DATA = join(import.meta.dirname, 'data');

export const readNetworkFile = (path = join(DATA, 'sea-network.json')): NetworkFile => JSON.parse(readFileSync(path, 'utf8')) as NetworkFile;
export const readPortsFile = (path = join(DATA, 'ports.json')): PortsFile => JSON.parse(readFileSync(path, 'utf8')) as PortsFile;

export function encodeNodes(nodes: readonly Position[]): number[] {
  const out: number[] = [];
  let lon = 0;
  let lat = 0;
  for (const node of nodes) {
    const x = Math.round(node[0] / DEGREES_PER_UNIT);
    const y = Math.round(node[1] / DEGREES_PER_UNIT);
    out.push(x - lon, y - lat);
    [lon, lat] = [x, y];
  }
  return out;
}

export const encodeLine = (line: readonly number[]): number[] => line.map((node, i) => node - (i === 0 ? 0 : line[i - 1]!));

export function decodeNetwork(file: NetworkFile): DecodedNetwork {
  const nodes: Position[] = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < file.nodes.length; i += 2) {
    lon += file.nodes[i]!;
    lat += file.nodes[i + 1]!;
    nodes.push([lon * DEGREES_PER_UNIT, lat * DEGREES_PER_UNIT]);
  }
  const lines = file.lines.map((line) => {
    let at = 0;
    return line.map((step) => (at += step));
  });
  const whole = new Map<number, string>();
  for (const [passage, indexes] of Object.entries(file.passages)) for (const index of indexes) whole.set(index, passage);
  const single = new Map<string, string>();
  for (const [passage, pairs] of Object.entries(file.segments)) for (const [line, segment] of pairs) single.set(`${line}/${segment}`, passage);
  return { nodes, lines, passageOf: (line, segment) => whole.get(line) ?? single.get(`${line}/${segment}`) };
}
