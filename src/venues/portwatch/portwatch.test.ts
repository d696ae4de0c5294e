import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock, parseInstant } from '../../model/time.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { startTwin } from '../twin/index.ts';
import { realOutbound } from '../whatsapp/test-support/real-outbound.ts';
import { createPortWatch, startPortWatchTwin } from './index.ts';
import { readWhere } from './twin.ts';
import { LAYER, readPage } from './wire.ts';

const scenario = hormuz();
const never = new AbortController().signal;
const source = (url: string) => createPortWatch({ outbound: directOutbound(), url, kind: 'twin', chokepoints: ['hormuz', 'suez'] });

test('a day is seen from its Tuesday on, and the fetch is when it was known', async () => {
  const clock = new ManualClock('2026-03-10T13:59:59Z');
  await using twin = await startPortWatchTwin({ scenario, clock });
  const newest = async () => (await source(twin.url).fetch(clock.now(), '2026-02-20', never)).filter((o) => o.series === 'hormuz.transits.total').at(-1)!;
  assert.deepEqual([(await newest()).observedFor, (await newest()).value], ['2026-03-01', 24]);
  clock.set('2026-03-10T18:00:00Z');
  assert.deepEqual(await newest(), { series: 'hormuz.transits.total', observedFor: '2026-03-08', knownAt: parseInstant('2026-03-10T18:00:00Z'), value: 2, unit: 'vessels/day', source: 'portwatch', url: 'https://portwatch.imf.org/' });
});

test('only the days and passages asked for, all classes, over as many pages as it takes', async () => {
  const clock = new ManualClock('2026-04-17T18:00:00Z');
  await using twin = await startPortWatchTwin({ scenario, clock, pageMax: 7 });
  const observations = await source(twin.url).fetch(clock.now(), '2026-03-01', never);
  const days = scenario.transits.filter((r) => r.observedFor >= '2026-03-01' && r.knownAt <= clock.now() && ['hormuz', 'suez'].includes(r.chokepoint));
  assert.equal(observations.length, days.length * 6);
  assert.equal(twin.counters().total, Math.ceil(days.length / 7));
  assert.equal(new Set(observations.map((o) => o.series)).size, 12);
  twin.faults.set([{ kind: 'duplicated' }, { kind: 'reordered' }]);
  assert.deepEqual(await source(twin.url).fetch(clock.now(), '2026-03-01', never), observations);
});

test('a service that promises more and gives nothing is told as incomplete; no part is used', async () => {
  const clock = new ManualClock('2026-03-11T18:00:00Z');
  const row = { attributes: { date: '2026-03-02', portname: 'Suez Canal', n_total: 40 } };
  await using twin = await startTwin({ name: 'portwatch', clock, routes: [{ method: 'GET', path: LAYER, handle: () => ({ json: { features: [row], exceededTransferLimit: true } }) }] });
  await assert.rejects(source(twin.url).fetch(clock.now(), null, never), { code: 'PORTWATCH_INCOMPLETE' });
  assert.equal(twin.counters().total, 2);
});

test('a first fetch reads two years back', async () => {
  const clock = new ManualClock('2026-02-01T18:00:00Z');
  const asked: string[] = [];
  await using twin = await startTwin({ name: 'portwatch', clock, routes: [{ method: 'GET', path: LAYER, handle: (r) => (asked.push(r.query.get('where')!), { json: { features: [] } }) }] });
  assert.deepEqual(await source(twin.url).fetch(clock.now(), null, never), []);
  assert.deepEqual(asked, ["portname IN ('Strait of Hormuz','Suez Canal') AND date >= timestamp '2024-02-02 00:00:00'"]);
});

for (const [code, expected] of [[400, 'VENUE_REFUSED'], [429, 'VENUE_RATE_LIMITED'], [503, 'VENUE_FAILED']] as const) {
  test(`an ArcGIS error ${code} in the body of a 200 is ${expected}, with the venue's words`, async () => {
    const clock = new ManualClock('2026-02-01T18:00:00Z');
    await using twin = await startTwin({ name: 'portwatch', clock, routes: [{ method: 'GET', path: LAYER, handle: () => ({ json: { error: { code, message: 'Unable to perform query.', details: ['too much'] } } }) }] });
    await assert.rejects(source(twin.url).fetch(clock.now(), null, never), (e: { code: string; message: string; occurrence: { facts: object } }) => {
      assert.equal(e.code, expected);
      assert.match(e.message, /Unable to perform query\. too much/);
      assert.deepEqual(e.occurrence.facts, { venue_code: String(code) });
      return true;
    });
  });
}

test('the twin refuses a query that it cannot read, in the service\'s form', async () => {
  await using twin = await startPortWatchTwin({ scenario, clock: new ManualClock('2026-03-11T00:00:00Z') });
  const ask = async (where: string): Promise<Record<string, unknown>> => (await (await fetch(`${twin.url}${LAYER}?f=json&resultRecordCount=1&where=${encodeURIComponent(where)}`)).json()) as Record<string, unknown>;
  assert.equal(((await ask('drop table x'))['error'] as { code: number }).code, 400);
  const first = (await ask("portname = 'Suez Canal'")) as { features: { attributes: Record<string, unknown> }[]; exceededTransferLimit: boolean };
  assert.deepEqual([first.features[0]!.attributes['portname'], first.features[0]!.attributes['date'], first.exceededTransferLimit], ['Suez Canal', parseInstant('2025-10-01'), true]);
});

test('the twin reads names as SQL has them: quotes doubled, a comma between two, no clause of any length', () => {
  const row = { ...scenario.transits[0]!, chokepoint: 'suez' as const };
  const holds = (where: string): boolean | null => readWhere(where)?.(row) ?? null;
  assert.equal(holds("portname IN ('Strait of Hormuz', 'Suez Canal')"), true);
  assert.equal(holds("PORTNAME = 'It''s no canal'"), false);
  assert.equal(holds("portname IN ('Suez Canal' 'Strait of Hormuz')"), null);
  assert.equal(holds(`portname = '${'x'.repeat(2_000)}'`), null);
});

test('dates are read as milliseconds or as days; a count that is missing is left out', () => {
  const page = readPage({ features: [{ attributes: { date: 1772409600000, portname: 'x', n_total: 6, n_container: null } }, { attributes: { date: '2026-03-02', portname: 'x', n_total: 6 } }] });
  assert.deepEqual(page.rows.map((r) => r.date), ['2026-03-02', '2026-03-02']);
  assert.equal(page.more, false);
  assert.throws(() => readPage({ features: [{ attributes: { date: null, portname: 'x' } }] }));
});

test('an ended sweep asks no more', async () => {
  await using twin = await startPortWatchTwin({ scenario, clock: new ManualClock('2026-03-11T00:00:00Z') });
  await assert.rejects(source(twin.url).fetch(0, null, AbortSignal.abort()), { name: 'AbortError' });
  assert.equal(twin.counters().total, 0);
});

test('through the desk’s own outbound an error in a 200 keeps its code: 429 waits as told, 400 is refused at once, 503 is asked again', async () => {
  const clock = new ManualClock('2026-02-01T18:00:00Z');
  const replies: { readonly json: object; readonly headers?: Record<string, string> }[] = [];
  const wrong = (code: number, details: readonly string[], headers?: Record<string, string>) => ({ json: { error: { code, message: 'Unable to perform query.', details } }, ...(headers ? { headers } : {}) });
  await using twin = await startTwin({ name: 'portwatch', clock, routes: [{ method: 'GET', path: LAYER, handle: () => replies.shift() ?? { json: { features: [] } } }] });
  const told = async (...planned: typeof replies): Promise<unknown[]> => {
    replies.splice(0, replies.length, ...planned);
    const before = twin.counters().total;
    const code = await createPortWatch({ outbound: realOutbound(), url: twin.url, kind: 'twin' }).fetch(clock.now(), null, never).then(
      () => 'whole',
      (e: { code: string; occurrence: { retryAfterSeconds?: number; facts: { venue_code: string; status: number } } }) => [e.code, e.occurrence.facts.venue_code, e.occurrence.facts.status, e.occurrence.retryAfterSeconds],
    );
    return [code, twin.counters().total - before];
  };
  assert.deepEqual(await told(wrong(429, ['Too many requests. Request will be honored after 60 seconds'])), [['VENUE_RATE_LIMITED', '429', 429, 60], 1]);
  assert.deepEqual(await told(wrong(429, [], { 'retry-after': '45' })), [['VENUE_RATE_LIMITED', '429', 429, 45], 1]);
  assert.deepEqual(await told(wrong(400, ['Invalid where clause'])), [['VENUE_REFUSED', '400', 400, undefined], 1]);
  assert.deepEqual(await told(wrong(503, []), wrong(503, [])), ['whole', 3]);
});
