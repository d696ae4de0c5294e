// Probabilities, counts and ratios for people.

/** No-break thin space between a figure and its unit. */
const THIN = '\u202f';
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `"52 %"`; small ones and those near certainty stay honest: `"1.5 %"`, `"0.4 %"`, `"< 0.1 %"`, `"99.6 %"`. */
export function percent(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return '–';
  const hundred = p * 100;
  if (hundred > 0 && hundred < 0.1) return `< 0.1${THIN}%`;
  if (hundred < 100 && hundred > 99.9) return `> 99.9${THIN}%`;
  if (hundred < 100 && hundred > 99) return `${hundred.toFixed(1)}${THIN}%`;
  // Below ten a whole point is much: 1.5 % is no 2 %.
  return `${hundred < 9.95 ? hundred.toFixed(1).replace(/\.0$/, '') : Math.round(hundred)}${THIN}%`;
}

/** Change against the usual level: ratio 0.68 is `"−32 %"`. */
export function change(ratio: number): string {
  const hundred = Math.round((ratio - 1) * 100);
  return hundred === 0 ? `±0${THIN}%` : `${hundred < 0 ? '−' : '+'}${Math.abs(hundred)}${THIN}%`;
}

/** The distance between two probabilities in percentage points: `"22 points above"`. */
export function points(p: number, against: number): string {
  const gap = Math.round((p - against) * 100);
  if (gap === 0) return 'level with';
  return `${Math.abs(gap)} ${Math.abs(gap) === 1 ? 'point' : 'points'} ${gap > 0 ? 'above' : 'below'}`;
}

export const count = (n: number): string => plain.format(n);
export const decimal = (n: number): string => one.format(n);

/** `"1 shipment"`, `"6 shipments"`. */
export const plural = (n: number, word: string, many = `${word}s`): string => `${plain.format(n)} ${n === 1 ? word : many}`;
