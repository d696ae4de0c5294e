import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from './money.ts';
import { parseInstant } from './time.ts';
import { LANGUAGES, languageOf, writtenFor } from './written.ts';

test('a tag leads to the language that the desk writes, else to English', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    ['en', 'en'], ['en-GB', 'en'], ['vi', 'vi'], ['VI-VN', 'vi'], ['zh', 'zh'], ['zh-Hans-CN', 'zh'], ['zh_CN', 'zh'], ['es', 'es'], ['es-ES', 'es'], ['es-CO', 'es'],
    ['es-MX', 'es-MX'], ['es_pe', 'es-MX'], ['es-Latn-US', 'es-MX'], ['pt-BR', 'en'], ['est', 'en'], ['', 'en'], [undefined, 'en'],
  ];
  for (const [tag, language] of cases) assert.equal(languageOf(tag), language, tag);
});

test('money, shares and times as each language writes them', () => {
  const at = parseInstant('2026-02-28T16:05:00Z');
  const shown = (tag: string) => {
    const w = writtenFor(tag);
    return [w.usd(usd(1_234_567)), w.usd(usd(-3.5)), w.percent(0.0345), w.percent(0.00001), w.days(4.25), w.utc(at), w.day('2026-03-01'), w.local('2026-03-01', 845, 'Asia/Tokyo')].join(' | ').replaceAll('\u00a0', '_');
  };
  assert.equal(shown('en'), '$1,234,567 | −$3.50 | 3.5% | under 0.01% | 4.3 | 28 Feb 2026, 16:05 UTC | 1 Mar 2026 | Sun 1 Mar 2026, 14:05 (Asia/Tokyo)');
  assert.equal(shown('vi'), '1.234.567_USD | −3,50_USD | 3,5% | dưới 0,01% | 4,3 | 16:05 UTC ngày 28/02/2026 | 01/03/2026 | 14:05 Chủ nhật, 01/03/2026 (Asia/Tokyo)');
  assert.equal(shown('zh'), '1,234,567美元 | −3.50美元 | 3.5% | 不足0.01% | 4.3 | 2026年2月28日16:05（UTC） | 2026年3月1日 | 2026年3月1日（周日）14:05（Asia/Tokyo）');
  assert.equal(shown('es'), 'US$_1.234.567 | −US$_3,50 | 3,5_% | <0,01_% | 4,3 | 28 feb 2026, 16:05 UTC | 1 mar 2026 | dom 1 mar 2026, 14:05 (Asia/Tokyo)');
  assert.equal(shown('es-MX'), 'US$_1,234,567 | −US$_3.50 | 3.5_% | <0.01_% | 4.3 | 28 feb 2026, 16:05 UTC | 1 mar 2026 | dom 1 mar 2026, 14:05 (Asia/Tokyo)');
});

test('an amount is the same amount in every language', () => {
  const digits = (text: string): string => text.replace(/[^\d−]/g, '');
  fc.assert(
    fc.property(fc.bigInt({ min: -9_000_000_000_000_000n, max: 9_000_000_000_000_000n }), (micros) => {
      const english = digits(writtenFor('en').usd(micros));
      for (const language of LANGUAGES) assert.equal(digits(writtenFor(language).usd(micros)), english, language);
    }),
  );
});
