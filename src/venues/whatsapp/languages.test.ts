/** One template a language, and English where WhatsApp says that a language’s is missing. And each code with the reaction that the provider’s page asks for. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OutgoingMessage } from '../../flow/alerts/ports.ts';
import { ALERT_TEMPLATES, createWhatsAppClient, startWhatsAppTwin, TEMPLATE_LANGUAGES, whatsAppChannel } from './index.ts';
import { meaningOf } from './codes.ts';
import { realOutbound } from './test-support/real-outbound.ts';
import type { TwinTemplate } from './twin-send.ts';

const ACCOUNT = { accessToken: 'token', phoneNumberId: '1066', appSecret: 'secret' };
const MESSAGE: OutgoingMessage = { to: '+84901234567', language: 'en', headline: 'Head', body: 'Body', deadline: 'Monday', severity: 'high', link: null, opaque: 'mark' };

async function phone(templates: readonly TwinTemplate[] = ALERT_TEMPLATES) {
  const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath: join(mkdtempSync(join(tmpdir(), 'bw-phone-')), 'phone.ndjson'), templates });
  const channel = whatsAppChannel(createWhatsAppClient(realOutbound(), { ...ACCOUNT, baseUrl: twin.url, apiVersion: 'v23.0' }), { name: 'risk_decision', languages: TEMPLATE_LANGUAGES });
  return { twin, channel, [Symbol.asyncDispose]: () => twin.close() };
}

test('each customer reads the frame in their own language', async () => {
  await using p = await phone();
  for (const language of ['en-GB', 'vi', 'zh', 'zh-CN', 'es-MX', 'fr']) assert.equal((await p.channel.send({ ...MESSAGE, language })).kind, 'accepted', language);
  assert.deepEqual(p.twin.messages().map((m) => m.language), ['en', 'vi', 'zh_CN', 'zh_CN', 'es', 'en']);
  assert.match(p.twin.messages()[1]!.text, /Quyết định trước: Monday/);
  for (const { body } of ALERT_TEMPLATES) assert.deepEqual(body.match(/\{\{\d\}\}/g), ['{{1}}', '{{2}}', '{{3}}']);
});

test('a template that is missing in a language falls back to English, once, and any other refusal does not', async () => {
  await using p = await phone(ALERT_TEMPLATES.filter((t) => !t.languages.includes('vi')));
  assert.equal((await p.channel.send({ ...MESSAGE, language: 'vi' })).kind, 'accepted');
  assert.deepEqual([p.twin.messages().map((m) => m.language), p.twin.counters().total], [['en'], 2]);
  p.twin.script.set({ refuse: [132_015] });
  const paused = await p.channel.send({ ...MESSAGE, language: 'es' });
  assert.deepEqual([paused.kind === 'refused' && paused.refusal.code, p.twin.counters().total], ['132015', 3]);
  await using none = await phone([]);
  const missing = await none.channel.send({ ...MESSAGE, language: 'vi' });
  assert.deepEqual([missing.kind === 'refused' && [missing.refusal.code, missing.refusal.reaction], none.twin.counters().total], [['132001', 'give_up'], 2]);
});

test('each code asks for what the provider’s page says', () => {
  const expected = { 130429: 'back_off', 131056: 'delay_recipient', 131049: 'give_up', 131026: 'give_up', 131047: 'give_up', 131048: 'hold_channel', 132000: 'give_up', 132001: 'give_up', 132015: 'give_up', 190: 'hold_channel' } as const;
  for (const [code, reaction] of Object.entries(expected)) assert.equal(meaningOf(code).reaction, reaction, code);
});
