/** A decision's inputs as canonical bytes: what is hashed, kept and read back, so that it can be computed again to the same bytes. */
import { canonicalJson, contentHash, deterministicId, type Json } from '../../model/ids.ts';
import type { DecisionContent } from './content.ts';
import type { DecisionInputs, EventRisk, Evidence } from './inputs.ts';

/** A decision with everything that it was computed from. */
export interface DecisionRecord {
  readonly id: string;
  readonly ruleVersion: string;
  /** As {@link inputsJson} gives it; after a round trip through JSON the same. */
  readonly inputs: Json;
  readonly content: DecisionContent;
}

/** The same risks whatever the order of arrival, each thing once: risks and evidence by id, claims by their evidence. */
export const normalRisks = (risks: readonly EventRisk[]): readonly EventRisk[] => uniqueBy(risks.map(normalRisk), (r) => r.id);

export const normalInputs = (inputs: DecisionInputs): DecisionInputs => ({ ...inputs, risks: normalRisks(inputs.risks) });

function normalRisk(risk: EventRisk): EventRisk {
  const basis = risk.basis.kind === 'forecast' ? { ...risk.basis, claims: uniqueBy(risk.basis.claims, (c) => c.evidenceId) } : risk.basis;
  return { ...risk, basis, evidence: uniqueBy(risk.evidence, (e) => e.id) };
}

/** Sorted by key, one a key; of two that differ under one key the one whose content sorts last, so that order does not decide. */
export function uniqueBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const k = key(item);
    const other = byKey.get(k);
    if (other === undefined || (other !== item && text(item) > text(other))) byKey.set(k, item);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

const text = (value: unknown): string => canonicalJson(value as Json);

export const inputsJson = (inputs: DecisionInputs): Json => inputs as unknown as Json;

/** What a decision keeps of its inputs for itself: the risks are kept with its grounds. */
export const ownInputsJson = ({ risks: _shared, ...own }: DecisionInputs): Json => own as unknown as Json;

/** Over everything that the decision was computed from; the risks come in by the hash that all decisions on them share. */
export const inputsHash = (inputs: DecisionInputs, risksHash: string): string => contentHash({ own: ownInputsJson(inputs), risks: risksHash });

/** Money comes back as bigint. The record was written by {@link inputsJson}: its shape is this program's own. */
export function inputsFromJson(json: Json): DecisionInputs {
  const raw = json as unknown as DecisionInputs;
  const { shipment } = raw;
  return {
    ...raw,
    shipment: {
      ...shipment,
      cargoValueMicros: BigInt(shipment.cargoValueMicros),
      penalty: { ...shipment.penalty, perDayMicros: BigInt(shipment.penalty.perDayMicros), capMicros: BigInt(shipment.penalty.capMicros) },
    },
  };
}

/** Everything that was read, each once, by id; the freight rate included. */
export function evidenceOf(inputs: Pick<DecisionInputs, 'risks' | 'freight'>): readonly Evidence[] {
  const all = [...inputs.risks.flatMap((r) => r.evidence), ...(inputs.freight ? [inputs.freight.evidence] : [])];
  return uniqueBy(all, (e) => `${e.kind} ${e.id}`);
}

/** The bytes that a replay must give again. */
export const canonicalContent = (content: DecisionContent): string => canonicalJson(content as unknown as Json);

export const decisionId = (content: Pick<DecisionContent, 'shipment_id' | 'chokepoint' | 'inputs_hash' | 'rule_version'>): string =>
  deterministicId('dec', content.shipment_id, content.chokepoint, content.inputs_hash, content.rule_version);

/** @param inputs normal: what `content` was computed from */
export function recordOf(inputs: DecisionInputs, content: DecisionContent): DecisionRecord {
  return { id: decisionId(content), ruleVersion: content.rule_version, inputs: inputsJson(inputs), content };
}
