/** WhatsApp Cloud API, sending side: one template message a call, never repeated by itself. Webhooks are `webhook.ts`. */
import { z } from 'zod';
import type { Outbound } from '../../kernel/outbound/types.ts';
import { meaningOf } from './codes.ts';

export interface WhatsAppSettings {
  /** `https://graph.facebook.com`, or a twin's address. */
  readonly baseUrl: string;
  /** `v23.0`. */
  readonly apiVersion: string;
  readonly phoneNumberId: string;
  readonly accessToken: string;
  /** For one call. Default 10,000. Must stay below the window in which the stage waits for proof of a lost reply. */
  readonly deadlineMs?: number;
}

export interface TemplateMessage {
  /** E.164. */
  readonly to: string;
  readonly template: string;
  /** One in which the template is approved: `en`, `en_US`. */
  readonly language: string;
  /** `{{1}}`, `{{2}}`, … of the template's body. */
  readonly parameters: readonly string[];
  /** Echoed in every status webhook of this message; at most 512 characters. */
  readonly opaque: string;
}

export interface WhatsAppClient {
  /**
   * @returns WhatsApp's id of the message; it is accepted then, not delivered
   * @throws CodedError of the outbound call: VENUE_REFUSED with WhatsApp's code in `facts.venue_code`, VENUE_RATE_LIMITED,
   *   VENUE_CIRCUIT_OPEN, and VENUE_TIMEOUT or VENUE_FAILED, after which the message may have been accepted
   */
  sendTemplate(message: TemplateMessage): Promise<{ readonly wamid: string }>;
}

const accepted = z.looseObject({ messages: z.array(z.looseObject({ id: z.string().min(1) })).min(1) });
const refused = z.looseObject({ error: z.looseObject({ code: z.number().int(), message: z.string().default('') }) });

/** WhatsApp being busy or broken counts against its health; a wrong request of ours does not. */
const OF_THE_VENUE = new Set(['1', '2', '131000', '131016', '131057']);

export function createWhatsAppClient(outbound: Outbound, settings: WhatsAppSettings): WhatsAppClient {
  const url = `${settings.baseUrl.replace(/\/+$/, '')}/${settings.apiVersion}/${encodeURIComponent(settings.phoneNumberId)}/messages`;
  return {
    async sendTemplate(message) {
      const reply = await outbound.json(
        { provider: 'whatsapp', operation: 'messages.send', idempotent: false, deadlineMs: settings.deadlineMs ?? 10_000 },
        { url, method: 'POST', headers: { authorization: `Bearer ${settings.accessToken}` }, body: bodyOf(message), maxBytes: 64 * 1_024, fault: readFault },
        (body) => accepted.parse(body),
      );
      return { wamid: reply.messages[0]!.id };
    },
  };
}

const bodyOf = (m: TemplateMessage): object => ({
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: m.to.replace(/^\+/, ''),
  type: 'template',
  template: {
    name: m.template,
    language: { code: m.language },
    components: [{ type: 'body', parameters: m.parameters.map((text) => ({ type: 'text', text: fieldText(text) })) }],
  },
  biz_opaque_callback_data: m.opaque,
});

/** A template's field takes no line breaks, tabs or more than four blanks in a row (132012), and 1,024 characters at most. */
export function fieldText(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const flat = lines.join(' · ').replace(/\t/g, ' ').replace(/ {4,}/g, '   ').trim();
  return flat === '' ? '–' : flat.length <= 1_024 ? flat : `${flat.slice(0, 1_023)}…`;
}

function readFault(_status: number, body: unknown): { venueCode: string; message: string; retryable: boolean; countsForBreaker: boolean } | undefined {
  const parsed = refused.safeParse(body);
  if (!parsed.success) return undefined;
  const venueCode = String(parsed.data.error.code);
  return { venueCode, message: meaningOf(venueCode).message, retryable: false, countsForBreaker: OF_THE_VENUE.has(venueCode) };
}
