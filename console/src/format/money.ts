// Money for people, from the API's decimal text. Not here: arithmetic that decides anything; the server has done it.

const MINUS = '−';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Decimal text to a double, for positions on a scale. NaN when it is not a number. */
export const dollars = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** `"$12,340"`; below $100 with cents unless whole: `"−$3.50"`. An unreadable amount is `"–"`, never `$0`. */
export function money(amount: string | number): string {
  const value = typeof amount === 'number' ? amount : dollars(amount);
  if (!Number.isFinite(value)) return '–';
  const abs = Math.round(Math.abs(value) * 100) / 100;
  const text = abs < 100 && !Number.isInteger(abs) ? cents.format(abs) : grouped.format(abs);
  return `${value < 0 && abs > 0 ? MINUS : ''}$${text}`;
}

/** For axes and tight places: `"$950"`, `"$12k"`, `"$1.2M"`, `"$3.1B"`. */
export function moneyShort(amount: string | number): string {
  const value = typeof amount === 'number' ? amount : dollars(amount);
  if (!Number.isFinite(value)) return '–';
  const abs = Math.abs(value);
  const sign = value < 0 && abs >= 0.5 ? MINUS : '';
  for (const [unit, name, next] of [[1, '', 1e3], [1e3, 'k', 1e6], [1e6, 'M', 1e9], [1e9, 'B', Infinity]] as const) {
    const scaled = abs / unit;
    const shown = unit > 1 && scaled < 9.95 ? scaled.toFixed(1).replace(/\.0$/, '') : String(Math.round(scaled));
    // 999,600 is $1M, not $1000k.
    if (Number(shown) * unit < next) return `${sign}$${shown}${name}`;
  }
  return `${sign}$${grouped.format(abs)}`;
}

/** `"$180,000 to $260,000"`. */
export const moneyRange = (range: readonly [string, string]): string => `${money(range[0])} to ${money(range[1])}`;
