import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BacktestAlarm, BacktestEvent } from '../../api/backtests.ts';
import { actsWords, alarmRows, daysAfter, monthTicks, seriesWords, verdicts, windowEnd } from './backtest-rules.ts';

const event = (day: string, affects: readonly string[], until: string | null = null): BacktestEvent => ({ day, title: `on ${day}`, source: 's', affects, until, first_alarm: null });
const alarm = (chokepoint: string, known: string, of: BacktestEvent | null): BacktestAlarm => ({
  chokepoint, series: `${chokepoint}.transits.total`, direction: 'down', alarmed_for: '2026-03-02', known_at: known, days_late: 7, level: 0.4,
  event: of && { day: of.day, title: of.title }, days_after_event: of && { alarmed_for: 2, known: 10.8 }, before_start: false, false_alarm: of === null,
});

test('what we cost is said plainly, both ways, with the interval in the same sense', () => {
  const saves = [
    { than: 'proceed', saved_usd: '23948.20', interval_90_usd: ['11852', '43367'] },
    { than: 'reroute', saved_usd: '-579890', interval_90_usd: ['-1506997', '-164689'] },
    { than: 'hindsight', saved_usd: '-981824', interval_90_usd: ['-1939229', '-577115'] },
  ] as const;
  assert.deepEqual(verdicts({ ours_saves: saves }), [
    { tone: 'good', text: '$23,948 cheaper than always proceed (90 % interval $11,852 to $43,367).' },
    { tone: 'bad', text: '$579,890 dearer than always reroute (90 % interval $164,689 to $1,506,997).' },
  ]);
  assert.deepEqual(verdicts({ ours_saves: [{ than: 'proceed', saved_usd: '100', interval_90_usd: ['-50', '300'] }] }), [{ tone: 'calm', text: '$100 cheaper than always proceed (90 % interval from $50 dearer to $300 cheaper).' }]);
  assert.deepEqual(verdicts({ ours_saves: [{ than: 'proceed', saved_usd: '-100', interval_90_usd: ['-300', '50'] }] }), [{ tone: 'calm', text: '$100 dearer than always proceed (90 % interval from $50 cheaper to $300 dearer).' }]);
  assert.equal(verdicts({ ours_saves: [{ than: 'proceed', saved_usd: '0.00', interval_90_usd: ['0', '0'] }] })[0]?.text, 'the same as always proceed.');
});

test('each alarm has its row in the order of knowing, and a passage that was hit without one has a row too', () => {
  const [minor, strike] = [event('2026-02-09', []), event('2026-02-28', ['hormuz', 'suez'])];
  const rows = alarmRows({ events: [minor, strike], alarms: [alarm('hormuz', '2026-03-10T18:00:00.000Z', strike), alarm('malacca', '2026-03-01T18:00:00.000Z', null)] });
  assert.deepEqual(rows.map((row) => [row.kind, row.chokepoint, row.event]), [['alarm', 'malacca', null], ['alarm', 'hormuz', 2], ['none', 'suez', 2]]);
});

test('an axis has the first days of its months, or its own first day', () => {
  const days = (from: string, to: string): string[] => monthTicks(from, to).map((at) => new Date(at).toISOString().slice(0, 10));
  assert.deepEqual(days('2026-02-01', '2026-04-17'), ['2026-02-01', '2026-03-01', '2026-04-01']);
  assert.deepEqual(days('2023-12-15', '2024-01-20'), ['2024-01-01']);
  assert.deepEqual(days('2026-02-03', '2026-02-20'), ['2026-02-03']);
});

test('words', () => {
  assert.equal(seriesWords('hormuz.transits.container'), 'container ships');
  assert.equal(seriesWords('x.y.lng_carrier'), 'lng carrier');
  assert.equal(actsWords({ divert: 1, proceed: 12 }), '12 proceed, 1 divert');
  assert.deepEqual([0, 1, 10.8].map(daysAfter), ['the same day', '1 day after', '10.8 days after']);
  assert.equal(windowEnd(event('2026-02-28', [], '2026-03-01'), '2026-04-17'), Date.parse('2026-03-02'));
});
