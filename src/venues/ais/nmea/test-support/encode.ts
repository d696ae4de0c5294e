/** Writes AIVDM: fields as integers into bits, armour, checksum, parts. A test helper, and what a feeder of made-up ships needs. */

/** One field: its value and its width in bits; negative values as two's complement. */
export type Field = readonly [value: number, bits: number];

export interface PositionFields {
  readonly type: 1 | 2 | 3;
  readonly mmsi: number;
  readonly status: number;
  readonly turn: number;
  readonly speed: number;
  readonly accuracy: number;
  readonly lon: number;
  readonly lat: number;
  readonly course: number;
  readonly heading: number;
  readonly second: number;
  readonly radio: number;
}

export const positionBits = (p: PositionFields): string =>
  bitsOf([
    [p.type, 6], [0, 2], [p.mmsi, 30], [p.status, 4], [p.turn, 8], [p.speed, 10], [p.accuracy, 1], [p.lon, 28], [p.lat, 27], [p.course, 12], [p.heading, 9], [p.second, 6], [0, 2], [0, 3], [0, 1], [p.radio, 19],
  ]);

/** `0` and `1`, one a character. */
export const bitsOf = (fields: readonly Field[]): string => fields.map(([value, bits]) => BigInt.asUintN(bits, BigInt(value)).toString(2).padStart(bits, '0')).join('');

/** 6-bit text, filled with `@`. */
export const textBits = (text: string, characters: number): string => [...text.padEnd(characters, '@')].map((c) => bitsOf([[c.charCodeAt(0) & 63, 6]])).join('');

export const checksum = (body: string): string => [...body].reduce((sum, c) => sum ^ c.charCodeAt(0), 0).toString(16).toUpperCase().padStart(2, '0');

/** A line around a payload. */
export const line = (payload: string, pad: number, part: { readonly total?: number; readonly number?: number; readonly sequence?: string; readonly channel?: string; readonly talker?: string } = {}): string => {
  const body = `${part.talker ?? 'AIVDM'},${part.total ?? 1},${part.number ?? 1},${part.sequence ?? ''},${part.channel ?? 'A'},${payload},${pad}`;
  return `!${body}*${checksum(body)}`;
};

/** Bits as armour, in parts of at most `charactersMax`. */
export function sentences(bits: string, options: { readonly charactersMax?: number; readonly sequence?: string; readonly channel?: string } = {}): readonly string[] {
  const pad = (6 - (bits.length % 6)) % 6;
  const whole = bits + '0'.repeat(pad);
  let armour = '';
  for (let at = 0; at < whole.length; at += 6) {
    const six = Number.parseInt(whole.slice(at, at + 6), 2);
    armour += String.fromCharCode(six < 40 ? six + 48 : six + 56);
  }
  const size = options.charactersMax ?? 60;
  const total = Math.max(1, Math.ceil(armour.length / size));
  if (total === 1) return [line(armour, pad, options)];
  const sequence = options.sequence ?? '0';
  return Array.from({ length: total }, (_, i) => line(armour.slice(i * size, (i + 1) * size), i === total - 1 ? pad : 0, { ...options, sequence, total, number: i + 1 }));
}
