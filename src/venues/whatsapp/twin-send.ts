/** Reads a send as the Cloud API does: what it takes, and with which code it refuses the rest. Pure. */
import { z } from 'zod';

export interface TwinTemplate {
  readonly name: string;
  readonly languages: readonly string[];
  /** With `{{1}}`, `{{2}}`, … for its fields. */
  readonly body: string;
}

export type ReadSend =
  | { readonly kind: 'refused'; readonly code: number; readonly details: string }
  | {
      readonly kind: 'taken';
      readonly to: string;
      readonly opaque: string | null;
      readonly message: { readonly to: string; readonly opaque: string | null; readonly template: string; readonly language: string; readonly parameters: string[]; readonly text: string };
    };

const parameter = z.object({ type: z.literal('text'), text: z.string() });

const send = z.object({
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual').optional(),
  to: z.string().regex(/^\+?[1-9]\d{6,14}$/),
  type: z.literal('template'),
  template: z.object({
    name: z.string(),
    language: z.object({ code: z.string() }),
    components: z.array(z.object({ type: z.literal('body'), parameters: z.array(parameter) })).max(1).default([]),
  }),
  biz_opaque_callback_data: z.string().max(512).optional(),
});

const refused = (code: number, details: string): ReadSend => ({ kind: 'refused', code, details });

const FIELD_MAX = 1_024;

export function readSend(body: string, templates: readonly TwinTemplate[]): ReadSend {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refused(100, 'The body is not JSON');
  }
  const parsed = send.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const missing = issue.code === 'invalid_type' && issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], json) === undefined;
    return refused(missing ? 131_008 : 131_009, `${issue.path.join('.') || 'body'}: ${issue.message}`);
  }
  const { template, to } = parsed.data;
  const known = templates.find((t) => t.name === template.name && t.languages.includes(template.language.code));
  if (!known) return refused(132_001, `Template name (${template.name}) does not exist in ${template.language.code}`);
  const parameters = template.components[0]?.parameters.map((p) => p.text) ?? [];
  const fields = new Set(known.body.match(/\{\{\d+\}\}/g)).size;
  if (parameters.length !== fields) return refused(132_000, `body: number of localizable_params (${parameters.length}) does not match the expected number of params (${fields})`);
  if (parameters.some((text) => /[\n\t]| {5}/.test(text) || text === '')) return refused(132_012, 'Param text cannot be empty or have new-line/tab characters or more than 4 consecutive spaces');
  if (parameters.some((text) => text.length > FIELD_MAX)) return refused(132_005, 'Translated text too long');
  const digits = to.replace('+', '');
  const opaque = parsed.data.biz_opaque_callback_data ?? null;
  const text = known.body.replace(/\{\{(\d+)\}\}/g, (_, n: string) => parameters[Number(n) - 1] ?? '');
  if (text.length > FIELD_MAX) return refused(132_005, 'Translated text too long');
  return { kind: 'taken', to: digits, opaque, message: { to: digits, opaque, template: template.name, language: template.language.code, parameters, text } };
}
