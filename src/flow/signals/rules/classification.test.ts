import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { linksOf } from '../links.ts';
import { CLASSIFICATION_RULES } from './classification.ts';
import { classify } from './classify.ts';

/** Real questions of Polymarket, Manifold and Metaculus 2025–26 (ForecastBench), and what their yes means. */
const KNOWN: readonly (readonly [question: string, rule: string, polarity: 'raises' | 'lowers'])[] = [
  ['US strikes Iran by June 30, 2026?', 'iran.struck-by-us', 'raises'],
  ['Will the US strike Iran by the end of February?', 'iran.struck-by-us', 'raises'],
  ['Will the U.S. invade Iran in 2025?', 'iran.struck-by-us', 'raises'],
  ['1000 american troops inside Iran by EOY?', 'iran.struck-by-us', 'raises'],
  ['Will the US be at war with Iran before the end of 2025', 'iran.struck-by-us', 'raises'],
  ['Israel strikes Iran before 2026?', 'iran.struck-by-israel', 'raises'],
  ['IDF strike within Iran in 2024?', 'iran.struck-by-israel', 'raises'],
  ['Will Saudi Arabia strike Iran by March 31?', 'iran.struck', 'raises'],
  ['Military action against Iran continues through March 31, 2026?', 'iran.fighting-goes-on', 'raises'],
  ['Will Israel still be at war with Iran on June 1?', 'iran.fighting-goes-on', 'raises'],
  ['US strikes on Yemen continue through May?', 'yemen.fighting-goes-on', 'raises'],
  ['Israel x Iran ceasefire broken by June 30, 2026?', 'iran.ceasefire-broken', 'raises'],
  ['USA x Iran ceasefire by end of march 31?', 'iran.ceasefire', 'lowers'],
  ['Will the US and Iran agree to a ceasefire before May 2026?', 'iran.ceasefire', 'lowers'],
  ['Iran x Israel/US conflict ends by May 15?', 'iran.operations-end', 'lowers'],
  ['Trump announces end of military operations against Iran by April 15th?', 'iran.operations-end', 'lowers'],
  ['US-Iran nuclear deal by April 30?', 'iran.deal', 'lowers'],
  [' Iran agrees to end enrichment of uranium by March 31?', 'iran.deal', 'lowers'],
  ['Will the Iranian regime fall by March 31?', 'iran.regime', 'raises'],
  ['Khamenei out as Supreme Leader of Iran by March 31?', 'iran.leader-out', 'raises'],
  ['Iran Nuke before 2027?', 'iran.bomb', 'raises'],
  ['Will Iran close the Strait of Hormuz by the end of 2025?', 'hormuz.shut', 'raises'],
  ['Will Iran officially announce a blockade/closure of the Strait of Hormuz for more than 48 consecutive hours by July 2026', 'hormuz.shut', 'raises'],
  ['Strait of Hormuz traffic returns to normal by end of May?', 'hormuz.back-to-normal', 'lowers'],
  ['Will shipping traffic through the Strait of Hormuz return to normal before April 27, 2026?', 'hormuz.back-to-normal', 'lowers'],
  ['Will 20 ships transit the Strait of Hormuz on any day in March?', 'hormuz.ships-pass', 'lowers'],
  ['Will Donald Trump announce that the United States blockade of the Strait of Hormuz has been lifted by April 30, 2026?', 'hormuz.reopened', 'lowers'],
  ['Will the US strike Yemen by April 30, 2026?', 'yemen.struck', 'raises'],
  ['US forces in Yemen in 2025?', 'yemen.struck', 'raises'],
  ['Will the ceasefire between the U.S. and Yemen’s Houthis mediated by Oman be broken before June 2026?', 'yemen.ceasefire-broken', 'raises'],
  ['US takes Panama Canal before 2027?', 'panama.control', 'raises'],
];

for (const [question, rule, polarity] of KNOWN) {
  test(`${question.trim()} ${polarity} the risk`, () => {
    const outcome = classify(question);
    assert.equal(outcome.kind, 'classified');
    assert.deepEqual([outcome.as.ruleId, outcome.as.polarity], [rule, polarity]);
  });
}

test('case, quotes and blanks change nothing', () => {
  assert.deepEqual(classify('  us  STRIKES iran by june 30, 2026? '), classify('US strikes Iran by June 30, 2026?'));
  assert.deepEqual(classify("a truce between the US and Yemen's Houthis by May?"), classify('A truce between the US and Yemen’s Houthis by May?'));
});

test('what only holds the words is irrelevant', () => {
  for (const question of [
    'Will Iran participate in the 2026 FIFA World Cup?',
    'Will Iran recognize the Islamic Emirate of Afghanistan before 2030?',
    'Will Manifold look positively at the US bombing of Iranian nuclear sides on June 21st 2025 at their anniversary?',
    'Will San Diego FC make the playoffs in 2025?',
    'Russia x Ukraine ceasefire by March 31, 2026?',
    'Will the Edmonton Oilers win the Pacific Division?',
  ]) {
    assert.equal(classify(question).kind, 'irrelevant', question);
  }
});

test('a negation or a condition leaves the direction open', () => {
  assert.equal(classify('Will the US not strike Iran before July?').kind, 'ambiguous');
  assert.equal(classify('If Iran closes the Strait of Hormuz, will oil reach $150?').kind, 'ambiguous');
});

test('a rule has one id, and every rule that prices harm has its link', () => {
  const ids = CLASSIFICATION_RULES.map((rule) => rule.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const rule of CLASSIFICATION_RULES) {
    const links = linksOf({ classifiedBy: rule.id });
    if (rule.relation === 'context') assert.deepEqual(links, [], `${rule.id} is context and must have no link`);
    else if (rule.subject !== 'cape_of_good_hope') assert.ok(links.length > 0 && links.every((l) => l.chokepoint === rule.subject && l.effect === (rule.polarity === 'raises' ? 'disrupts' : 'relieves')), rule.id);
  }
});

test('links are intervals in order, and probabilities', () => {
  for (const rule of CLASSIFICATION_RULES) {
    for (const { id, probability, delayDays, durationDays, source } of linksOf({ classifiedBy: rule.id })) {
      for (const i of [probability, delayDays, durationDays]) assert.ok(0 <= i.low && i.low <= i.expected && i.expected <= i.high, id);
      assert.ok(probability.high < 1 && probability.low > 0 && source.length > 20, id);
    }
  }
});

const prices = 'risk/polymarket/market_prices_2025-10_2026-05.ndjson';
const path = sharedData(prices);
test('of 1,687 recorded questions the 69 on passages are found, and no other', { skip: path === null && `${prices} is absent` }, () => {
  const questions = new Set(readFileSync(path!, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { question: string }).question));
  const found = [...questions].filter((q) => classify(q).kind === 'classified');
  assert.deepEqual([questions.size, found.length], [1_687, 69]);
  // Every one names what it is about.
  for (const question of found) assert.match(question, /iran|hormuz|khamenei|yemen|panama/i);
  const lowers = found.filter((q) => (classify(q) as { as: { polarity: string } }).as.polarity === 'lowers');
  for (const question of lowers) assert.match(question, /ceasefire|ends|end of|deal|enrich|normal|lifted|transit/i);
});
