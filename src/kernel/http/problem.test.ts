/**
 * An error of Postgres that a value causes is a coded 400 whose reply says nothing of SQL, and is logged with its
 * route.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { publicAccess } from './types.ts';

const STATEMENTS: readonly (readonly [state: string, sql: string, value: unknown])[] = [
  ['22003', 'select $1::integer', '2147483648'],
  ['22007', 'select $1::timestamptz', 'soon'],
  ['22008', 'select $1::timestamptz', '2026-02-30T00:00:00Z'],
  ['22021', 'select $1::text', 'a\0b'],
  ['22P02', 'select $1::bigint', 'x'],
  ['22P05', 'select $1::jsonb', '"\\u0000"'],
  ['22001', 'create temp table t as select 1 as one where false; alter table t add v varchar(2)', undefined],
  [
    '23514',
    'insert into backtests (id, scenario, title, from_day, to_day, status, requested_by, requested_at) values ($1, $1, $1, now(), now(), $1, $1, now())',
    'x',
  ],
  [
    '54000',
    `insert into users (id, email, password_hash, role, created_at, updated_at) select string_agg(md5(i::text || $1), ''), 'e', 'h', 'viewer', now(), now() from generate_series(1, 400) i`,
    'x',
  ],
];

test('each kind of value that Postgres refuses is VALUE_NOT_STORABLE, and another error stays INTERNAL', async () => {
  await using db = await freshDatabase();
  await using http = await testHttp();
  const access = { config: { access: publicAccess('test') } };
  for (const [state, sql, value] of STATEMENTS) {
    http.app.get(`/values/${state}`, access, async () => {
      if (value !== undefined) return db.query(sql, [value]);
      await db.transaction(async (tx) => {
        for (const part of sql.split('; ')) await tx.query(part);
        await tx.query('insert into t (v) values ($1)', ['xxx']);
      });
      return {};
    });
  }
  http.app.get('/defect', access, async () => db.query('select no_such_column from users'));
  await http.start();
  for (const [state] of STATEMENTS) {
    const { status, json, text } = await http.ask(`/values/${state}`);
    assert.deepEqual([status, json['code']], [400, 'VALUE_NOT_STORABLE'], `${state}: ${text}`);
    assert.doesNotMatch(text, /select|insert|syntax|column|constraint|SQLSTATE/i, state);
    assert.ok(
      http.lines.some(
        (line) =>
          line['event'] === 'request_failed' &&
          line['code'] === 'VALUE_NOT_STORABLE' &&
          line['route'] === `/values/${state}`,
      ),
      `${state} is logged with its route`,
    );
  }
  const { status, json } = await http.ask('/defect');
  assert.deepEqual([status, json['code']], [500, 'INTERNAL']);
});
