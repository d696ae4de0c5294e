/** Area notice: DAC 1, FID 22 (to all) and 23 (addressed) of IMO SN.1/Circ.289: shapes on the chart and what they mean. */
import type { BitReader } from '../bits.ts';
import { middleLatitude, middleLongitude, monthDayTime } from '../values.ts';

const SHAPES = ['circle', 'rectangle', 'sector', 'polyline', 'polygon', 'text'] as const;
const SHAPE_BITS = 87;
const SHAPES_MAX = 10;
const MINUTES_UNDEFINED = 262_143;

export type AreaNotice = ReturnType<typeof areaNotice>;
export type AreaShape = ReturnType<typeof areaShape>;

export function areaNotice(b: BitReader, type: 6 | 8) {
  const start = type === 6 ? 88 : 56;
  const duration = b.u(start + 37, 18);
  const shapes: AreaShape[] = [];
  for (let at = start + 55; at + SHAPE_BITS <= b.bits && shapes.length < SHAPES_MAX; at += SHAPE_BITS) shapes.push(areaShape(b, at));
  return {
    kind: 'area-notice' as const,
    link: b.u(start, 10),
    /** What it warns of: table of the circular, 0 to 127. */
    notice: b.u(start + 10, 7),
    from: monthDayTime(b.u(start + 17, 4), b.u(start + 21, 5), b.u(start + 26, 5), b.u(start + 31, 6)),
    durationMinutes: duration === MINUTES_UNDEFINED ? null : duration,
    shapes,
  };
}

function areaShape(b: BitReader, at: number) {
  const code = b.u(at, 3);
  const shape = SHAPES[code] ?? null;
  const scale = 10 ** b.u(at + 3, 2);
  const lon = b.i(at + 5, 25);
  const lat = b.i(at + 30, 24);
  const placed = code <= 2;
  const radial = code === 0 || code === 2;
  return {
    shape,
    longitude: placed ? middleLongitude(lon) : null,
    latitude: placed ? middleLatitude(lat) : null,
    precision: placed ? b.u(at + 54, 3) : null,
    radiusM: radial ? b.u(at + 57, 12) * scale : null,
    eastM: code === 1 ? b.u(at + 57, 8) * scale : null,
    northM: code === 1 ? b.u(at + 65, 8) * scale : null,
    orientationDegrees: code === 1 ? b.u(at + 73, 9) : null,
    leftDegrees: code === 2 ? b.u(at + 69, 9) : null,
    rightDegrees: code === 2 ? b.u(at + 78, 9) : null,
    /** Of lines and polygons: from point to point, starting at the shape before. */
    points: code === 3 || code === 4 ? [0, 1, 2, 3].map((n) => ({ degrees: b.u(at + 5 + n * 20, 10) / 2, distanceM: b.u(at + 15 + n * 20, 10) * scale })) : null,
    text: code === 5 ? b.text(at + 3, 84) : null,
  };
}
