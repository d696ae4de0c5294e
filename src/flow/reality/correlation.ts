/** What is predicted against what is observed: one status a passage. Pure; the thresholds are data with the stage's rules version. */

export const CHOKEPOINT_STATUSES = Object.freeze(['NORMAL', 'PREDICTED_NOT_OBSERVED', 'MATERIALIZING', 'CONFIRMED', 'SURPRISE'] as const);
export type ChokepointStatus = (typeof CHOKEPOINT_STATUSES)[number];

export const THRESHOLDS = Object.freeze({
  /** A market prices disruption (or the event that may bring it) at even odds or more. The earlier desk's figure, kept. */
  predictedProbability: 0.5,
  /**
   * What was predicted stays predicted for this long, before an alarm and after the event: when the event comes its market closes, and
   * the drop in traffic is published days later.
   */
  predictedDays: 30,
  /** A drop that counts as observed, together with a standing alarm. The alarm's own level of most passages. */
  observedDrop: 0.2,
  /** A drop that, with a prediction, is something happening even while the chart has not alarmed, provided that it is surely a drop. */
  materializingDrop: 0.25,
  /** Half of the traffic gone: what was predicted has come. */
  confirmedDrop: 0.5,
});

export interface Observed {
  /** An alarm of falling traffic stands. */
  readonly alarm: boolean;
  /** Share of the baseline's traffic that is missing, 0…1; 0 where nothing is followed. */
  readonly drop: number;
  /** Lower end of its 90 % interval. */
  readonly dropLow: number;
}

/**
 * CONFIRMED: predicted, and half of the traffic gone. MATERIALIZING: predicted, and an alarm or a clear drop.
 * PREDICTED_NOT_OBSERVED: predicted, and traffic holds. SURPRISE: an alarm that no market foresaw. Else NORMAL.
 * Total: every pair of inputs has one status (the earlier desk called a heavy drop at odds of 0.3–0.5 normal).
 */
export function correlate(predicted: boolean, { alarm, drop, dropLow }: Observed): ChokepointStatus {
  if (!predicted) return alarm && drop >= THRESHOLDS.observedDrop ? 'SURPRISE' : 'NORMAL';
  if (alarm && drop >= THRESHOLDS.confirmedDrop) return 'CONFIRMED';
  if (alarm || (drop >= THRESHOLDS.materializingDrop && dropLow > 0)) return 'MATERIALIZING';
  return 'PREDICTED_NOT_OBSERVED';
}
