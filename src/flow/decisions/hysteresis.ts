/** When a computed decision is a new decision: the action changes, the deadline moves, or the cost leaves its band. Nobody is told the same thing twice. */
import { HOUR_MS, type Millis } from '../../model/time.ts';
import type { Action } from './options/index.ts';
import { USD } from './options/loss-if-hit.ts';
import { PARAMETERS } from './settings.ts';

export interface Standing {
  readonly action: Action;
  readonly deadline: Millis | null;
  /** Micros, as a double. */
  readonly expectedCost: number;
  readonly ruleVersion: string;
}

/** `passage`: the one that led lies behind, or nothing is said of it any more; the rest of its corridor still asks for a decision. */
export type Movement = 'action' | 'deadline' | 'cost' | 'rule' | 'passage';

/** @returns why the new one supersedes the standing one, or null: it stands */
export function movement(standing: Standing, now: Standing): Movement | null {
  if (standing.action !== now.action) return 'action';
  if (deadlineMoved(standing.deadline, now.deadline)) return 'deadline';
  const share = now.action === 'proceed' ? PARAMETERS.proceedBandShare : PARAMETERS.costBandShare;
  const band = Math.max(PARAMETERS.costBandUsd * USD, share * standing.expectedCost);
  if (Math.abs(now.expectedCost - standing.expectedCost) > band) return 'cost';
  return standing.ruleVersion === now.ruleVersion ? null : 'rule';
}

function deadlineMoved(before: Millis | null, after: Millis | null): boolean {
  if (before === null || after === null) return before !== after;
  return Math.abs(after - before) > PARAMETERS.deadlineMoveHours * HOUR_MS;
}
