/** Lines in, messages out: what cannot be used is counted, never thrown. Not here: where the lines come from (receivers.ts). */
import type { Millis } from '../../../model/time.ts';
import { Assembler, type AssemblerLimits } from './assembler.ts';
import { BitReader } from './bits.ts';
import { readMessage, type AisMessage } from './read-message.ts';
import { emptySentence, readSentence, type Sentence } from './sentence.ts';

export interface AisCounters {
  /** Lines given, empty ones excluded. */
  readonly lines: number;
  /** AIVDM and AIVDO with a right checksum. */
  readonly sentences: number;
  readonly messages: number;
  /** Index: message type. */
  readonly byType: readonly number[];
  /** Other NMEA sentences: GGA, VSI, … */
  readonly other: number;
  /** No checksum, or a TAG block that does not end. */
  readonly truncated: number;
  readonly badChecksum: number;
  /** No sentence at all, or fields that cannot be. */
  readonly malformed: number;
  /** TAG blocks passed over; their sentences were read. */
  readonly badTagBlock: number;
  /** Right in their checksum, with a character that is no armour, or too long. */
  readonly badArmour: number;
  /** Shorter than their type needs, or of a type that there is not. */
  readonly tooShort: number;
  readonly unknownType: number;
  /** Messages of several sentences that never became whole. */
  readonly incomplete: number;
  /** Sentences of them that came twice. */
  readonly repeatedParts: number;
}

export interface AisDecoder {
  /**
   * @param line without its end; remarks behind the checksum are passed over
   * @param at when it came: ages the parts of unfinished messages
   * @returns the message that this line completes, or null
   */
  line(line: string, at: Millis): AisMessage | null;
  /** The sentence that `line` read last: talker, channel, TAG block. Refilled by the next. */
  readonly sentence: Readonly<Sentence>;
  counters(): AisCounters;
}

export const createAisDecoder = (limits: AssemblerLimits = {}): AisDecoder => new Decoder(limits);

const TYPES = 28;

class Decoder implements AisDecoder {
  readonly sentence: Sentence = emptySentence();
  readonly #bits = new BitReader();
  readonly #commas = new Int32Array(6);
  readonly #assembler: Assembler;
  readonly #byType = new Uint32Array(TYPES);
  readonly #counts = { lines: 0, sentences: 0, messages: 0, other: 0, truncated: 0, badChecksum: 0, malformed: 0, badTagBlock: 0, badArmour: 0, tooShort: 0, unknownType: 0 };

  constructor(limits: AssemblerLimits) {
    this.#assembler = new Assembler(limits);
  }

  line(line: string, at: Millis): AisMessage | null {
    if (line === '') return null;
    const counts = this.#counts;
    counts.lines += 1;
    const sentence = this.sentence;
    const verdict = readSentence(line, sentence, this.#commas);
    if (sentence.tagUnreadable) counts.badTagBlock += 1;
    if (verdict !== 'sentence') {
      counts[verdict] += 1;
      return null;
    }
    counts.sentences += 1;
    const bits = this.#bits;
    bits.clear();
    if (sentence.total === 1) return bits.append(line, sentence.payloadStart, sentence.payloadEnd, sentence.pad) ? this.#read() : this.#refuse('badArmour');
    const parts = this.#assembler.add(sentence, at);
    if (!parts) return null;
    for (const part of parts) if (!bits.append(part.payload, 0, part.payload.length, part.pad)) return this.#refuse('badArmour');
    return this.#read();
  }

  #read(): AisMessage | null {
    const message = readMessage(this.#bits);
    if (message === null) {
      const type = this.#bits.u(0, 6);
      return this.#refuse(this.#bits.bits >= 6 && (type === 0 || type >= TYPES) ? 'unknownType' : 'tooShort');
    }
    this.#counts.messages += 1;
    this.#byType[message.type]! += 1;
    return message;
  }

  #refuse(why: 'badArmour' | 'tooShort' | 'unknownType'): null {
    this.#counts[why] += 1;
    return null;
  }

  counters(): AisCounters {
    return { ...this.#counts, byType: [...this.#byType], incomplete: this.#assembler.incomplete, repeatedParts: this.#assembler.repeated };
  }
}
