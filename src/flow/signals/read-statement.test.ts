import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS, parseInstant } from '../../model/time.ts';
import { readStatement } from './read-statement.ts';
import type { Signal } from './signal.ts';
import { statement } from './test-support/statement.ts';

const NOW = parseInstant('2026-02-10T00:00:00Z');
const read = (change: Parameters<typeof statement>[0], asOf = NOW) => readStatement(statement(change), asOf) as Signal;

test('a market on strikes is a live signal on Hormuz, with its price untouched', () => {
  const signal = read({});
  assert.deepEqual([signal.status, signal.subject?.id, signal.polarity, signal.relation, signal.probability], ['live', 'hormuz', 'raises', 'trigger', 0.525]);
  assert.equal(signal.evidence[0]!.hash.length, 64);
});

test('the same statement is the same signal; another price, time or rule outcome is another', () => {
  assert.equal(read({}).id, read({}).id);
  assert.equal(read({}).id, read({}, NOW + DAY_MS).id, 'when it was swept is not what it says');
  const ids = [read({}), read({ probability: 0.53 }), read({ observedAt: NOW - 2 * DAY_MS }), read({ closed: true }), read({ externalId: 'other' }), read({ source: 'manifold' })].map((s) => s.id);
  assert.equal(new Set(ids).size, ids.length);
});

const rejected: readonly (readonly [string, Parameters<typeof statement>[0]])[] = [
  ['irrelevant', { question: 'Will it rain in Oslo?' }],
  ['ambiguous', { question: 'Will the US not strike Iran by June?' }],
  ['closed', { closed: true }],
  ['certain', { probability: 1 }],
  ['certain', { probability: 0 }],
  ['no-horizon', { horizonEnd: null }],
  ['horizon-past', { horizonEnd: NOW }],
  ['thin-market', { liquidityUsd: 999.99 }],
];
for (const [rule, change] of rejected) {
  test(`${rule}: ${JSON.stringify(change)} is kept with the rule that rejected it`, () => {
    assert.deepEqual([read(change).status, read(change).rejectedBy], ['rejected', rule]);
  });
}

test('what is on the edge of a rule counts', () => {
  assert.equal(read({ liquidityUsd: 1_000 }).status, 'live');
  assert.equal(read({ liquidityUsd: null }).status, 'live', 'unknown liquidity is not thin');
  assert.equal(read({ horizonEnd: NOW + 1 }).status, 'live');
});

test('age lowers confidence, never the probability', () => {
  const fresh = read({});
  const old = read({}, NOW + 28 * DAY_MS);
  assert.equal(old.probability, fresh.probability);
  assert.ok(old.confidence < fresh.confidence / 3.5 && old.confidence > 0);
  assert.ok(old.confidenceReasons.some((r) => /29 days old/.test(r)), String(old.confidenceReasons));
});

test('thin but sufficient money, an unknown source and silence about money lower confidence', () => {
  const { confidence } = read({});
  for (const change of [{ liquidityUsd: 2_000 }, { liquidityUsd: null }, { source: 'somebody' }]) assert.ok(read(change).confidence < confidence);
});

test('an irrelevant question is one signal whatever its price', () => {
  const question = 'Will it rain in Oslo?';
  assert.equal(read({ question }).id, read({ question, probability: 0.1, observedAt: NOW - 3 * DAY_MS }).id);
});

test('a producer that says its subject is believed; the link still needs the words', () => {
  const hinted = read({ question: 'Traffic at the passage below 20 ships for a week', subjectHint: { type: 'chokepoint', id: 'suez' }, polarity: 'raises' });
  assert.deepEqual([hinted.subject?.id, hinted.relation, hinted.classifiedBy, hinted.status], ['suez', 'context', 'hinted', 'live']);
  assert.equal(read({ subjectHint: { type: 'chokepoint', id: 'hormuz' }, polarity: 'raises' }).classifiedBy, 'iran.struck-by-us');
});

test('malformed statements and those from the future are refused before they are signals', () => {
  for (const change of [{ probability: 1.2 }, { probability: Number.NaN }, { url: 'javascript:alert(1)' }, { question: ' ' }, { source: 'Poly Market' }, { liquidityUsd: -1 }, { observedAt: NOW, knownAt: NOW - 1 }]) {
    assert.equal(readStatement(statement(change), NOW), 'malformed', JSON.stringify(change));
  }
  assert.equal(readStatement(statement({ knownAt: NOW + 1 }), NOW), 'look-ahead');
});
