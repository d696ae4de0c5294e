/**
 * Makes `data/sea-network.json` and `data/ports.json` from the marnet GeoJSON of the searoute project and its port list (both Apache-2.0).
 * Run it again only when the source changes: node src/flow/reality/routing/tools/build-network.ts NETWORK.geojson PORTS.geojson
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEGREES_PER_UNIT, encodeLine, encodeNodes, type NetworkFile, type PortsFile } from '../network-file.ts';
import { wrapLongitude, type Position } from '../geodesy.ts';

interface Feature {
  readonly properties: { readonly passage?: string | null };
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: Position[] } | { readonly type: 'MultiLineString'; readonly coordinates: Position[][] };
}
interface PortFeature {
  readonly properties: { readonly port: string; readonly name: string };
  readonly geometry: { readonly coordinates: Position };
}

/** The Strait of Dover carries no tag in the source: a segment that crosses this line, South Foreland to Cap Gris-Nez, is in it. */
const DOVER: readonly [Position, Position] = [
  [1.37, 51.14],
  [1.58, 50.87],
];

/** Ports that the source lacks or lists under another code than UN/LOCODE's. */
const ADDED: Readonly<Record<string, [name: string, lon: number, lat: number]>> = {
  AEKLF: ['Khalifa Port', 54.67, 24.83],
  SADMM: ['Dammam', 50.10387, 26.45083],
};

const round = (degrees: number): number => Math.round(degrees / DEGREES_PER_UNIT) * DEGREES_PER_UNIT;

/** True when the segments ab and cd cross (plane geometry: good enough over 40 km). */
function cross(a: Position, b: Position, c: Position, d: Position): boolean {
  const side = (p: Position, q: Position, r: Position) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

function buildNetwork(features: readonly Feature[]): NetworkFile {
  const nodes: Position[] = [];
  const numbers = new Map<string, number>();
  const lines: number[][] = [];
  const passages: Record<string, number[]> = {};
  const dover: [number, number][] = [];
  const numberOf = ([lon, lat]: Position): number => {
    const key = `${Math.round(wrapLongitude(lon) / DEGREES_PER_UNIT)},${Math.round(lat / DEGREES_PER_UNIT)}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, nodes.length);
    nodes.push([round(wrapLongitude(lon)), round(lat)]);
    return nodes.length - 1;
  };
  for (const { properties, geometry } of features) {
    for (const coordinates of geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates) {
      const index = lines.length;
      const line = coordinates.map(numberOf);
      lines.push(line);
      if (properties.passage) (passages[properties.passage] ??= []).push(index);
      for (let s = 1; s < line.length; s++) if (cross(nodes[line[s - 1]!]!, nodes[line[s]!]!, ...DOVER)) dover.push([index, s - 1]);
    }
  }
  return {
    source: 'marnet (Eurostat searoute / searoute-py), Apache-2.0; see NOTICE.md',
    nodes: encodeNodes(nodes),
    lines: lines.map(encodeLine),
    passages,
    segments: { dover },
  };
}

function buildPorts(features: readonly PortFeature[]): PortsFile {
  const ports: Record<string, [string, number, number]> = { ...ADDED };
  for (const { properties, geometry } of features) {
    if (!/^[A-Z]{2}[A-Z2-9]{3}$/.test(properties.port) || Object.hasOwn(ports, properties.port)) continue;
    const [lon, lat] = geometry.coordinates;
    ports[properties.port] = [properties.name.trim(), Number(wrapLongitude(lon).toFixed(5)), Number(lat.toFixed(5))];
  }
  return { source: 'searoute-py port list, Apache-2.0; see NOTICE.md', ports: Object.fromEntries(Object.entries(ports).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const [networkPath, portsPath] = process.argv.slice(2);
if (networkPath === undefined || portsPath === undefined) {
  process.stderr.write('usage: build-network.ts NETWORK.geojson PORTS.geojson\n');
  process.exit(2);
}
const features = <T>(path: string): T[] => (JSON.parse(readFileSync(path, 'utf8')) as { features: T[] }).features;
const network = buildNetwork(features<Feature>(networkPath));
const ports = buildPorts(features<PortFeature>(portsPath));
const data = join(import.meta.dirname, '../data');
// One line a polyline and one a port, so that a change shows as a diff.
const lines = network.lines.map((line) => JSON.stringify(line)).join(',\n');
const { lines: _, ...rest } = network;
writeFileSync(join(data, 'sea-network.json'), `${JSON.stringify(rest).slice(0, -1)},"lines":[\n${lines}\n]}\n`);
const portLines = Object.entries(ports.ports).map(([code, port]) => `${JSON.stringify(code)}:${JSON.stringify(port)}`);
writeFileSync(join(data, 'ports.json'), `{"source":${JSON.stringify(ports.source)},"ports":{\n${portLines.join(',\n')}\n}}\n`);
process.stdout.write(`${network.nodes.length / 2} nodes, ${network.lines.length} lines, ${network.segments['dover']!.length} segments in the Dover Strait, ${portLines.length} ports\n`);
