/** WhatsApp's webhooks: the handshake, the signature over the raw bytes, and what the events say. What they mean is the stage's. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { INSTANT_MAX } from '../../model/storable.ts';
import { isSameSecret } from '../../kernel/secrets/same-secret.ts';
import { deterministicId } from '../../model/ids.ts';
import type { DeliveryWebhook, ReplyEvent, StatusEvent } from '../../flow/alerts/ports.ts';
import { parseReceived } from '../sending/index.ts';
import { refusalOf } from './channel.ts';

export interface WebhookSettings {
  readonly verifyToken: string;
  readonly appSecret: string;
}

export function createWhatsAppWebhook(settings: WebhookSettings): DeliveryWebhook {
  const isProved = (raw: Buffer, signature: string | undefined): boolean =>
    signature !== undefined && isSameSecret(signature, signatureOf(raw, settings.appSecret));
  return {
    isProved,
    handshake(query) {
      const challenge = query['hub.challenge'];
      const ours = query['hub.mode'] === 'subscribe' && typeof query['hub.verify_token'] === 'string' && isSameSecret(query['hub.verify_token'], settings.verifyToken);
      return ours && typeof challenge === 'string' && challenge.length <= 1_000 ? challenge : null;
    },
    read(raw, signature) {
      if (!isProved(raw, signature)) return { kind: 'forged' };
      return readEvents(raw.toString('utf8'));
    },
  };
}

/** The value of `X-Hub-Signature-256` for a body. */
export const signatureOf = (raw: Buffer | string, appSecret: string): string => `sha256=${createHmac('sha256', appSecret).update(raw).digest('hex')}`;

const envelope = z.looseObject({
  entry: z.array(z.looseObject({ changes: z.array(z.looseObject({ field: z.string().optional(), value: z.looseObject({ statuses: z.array(z.unknown()).optional(), messages: z.array(z.unknown()).optional() }) })) })),
});

const seconds = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform((text) => Number(text) * 1_000)
  .refine((at) => at <= INSTANT_MAX);

const status = z.looseObject({
  id: z.string().min(1).max(512),
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  timestamp: seconds,
  biz_opaque_callback_data: z.string().max(512).optional(),
  errors: z.array(z.looseObject({ code: z.number().int() })).optional(),
});

const reply = z.looseObject({
  id: z.string().min(1).max(512),
  from: z.string().regex(/^\d{6,15}$/),
  timestamp: seconds,
  type: z.string().max(50),
  text: z.looseObject({ body: z.string() }).optional(),
  button: z.looseObject({ payload: z.string().optional(), text: z.string() }).optional(),
  interactive: z.looseObject({ button_reply: z.looseObject({ id: z.string(), title: z.string() }).optional() }).optional(),
  context: z.looseObject({ id: z.string().optional() }).optional(),
});

function readEvents(text: string): ReturnType<DeliveryWebhook['read']> {
  let body: unknown;
  try {
    body = parseReceived(text);
  } catch {
    return { kind: 'unreadable', detail: 'The body is not JSON' };
  }
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return { kind: 'unreadable', detail: `entry[].changes[].value is expected: ${parsed.error.issues[0]?.path.join('.') ?? ''}` };
  const events: (StatusEvent | ReplyEvent)[] = [];
  let skipped = 0;
  for (const { value } of parsed.data.entry.flatMap((entry) => entry.changes)) {
    for (const item of [...(value.statuses ?? []).map(readStatus), ...(value.messages ?? []).map(readReply)]) {
      if (item) events.push(item);
      else skipped += 1;
    }
  }
  return { kind: 'events', events, skipped };
}

function readStatus(item: unknown): StatusEvent | null {
  const parsed = status.safeParse(item);
  if (!parsed.success) return null;
  const s = parsed.data;
  const code = s.errors?.[0]?.code;
  return {
    kind: 'status',
    id: deterministicId('wev', s.id, s.status, s.timestamp, code ?? null),
    providerId: s.id,
    opaque: s.biz_opaque_callback_data ?? null,
    status: s.status,
    at: s.timestamp,
    refusal: s.status === 'failed' && code !== undefined ? refusalOf(String(code)) : null,
    payload: item as object,
  };
}

function readReply(item: unknown): ReplyEvent | null {
  const parsed = reply.safeParse(item);
  if (!parsed.success) return null;
  const m = parsed.data;
  const text = m.text?.body ?? m.button?.payload ?? m.button?.text ?? m.interactive?.button_reply?.id ?? `[${m.type}]`;
  return { kind: 'reply', id: m.id, from: `+${m.from}`, text, inReplyTo: m.context?.id ?? null, at: m.timestamp, payload: item as object };
}
