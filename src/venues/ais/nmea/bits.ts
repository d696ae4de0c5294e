/**
 * The bits of one AIS message, read as numbers and 6-bit text.
 * Lives here: armour, packing, extraction. Not here: what the bits mean (messages/).
 */

/** Nine sentences of 82 characters: more than any message may have. */
const WORDS = 144;
export const BITS_MAX = (WORDS - 2) * 32;

/** Armoured character → its six bits, −1 for one that is none (ITU-R M.1371 table 47; IEC 61162-1). */
const SIX = new Int8Array(128).fill(-1);
for (let v = 0; v < 64; v++) SIX[v < 40 ? v + 48 : v + 56] = v;

/**
 * Packed into 32-bit words, so that a field is one or two loads: at 28 characters and some 16 fields a message
 * this halves the time of walking the characters for each field.
 */
export class BitReader {
  readonly #words = new Uint32Array(WORDS);
  readonly #letters = Buffer.alloc(BITS_MAX / 6 + 1);
  #dirty = 0;
  #bits = 0;

  /** Bits of the message, padding excluded. What is read behind them is 0. */
  get bits(): number {
    return this.#bits;
  }

  clear(): void {
    this.#words.fill(0, 0, this.#dirty);
    this.#dirty = 0;
    this.#bits = 0;
  }

  /**
   * Adds the characters `from` to `to` of `text`, less `pad` bits at their end.
   * @returns false, and the reader is of no use until cleared, when one is not armour or the whole is too long
   */
  append(text: string, from: number, to: number, pad: number): boolean {
    const start = this.#bits;
    const end = start + (to - from) * 6 - pad;
    if (end > BITS_MAX || end < start) return false;
    const words = this.#words;
    let at = start >>> 5;
    let free = 32 - (start & 31);
    let word = words[at]!;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      const six = code < 128 ? SIX[code]! : -1;
      if (six < 0) return false;
      if (free > 6) {
        free -= 6;
        word |= six << free;
      } else {
        const over = 6 - free;
        words[at++] = word | (six >>> over);
        free = 32 - over;
        word = over === 0 ? 0 : six << free;
      }
    }
    words[at] = word;
    this.#dirty = at + 2;
    this.#bits = end;
    if (pad > 0) this.#cut(end);
    return true;
  }

  /** Padding is no part of the message: it must read as 0, and the next part goes over it. */
  #cut(end: number): void {
    const at = end >>> 5;
    const words = this.#words;
    words[at] = (end & 31) === 0 ? 0 : words[at]! & (0xffffffff << (32 - (end & 31)));
    words[at + 1] = 0;
  }

  /** Unsigned, 1 to 32 bits. */
  u(start: number, length: number): number {
    const at = start >>> 5;
    const offset = start & 31;
    const words = this.#words;
    if (at >= WORDS - 1) return 0;
    if (offset + length <= 32) return (words[at]! << offset) >>> (32 - length);
    return ((words[at]! << offset) | (words[at + 1]! >>> (32 - offset))) >>> (32 - length);
  }

  /** Two's complement, 1 to 32 bits. */
  i(start: number, length: number): number {
    const shift = 32 - length;
    return (this.u(start, length) << shift) >> shift;
  }

  flag(start: number): boolean {
    return this.u(start, 1) === 1;
  }

  /** 6-bit text up to the first `@`, which means "no more", without spaces at its end. @param length in bits */
  text(start: number, length: number): string {
    const letters = this.#letters;
    const count = Math.floor(Math.max(0, Math.min(length, this.#bits - start)) / 6);
    let end = 0;
    for (let n = 0; n < count; n++) {
      const six = this.u(start + n * 6, 6);
      if (six === 0) break;
      letters[n] = six < 32 ? six + 64 : six;
      if (six !== 32) end = n + 1;
    }
    return end === 0 ? '' : letters.toString('latin1', 0, end);
  }

  /** The bits from `start` to `end` as they came, the last byte filled with zeros. */
  payload(start: number, end: number): BinaryData {
    const bits = Math.max(0, end - start);
    const bytes = new Uint8Array((bits + 7) >>> 3);
    for (let n = 0; n < bytes.length; n++) bytes[n] = this.u(start + n * 8, 8);
    const rest = bits & 7;
    if (rest > 0) bytes[bytes.length - 1]! &= (0xff << (8 - rest)) & 0xff;
    return { bits, bytes };
  }
}

/** Binary data of a message, exactly as transmitted. */
export interface BinaryData {
  readonly bits: number;
  readonly bytes: Uint8Array;
}
