/** How the Shanghai index names its lanes, and what each is quoted in. Which ports a lane speaks for is in quoted-lanes.ts. */

export interface ScfiLane {
  /** As in the desk's series: origin and destination joined by an underscore. */
  readonly lane: string;
  /** A FEU is two TEU: a rate a TEU counts twice. */
  readonly perFeu: 1 | 2;
}

/** By the words of the lane's English name; SCFI quotes the US coasts a FEU and the rest a TEU. */
const LANES: readonly (readonly [words: RegExp, lane: string, perFeu: 1 | 2])[] = [
  [/\beurope\b/i, 'shanghai_north_europe', 2],
  [/\bmediterranean\b/i, 'shanghai_mediterranean', 2],
  // "Central/South America West Coast (Manzanillo)" is no US coast: those are called USWC and USEC.
  [/\b(uswc|us(a)? west( coast)?)\b/i, 'shanghai_us_west_coast', 1],
  [/\b(usec|us(a)? east( coast)?)\b/i, 'shanghai_us_east_coast', 1],
  [/\bpersian gulf\b/i, 'shanghai_persian_gulf', 2],
  [/\baustralia\b/i, 'shanghai_australia', 2],
  [/\bwest africa\b/i, 'shanghai_west_africa', 2],
  [/\bsouth africa\b/i, 'shanghai_south_africa', 2],
  [/\bsouth america \(santos\)/i, 'shanghai_south_america', 2],
  [/\bwest japan\b/i, 'shanghai_west_japan', 2],
  [/\beast japan\b/i, 'shanghai_east_japan', 2],
  [/\bsoutheast asia\b/i, 'shanghai_southeast_asia', 2],
  [/\bkorea\b/i, 'shanghai_korea', 2],
];

/** @param unit as the reply states it (`USD/TEU`); it wins over what the lane is usually quoted in @returns null for the composite and for lanes that the desk does not follow */
export function scfiLane(name: string, unit?: string | null): ScfiLane | null {
  const found = LANES.find(([words]) => words.test(name));
  if (!found) return null;
  const stated = /\bTEU\b/i.test(unit ?? '') ? 2 : /\bFEU\b/i.test(unit ?? '') ? 1 : null;
  return { lane: found[1], perFeu: stated ?? found[2] };
}

/** `shanghai_rotterdam`: what a lane is called here, and in a CSV of a subscribed index. */
export const LANE = /^[a-z]+(_[a-z]+)+$/;
