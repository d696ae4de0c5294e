/** WhatsApp as a message channel: fills the template, and turns every failure into what is known of the message and what to do. */
import type { MessageChannel, OutgoingMessage, Refusal } from '../../flow/alerts/ports.ts';
import { isCodedError } from '../../kernel/errors/index.ts';
import { cut, outcomeOf, type FailedCall, type SendingVenue } from '../sending/index.ts';
import { fieldText, type TemplateMessage, type WhatsAppClient } from './client.ts';
import { meaningOf } from './codes.ts';

export interface TemplateSettings {
  /** Approved in the WhatsApp Manager with three fields in its body: headline, what to know, deadline. */
  readonly name: string;
  /** Languages in which it is filed; the first is taken for all others, and where WhatsApp says that one of the others is missing. */
  readonly languages: readonly [string, ...string[]];
}

export function whatsAppChannel(client: WhatsAppClient, template: TemplateSettings): MessageChannel {
  return {
    name: 'whatsapp',
    confirms: 'read',
    async send(message) {
      const wanted = filled(message, template);
      const fallback = template.languages[0];
      try {
        const { wamid } = await client.sendTemplate(wanted).catch((error: unknown) => {
          // Refused for certain, so this is the first message that may arrive, not a repeat.
          if (!isMissingTemplate(error) || wanted.language === fallback) throw error;
          return client.sendTemplate({ ...wanted, language: fallback });
        });
        return { kind: 'accepted', providerId: wamid };
      } catch (error) {
        return outcomeOf(error, WHATSAPP);
      }
    },
  };
}

/** 132001: there is no such template in this language, or it is not approved there. */
const isMissingTemplate = (error: unknown): boolean => isCodedError(error) && error.occurrence.facts?.['venue_code'] === '132001';

/**
 * Of a template's body once it is filled (132005 beyond it). Vendors differ on whether the fields count; the strict reading is the safe one:
 * a message that is refused tells nobody anything.
 */
const FILLED_MAX = 1_024;
/** For the template's own words; the desk's has 125 at most. */
const FRAME_MAX = 160;

/** Longer than any that the desk writes. */
const HEADLINE_MAX = 320;
const DEADLINE_MAX = 100;

function filled(m: OutgoingMessage, template: TemplateSettings): TemplateMessage {
  const headline = cut(fieldText(m.headline), HEADLINE_MAX);
  const deadline = cut(fieldText(m.deadline), DEADLINE_MAX);
  const room = FILLED_MAX - FRAME_MAX - headline.length - deadline.length;
  return { to: m.to, template: template.name, language: languageFor(m.language, template.languages), parameters: [headline, cut(fieldText(m.body), room), deadline], opaque: m.opaque };
}

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

/** A code that is no number is the network's (`ECONNRESET`) or the reader's (`MALFORMED_JSON`). */
const WHATSAPP: SendingVenue = Object.freeze({
  title: 'WhatsApp',
  breaker: 'whatsapp',
  outage: 'hold_channel',
  refusal: ({ venueCode, retryAfterMs }: FailedCall) => (/^\d+$/.test(venueCode) ? refusalOf(venueCode, retryAfterMs) : null),
});
