/**
 * Money: integer micro-units of a US dollar in `bigint` ($1 = 1_000_000 micros).
 * Lives here: parsing, printing and scaling. Not here: balances (ledger), currencies other than USD.
 */

/** An amount in millionths of a US dollar. Names that hold one end in `_micros` or `Micros`. */
export type Micros = bigint;

export const MICROS_PER_USD = 1_000_000n;

/** Largest amount whose micros a double still holds exactly: 2^53 − 1 micros, about $9.007 billion. */
export const MAX_EXACT_MICROS = 9_007_199_254_740_991n;

const DECIMAL = /^(-)?(\d{1,18})(?:\.(\d{1,6}))?$/;

/**
 * Reads a decimal amount of dollars, exactly.
 * @param text such as `"1250"`, `"-3.5"`, `"0.000001"`: at most six decimals
 * @returns micros
 * @throws RangeError when the text is not such a decimal
 */
export function parseUsd(text: string): Micros {
  const m = DECIMAL.exec(text.trim());
  if (!m) throw new RangeError(`not a dollar amount with at most six decimals: ${JSON.stringify(text)}`);
  const micros = BigInt(m[2]!) * MICROS_PER_USD + BigInt((m[3] ?? '').padEnd(6, '0'));
  return m[1] ? -micros : micros;
}

/** Dollars as a double to the nearest micro, half away from zero. For constants and settings; parse text with {@link parseUsd}. */
export function usd(dollars: number): Micros {
  return roundMicros(dollars * 1e6);
}

/**
 * A double that counts micros, to an integer, half away from zero.
 * @throws RangeError when it is not finite or beyond {@link MAX_EXACT_MICROS}: corrupt money stops here
 */
export function roundMicros(micros: number): Micros {
  if (!Number.isFinite(micros) || Math.abs(micros) > Number(MAX_EXACT_MICROS)) {
    throw new RangeError(`amount out of range: ${micros} micros`);
  }
  return BigInt(micros < 0 ? -Math.round(-micros) : Math.round(micros));
}

/** An amount times a factor (a share, a rate, a count), half away from zero. The amount must be within {@link MAX_EXACT_MICROS}. */
export function times(amount: Micros, factor: number): Micros {
  return roundMicros(Number(amount) * factor);
}

/** Basis points of an amount: 1 bp = 0.01 %. */
export function basisPoints(amount: Micros, bp: number): Micros {
  return times(amount, bp / 10_000);
}

/** Decimal text without loss and without trailing zeros beyond cents: `"1250.00"`, `"0.000001"`. The form money takes in JSON. */
export function toDecimal(amount: Micros): string {
  const sign = amount < 0n ? '-' : '';
  const abs = amount < 0n ? -amount : amount;
  const fraction = (abs % MICROS_PER_USD).toString().padStart(6, '0').replace(/0{1,4}$/, '');
  return `${sign}${abs / MICROS_PER_USD}.${fraction}`;
}

/** For people: whole dollars from $100 up, else cents: `"$12,340"`, `"−$3.50"`. */
export function formatUsd(amount: Micros): string {
  const abs = amount < 0n ? -amount : amount;
  const cents = abs < 100n * MICROS_PER_USD ? 2 : 0;
  const unit = cents === 2 ? 10_000n : MICROS_PER_USD;
  const rounded = (abs + unit / 2n) / unit;
  const whole = cents === 2 ? rounded / 100n : rounded;
  const grouped = whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const tail = cents === 2 && rounded % 100n !== 0n ? `.${(rounded % 100n).toString().padStart(2, '0')}` : '';
  return `${amount < 0n && rounded > 0n ? '−' : ''}$${grouped}${tail}`;
}

export const sumMicros = (amounts: Iterable<Micros>): Micros => {
  let total = 0n;
  for (const a of amounts) total += a;
  return total;
};
export const minMicros = (a: Micros, b: Micros): Micros => (a < b ? a : b);
export const maxMicros = (a: Micros, b: Micros): Micros => (a > b ? a : b);
