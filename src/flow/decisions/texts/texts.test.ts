/** Every language says every decision, with the same figures and without a word of English left in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../../model/money.ts';
import { CHOKEPOINT_IDS } from '../../../model/place.ts';
import { DAY_MS, HOUR_MS } from '../../../model/time.ts';
import { LANGUAGES } from '../../../model/written.ts';
import type { ConfidenceReason, Escalation } from '../confidence.ts';
import { reckonAnew } from '../decide.ts';
import type { Facts } from '../facts.ts';
import { RISK_TOLERANCES } from '../../shipping/index.ts';
import type { EventRisk, ForecastBasis } from '../inputs.ts';
import { interval } from '../interval.ts';
import { ACTIONS, COMPONENTS, type Action } from '../options/index.ts';
import { at, closedHormuz, gulfInputs, gulfShipment, strikeRisk } from '../test-support/hormuz.ts';
import { numerals, withoutQuotes } from '../test-support/numerals.ts';
import { en, textsFor, type Texts } from './index.ts';

const FEB14 = at('2026-02-14T00:00');
const QUESTION = 'Will the US strike Iran 1,000 times by June 30, 2026?';
const SOURCE = 'June 2025: strikes, traffic held (IMF PortWatch); no precedent since 1988';

const forecast = strikeRisk({ event: `A yes to “${QUESTION}”`, linkSource: `Declared judgement. ${SOURCE}` });
const { delayDays, harmGivenEvent } = forecast.basis as ForecastBasis;
const RISKS: readonly EventRisk[] = [
  forecast,
  strikeRisk(),
  { ...forecast, event: `a yes to “${QUESTION}”`, basis: { kind: 'occurred', at: FEB14 - DAY_MS, delayDays, harmGivenEvent } },
  { ...closedHormuz(), linkSource: 'declared judgement on how long closings last' },
  { ...closedHormuz(), linkSource: 'the markets on its reopening, through their declared links', durationDays: interval(1, 4.5, 20) },
];

const REASONS: readonly ConfidenceReason[] = ['judged_link', 'wide_link', 'sources_disagree', 'short_record', 'default_freight'];
const DATA_REASONS = [
  'polymarket prices are trusted at 0.9', 'Reports by reuters are trusted at 0.75', 'acme has no record here: trusted at 0.5', 'The source does not say how much money rests in the book: factor 0.85', '$1,250,000 rest in the book: factor 0.95',
  'The price is a day old: factor 0.95', 'The price is less than a day old: factor 1.00', 'The report is 12 days old: factor 0.55', '4 outlets tell it in nearly the same words: 0.6 becomes 0.75', '1 question on this event', '3 questions on this event',
  'the question has been answered with yes', 'traffic is counted up to 2026-03-10',
];

const base = reckonAnew(gulfInputs(FEB14, { shipment: gulfShipment({ vessel: 'EVER GIVEN' }) }))!.facts;

const money = fc.integer({ min: 0, max: 60_000_000 }).map((dollars) => usd(dollars));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const action = fc.constantFrom<Action>(...ACTIONS);
const time = fc.integer({ min: 1, max: 900 }).map((h) => FEB14 + h * HOUR_MS);
const length = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 300, noNaN: true }));

const escalations = fc.subarray<Escalation>([
  { kind: 'large_and_unsure', exposure: usd(6_000_000), confidence: 0.48 },
  { kind: 'sources_disagree', event: forecast.event, low: 0.12, high: 0.61, horizonDays: 30 },
  { kind: 'short_record', points: 1, days: 1.5 },
]);

const facts: fc.Arbitrary<Facts> = fc
  .record({
    risk: fc.constantFrom(...RISKS), chokepoint: fc.constantFrom(...CHOKEPOINT_IDS), action, neutral: action, tolerance: fc.constantFrom(...RISK_TOLERANCES), p: share, eventProbability: share, passesAt: time, eta: time,
    breakEven: fc.option(share), breakEvenAction: action, othersOpen: fc.boolean(), underWay: fc.boolean(), vessel: fc.constantFrom(null, 'EVER GIVEN'), carrier: fc.constantFrom(null, 'MAEU'), fallback: fc.option(action), closing: fc.option(action),
    expected: money, proceedExpected: money, lossIfHit: money, saving: fc.tuple(money, fc.boolean()).map(([m, minus]) => (minus ? -m : m)), days: length, extraDays: length, recourse: fc.constantFrom('wait_out' as const, 'sent_round' as const, 'landed_outside' as const),
    deadline: fc.option(time), deadlineReason: fc.constantFrom('nothing_to_choose' as const, 'last_change_of_mind' as const, 'option_closes' as const, 'waiting_costs_more' as const), overlandPort: fc.constantFrom(null, 'Khor Fakkan'),
    split: fc.constantFrom(null, { moved: 10, boxes: 40 }), curve: fc.array(fc.record({ at: time, hours: fc.integer({ min: 1, max: 900 }), extra: money, closing: fc.subarray([...ACTIONS]) }), { maxLength: 4 }),
    others: fc.array(fc.record({ chokepoint: fc.constantFrom(...CHOKEPOINT_IDS), passesAt: time, p: share }), { maxLength: 2 }), oneCause: fc.boolean(),
    reasons: fc.subarray([...REASONS]), dataReasons: fc.subarray(DATA_REASONS), escalations,
  })
  .map(({ reasons, dataReasons, escalations: why, ...f }) => ({ ...base, ...f, trust: { confidence: 0.4813, reasons, dataReasons, escalations: why } }));

/** All that a language says of the facts, by name. */
function said(t: Texts, f: Facts): Readonly<Record<string, string>> {
  const list = (name: string, items: readonly string[]): Record<string, string> => Object.fromEntries(items.map((item, i) => [`${name} ${i}`, item]));
  const chain = [...t.chain(f.chokepoint, f.risk, f.eventProbability), ...t.ownChain(f)];
  return {
    headline: t.headline(f), deadlineReason: t.deadlineReason(f), ...t.answers(f), escalated: t.escalated(f.trust.escalations) ?? '', ...list('step', t.steps(f)), ...list('note', f.curve.map(t.curveNote)),
    ...list('reason', t.confidenceReasons(f)), ...list('chain', chain.map((c) => c.statement)), ...list('chain source', chain.map((c) => c.source)),
  };
}

const WHY_NOT = ['no_other_sea_route', 'no_port_outside', 'loaded_behind_passage', 'under_way', 'cut_off_passed', 'too_few_boxes'];
const CUT_OFFS = ['booking_cut_off', 'notice_before_passage', 'underwriters_notice'];
const labels = (t: Texts): readonly string[] => [...ACTIONS.map((a) => t.titles[a]), ...COMPONENTS.map((c) => t.components[c]), ...Object.values(t.sources), ...WHY_NOT.map(t.whyNot), ...CUT_OFFS.map(t.cutOffReason)];

const OTHERS = LANGUAGES.filter((l) => l !== 'en');
const VERBATIM = [QUESTION, SOURCE, 'A US strike on Iran'];
/** Names, codes, and loans that the trade uses as they are. */
const NAMES = new Set(['shanghai', 'cnsha', 'jebel', 'ali', 'aejea', 'khor', 'fakkan', 'ever', 'given', 'maeu', 'utc', 'usd', 'us', 'bw', 'polymarket', 'reuters', 'acme', 'cusum', 'log', 'odds', 'bab', 'el', 'mandeb', 'hormuz', 'suez', 'panama', 'malacca', 'dover', 'bosphorus', 'gibraltar', 'houthi']);
const COGNATES = ['canal', 'factor', 'general', 'terminal'];
const LOANS: Readonly<Record<string, readonly string[]>> = { vi: ['container', 'booking'], es: COGNATES, 'es-MX': COGNATES, zh: [] };

const words = (text: string): readonly string[] => withoutQuotes(text).toLowerCase().match(/\p{Letter}+/gu) ?? [];

test('every language gives the same figures as English, in words that are its own', () => {
  fc.assert(
    fc.property(facts, (f) => {
      const english = said(en, f);
      const foreign = new Set(Object.values(english).flatMap((t) => words(VERBATIM.reduce((rest, v) => rest.replaceAll(v, ' '), t))).filter((word) => word.length > 3 && !NAMES.has(word)));
      for (const language of OTHERS) {
        const own = said(textsFor(language), f);
        assert.deepEqual(Object.keys(own), Object.keys(english));
        for (const [name, text] of Object.entries(own)) {
          const place = `${language} ${name}: ${text}\n${english[name]}`;
          assert.deepEqual(numerals(text, language), numerals(english[name]!, 'en', VERBATIM), place);
          assert.doesNotMatch(text, /undefined|null|NaN|\$\{| {2}|[.。]{2}|[,;:] ?[.,;]/, place);
          assert.deepEqual(words(text).filter((word) => foreign.has(word) && !LOANS[language]!.includes(word)), [], place);
          if (language === 'zh') assert.deepEqual(words(text).filter((word) => /^[a-z]{2,}$/.test(word) && !NAMES.has(word)), [], place);
        }
        for (const name of ['headline', 'deadlineReason', 'what', 'when', 'how_bad', 'why', 'what_to_do', 'how_sure', 'if_nothing', ...Object.keys(own).filter((k) => k.startsWith('step'))]) assert.match(own[name]!, /[.。]$/, `${language} ${name}: ${own[name]}`);
      }
    }),
    { numRuns: 400 },
  );
});

test('every label has its word in every language, and no two actions the same', () => {
  const english = labels(en);
  for (const language of OTHERS) {
    const own = labels(textsFor(language));
    assert.equal(own.length, english.length);
    own.forEach((label, i) => {
      assert.ok(label.length > 1 && label !== english[i], `${language}: ${label}`);
      assert.deepEqual(numerals(label, language), numerals(english[i]!, 'en'), label);
    });
    assert.equal(new Set(ACTIONS.map((a) => textsFor(language).titles[a])).size, ACTIONS.length);
  }
});

test('a question stays word for word, in the quotation marks of the reader', () => {
  for (const language of OTHERS) {
    const { what, why } = textsFor(language).answers({ ...base, risk: forecast });
    const quoted = language.startsWith('es') ? `«${QUESTION}»` : `“${QUESTION}”`;
    assert.ok(what.includes(quoted), what);
    assert.ok(why.includes(quoted), why);
  }
});

test('a filled WhatsApp template of 1,024 characters has room for what to do, whatever the action', () => {
  const frameAndDeadline = 160 + 60;
  fc.assert(
    fc.property(facts, (f) => {
      for (const language of LANGUAGES) {
        const t = textsFor(language);
        const headline = t.headline(f);
        assert.ok(headline.length <= 320, headline);
        const { what_to_do } = t.answers(f);
        assert.ok(frameAndDeadline + headline.length + what_to_do.length <= 1_024, `${language}: ${headline} ${what_to_do}`);
      }
    }),
  );
});
