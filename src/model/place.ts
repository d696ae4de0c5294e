/** Places of sea trade: chokepoints and ports by UN/LOCODE. Coordinates and routes are `flow/reality`'s. */

/** The passages whose state the desk follows. */
export const CHOKEPOINTS = Object.freeze({
  bab_el_mandeb: 'Bab el-Mandeb',
  bosphorus: 'Bosphorus',
  cape_of_good_hope: 'Cape of Good Hope',
  dover: 'Dover Strait',
  gibraltar: 'Strait of Gibraltar',
  hormuz: 'Strait of Hormuz',
  malacca: 'Strait of Malacca',
  panama: 'Panama Canal',
  suez: 'Suez Canal',
} as const);

export type ChokepointId = keyof typeof CHOKEPOINTS;

export const CHOKEPOINT_IDS = Object.freeze(Object.keys(CHOKEPOINTS)) as readonly ChokepointId[];

export const isChokepointId = (text: string): text is ChokepointId => Object.hasOwn(CHOKEPOINTS, text);

/** A UN/LOCODE without its blank: `CNSHA`. Two letters of the country, then three letters or digits 2–9. */
export type UnLocode = string;

const LOCODE = /^[A-Z]{2}[A-Z2-9]{3}$/;

/** @param text `"CNSHA"`, `"cn sha"` @throws RangeError when it is not of that form (whether the port exists is `flow/reality`'s to say) */
export function parseUnLocode(text: string): UnLocode {
  const code = text.replace(/\s/g, '').toUpperCase();
  if (!LOCODE.test(code)) throw new RangeError(`not a UN/LOCODE (two letters and three letters or digits, as in CNSHA): ${JSON.stringify(text)}`);
  return code;
}
