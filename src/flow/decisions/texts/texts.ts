/** The words that a language must have. Every number in them is a fact; a text computes nothing. English is `en.ts`; others stand beside it. */
import type { ChokepointId } from '../../../model/place.ts';
import type { Millis } from '../../../model/time.ts';
import type { Language } from '../../../model/written.ts';
import type { Escalation } from '../confidence.ts';
import type { DecisionContent } from '../content.ts';
import type { CurvePoint, Facts } from '../facts.ts';
import type { EventRisk } from '../inputs.ts';
import type { Action, ComponentName } from '../options/index.ts';

/** One step of the causal chain that no piece of evidence states. */
export interface ChainStep {
  readonly statement: string;
  readonly probability: number | null;
  readonly source: string;
}

export interface Texts {
  readonly language: Language;
  readonly titles: Readonly<Record<Action, string>>;
  readonly components: Readonly<Record<ComponentName, string>>;
  /** Of components whose source is no coefficient. */
  readonly sources: { readonly penalty: string; readonly onward: string; readonly judgement: string };
  moment(ms: Millis): string;
  whyNot(code: string): string;
  cutOffReason(code: string): string;
  headline(f: Facts): string;
  deadlineReason(f: Facts): string;
  answers(f: Facts): DecisionContent['answers'];
  steps(f: Facts): readonly string[];
  curveNote(point: CurvePoint): string;
  confidenceReasons(f: Facts): readonly string[];
  /** One reason with its figures. */
  escalation(e: Escalation): string;
  /** All of them in one sentence; null without any. */
  escalated(all: readonly Escalation[]): string | null;
  /** What one risk claims of its passage: the same for all shipments there. @param eventProbability as pooled, or the share of traffic lost */
  chain(chokepoint: ChokepointId, risk: EventRisk, eventProbability: number): readonly ChainStep[];
  /** From the passage to this shipment. */
  ownChain(f: Facts): readonly ChainStep[];
  /** What a piece of evidence states, as its stage wrote it: in this language where it is known (`known.ts`), else quoted. */
  evidence(statement: string): string;
  /** Likewise of the name of a source. */
  source(name: string): string;
}
