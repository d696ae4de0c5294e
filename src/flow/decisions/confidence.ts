/** How far a decision may be trusted, why, and when a person must look. Never how likely the event is. */
import { usd, type Micros } from '../../model/money.ts';
import type { Assessment } from './assess.ts';
import type { FreightRate } from './inputs.ts';
import { PARAMETERS } from './settings.ts';

export type ConfidenceReason = 'judged_link' | 'wide_link' | 'sources_disagree' | 'short_record' | 'default_freight';
/** Why a person must look, with the figures that say so. */
export type Escalation =
  | { readonly kind: 'large_and_unsure'; readonly exposure: Micros; readonly confidence: number }
  /** Two live claims on one event, both put to the pooling horizon. */
  | { readonly kind: 'sources_disagree'; readonly event: string; readonly low: number; readonly high: number; readonly horizonDays: number }
  | { readonly kind: 'short_record'; readonly points: number; readonly days: number };
export type Severity = 'low' | 'medium' | 'high' | 'critical';

export interface Trust {
  /** 0…1. */
  readonly confidence: number;
  readonly reasons: readonly ConfidenceReason[];
  /** What the risk's own stage says of its data. */
  readonly dataReasons: readonly string[];
  readonly escalations: readonly Escalation[];
}

/** The data's confidence (of the likeliest risk) times one factor for each weakness. */
export function trustIn(a: Pick<Assessment, 'prepared' | 'world'>, freight: FreightRate | null, exposure: Micros): Trust {
  const main = a.prepared[a.world.dominant]!;
  const reasons: ConfidenceReason[] = [];
  let confidence = main.risk.confidence;
  const weakens = (reason: ConfidenceReason, factor: number, when: boolean): void => {
    if (!when) return;
    reasons.push(reason);
    confidence *= factor;
  };
  const basis = main.risk.basis;
  const disagree = main.disagreement > PARAMETERS.disagreementLogit;
  const { recordLength: points, recordDays: days = 0 } = main.risk;
  // Of what has been seen or has happened there is no forecast to keep a record of.
  const short = basis.kind === 'forecast' && points < PARAMETERS.shortRecord && days < PARAMETERS.shortRecordDays;
  weakens('judged_link', PARAMETERS.judgedLinkConfidence, /judg(e)?ment/i.test(main.risk.linkSource));
  weakens('wide_link', PARAMETERS.wideLinkConfidence, basis.kind !== 'observed' && basis.harmGivenEvent.high - basis.harmGivenEvent.low > 0.3);
  weakens('sources_disagree', PARAMETERS.disagreementConfidence, disagree);
  weakens('short_record', PARAMETERS.shortRecordConfidence, short);
  weakens('default_freight', PARAMETERS.defaultFreightConfidence, freight === null);
  const escalations: Escalation[] = [];
  if (exposure >= usd(PARAMETERS.escalateExposureUsd) && confidence < PARAMETERS.escalateConfidence) escalations.push({ kind: 'large_and_unsure', exposure, confidence });
  if (disagree) escalations.push({ kind: 'sources_disagree', event: main.risk.event, low: main.lowest, high: main.highest, horizonDays: PARAMETERS.poolingHorizonDays });
  if (short) escalations.push({ kind: 'short_record', points, days });
  return { confidence, reasons, dataReasons: main.risk.confidenceReasons, escalations };
}

/** By the expected cost of doing nothing. */
export function severityOf(expectedCostOfProceeding: Micros): Severity {
  if (expectedCostOfProceeding >= usd(PARAMETERS.severityCriticalUsd)) return 'critical';
  if (expectedCostOfProceeding >= usd(PARAMETERS.severityHighUsd)) return 'high';
  return expectedCostOfProceeding >= usd(PARAMETERS.severityMediumUsd) ? 'medium' : 'low';
}
