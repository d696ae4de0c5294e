/** What the customer reads: pure. The channel's template holds the frame; this gives its three fields. */
import type { Millis } from '../../model/time.ts';
import { languageOf, type Language } from '../../model/written.ts';
import type { OutgoingMessage, Severity } from './ports.ts';
import { localText } from './quiet-hours.ts';

export interface Composable {
  readonly id: string;
  readonly decisionId: string;
  readonly language: string;
  readonly timezone: string;
  readonly headline: string;
  readonly body: string;
  readonly deadline: Millis | null;
  readonly severity: Severity;
  readonly createdAt: Millis;
}

/** The stage's own words; the channel's frame around them is `venues/sending`. */
const NO_DEADLINE: Readonly<Record<Language, string>> = Object.freeze({ en: 'no fixed deadline', vi: 'không có hạn chót cố định', zh: '无固定截止时间', es: 'sin plazo fijo', 'es-MX': 'sin plazo fijo' });

/** @param to the contact's address @param publicUrl where the console is reached, or null */
export const composeMessage = (alert: Composable, to: string, attempt: number, publicUrl: string | null): OutgoingMessage => ({
  to,
  language: alert.language,
  headline: alert.headline,
  body: alert.body,
  deadline: alert.deadline === null ? NO_DEADLINE[languageOf(alert.language)] : localText(alert.deadline, alert.timezone, alert.language),
  severity: alert.severity,
  link: linkTo(publicUrl, `/decisions/${alert.decisionId}`),
  opaque: opaqueOf(alert, attempt),
});

export const linkTo = (publicUrl: string | null, path: string): string | null => (publicUrl === null ? null : `${publicUrl.replace(/\/+$/, '')}${path}`);

/** With the time of creation, because a replay that is played again makes alerts of the same ids. */
export const opaqueOf = (alert: Pick<Composable, 'id' | 'createdAt'>, attempt: number): string => `${alert.id}:${attempt}:${alert.createdAt}`;

const OPAQUE = /^(alr_[0-9a-f]{24}):(\d{1,6}):(\d{1,15})$/;

/** Alert and attempt of what the channel echoed, or null when it is not ours. */
export function parseOpaque(opaque: string | null): { readonly alertId: string; readonly n: number; readonly createdAt: Millis } | null {
  const m = opaque === null ? null : OPAQUE.exec(opaque);
  return m ? { alertId: m[1]!, n: Number(m[2]), createdAt: Number(m[3]) } : null;
}
