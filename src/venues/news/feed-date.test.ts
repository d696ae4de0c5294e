import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iso } from '../../model/time.ts';
import { parseFeedDate } from './feed-date.ts';

const READ: readonly (readonly [written: string, read: string])[] = [
  // RFC 822 and 2822, whole and with what is left out in practice.
  ['Sun, 01 Mar 2026 12:30:45 GMT', '2026-03-01T12:30:45'],
  ['Sun, 1 Mar 2026 12:30:45 +0000', '2026-03-01T12:30:45'],
  ['01 Mar 2026 12:30 EST', '2026-03-01T17:30:00'],
  ['Sun, 01 Mar 26 12:30:45 PDT', '2026-03-01T19:30:45'],
  ['Sun, 01 Mar 2026 12:30:45 +05:30', '2026-03-01T07:00:45'],
  ['Sun, 01 Mar 2026 00:15:00 +0100', '2026-02-28T23:15:00'],
  ['Sunday, 01 March 2026 12:30:45 CET', '2026-03-01T11:30:45'],
  ['Mon, 01 Mar 2026 12:30:45 GMT', '2026-03-01T12:30:45'],
  ['Sun,  01   Mar 2026  12:30:45   GMT', '2026-03-01T12:30:45'],
  ['Sun, 01-Mar-2026 12:30:45 GMT', '2026-03-01T12:30:45'],
  ['Sun, 1 Sept 2024 09:05:00 Z', '2024-09-01T09:05:00'],
  ['Sun, 01 Mar 2026', '2026-03-01T00:00:00'],
  ['Sun, 01 Mar 2026 12:30:45', '2026-03-01T12:30:45'],
  ['Sun, 01 Mar 2026 24:00:00 GMT', '2026-03-02T00:00:00'],
  ['Sun, 01 Mar 2026 12:30:45 GMT+1', '2026-03-01T11:30:45'],
  ['Sun, 01 Mar 2026 12:30:45 GMT (Coordinated Universal Time)', '2026-03-01T12:30:45'],
  ['Sat, 01 Mar 97 12:30:45 GMT', '1997-03-01T12:30:45'],
  // ISO 8601 and its neighbours.
  ['2026-03-01T12:30:45Z', '2026-03-01T12:30:45'],
  ['2026-03-01T12:30:45.123456Z', '2026-03-01T12:30:45'],
  ['2026-03-01T12:30:45+02:00', '2026-03-01T10:30:45'],
  ['2026-03-01T12:30:45+0200', '2026-03-01T10:30:45'],
  ['2026-03-01T12:30Z', '2026-03-01T12:30:00'],
  ['2026-03-01 12:30:45', '2026-03-01T12:30:45'],
  ['2026-03-01 12:30:45 +0200', '2026-03-01T10:30:45'],
  ['2026-03-01', '2026-03-01T00:00:00'],
  ['2026-3-1', '2026-03-01T00:00:00'],
  ['20260301T123045Z', '2026-03-01T12:30:45'],
  // What pages print.
  ['March 1, 2026 12:30 PM EST', '2026-03-01T17:30:00'],
  ['Mar 1, 2026', '2026-03-01T00:00:00'],
  ['Sun, March 1st, 2026 at 12:05 a.m.', '2026-03-01T00:05:00'],
  ['1 March 2026, 9:05 pm', '2026-03-01T21:05:00'],
  ['Sun Mar  1 12:30:45 2026', '2026-03-01T12:30:45'],
  ['Sun Mar 1 12:30:45 EST 2026', '2026-03-01T17:30:45'],
];
for (const [written, read] of READ) {
  test(`"${written}" is ${read}Z`, () => assert.equal(iso(parseFeedDate(written) ?? Number.NaN).slice(0, 19), read));
}

test('what is no date, or has two readings, is not read', () => {
  for (const text of ['', 'yesterday', '03/01/2026', '1772366400', '2026-02-30', '2026-13-01', '31 Feb 2026 10:00 GMT', '01 Foo 2026 10:00 GMT', 'Sun, 01 Mar 2026 25:00:00 GMT', 'Sun, 01 Mar 2026 10:61 GMT', '01 Mar 2026 13:00 PM', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'Sun, 01 Mar 2026 12:00:00 XYZ', '2026-03-01T12:00:00+25:00', `2026-03-01${' '.repeat(100_000)}x`]) {
    assert.equal(parseFeedDate(text) === null || text.length > 1_000, true, text.slice(0, 60));
  }
});
