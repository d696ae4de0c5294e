/** What other stages really say is known here: a wording that changes there must change in `known.ts` too, or customers read it in English. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Executor } from '../../../kernel/database/types.ts';
import { DAY_MS } from '../../../model/time.ts';
import { LINKS } from '../../signals/index.ts';
import { confidenceOf } from '../../signals/rules/confidence.ts';
import { createRiskReader } from '../risk-reader.ts';
import type { RiskSources, SourceSignal, SourceState } from '../risk-sources.ts';
import { at } from '../test-support/hormuz.ts';
import { recognise } from './known.ts';
import { textsFor } from './index.ts';

const known = (text: string): void => assert.ok(recognise(text), text);

test('the statements and sources of all links', () => {
  for (const link of LINKS) {
    known(link.statement);
    known(link.source);
  }
});

test('every reason for the confidence in a price and in a report', () => {
  const asOf = at('2026-02-14T00:00');
  const cases = [
    { kind: 'event' as const, source: 'polymarket', liquidityUsd: 1_250_000, observedAt: asOf },
    { kind: 'event' as const, source: 'somebody', liquidityUsd: null, observedAt: asOf - DAY_MS },
    { kind: 'report' as const, source: 'polymarket', liquidityUsd: null, observedAt: asOf - 3 * DAY_MS, outlets: 3 },
    { kind: 'report' as const, source: 'rss.somebody', liquidityUsd: null, observedAt: asOf },
  ];
  for (const facts of cases) for (const reason of confidenceOf(facts, asOf).reasons) known(reason);
});

const signal = (id: string, rule: string, probability: number, observed: string): SourceSignal => ({
  id, source: 'polymarket', externalId: id, claim: `Will “${id}” happen?`, probability, horizonEnd: at('2026-06-30T00:00'), observedAt: at(observed), knownAt: at(observed), classifiedBy: rule, confidence: 0.8, confidenceReasons: ['1 question on this event'], contentHash: 'ab'.repeat(32), evidence: [],
});
const SHUT: SourceState = {
  id: 'hormuz',
  transits: { value: 4, observedFor: '2026-03-08', knownAt: at('2026-03-14T00:00'), baselineMean: 68.4, source: 'portwatch', url: 'https://portwatch.test' },
  lostTraffic: { expected: 0.94, low: 0.9, high: 0.97, from: '2026-03-02', to: '2026-03-08', series: 'hormuz.transits.total' },
  alarm: { id: 'alm_1', series: 'hormuz.transits.total', direction: 'down', alarmedFor: '2026-03-02', knownAt: at('2026-03-09T00:00'), statistic: 6.5 },
};

test('all that the reader of risks says: events, reasons, what was observed, how long it lasts', async () => {
  const said = async (asOf: number, given: { live?: SourceSignal[]; occurred?: SourceSignal[]; states?: SourceState[] }): Promise<number> => {
    const sources: RiskSources = {
      liveSignals: async () => given.live ?? [],
      occurredSignals: async () => given.occurred ?? [],
      signalHistory: async () => given.live ?? [],
      linksOf: (s) => LINKS.filter((link) => link.id === s.classifiedBy),
      reliabilityOf: () => 0.9,
      chokepointStates: async () => given.states ?? [],
    };
    const risks = await createRiskReader(sources).eventRisks({} as Executor, asOf, null);
    for (const risk of risks) {
      [risk.event, risk.linkSource, ...risk.confidenceReasons].forEach(known);
      for (const e of risk.evidence) if (e.kind !== 'signal') known(e.statement);
    }
    return risks.length;
  };
  assert.equal(await said(at('2026-02-14T00:00'), { live: [signal('strike', 'iran.struck-by-us.hormuz', 0.4, '2026-02-13T00:00')] }), 1);
  assert.equal(await said(at('2026-03-02T00:00'), { occurred: [signal('strike', 'iran.struck-by-us.hormuz', 1, '2026-03-01T00:00')] }), 1);
  assert.equal(await said(at('2026-03-15T00:00'), { states: [SHUT] }), 1);
  assert.equal(await said(at('2026-03-15T00:00'), { states: [SHUT], live: [signal('back', 'hormuz.back', 0.4, '2026-03-14T00:00')] }), 1);
});

test('a passage is named, and what nobody knows is quoted, never dropped', () => {
  assert.equal(textsFor('zh').evidence('Traffic at Strait of Hormuz fell: CUSUM alarm for 2026-03-02'), '霍尔木兹海峡通行量下降：2026年3月2日触发CUSUM警报');
  assert.equal(textsFor('vi').evidence('From 2026-03-02 to 2026-03-08 the passage saw 6% of its usual traffic'), 'Từ 02/03/2026 đến 08/03/2026, lưu lượng qua đây bằng 6% mức thường lệ');
  assert.equal(textsFor('es').evidence('A tanker burns'), '«A tanker burns»');
  assert.equal(textsFor('vi').source('Declared judgement: no precedent'), 'phán đoán đã công bố, “no precedent”');
});
