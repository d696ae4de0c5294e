/** What a sweep is: every source asked once, each answer stored and reported by itself. What is fetched and how it is stored are the caller's. */
import type { Transaction } from '../database/types.ts';
import type { Millis } from '../../model/time.ts';

/** One that is asked. */
export interface SweptSource<Item> {
  /** Unique within a stage. */
  readonly name: string;
  /** `twin`: a local stand-in that plays recorded history. */
  readonly kind: 'real' | 'twin';
  /** @throws CodedError whose code is reported; the sweep goes on with the next source */
  fetch(asOf: Millis, signal: AbortSignal): Promise<readonly Item[]>;
}

export interface RuleCount {
  readonly rule: string;
  readonly count: number;
}

/** What became of the items of one source. */
export interface Stored {
  readonly new: number;
  readonly duplicate: number;
  readonly rejected: readonly RuleCount[];
}

export interface SourceReport extends Stored {
  readonly source: string;
  /** Items that the source handed over. */
  readonly fetched: number;
  /** Code of the error that kept the source from answering, or null. */
  readonly failed: string | null;
}

/** How effects on the database are run: a job passes its fenced transaction. */
export type Transact = <R>(work: (tx: Transaction) => Promise<R>) => Promise<R>;

export interface SweepOptions {
  readonly signal?: AbortSignal;
  /** Default: a transaction of its own for each source. */
  readonly transact?: Transact;
}
