import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshDatabase } from '../../../test/support/database.ts';
import { common } from '../../kernel/errors/index.ts';
import { sourceStates } from '../../kernel/sweeps/index.ts';
import { addDays, DAY_MS, parseInstant, startOfDay } from '../../model/time.ts';
import { chokepointState } from './chokepoint-state.ts';
import { chokepointHistory } from './history.ts';
import { transitSeries } from './ports.ts';
import { knownValues } from './store.ts';
import { calm, LAG_DAYS, observation, playing, PORTWATCH_FILE, portwatchPath, realityDesk, recordedTransits } from './test-support/desk.ts';

const skip = portwatchPath === null ? `${PORTWATCH_FILE} is absent` : false;
const strikes = {
  externalId: 'us-strikes-iran-by-june-30',
  source: 'polymarket',
  url: 'https://polymarket.com/event/us-strikes-iran-by',
  question: 'US strikes Iran by June 30, 2026?',
  probability: 0.525,
  horizonEnd: parseInstant('2026-06-30T23:59:00Z'),
  liquidityUsd: 80_000,
  volumeUsd: null,
  closed: false,
  observedAt: parseInstant('2026-02-09T00:00:00Z'),
  knownAt: parseInstant('2026-02-09T00:00:00Z'),
  raw: '{}',
};

test('Hormuz 2026, day by day: predicted from the price on, confirmed when the collapse is published, and not a day before', { skip }, async () => {
  await using db = await freshDatabase();
  const closed = { ...strikes, closed: true, probability: 1, observedAt: parseInstant('2026-02-28T12:00:00Z'), knownAt: parseInstant('2026-02-28T12:00:00Z') };
  const { reality, signals, told } = realityDesk(db, [playing('portwatch', recordedTransits('hormuz_strait', 'hormuz', '2025-08-01', '2026-03-20'))], [strikes, closed]);
  const seen: string[] = [];
  for (let day = '2026-02-05'; day <= '2026-03-14'; day = addDays(day, 1)) {
    const asOf = startOfDay(day) + DAY_MS / 2;
    await signals.sweep(asOf, 'test');
    await reality.sweep(asOf, 'test');
    const { status, alarm } = await chokepointState(db, 'hormuz', asOf);
    const shown = `${status}${alarm ? ` ${alarm.series} ${alarm.alarmedFor}` : ''}`;
    if (shown !== seen.at(-1)?.slice(11)) seen.push(`${day} ${shown}`);
  }
  // The strikes come on 28 February and their market closes; 1 March, the first bad day, is published on the 7th, and 2 March on the 8th.
  assert.deepEqual(seen, ['2026-02-05 NORMAL', '2026-02-09 PREDICTED_NOT_OBSERVED', '2026-03-07 MATERIALIZING', '2026-03-08 CONFIRMED hormuz.transits.container 2026-03-02']);
  const statuses = told.flatMap((t) => t.changes.filter((c) => c.chokepoint === 'hormuz' && c.from !== c.to).map((c) => `${c.from} → ${c.to}`));
  assert.deepEqual(statuses, ['null → NORMAL', 'NORMAL → PREDICTED_NOT_OBSERVED', 'PREDICTED_NOT_OBSERVED → MATERIALIZING', 'MATERIALIZING → CONFIRMED']);
  const alarms = (await db.query(`select series, alarmed_for::text, known_at from alarms order by series`)).rows;
  assert.deepEqual(alarms.map((a) => [a['series'], a['alarmed_for'], (a['known_at'] as Date).toISOString()]), [
    ['hormuz.transits.container', '2026-03-02', '2026-03-08T00:00:00.000Z'],
    ['hormuz.transits.total', '2026-03-02', '2026-03-08T00:00:00.000Z'],
  ]);
  const end = await chokepointState(db, 'hormuz', startOfDay('2026-03-14'));
  assert.ok(end.lostTraffic!.expected > 0.9 && end.lostTraffic!.low > 0.7 && end.lostTraffic!.high === 1, JSON.stringify(end.lostTraffic));
});

test('the Red Sea 2023, which no market foresaw: a surprise, with the container alarm of 30 November', { skip }, async () => {
  await using db = await freshDatabase();
  const { reality } = realityDesk(db, [playing('portwatch', recordedTransits('bab_el_mandeb', 'bab_el_mandeb', '2023-05-01', '2024-01-31'))]);
  await reality.sweep(startOfDay('2023-12-05') + DAY_MS - 1, 'test');
  assert.equal((await db.query('select 1 from alarms')).rows.length, 0, '30 November is not published yet');
  await reality.sweep(startOfDay('2023-12-06'), 'test');
  const state = await chokepointState(db, 'bab_el_mandeb', startOfDay('2023-12-06'));
  assert.deepEqual([state.status, state.alarm?.series, state.alarm?.alarmedFor], ['SURPRISE', 'bab_el_mandeb.transits.container', '2023-11-30']);
  await reality.sweep(startOfDay('2024-01-31'), 'test');
  const history = await chokepointHistory(db, 'bab_el_mandeb', '2023-11-01', '2024-01-31', startOfDay('2024-01-31'));
  assert.deepEqual(history.alarms.map((a) => [a.series.split('.')[2], a.alarmedFor]), [['container', '2023-11-30'], ['total', '2023-12-19']]);
  assert.equal(history.transits.at(-1)!.observedFor, addDays('2024-01-31', -LAG_DAYS));
});

test('a sweep again changes nothing and hands nothing over', async () => {
  await using db = await freshDatabase();
  const { reality, told } = realityDesk(db, [playing('portwatch', calm('2025-06-01', 200))]);
  const asOf = startOfDay('2026-01-05');
  const [first] = await reality.sweep(asOf, 'test');
  assert.deepEqual([first!.fetched, first!.new, first!.duplicate, first!.failed], [200, 200, 0, null]);
  const [again] = await reality.sweep(asOf, 'test');
  assert.deepEqual([again!.new, again!.duplicate], [0, again!.fetched], 'the last two weeks are asked for again');
  assert.equal(told.length, 1);
  assert.equal((await db.query('select 1 from chokepoint_states where chokepoint = $1', ['hormuz'])).rows.length, 1);
});

test('a correction is kept beside what was told first, and seen only from when it was known', async () => {
  await using db = await freshDatabase();
  const told = observation('2026-01-10', 60);
  const corrected = { ...told, value: 66, knownAt: told.knownAt + 3 * DAY_MS };
  const same = { ...corrected, knownAt: corrected.knownAt + DAY_MS };
  const { reality } = realityDesk(db, [playing('portwatch', [told, corrected, same])]);
  await reality.sweep(told.knownAt, 'test');
  await reality.sweep(same.knownAt, 'test');
  assert.equal((await db.query('select 1 from observations')).rows.length, 2, 'the same value again is no correction');
  const read = async (asOf: number) => (await knownValues(db, [told.series], '2026-01-01', '2026-01-31', asOf)).get(told.series)!.map((v) => v.value);
  assert.deepEqual([await read(told.knownAt - 1), await read(told.knownAt), await read(corrected.knownAt)], [[], [60], [66]]);
});

test('no look-ahead: a state as of t is the one of a desk that knows nothing later', async () => {
  await using db = await freshDatabase();
  await using ignorant = await freshDatabase();
  const all = [...calm('2025-06-01', 230), ...Array.from({ length: 20 }, (_, i) => observation(addDays('2026-01-17', i), 12))];
  await realityDesk(db, [playing('portwatch', all)]).reality.sweep(startOfDay('2026-03-01'), 'test');
  let upTo = startOfDay('2025-06-01');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 30 }), async (days) => {
      const asOf = startOfDay('2026-01-15') + days * DAY_MS;
      upTo = Math.max(upTo, asOf);
      // The second desk has swept only up to the latest day asked so far, so it holds fewer rows than the first.
      await realityDesk(ignorant, [playing('portwatch', all)]).reality.sweep(upTo, 'test');
      assert.deepEqual(await chokepointState(db, 'hormuz', asOf), await chokepointState(ignorant, 'hormuz', asOf));
      const values = (await knownValues(db, [transitSeries('hormuz')], '2025-01-01', '2026-12-31', asOf)).get(transitSeries('hormuz'))!;
      assert.ok(values.every((v) => v.knownAt <= asOf));
    }),
    { numRuns: 12 },
  );
});

test('one source failing never stops another; malformed and future observations are counted, not stored', async () => {
  await using db = await freshDatabase();
  const fails = { name: 'freight', kind: 'twin' as const, fetch: async () => Promise.reject(common.UNAVAILABLE()) };
  const odd = { name: 'odd', kind: 'real' as const, fetch: async () => [observation('2026-01-10', -1), observation('2026-01-10', Number.NaN), { ...observation('2026-01-10', 5), observedFor: '2026-02-31' }, observation('2026-03-01', 5), observation('2026-01-11', 50)] };
  const { reality } = realityDesk(db, [fails, odd]);
  const [first, second] = await reality.sweep(startOfDay('2026-02-01'), 'test');
  assert.equal(first!.failed, 'UNAVAILABLE');
  assert.deepEqual([second!.new, second!.rejected], [1, [{ rule: 'look-ahead', count: 1 }, { rule: 'malformed', count: 3 }]]);
  assert.deepEqual((await sourceStates(db)).map((s) => [s.source, s.healthy]), [['freight', false], ['odd', true]]);
});

test('when the hand-over fails no state or alarm is written, and the next sweep does both', { skip }, async () => {
  await using db = await freshDatabase();
  let broken = true;
  const { reality, told } = realityDesk(db, [playing('portwatch', recordedTransits('hormuz_strait', 'hormuz', '2025-08-01', '2026-03-20'))], [], () => {
    if (broken) throw new Error('queue is down');
  });
  await assert.rejects(reality.sweep(startOfDay('2026-03-10'), 'test'), /queue is down/);
  assert.equal((await db.query('select id from alarms union all select id from chokepoint_states')).rows.length, 0);
  broken = false;
  await reality.sweep(startOfDay('2026-03-10'), 'test');
  assert.equal((await db.query('select id from alarms')).rows.length, 2);
  assert.equal(told.length, 1);
});
