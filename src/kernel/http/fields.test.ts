/** What the shared fields accept, Postgres stores and gives back unchanged; what they refuse is told with the range. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { z } from 'zod';
import { freshDatabase } from '../../../test/support/database.ts';
import { iso } from '../../model/time.ts';
import { day, id, instant, INT4_MAX, millis, real, text, whole } from './fields.ts';

const refuses = (schema: z.ZodType, values: readonly unknown[]): void => {
  for (const value of values)
    assert.equal(schema.safeParse(value).success, false, JSON.stringify(value)?.slice(0, 60) ?? 'undefined');
};

test('an instant is a time with its offset from 1970 to 2200, and becomes epoch milliseconds', () => {
  const cases: [string, number][] = [
    ['1970-01-01T00:00:00Z', 0],
    ['2200-01-01T00:00:00Z', 7_258_118_400_000],
    ['2026-03-01T12:00:00+23:59', Date.UTC(2026, 1, 28, 12, 1)],
    ['2024-02-29T23:59:59.999-05:30', Date.UTC(2024, 2, 1, 5, 29, 59, 999)],
  ];
  for (const [written, at] of cases) assert.equal(instant().parse(written), at, written);
  refuses(instant(), [
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00+00:01',
    '2200-01-01T00:00:00.001Z',
    '9999-12-31T23:59:59Z',
    '2026-02-30T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-03-01T12:00:00',
    '-271821-04-20T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    'now',
    '',
    0,
    null,
    `2026-03-01T12:00:00.${'0'.repeat(100)}Z`,
  ]);
  const [issue, ...more] = instant().safeParse('0000-01-01T00:00:00Z').error!.issues;
  assert.match(issue!.message, /1970-01-01.*2200-01-01.*2026-03-01T12:00:00Z/);
  assert.deepEqual(more, []);
  assert.equal(instant().safeParse('soon').error!.issues.length, 1, 'one fault is told once');
});

test('days, whole numbers, milliseconds and texts outside their columns are refused', () => {
  for (const written of ['1970-01-01', '2024-02-29', '2200-01-01']) assert.equal(day().parse(written), written);
  refuses(day(), ['0000-01-01', '1969-12-31', '2200-01-02', '9999-12-31', '2026-02-29', '2026-1-1', 'today', '']);
  refuses(whole(0, INT4_MAX), [-1, INT4_MAX + 1, 1.5, 2 ** 53, 1e308, Number.POSITIVE_INFINITY, Number.NaN, '1']);
  refuses(millis(), [-1, 7_258_118_400_001, 8.64e15 + 1, 0.5, Number.NaN]);
  refuses(real(0, 1e15), [-1e-9, 1e16, Number.POSITIVE_INFINITY, Number.NaN]);
  refuses(id(), ['', 'a\0b', '\ud800', 'x'.repeat(101), 1, null]);
  refuses(text(10), ['', '   ', 'a\0', '\udfff', 'x'.repeat(11)]);
  assert.ok(Object.is(whole(0, 9).parse(-0), 0) && Object.is(real(0, 1).parse(-0), 0), 'negative zero is zero');
});

test('what a field accepts comes back from its column unchanged', async () => {
  await using db = await freshDatabase();
  await db.query(
    'create table kept (at timestamptz, on_day date, n integer, x double precision, t text primary key, j jsonb)',
  );
  const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });
  const values = fc.record({
    at: fc.integer({ min: 0, max: 7_258_118_400_000 }),
    n: fc.integer({ min: -INT4_MAX - 1, max: INT4_MAX }),
    x: fc.double({ min: -1e15, max: 1e15, noNaN: true }),
    t: anyText,
  });
  await fc.assert(
    fc.asyncProperty(values, async (given) => {
      const name = id().safeParse(given.t);
      if (!name.success) return;
      const at = instant().parse(iso(given.at));
      const [onDay, n, x] = [
        day().parse(iso(given.at).slice(0, 10)),
        whole(-INT4_MAX - 1, INT4_MAX).parse(given.n),
        real(-1e15, 1e15).parse(given.x),
      ];
      const { rows } = await db.query<{ at: Date; on_day: string; n: number; x: number; t: string; j: unknown }>(
        'insert into kept values ($1, $2, $3, $4, $5, $6) on conflict (t) do update set at = $1, on_day = $2, n = $3, x = $4, j = $6 returning at, on_day::text, n, x, t, j',
        [iso(at), onDay, n, x, name.data, JSON.stringify([name.data, n])],
      );
      assert.deepEqual(
        { ...rows[0], at: rows[0]!.at.getTime() },
        { at, on_day: onDay, n, x, t: name.data, j: [name.data, n] },
      );
    }),
    { numRuns: 200 },
  );
});
