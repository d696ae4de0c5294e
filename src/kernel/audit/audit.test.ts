import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import type { Database } from '../database/types.ts';
import { appendAudit, auditRoutes, verifyAudit } from './index.ts';

async function trail(db: Database, rows: number): Promise<void> {
  for (let i = 1; i <= rows; i++) {
    await db.transaction((tx) => appendAudit(tx, { actor: 'user:a', action: 'thing.change', target: `t${i}`, reason: 'because', before: { n: i - 1 }, after: { n: i, big: 10n ** 20n } }));
  }
}

/** As an intruder with the rights of the owner: the triggers that refuse are put aside. */
const tamper = (db: Database, statement: string) =>
  db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = 'replica'");
    await tx.query(statement);
  });

test('appends chain, also when many come at once, and a rolled back act leaves no row', async () => {
  await using db = await freshDatabase();
  await Promise.all(Array.from({ length: 8 }, (_, i) => db.transaction((tx) => appendAudit(tx, { actor: `user:${i}`, action: 'x' }))));
  await assert.rejects(
    db.transaction(async (tx) => {
      await appendAudit(tx, { actor: 'user:z', action: 'undone' });
      throw new Error('no');
    }),
  );
  const verdict = await verifyAudit(db);
  assert.deepEqual([verdict.ok, verdict.rows, verdict.bad], [true, 8, null]);
});

test('odd text is kept and still verifies', async () => {
  await using db = await freshDatabase();
  await db.transaction((tx) => appendAudit(tx, { actor: 'a\u0000b', action: 'x', reason: '\ud800 half', after: { 'k': 'n\u0000l', f: 0.1, e: 1e21, list: [null, true] } }));
  assert.equal((await verifyAudit(db)).ok, true);
});

test('rows cannot be updated, deleted or truncated', async () => {
  await using db = await freshDatabase();
  await trail(db, 1);
  for (const statement of ["update audit_logs set actor = 'x'", 'delete from audit_logs', 'truncate audit_logs', 'delete from audit_head', 'update audit_head set seq = 0']) {
    await assert.rejects(db.query(statement), (e: Error & { code?: string }) => e.code === '23001', statement);
  }
});

const TAMPERED: readonly (readonly [string, string, bigint, string])[] = [
  ['a changed row', "update audit_logs set actor = 'user:b' where seq = 3", 3n, 'changed'],
  ['a changed value within', `update audit_logs set after_state = jsonb_set(after_state, '{n}', '9') where seq = 2`, 2n, 'changed'],
  ['a removed row', 'delete from audit_logs where seq = 3', 3n, 'removed'],
  ['a removed row with the rest renumbered', 'delete from audit_logs where seq = 2; update audit_logs set seq = seq - 1 where seq > 2; update audit_head set seq = 4', 2n, 'removed'],
  ['two rows exchanged', 'update audit_logs set seq = case seq when 3 then 1004 else 1003 end where seq in (3, 4); update audit_logs set seq = seq - 1000 where seq > 1000', 3n, 'reordered'],
  ['a removed end', 'delete from audit_logs where seq > 3', 4n, 'cut_off'],
  ['a removed first row', 'delete from audit_logs where seq = 1', 1n, 'removed'],
  ['everything removed', 'delete from audit_logs', 1n, 'cut_off'],
];

for (const [what, statement, seq, fault] of TAMPERED) {
  test(`finds ${what}`, async () => {
    await using db = await freshDatabase();
    await trail(db, 5);
    for (const part of statement.split('; ')) await tamper(db, part);
    const { ok, bad } = await verifyAudit(db);
    assert.deepEqual([ok, bad?.seq, bad?.fault], [false, seq, fault]);
  });
}

test('a trail that was rewritten as a whole does not match a head that was noted', async () => {
  await using db = await freshDatabase();
  await trail(db, 3);
  const { head } = await verifyAudit(db);
  await tamper(db, 'delete from audit_logs');
  await tamper(db, `update audit_head set seq = 0, hash = repeat('0', 64)`);
  await trail(db, 3);
  assert.equal((await verifyAudit(db)).ok, true, 'by itself it is in order');
  assert.deepEqual([(await verifyAudit(db, { anchor: head })).bad?.fault], ['changed']);
});

test('admins read it page by page', async () => {
  await using db = await freshDatabase();
  await trail(db, 5);
  await using http = await testHttp({ config: { adminLoopback: true } });
  auditRoutes({ db })(http.app);
  await http.start();
  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { json } = await http.ask(`/api/v1/audit?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const { items, next_cursor } = json as { items: { seq: number; after: { n: number } }[]; next_cursor: string | null };
    seen.push(...items.map((i) => i.seq));
    cursor = next_cursor;
  }
  assert.deepEqual(seen, [5, 4, 3, 2, 1]);
  assert.equal((await http.ask('/api/v1/audit?cursor=AAAAAAAAWyI1Il0')).json['code'], 'CURSOR_INVALID');
  assert.equal((await http.ask('/api/v1/audit/verify')).json['ok'], true);
});
