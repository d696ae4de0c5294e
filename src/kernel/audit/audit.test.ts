import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp, type TestHttp } from '../../../test/support/http.ts';
import type { Authenticator, Role } from '../auth/types.ts';
import type { Database } from '../database/types.ts';
import { appendAudit, auditRoutes, verifyAudit } from './index.ts';

async function trail(db: Database, rows: number): Promise<void> {
  for (let i = 1; i <= rows; i++) {
    await db.transaction((tx) => appendAudit(tx, { actor: 'user:a', action: 'thing.change', target: `t${i}`, reason: 'because', before: { n: i - 1 }, after: { n: i, big: 10n ** 20n } }));
  }
}

/** The token is the role. */
const auth: Authenticator = {
  byToken: async (token) => ({ subject: `user:${token}`, role: token as Role, scopes: [] }),
  bySignature: async () => assert.fail('no signature here'),
};
const as = (role: Role) => ({ headers: { authorization: `Bearer ${role}` } });

async function api(db: Database): Promise<TestHttp> {
  const http = await testHttp({ auth, db, config: { adminLoopback: true } });
  auditRoutes({ db })(http.app);
  await http.start();
  return http;
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

const COLUMNS = 'at, actor, action, prev_hash, hash';
const COPY = `insert into audit_logs (seq, ${COLUMNS}) select`;
const MICRO = "interval '1 microsecond'";

const TAMPERED: readonly (readonly [string, string, bigint, string])[] = [
  ['a changed row', "update audit_logs set actor = 'user:b' where seq = 3", 3n, 'changed'],
  ['a changed value within', `update audit_logs set after_state = jsonb_set(after_state, '{n}', '9') where seq = 2`, 2n, 'changed'],
  ['a removed row', 'delete from audit_logs where seq = 3', 3n, 'removed'],
  ['a removed row with the rest renumbered', 'delete from audit_logs where seq = 2; update audit_logs set seq = seq - 1 where seq > 2; update audit_head set seq = 4', 2n, 'removed'],
  ['two rows exchanged', 'update audit_logs set seq = case seq when 3 then 1004 else 1003 end where seq in (3, 4); update audit_logs set seq = seq - 1000 where seq > 1000', 3n, 'reordered'],
  ['a removed end', 'delete from audit_logs where seq > 3', 4n, 'cut_off'],
  ['a removed first row', 'delete from audit_logs where seq = 1', 1n, 'removed'],
  ['everything removed', 'delete from audit_logs', 1n, 'cut_off'],
  ['a row before the first', `${COPY} 0, ${COLUMNS} from audit_logs where seq = 1`, 0n, 'added'],
  ['a row with a negative number', `${COPY} -7, ${COLUMNS} from audit_logs where seq = 2`, -7n, 'added'],
  ['a time moved by a microsecond', `update audit_logs set at = at + ${MICRO} where seq = 4`, 4n, 'changed'],
  ['a time moved back by a microsecond', `update audit_logs set at = at - ${MICRO} where seq = 4`, 4n, 'changed'],
  ['a time without an end', "update audit_logs set at = 'infinity' where seq = 2", 2n, 'changed'],
  ['a time before any calendar', "update audit_logs set at = '4000-01-01 BC' where seq = 2", 2n, 'changed'],
  ['a time that no Date holds', "update audit_logs set at = '290000-01-01' where seq = 2", 2n, 'changed'],
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
  const empty = { seq: 0n, hash: '0'.repeat(64) };
  assert.equal((await verifyAudit(db, { anchor: empty })).ok, true, 'the head of an empty trail');
  assert.equal((await verifyAudit(db, { anchor: { ...empty, hash: 'f'.repeat(64) } })).bad?.fault, 'changed');
});

test('admins read it page by page', async () => {
  await using db = await freshDatabase();
  await trail(db, 5);
  await using http = await api(db);
  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { json } = await http.ask(`/api/v1/audit?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, as('admin'));
    const { items, next_cursor } = json as { items: { seq: number; after: { n: number } }[]; next_cursor: string | null };
    seen.push(...items.map((i) => i.seq));
    cursor = next_cursor;
  }
  assert.deepEqual(seen, [5, 4, 3, 2, 1]);
  assert.equal((await http.ask('/api/v1/audit?cursor=AAAAAAAAWyI1Il0', as('admin'))).json['code'], 'CURSOR_INVALID');
});

test('nobody but an admin reads it, also at the machine itself', async () => {
  await using db = await freshDatabase();
  await using http = await api(db);
  for (const path of ['/api/v1/audit', '/api/v1/audit/verify']) {
    assert.equal((await http.ask(path)).json['code'], 'UNAUTHENTICATED');
    assert.equal((await http.ask(path, as('operator'))).json['code'], 'FORBIDDEN');
    assert.equal((await http.ask(path, as('admin'))).status, 200);
  }
});

test('is verified against a head that was noted elsewhere', async () => {
  await using db = await freshDatabase();
  await trail(db, 3);
  await using http = await api(db);
  const verify = (query: string) => http.ask(`/api/v1/audit/verify${query}`, as('admin'));
  const { head } = (await verify('')).json as { head: { seq: number; hash: string } };
  await trail(db, 1);
  assert.equal((await verify(`?anchor=${head.seq}:${head.hash}`)).json['ok'], true);
  const other = await verify(`?anchor=2:${head.hash}`);
  assert.deepEqual([other.json['ok'], (other.json['bad'] as { fault: string }).fault], [false, 'changed']);
  const beyond = await verify(`?anchor=9:${head.hash}`);
  assert.equal((beyond.json['bad'] as { fault: string }).fault, 'cut_off');
  const { hash } = head;
  for (const wrong of ['3', `:${hash}`, `3:${'F'.repeat(64)}`, `-1:${hash}`, `03:${hash}`, `3:${hash}0`, '']) {
    const reply = await verify(`?anchor=${wrong}`);
    const { code, field } = reply.json;
    assert.deepEqual([reply.status, code, field], [400, 'VALIDATION_FAILED', 'anchor'], wrong);
  }
});
