/** WhatsApp as a message channel: fills the template, and turns every failure into what is known of the message and what to do. */
import { isCodedError, type CodedError } from '../../kernel/errors/index.ts';
import type { MessageChannel, OutgoingMessage, Refusal, SendOutcome } from '../../flow/alerts/ports.ts';
import type { TemplateMessage, WhatsAppClient } from './client.ts';
import { meaningOf } from './codes.ts';

export interface TemplateSettings {
  /** Approved in the WhatsApp Manager with three fields in its body: headline, what to know, deadline. */
  readonly name: string;
  /** Languages in which it is approved; the first is taken for all others. */
  readonly languages: readonly [string, ...string[]];
}

export function whatsAppChannel(client: WhatsAppClient, template: TemplateSettings): MessageChannel {
  return {
    name: 'whatsapp',
    async send(message) {
      try {
        const { wamid } = await client.sendTemplate(filled(message, template));
        return { kind: 'accepted', providerId: wamid };
      } catch (error) {
        return isCodedError(error) ? outcomeOf(error) : { kind: 'unknown', code: 'INTERNAL', message: 'The WhatsApp client broke in the call' };
      }
    },
  };
}

const filled = (m: OutgoingMessage, template: TemplateSettings): TemplateMessage => ({
  to: m.to,
  template: template.name,
  language: languageFor(m.language, template.languages),
  parameters: [m.headline, m.body, m.deadline],
  opaque: m.opaque,
});

/** The customer's own (`pt-BR` is `pt_BR` there), else its base (`pt`) or a sister (`pt_PT`), else the first. */
export function languageFor(wanted: string, offered: readonly [string, ...string[]]): string {
  const exact = wanted.replace('-', '_');
  const base = exact.split('_')[0]!;
  return offered.find((l) => l === exact) ?? offered.find((l) => l === base) ?? offered.find((l) => l.startsWith(`${base}_`)) ?? offered[0];
}

/** A refusal with a code of WhatsApp's, for a reply and for a `failed` webhook alike. */
export function refusalOf(venueCode: string, retryAfterMs?: number | null): Refusal {
  const meaning = meaningOf(venueCode);
  const wait = Math.max(meaning.retryAfterMs ?? 0, retryAfterMs ?? 0);
  return { code: venueCode, message: meaning.message, reaction: meaning.reaction, retryAfterMs: wait === 0 ? null : wait, counts: true };
}

/**
 * What is certain: WhatsApp's own code, an open breaker, a limit and a connection that was never made sent nothing.
 * A code that is no number is the network's (`ECONNRESET`) or the reader's (`MALFORMED_JSON`): then nothing is certain.
 */
function outcomeOf(error: CodedError): SendOutcome {
  const venueCode = String(error.occurrence.facts?.['venue_code'] ?? '');
  const retryAfterMs = error.occurrence.retryAfterSeconds === undefined ? null : error.occurrence.retryAfterSeconds * 1_000;
  if (/^\d+$/.test(venueCode)) return { kind: 'refused', refusal: refusalOf(venueCode, retryAfterMs) };
  const refused = (message: string, refusal: Partial<Refusal>): SendOutcome => ({ kind: 'refused', refusal: { code: error.code, message, reaction: 'back_off', retryAfterMs, counts: false, ...refusal } });
  if (error.code === 'VENUE_CIRCUIT_OPEN') {
    return refused('The breaker “whatsapp” is open after repeated failures: see /health/circuit-breakers', { reaction: 'hold_channel', retryAfterMs: retryAfterMs ?? UNREACHABLE_HOLD_MS });
  }
  if (error.code === 'VENUE_RATE_LIMITED') return refused('Too many calls to WhatsApp', {});
  if (NO_CONNECTION.has(venueCode)) return refused('WhatsApp cannot be reached from this machine', { reaction: 'hold_channel', retryAfterMs: UNREACHABLE_HOLD_MS });
  if (error.code === 'VENUE_REFUSED') return refused('WhatsApp refused without a code', { counts: true });
  return { kind: 'unknown', code: error.code, message: error.code === 'VENUE_TIMEOUT' ? 'WhatsApp did not answer in time' : 'The call to WhatsApp broke off' };
}

/** Where nothing passes, one alert in a while finds out whether it does again. */
const UNREACHABLE_HOLD_MS = 15_000;

/** Codes of a connection that was never made. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
