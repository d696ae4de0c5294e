/** What the customer reads: pure. The channel's template holds the frame; this gives its three fields. */
import type { Millis } from '../../model/time.ts';
import type { OutgoingMessage } from './ports.ts';
import { localText } from './quiet-hours.ts';

export interface Composable {
  readonly id: string;
  readonly recipient: string;
  readonly language: string;
  readonly timezone: string;
  readonly headline: string;
  readonly body: string;
  readonly deadline: Millis | null;
}

export const composeMessage = (alert: Composable, attempt: number): OutgoingMessage => ({
  to: alert.recipient,
  language: alert.language,
  headline: alert.headline,
  body: alert.body,
  deadline: alert.deadline === null ? 'no fixed deadline' : localText(alert.deadline, alert.timezone),
  opaque: `${alert.id}:${attempt}`,
});

const OPAQUE = /^(alr_[0-9a-f]{24}):(\d{1,6})$/;

/** Alert and attempt of what the channel echoed, or null when it is not ours. */
export function parseOpaque(opaque: string | null): { readonly alertId: string; readonly n: number } | null {
  const m = opaque === null ? null : OPAQUE.exec(opaque);
  return m ? { alertId: m[1]!, n: Number(m[2]) } : null;
}
