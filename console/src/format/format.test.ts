import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { money, moneyRange, moneyShort } from './money.ts';
import { change, percent, plural, points } from './number.ts';
import { ago, clock, day, dayLong, instant, span, timeLeft } from './time.ts';

const NOW = Date.parse('2026-02-14T14:05:00Z');

describe('money', () => {
  test('is grouped, whole from $100 and with a true minus', () => {
    assert.equal(money('1234567.89'), '$1,234,568');
    assert.equal(money('-3.50'), '−$3.50');
    assert.equal(money('42.00'), '$42');
    assert.equal(money('0.00'), '$0');
    assert.equal(money('-0.001'), '$0');
  });
  test('that cannot be read is a dash, never zero', () => {
    for (const bad of ['', 'abc', 'NaN', ' ']) assert.equal(money(bad), '–');
    assert.equal(moneyShort(''), '–');
  });
  test('in short never shows 1000k', () => {
    assert.equal(moneyShort(999_600), '$1M');
    assert.equal(moneyShort(999.6), '$1k');
    assert.equal(moneyShort(12_340), '$12k');
    assert.equal(moneyShort(1_234), '$1.2k');
    assert.equal(moneyShort(-2_500_000), '−$2.5M');
    assert.equal(moneyShort(0), '$0');
    assert.equal(moneyShort(9_960), '$10k');
  });
  test('ranges read low to high', () => assert.equal(moneyRange(['180000', '260000.4']), '$180,000 to $260,000'));
});

describe('numbers', () => {
  test('a small probability is never rounded to nothing, a large one never to certainty', () => {
    assert.equal(percent(0.525), '53\u202f%');
    assert.equal(percent(0.0149), '1.5\u202f%');
    assert.equal(percent(0.03), '3\u202f%');
    assert.equal(percent(0.0996), '10\u202f%');
    assert.equal(percent(0.004), '0.4\u202f%');
    assert.equal(percent(0.0004), '< 0.1\u202f%');
    assert.equal(percent(0.9996), '> 99.9\u202f%');
    assert.equal(percent(0.996), '99.6\u202f%');
    assert.equal(percent(0), '0\u202f%');
    assert.equal(percent(1), '100\u202f%');
    assert.equal(percent(null), '–');
  });
  test('change against the usual', () => {
    assert.equal(change(0.68), '−32\u202f%');
    assert.equal(change(1.2), '+20\u202f%');
    assert.equal(change(1.001), '±0\u202f%');
  });
  test('points and plurals', () => {
    assert.equal(points(0.34, 0.12), '22 points above');
    assert.equal(points(0.11, 0.12), '1 point below');
    assert.equal(points(0.12, 0.12), 'level with');
    assert.equal(plural(1, 'shipment'), '1 shipment');
    assert.equal(plural(1200, 'shipment'), '1,200 shipments');
  });
});

describe('time', () => {
  test('is UTC whatever the machine says', () => {
    assert.equal(instant('2026-02-14T14:05:59Z'), '14 Feb 2026 14:05 UTC');
    assert.equal(instant('2026-02-14T23:30:00-05:00'), '15 Feb 2026 04:30 UTC');
    assert.equal(day('2026-03-01'), '1 Mar 2026');
    assert.equal(dayLong('2026-02-28'), 'Sat 28 Feb 2026');
    assert.equal(clock('2026-02-14T09:07:00Z'), '09:07');
    assert.equal(instant('nonsense'), '–');
  });
  test('spans name their two largest units', () => {
    assert.equal(span(52 * 3_600_000), '2 d 4 h');
    assert.equal(span(48 * 3_600_000), '2 d');
    assert.equal(span(20 * 86_400_000 + 5 * 3_600_000), '20 d');
    assert.equal(span(5 * 3_600_000 + 20 * 60_000), '5 h 20 min');
    assert.equal(span(59_000), 'under 1 min');
  });
  test('time left is told against the given now, with its urgency', () => {
    assert.deepEqual(timeLeft('2026-02-14T19:05:00Z', NOW), { urgency: 'now', text: '5 h left' });
    assert.deepEqual(timeLeft('2026-02-16T18:05:00Z', NOW), { urgency: 'soon', text: '2 d 4 h left' });
    assert.deepEqual(timeLeft('2026-02-20T14:05:00Z', NOW), { urgency: 'later', text: '6 d left' });
    assert.deepEqual(timeLeft('2026-02-14T11:05:00Z', NOW), { urgency: 'passed', text: 'passed 3 h ago' });
    assert.deepEqual(timeLeft('2026-02-14T14:05:00Z', NOW), { urgency: 'passed', text: 'due now' });
    assert.deepEqual(timeLeft(null, NOW), { urgency: 'none', text: 'no deadline' });
  });
  test('ago looks both ways', () => {
    assert.equal(ago('2026-02-14T14:02:00Z', NOW), '3 min ago');
    assert.equal(ago('2026-02-14T14:04:30Z', NOW), 'just now');
    assert.equal(ago('2026-02-14T14:15:00Z', NOW), 'in 10 min');
  });
});
