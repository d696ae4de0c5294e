/** How the Shanghai index names its lanes, and what each is quoted in. */

export interface ScfiLane {
  /** As in the desk's series: origin and destination joined by an underscore. */
  readonly lane: string;
  /** A FEU is two TEU: a rate a TEU counts twice. */
  readonly perFeu: 1 | 2;
}

/** By the words of the lane's English name; SCFI quotes the Americas a FEU and the rest a TEU. */
const LANES: readonly (readonly [RegExp, ScfiLane])[] = [
  [/\beurope\b/i, { lane: 'shanghai_north_europe', perFeu: 2 }],
  [/\bmediterranean\b/i, { lane: 'shanghai_mediterranean', perFeu: 2 }],
  [/\b(uswc|us(a)? west( coast)?|west coast)\b/i, { lane: 'shanghai_us_west_coast', perFeu: 1 }],
  [/\b(usec|us(a)? east( coast)?|east coast)\b/i, { lane: 'shanghai_us_east_coast', perFeu: 1 }],
  [/\bpersian gulf\b/i, { lane: 'shanghai_persian_gulf', perFeu: 2 }],
];

/** @returns null for the composite and for lanes that the desk does not follow */
export const scfiLane = (name: string): ScfiLane | null => LANES.find(([words]) => words.test(name))?.[1] ?? null;

/** `shanghai_rotterdam`: what a lane is called here, and in a CSV of a subscribed index. */
export const LANE = /^[a-z]+(_[a-z]+)+$/;
