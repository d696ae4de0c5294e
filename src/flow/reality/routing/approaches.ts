/**
 * Where a voyage to a port is measured from when the port's own position lies far up a river or behind a mole.
 * Data: a point on the sea side, for ports whose listed position would add a river passage to every distance.
 */
import type { UnLocode } from '../../../model/place.ts';
import type { Position } from './geodesy.ts';

export const APPROACHES: Readonly<Record<UnLocode, Position>> = Object.freeze({
  // Mouth of the Yangtze: the point that Eurostat's searoute takes for Shanghai in its own example.
  CNSHA: [121.8, 31.2],
  // Maasmond, the entrance to Europoort and Maasvlakte.
  NLRTM: [4.05, 51.99],
});
