// The Earth on a flat frame, and the land on it. Not here: zoom and pan (view.ts) and what is drawn over it.
import { geoNaturalEarth1, geoPath, type GeoProjection } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import land110 from 'world-atlas/land-110m.json';
import type { LonLat } from './voyage.ts';

/** Ships sail between these; what lies beyond only takes height from the rest. */
const SOUTH = -56;
const NORTH = 72;
/** The cut goes through the Bering Strait, where no land is parted but a corner of Siberia. */
const MIDDLE_LON = 11;

const topology = land110 as unknown as Topology;
const land = feature(topology, topology.objects['land']!);

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Natural Earth (Šavrič, Patterson, Jenny 2011): neither size nor shape true, both near it. Fits the whole width in. */
export function projectionFor({ width, height }: Box): GeoProjection {
  const projection = geoNaturalEarth1().rotate([-MIDDLE_LON, 0]).precision(0.3);
  const edge = { type: 'MultiPoint' as const, coordinates: [[MIDDLE_LON - 179.9, 0], [MIDDLE_LON + 179.9, 0], [MIDDLE_LON, NORTH], [MIDDLE_LON, SOUTH]] };
  return projection.fitExtent([[2, 2], [width - 2, height - 2]], edge);
}

export const landPath = (projection: GeoProjection): string => geoPath(projection).digits(1)(land) ?? '';

export const linePath = (projection: GeoProjection, line: readonly LonLat[]): string =>
  geoPath(projection).digits(1)({ type: 'LineString', coordinates: line.map(([lon, lat]) => [lon, lat]) }) ?? '';

/** Pixels of a place before zoom and pan. */
export function pixelsOf(projection: GeoProjection, [lon, lat]: LonLat): readonly [x: number, y: number] {
  return projection([lon, lat]) ?? [0, 0];
}
