/** The desk's own template, as it must be filed in the WhatsApp Manager: one name, one body a language, the same three fields. */
import type { TwinTemplate } from './twin-send.ts';

const NAME = 'risk_decision';
const template = (language: string, body: string): TwinTemplate => Object.freeze({ name: NAME, languages: Object.freeze([language]), body });

export const ALERT_TEMPLATE: TwinTemplate = template('en', '*{{1}}*\n\n{{2}}\n\nDecide before: {{3}}\n\nReply 1 if you have acted, 2 if you decline, 3 to be called.');

export const ALERT_TEMPLATES: readonly TwinTemplate[] = Object.freeze([
  ALERT_TEMPLATE,
  template('vi', '*{{1}}*\n\n{{2}}\n\nQuyết định trước: {{3}}\n\nTrả lời 1 nếu bạn đã thực hiện, 2 nếu từ chối, 3 để được gọi lại.'),
  template('zh_CN', '*{{1}}*\n\n{{2}}\n\n请在此之前决定：{{3}}\n\n已执行请回复 1，拒绝请回复 2，需要致电请回复 3。'),
  template('es', '*{{1}}*\n\n{{2}}\n\nDecida antes de: {{3}}\n\nResponda 1 si ya ha actuado, 2 si lo rechaza, 3 para que le llamemos.'),
]);

/** As WhatsApp writes them; the first is the one that all others fall back to. */
export const TEMPLATE_LANGUAGES: readonly [string, ...string[]] = Object.freeze(['en', 'vi', 'zh_CN', 'es'] as const);
