/**
 * Where each passage is shown on a map: a point of its fairway, on the sea network.
 * Not here: its area (what counts as being inside it), and the segments that pass through it (`sea-network.ts`).
 */
import type { ChokepointId } from '../../../model/place.ts';
import type { Position } from './geodesy.ts';

export const CHOKEPOINT_PLACES: Readonly<Record<ChokepointId, Position>> = Object.freeze({
  bab_el_mandeb: [43.35, 12.66],
  bosphorus: [29.05, 41.12],
  // No strait: where the routes from both sides turn, south of Cape Agulhas.
  cape_of_good_hope: [19.5, -35.0],
  dover: [1.47, 51.02],
  gibraltar: [-5.6, 35.95],
  hormuz: [56.55, 26.51],
  malacca: [100.6, 3.2],
  panama: [-79.7, 9.11],
  suez: [32.38, 30.32],
});
