/** A kept decision, computed again: the proof that it followed from what is kept with it. */
import { contentHash } from '../../model/ids.ts';
import { decide } from './decide.ts';
import { errors } from './errors.ts';
import { canonicalContent, inputsFromJson, type DecisionRecord } from './record.ts';
import { RULE_VERSION } from './settings.ts';

export interface Replay {
  /** Canonical JSON of the content. */
  readonly bytes: string;
  readonly hash: string;
  /** Whether they are the bytes that were kept. */
  readonly same: boolean;
}

/** @throws CodedError DECISION_RULE_UNKNOWN when the rules have changed since */
export function replayDecision(record: DecisionRecord): Replay {
  if (record.ruleVersion !== RULE_VERSION) {
    throw errors.DECISION_RULE_UNKNOWN({ detail: `made by ${record.ruleVersion}; this program holds ${RULE_VERSION}`, fix: 'Replay it with the release that made it' });
  }
  const content = decide(inputsFromJson(record.inputs));
  const bytes = content === null ? '' : canonicalContent(content);
  return { bytes, hash: contentHash(bytes), same: bytes === canonicalContent(record.content) };
}
