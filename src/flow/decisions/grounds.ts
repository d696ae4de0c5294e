/**
 * What all decisions of one evaluation at one passage, or at the same passages of a corridor, rest on alike: the risks, prepared once; the evidence; the causal chain up to the ship.
 * Kept once under a content hash; each decision refers to it. Not here: anything of one shipment.
 */
import { contentHash, type Json } from '../../model/ids.ts';
import type { Millis } from '../../model/time.ts';
import type { Shared } from './compact.ts';
import type { DecisionContent } from './content.ts';
import { partsOf, type Part } from './corridor.ts';
import { riskWindow, type Window } from './exposure.ts';
import { medianDraw, prepareRisk, type PreparedRisk, type RiskDraw } from './hit-probability.ts';
import type { EventRisk, Evidence } from './inputs.ts';
import { componentWords } from './option-views.ts';
import { normalRisks, uniqueBy } from './record.ts';
import { riskDraws } from './uncertain.ts';
import type { Texts } from './texts/texts.ts';

export type Chain = DecisionContent['causal_chain'];
export type InputList = DecisionContent['inputs'];

export interface Grounds {
  /** Normal, as `normalRisks` gives them. */
  readonly risks: readonly EventRisk[];
  readonly risksHash: string;
  /** The risks that still speak, in the order of their ids. */
  readonly prepared: readonly PreparedRisk[];
  /** The same by passage. */
  readonly parts: readonly Part[];
  readonly medians: readonly RiskDraw[];
  /** For the interval: at each of its points one draw a risk. */
  readonly draws: readonly (readonly RiskDraw[])[];
  /** When each can hit, for exposure: of the risks of one passage. */
  readonly windows: readonly Window[];
  readonly evidence: readonly Evidence[];
  readonly inputs: InputList;
  /** From what was read, by the link, to the passage: each step with its evidence or its source. */
  chain(texts: Texts): Chain;
}

export function groundsOf(given: readonly EventRisk[], asOf: Millis): Grounds {
  const risks = normalRisks(given);
  const prepared = risks.flatMap((risk) => prepareRisk(risk, asOf) ?? []);
  const evidence = uniqueBy(risks.flatMap((r) => r.evidence), (e) => `${e.kind} ${e.id}`);
  const chains = new Map<string, Chain>();
  let draws: Grounds['draws'] | undefined;
  return {
    risks,
    risksHash: contentHash(risks as unknown as Json),
    prepared,
    parts: partsOf(prepared),
    medians: prepared.map((p) => medianDraw(p.risk)),
    get draws() {
      return (draws ??= riskDraws(prepared.map((p) => p.risk)));
    },
    windows: risks.flatMap((risk) => riskWindow(risk, asOf) ?? []),
    evidence,
    inputs: evidence.map(({ kind, id, hash }) => ({ kind, id, hash })),
    chain(texts) {
      let chain = chains.get(texts.language);
      if (!chain) chains.set(texts.language, (chain = chainOf(prepared, texts)));
      return chain;
    },
  };
}

function chainOf(prepared: readonly PreparedRisk[], texts: Texts): Chain {
  return prepared.flatMap(({ risk, eventProbability }): Chain => {
    const read = risk.evidence.map((e) => ({ statement: texts.evidence(e.statement), probability: e.probability, source: e.kind === 'link' ? texts.source(e.source) : e.source, evidence_id: e.id }));
    const told = texts.chain(risk.chokepoint, risk, eventProbability).map((step) => ({ ...step, evidence_id: null }));
    return [...read, ...told];
  });
}

/** The grounds as they are kept; the hash tells them from others. */
export interface KeptGrounds extends Shared {
  readonly hash: string;
  readonly risks: readonly EventRisk[];
  /** Of `words`. */
  readonly places: ReadonlyMap<string, number>;
}

export function keptGrounds(g: Grounds, texts: Texts): KeptGrounds {
  const words = componentWords(texts);
  const parts = { risks: g.risks, causal_chain: g.chain(texts), inputs: g.inputs, words };
  return { hash: contentHash(parts as unknown as Json), ...parts, places: new Map(words.map((word, i) => [word, i])) };
}
