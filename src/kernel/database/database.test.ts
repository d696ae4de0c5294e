import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';

test('a transaction commits whole or not at all, and runs what follows the commit', async () => {
  await using db = await freshDatabase();
  await db.query('create table t (n bigint)');
  let committed = 0;
  await db.transaction(async (tx) => {
    await tx.query('insert into t values ($1)', [9_007_199_254_740_993n]);
    tx.afterCommit(() => void committed++);
  });
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('insert into t values (2)');
      tx.afterCommit(() => void committed++);
      throw new Error('stop');
    }),
    /stop/,
  );
  const { rows } = await db.query<{ n: bigint }>('select n from t');
  assert.deepEqual(rows, [{ n: 9_007_199_254_740_993n }]);
  assert.equal(committed, 1);
});
