/** Values that break programs: JSON text for bodies, raw text for paths, queries, cells and headers, and forged cursors. */
import { encodeCursor, type CursorPart } from '../../../src/kernel/http/cursors.ts';

const text = (value: string): string => JSON.stringify(value);
const DEEP = 10_000;

const NUMBERS = [
  '-1', '0', '-0', '1', '1.5', '2147483647', '2147483648', '-2147483648', '-2147483649', '9007199254740991', '9007199254740992', '-9007199254740993', '9223372036854775808', '99999999999999999999999', '1e308', '1e309',
  '-1e309', '1e-400', '5e-324', '1e21', '7258118400001', '253402300800000', '8640000000000001', '-62135596800001',
];

const TIMES = [
  '0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '2200-01-01T00:00:01Z', '2201-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z',
  '2026-03-01T24:00:00Z', '2016-12-31T23:59:60Z', '2026-03-02T00:00:00+23:59', '2026-03-02T00:00:00-23:59', '0000-01-01T00:00:00+23:59', '2026-02-30T00:00:00Z', '2026-03-02T00:00:00', 'infinity', 'now', 'epoch',
];
const DAYS = ['0000-01-01', '0001-01-01', '1969-12-31', '2200-01-02', '9999-12-31', '2026-02-30', '2026-13-01', '-000001-01-01', 'today'];

const WORDS = [
  '', ' ', '\0', 'a\0b', '\ud800', 'a\udfff', '%00', '../../etc/passwd', '__proto__', 'constructor', 'prototype', 'toString', "'; drop table users; --", '$1', 'null', 'undefined', 'true', '1', '-1', 'NaN', 'Infinity', '-Infinity',
  '-0', '1e308', '1e-400', '0x10', '١٢', '99999999999999999999', '9223372036854775808', '9999999999.999999', '99999999999.999999', '0.0000001', '\u202e', '\ufeff', '<script>', '{}', 'x'.repeat(65), 'x'.repeat(101), 'x'.repeat(5_000), '𝕏'.repeat(150),
];

export const LONG_TEXT = 'x'.repeat(1_048_576);

/** As a body may hold them at any place, as JSON text: `-0`, `1e309` and half a surrogate pair have no other form. */
export const JSON_VALUES: readonly string[] = [
  ...NUMBERS, ...[...TIMES, ...DAYS, ...WORDS].map(text), text(LONG_TEXT.slice(0, 900_000)), 'null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '["a","b"]', '{"a":1}', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}',
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
];

/** Members that no object has. */
export const STRANGE_MEMBERS: readonly string[] = ['"__proto__":{"admin":true}', '"constructor":{"prototype":{"a":1}}', '"prototype":{}', '"unknown_field":1', '"":1', '"a\\u0000b":1', '"\\ud800":1', '"toString":1', '"hasOwnProperty":null'];

/** For a cell of a CSV file: quoted, so that each stays one cell. */
export const CELLS: readonly string[] = [...NUMBERS, ...TIMES, ...DAYS, ...WORDS.filter((word) => word.isWellFormed()), '2026-03-01 25:61', '99999999999', '1,234,567,890,123', '$1e9', '24:00', '100.1%', '+1555010', 'x'.repeat(2_000)].map((cell) => `"${cell.replaceAll('"', '""')}"`);

/** For a part of a path, and for the value of a query: percent-encoded or raw, as written. */
export const RAW_TEXTS: readonly string[] = [
  '', '%', '%zz', '%00', 'a%00b', '%ff', '%c0%80', '%ed%a0%80', '%f8%80%80%80', '%25%30%30', '%2e%2e%2f%2e%2e%2fetc', '..', '.', '__proto__', 'constructor', 'prototype', 'toString', "'", '%27%3b--', '%20', '+', '%0d%0aX:1', '%E2%80%AE',
  '-1', '0', '-0', '1e308', '1e-400', 'NaN', 'Infinity', '0x10', '2147483648', '9007199254740993', '9223372036854775808', '99999999999999999999', 'null', 'undefined', '[object%20Object]', '0000-01-01', '0001-01-01', '9999-12-31', '2026-02-30', '-271821-04-20',
  '0000-01-01T00:00:00Z', 'x'.repeat(101), 'x'.repeat(201), 'x'.repeat(8_000), '%F0%9D%95%8F'.repeat(120),
];

const CURSOR_PARTS: readonly (readonly CursorPart[])[] = [
  [], [null], [null, null], ['', ''], ['\0'], ['a\0b'], ['\ud800'], ['x'.repeat(700)], [0, '\0'], [0, '\ud800'], [0, ''], [-1, 'a'], [-0, 'a'], [1.5, 'a'], [7_258_118_400_001, 'a'], [8_640_000_000_000_001, 'a'], [9_007_199_254_740_991, 'a'],
  [-62_135_596_800_001, 'a'], [-62_167_219_200_000, 'a'], [-8_640_000_000_000_001, 'a'], [1e308, 'a'], ['0000-01-01T00:00:00Z', 'a'], ['a', 0], ['9223372036854775807'], ['999999999999999999'], ['99999999999999999999'], ['-1'], ['1e5'], [0], [1e308],
];

/** With a right checksum: whoever reads the source can make them. */
export const CURSORS: readonly string[] = [...CURSOR_PARTS.map(encodeCursor), 'x', '%00', 'AAAAAAAA', '='.repeat(20), 'x'.repeat(1_001), encodeCursor([0, 'a']).slice(1)];

export const HEADERS: readonly (readonly [string, string])[] = [
  ['idempotency-key', ''], ['idempotency-key', 'two words'], ['idempotency-key', 'x'.repeat(201)], ['idempotency-key', 'schlüssel'], ['idempotency-key', 'a, b'],
  ['x-request-id', 'x'.repeat(8_000)], ['x-request-id', '<script>'], ['x-request-id', 'ÿ'], ['traceparent', '00-zz-zz-zz'], ['traceparent', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`], ['traceparent', 'x'.repeat(8_000)], ['tracestate', 'ÿ=ÿ'],
  ['content-type', ''], ['content-type', 'text/plain'], ['content-type', 'multipart/form-data'], ['content-type', 'multipart/form-data; boundary=x'], ['content-type', 'application/x-www-form-urlencoded'], ['content-type', 'application/json; charset=utf-16'],
  ['content-type', 'application/json;;;='], ['content-type', 'application/jsonp'], ['content-type', '*/*'], ['content-type', 'ÿ'], ['content-type', `application/${'x'.repeat(4_000)}`], ['content-encoding', 'gzip'], ['content-encoding', 'x'],
  ['accept', 'image/png;q=x'], ['accept-encoding', '*;q=0'], ['accept-language', 'ÿ'.repeat(100)], ['range', 'bytes=9-1'], ['if-none-match', '"'.repeat(2_000)], ['if-modified-since', '0000'], ['authorization', 'Bearer'], ['authorization', 'Bearer ÿ'],
  ['authorization', `Bearer ${'x'.repeat(8_000)}`], ['authorization', 'Bearer a.b.c'], ['authorization', 'Basic ÿ'], ['x-api-key', 'ÿ'], ['x-api-key', '__proto__'], ['x-forwarded-for', '999.999.999.999'], ['x-forwarded-for', "'; --"], ['forwarded', 'for=x'], ['via', '1.1 x'],
  ['x-bellwether-signature', ''], ['x-bellwether-signature', 'ÿ'], ['x-bellwether-signature', '0'.repeat(64)], ['x-bellwether-signature', 'x'.repeat(8_000)], ['cookie', '='.repeat(500)], ['origin', 'null'], ['sec-fetch-site', 'cross-site'], ['x-http-method-override', 'DELETE'],
  ['x-hub-signature-256', 'ÿ'], ['x-telegram-bot-api-secret-token', 'ÿ'], ['upgrade', 'h2c'],
];
