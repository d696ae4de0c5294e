/** Puts the sentences of one message together. Lives here: which belong together, and when to give up. Not here: their bits. */
import type { Millis } from '../../../model/time.ts';
import type { Sentence } from './sentence.ts';

export interface Part {
  readonly payload: string;
  readonly pad: number;
}

interface Pending {
  readonly parts: (Part | null)[];
  missing: number;
  readonly firstAt: Millis;
}

export interface AssemblerLimits {
  /** Messages waiting for a part; the oldest goes when one more comes. Default 64. */
  readonly pendingMax?: number;
  /** Age at which an unfinished message is given up. The parts of one are sent in the same second. Default 10 s. */
  readonly ageMsMax?: number;
}

/** Parts of any order, keyed by talker, kind, channel, sequence id and count. */
export class Assembler {
  readonly #pending = new Map<string, Pending>();
  readonly #pendingMax: number;
  readonly #ageMsMax: number;
  /** Messages given up: too old, too many, or their sequence id began anew. */
  incomplete = 0;
  /** Parts that came a second time. */
  repeated = 0;

  constructor(limits: AssemblerLimits = {}) {
    this.#pendingMax = limits.pendingMax ?? 64;
    this.#ageMsMax = limits.ageMsMax ?? 10_000;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** @param at when the sentence came @returns the parts in order when this was the last one missing */
  add(sentence: Sentence, at: Millis): readonly Part[] | null {
    this.expire(at);
    const key = `${sentence.talker}${sentence.own ? 'O' : 'M'}${sentence.channel}/${sentence.sequence}/${sentence.total}`;
    const part: Part = { payload: sentence.line.slice(sentence.payloadStart, sentence.payloadEnd), pad: sentence.pad };
    const index = sentence.number - 1;
    let pending = this.#pending.get(key);
    const there = pending?.parts[index];
    if (there) {
      if (there.payload === part.payload && there.pad === part.pad) {
        this.repeated += 1;
        return null;
      }
      // The ids 0 to 9 go round: another text under the same number is another message.
      this.#pending.delete(key);
      this.incomplete += 1;
      pending = undefined;
    }
    if (!pending) {
      pending = { parts: Array.from({ length: sentence.total }, () => null), missing: sentence.total, firstAt: at };
      this.#pending.set(key, pending);
      if (this.#pending.size > this.#pendingMax) this.#giveUpOldest();
    }
    pending.parts[index] = part;
    pending.missing -= 1;
    if (pending.missing > 0) return null;
    this.#pending.delete(key);
    return pending.parts as Part[];
  }

  /** Gives up what waits for longer than the limit. Called with each part; call it too where none may come for long. */
  expire(at: Millis): void {
    for (const [key, pending] of this.#pending) {
      // In order of insertion: the first young one ends the search.
      if (at - pending.firstAt <= this.#ageMsMax) return;
      this.#pending.delete(key);
      this.incomplete += 1;
    }
  }

  #giveUpOldest(): void {
    const oldest = this.#pending.keys().next().value;
    if (oldest === undefined) return;
    this.#pending.delete(oldest);
    this.incomplete += 1;
  }
}
