/**
 * The sea as a graph in typed arrays, and the shortest path over it with passages closed (A*: Hart, Nilsson, Raphael 1968).
 * Not here: ports, names and what is remembered between calls (`sea-router.ts`).
 */
import { haversineKm, type Position } from './geodesy.ts';
import { MinHeap } from './min-heap.ts';
import type { DecodedNetwork } from './network-file.ts';

export interface Leg {
  readonly node: number;
  /** Kilometres from the start of the path. */
  readonly km: number;
  /** Passage of the segment that ends in this node, if any. */
  readonly passage: string | undefined;
}

export interface SeaNetwork {
  readonly nodes: readonly Position[];
  /** The tags that segments carry, in the source's words: `suez`, `ormuz`, … */
  readonly passages: readonly string[];
  /** The nearest node and how far it is. */
  nearest(at: Position): { readonly node: number; readonly km: number };
  /** @returns the legs of the shortest path, the start included, or null when the closed passages leave none */
  shortestPath(from: number, to: number, closed: ReadonlySet<string>): readonly Leg[] | null;
}

const OPEN_SEA = 0;

/** Neighbours of node n are entries `first[n]` up to `first[n + 1]` of the other three. */
interface Adjacency {
  readonly first: Int32Array;
  readonly target: Int32Array;
  readonly km: Float64Array;
  /** 0 on the open sea, else one more than the passage's number. */
  readonly passage: Uint8Array;
  readonly passages: readonly string[];
}

export function buildSeaNetwork(decoded: DecodedNetwork): SeaNetwork {
  const { nodes } = decoded;
  const graph = adjacencyOf(decoded);
  const cost = new Float64Array(nodes.length);
  const cameFrom = new Int32Array(nodes.length);
  const heap = new MinHeap(1024);

  function shortestPath(from: number, to: number, closed: ReadonlySet<string>): readonly Leg[] | null {
    const banned = bannedTags(graph.passages, closed);
    const goal = nodes[to]!;
    cost.fill(Number.POSITIVE_INFINITY);
    cameFrom.fill(-1);
    heap.clear();
    cost[from] = 0;
    heap.push(from, 0);
    const settled = new Uint8Array(nodes.length);
    while (heap.size > 0) {
      const node = heap.pop();
      if (settled[node]) continue;
      settled[node] = 1;
      if (node === to) return legsTo(to);
      for (let entry = graph.first[node]!; entry < graph.first[node + 1]!; entry++) {
        if (banned[graph.passage[entry]!]) continue;
        const next = graph.target[entry]!;
        const km = cost[node]! + graph.km[entry]!;
        if (km >= cost[next]!) continue;
        cost[next] = km;
        cameFrom[next] = entry;
        // Segments are great circles, so the great circle to the goal never overestimates: the path stays shortest.
        heap.push(next, km + haversineKm(nodes[next]!, goal));
      }
    }
    return null;
  }

  function legsTo(to: number): Leg[] {
    const legs: Leg[] = [];
    for (let node = to; ; ) {
      const entry = cameFrom[node]!;
      const tag = entry < 0 ? OPEN_SEA : graph.passage[entry]!;
      legs.push({ node, km: cost[node]!, passage: tag === OPEN_SEA ? undefined : graph.passages[tag - 1] });
      if (entry < 0) return legs.reverse();
      node = sourceOf(graph, entry);
    }
  }

  return { nodes, passages: graph.passages, nearest: (at) => nearestNode(nodes, at), shortestPath };
}

function nearestNode(nodes: readonly Position[], at: Position): { node: number; km: number } {
  let node = 0;
  let km = Number.POSITIVE_INFINITY;
  for (let i = 0; i < nodes.length; i++) {
    const d = haversineKm(at, nodes[i]!);
    if (d < km) [node, km] = [i, d];
  }
  return { node, km };
}

const bannedTags = (passages: readonly string[], closed: ReadonlySet<string>): Uint8Array =>
  Uint8Array.from([0, ...passages.map((passage) => (closed.has(passage) ? 1 : 0))]);

/** The node that owns an entry: the last whose first entry is not beyond it. */
function sourceOf(graph: Adjacency, entry: number): number {
  let low = 0;
  let high = graph.first.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (graph.first[middle]! <= entry) low = middle;
    else high = middle;
  }
  return low;
}

function adjacencyOf({ nodes, lines, passageOf }: DecodedNetwork): Adjacency {
  const passages: string[] = [];
  const segments: { a: number; b: number; km: number; tag: number }[] = [];
  for (const [index, line] of lines.entries()) {
    for (let s = 1; s < line.length; s++) {
      const [a, b] = [line[s - 1]!, line[s]!];
      const passage = passageOf(index, s - 1);
      if (passage !== undefined && !passages.includes(passage)) passages.push(passage);
      segments.push({ a, b, km: haversineKm(nodes[a]!, nodes[b]!), tag: passage === undefined ? OPEN_SEA : passages.indexOf(passage) + 1 });
    }
  }
  const first = new Int32Array(nodes.length + 1);
  for (const { a, b } of segments) {
    first[a + 1]! += 1;
    first[b + 1]! += 1;
  }
  for (let n = 0; n < nodes.length; n++) first[n + 1]! += first[n]!;
  const fill = first.slice();
  const target = new Int32Array(segments.length * 2);
  const km = new Float64Array(segments.length * 2);
  const passage = new Uint8Array(segments.length * 2);
  for (const segment of segments) {
    for (const [from, to] of [[segment.a, segment.b], [segment.b, segment.a]] as const) {
      const entry = fill[from]!++;
      target[entry] = to;
      km[entry] = segment.km;
      passage[entry] = segment.tag;
    }
  }
  return { first, target, km, passage, passages };
}
