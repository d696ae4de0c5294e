/** The few words that a channel puts around a message, in the customer's language. What the message says is the stage's. */
import type { Severity } from '../../flow/alerts/ports.ts';

export interface FrameWords {
  /** For `lang`: BCP 47. */
  readonly tag: string;
  readonly decideBefore: string;
  readonly open: string;
  readonly severity: Readonly<Record<Severity, string>>;
  /** For 1, 2 and 3. */
  readonly answers: readonly [acted: string, declined: string, callMe: string];
  readonly noted: string;
  readonly automatic: string;
}

const en: FrameWords = Object.freeze({
  tag: 'en',
  decideBefore: 'Decide before',
  open: 'Open the decision',
  severity: { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' },
  answers: ['I have acted', 'I decline', 'Call me'] as const,
  noted: 'Noted',
  automatic: 'Sent automatically by Bellwether. Replies to this message are not read: answer in the decision.',
});

const vi: FrameWords = Object.freeze({
  tag: 'vi',
  decideBefore: 'Quyết định trước',
  open: 'Mở quyết định',
  severity: { low: 'Thấp', medium: 'Trung bình', high: 'Cao', critical: 'Nghiêm trọng' },
  answers: ['Tôi đã thực hiện', 'Tôi từ chối', 'Gọi cho tôi'] as const,
  noted: 'Đã ghi nhận',
  automatic: 'Bellwether gửi tự động. Thư trả lời không được đọc: hãy trả lời trong trang quyết định.',
});

const zh: FrameWords = Object.freeze({
  tag: 'zh-Hans',
  decideBefore: '请在此之前决定',
  open: '打开决策',
  severity: { low: '低', medium: '中', high: '高', critical: '严重' },
  answers: ['我已执行', '我拒绝', '请致电给我'] as const,
  noted: '已记录',
  automatic: '由 Bellwether 自动发送。对此邮件的回复无人查看：请在决策页面中答复。',
});

const es: FrameWords = Object.freeze({
  tag: 'es',
  decideBefore: 'Decida antes de',
  open: 'Abrir la decisión',
  severity: { low: 'Baja', medium: 'Media', high: 'Alta', critical: 'Crítica' },
  answers: ['Ya he actuado', 'Lo rechazo', 'Llámenme'] as const,
  noted: 'Anotado',
  automatic: 'Enviado automáticamente por Bellwether. Las respuestas a este mensaje no se leen: responda en la decisión.',
});

const WORDS: Readonly<Record<string, FrameWords>> = Object.freeze({ en, vi, zh, es });

/** @param language BCP 47 or with an underscore: `vi`, `zh-Hant-TW`, `es_MX`; English for one that is not here */
export function frameWords(language: string): FrameWords {
  const base = language.toLowerCase().split(/[-_]/)[0]!;
  return Object.hasOwn(WORDS, base) ? WORDS[base]! : en;
}
