import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../../test/support/database.ts';
import { canonicalJson, contentHash } from '../../../model/ids.ts';
import { parseInstant } from '../../../model/time.ts';
import { readStatement } from '../read-statement.ts';
import type { Signal } from '../signal.ts';
import { storeSignals } from '../store.ts';
import { statement } from '../test-support/statement.ts';
import { RULES_VERSION } from './classification.ts';
import { ruleBook } from './rule-book.ts';
import { rejectingRule, VALIDATION_RULES, type StatementFacts } from './validation.ts';

/** Whoever changes a rule sees this fail: give it the next version, and write the new hash beside it. */
const PUBLISHED = ['signals-2', '672048145e41cadec94423cf13a566cab868e3404ef30bc61c7f890870b5114c'];

test('the rules of a version never change', () => {
  assert.deepEqual([RULES_VERSION, contentHash(ruleBook())], PUBLISHED);
});

test('the rules are stored when first used, whole', async () => {
  await using db = await freshDatabase();
  const now = parseInstant('2026-02-10T00:00:00Z');
  const store = (probability: number) => db.transaction((tx) => storeSignals(tx, [readStatement(statement({ probability }), now) as Signal], now));
  await store(0.5);
  const [first] = (await db.query<{ version: string; rules: Parameters<typeof contentHash>[0]; first_used_at: Date }>('select * from signal_rules')).rows;
  await store(0.6);
  const all = (await db.query('select version, first_used_at from signal_rules')).rows;
  assert.deepEqual(all, [{ version: RULES_VERSION, first_used_at: first!.first_used_at }]);
  assert.equal(canonicalJson(first!.rules), canonicalJson(ruleBook()));
});

const sound: StatementFacts = { classification: 'classified', closed: false, probability: 0.5, liquidityUsd: 5_000, horizonLeftMs: 1, horizonSpanMs: 1, expiresInMs: null };

test('each rule can reject, only what it is for, and the first that holds is named', () => {
  const faults: Record<string, Partial<StatementFacts>> = {
    irrelevant: { classification: 'irrelevant' },
    ambiguous: { classification: 'ambiguous' },
    closed: { closed: true },
    certain: { probability: 1 },
    'no-horizon': { horizonLeftMs: null },
    'horizon-past': { horizonLeftMs: 0 },
    'horizon-before-price': { horizonSpanMs: 0 },
    'thin-market': { liquidityUsd: 999.99 },
    stale: { expiresInMs: 0 },
  };
  assert.deepEqual(VALIDATION_RULES.map((r) => r.id), Object.keys(faults));
  assert.equal(rejectingRule('event', sound), null);
  for (const { id, kinds } of VALIDATION_RULES) for (const kind of ['event', 'report'] as const) assert.equal(rejectingRule(kind, { ...sound, ...faults[id] }), kinds.includes(kind) ? id : null, `${id} on ${kind}`);
  assert.equal(rejectingRule('event', { ...sound, closed: true, probability: 1 }), 'closed');
  assert.equal(rejectingRule('event', { ...sound, liquidityUsd: null }), null, 'what a source does not say is not below a limit');
});
