import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misbehavingServer, reply } from '../../../test/support/misbehaving-server.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { createBreakers } from '../../kernel/breakers/index.ts';
import { createGate, QUOTAS } from '../../kernel/gate/index.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { createOutbound } from '../../kernel/outbound/index.ts';
import { ManualTimers } from '../../kernel/timers/index.ts';
import { HOUR_MS, ManualClock, parseInstant, systemClock } from '../../model/time.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { realOutbound } from '../whatsapp/test-support/real-outbound.ts';
import { articleId } from './article-id.ts';
import { createGdeltClient, createGdeltSignals, PASSAGE_QUERIES, queryOf, startGdeltTwin } from './index.ts';

const never = new AbortController().signal;
const NOW = parseInstant('2026-03-01T18:00:00Z');
const sent = (url: string): URLSearchParams => new URL(url, 'http://x').searchParams;

test('a query is phrases and English; alternatives, and only those, stand in parentheses', () => {
  assert.equal(queryOf({ phrases: ['suez canal'] }), '"suez canal" sourcelang:english');
  assert.equal(queryOf({ phrases: ['dover strait', 'strait of dover'] }), '("dover strait" OR "strait of dover") sourcelang:english');
  assert.deepEqual(new Set(PASSAGE_QUERIES.map((q) => q.passage)).size, 9);
  for (const { named, phrases, passage } of PASSAGE_QUERIES) assert.ok(phrases.some((p) => named.test(p)), passage);
});

test('an address is the same however it was shared', () => {
  const same = ['https://www.paper.example/a/b/?utm_source=x&id=7&b=1#top', 'http://paper.example/a/b?b=1&id=7&fbclid=q', 'https://PAPER.example:443/a/b?b=1&id=7'];
  assert.deepEqual([...new Set(same.map(articleId))], ['paper.example/a/b?b=1&id=7']);
  assert.notEqual(articleId('https://paper.example/a/B'), articleId('https://paper.example/a/b'));
  assert.match(articleId(`https://paper.example/${'x'.repeat(400)}`), /^sha256:/);
});

test('the request and the reply of the real interface, with one article that cannot be read', async () => {
  await using server = await misbehavingServer();
  const client = createGdeltClient({ outbound: directOutbound(), url: server.url });
  const good = { url: 'https://paper.example/1', url_mobile: '', title: 'Oil  surges , again', seendate: '20260301T101500Z', socialimage: '', domain: 'paper.example', language: 'English', sourcecountry: '' };
  server.plan(reply(200, { articles: [good, { ...good, seendate: 'soon' }, { ...good, url: 'javascript:1' }, { ...good, title: ' ' }, null] }));
  assert.deepEqual(await client.articles('"suez canal"', 3.2), [{ url: 'https://paper.example/1', title: 'Oil surges , again', seenAt: parseInstant('2026-03-01T10:15:00Z'), domain: 'paper.example', language: 'English', sourceCountry: null }]);
  assert.deepEqual(Object.fromEntries(sent(server.requests[0]!.url)), { query: '"suez canal"', mode: 'artlist', format: 'json', timespan: '4h', maxrecords: '250', sort: 'datedesc' });
  for (const nothing of ['{}', '', '{"articles":[]}']) {
    server.plan(reply(200, nothing));
    assert.deepEqual(await client.articles('"suez canal"', 1), [], nothing);
  }
  server.plan(reply(200, `{"articles":[{"url":"https://paper.example/2","title":"A \\q back\\'slash\tand tab","seendate":"20260301T101500Z"}]}`));
  assert.equal((await client.articles('x', 1))[0]!.title, "A \\q back\\'slash and tab");
});

test('what it says in words instead of JSON is told as what it is', async () => {
  await using server = await misbehavingServer();
  const client = createGdeltClient({ outbound: directOutbound(), url: server.url });
  const limited = 'Please limit requests to one every 5 seconds or write to us for larger queries.';
  const cases = [
    [reply(200, limited), 'VENUE_RATE_LIMITED', /^Please limit requests/],
    [reply(429, limited), 'VENUE_RATE_LIMITED', /^Please limit requests/],
    [reply(200, 'The specified phrase is too short.'), 'VENUE_REFUSED', /too short/],
    [reply(200, '<!DOCTYPE html><title>502</title>'), 'VENUE_FAILED', /HTML/],
    [reply(200, '{"articles":[{"url"'), 'VENUE_FAILED', /not JSON/],
    [reply(500, 'oops'), 'VENUE_FAILED', /HTTP 500/],
  ] as const;
  for (const [behaviour, code, message] of cases) {
    server.plan(behaviour);
    await assert.rejects(client.articles('"suez canal"', 1), { code, message });
  }
});

test('a limit is not asked against again: one request, and the gate holds back the next', async () => {
  await using server = await misbehavingServer();
  server.plan(reply(200, 'Please limit requests to one every 5 seconds'));
  const client = createGdeltClient({ outbound: realOutbound(), url: server.url, deadlineMs: 3_000 });
  await assert.rejects(client.articles('"suez canal"', 1), { code: 'VENUE_RATE_LIMITED' });
  await assert.rejects(client.articles('"suez canal"', 1), { code: 'VENUE_RATE_LIMITED' });
  assert.equal(server.requests.length, 1);
});

test('volume over time, oldest first', async () => {
  const clock = new ManualClock(NOW);
  const articles = [{ url: 'https://a.example/1', title: 'Suez Canal', seenAt: NOW - HOUR_MS }, { url: 'https://a.example/2', title: 'Other', seenAt: NOW - HOUR_MS }, { url: 'https://a.example/3', title: 'Suez Canal', seenAt: NOW - 3 * HOUR_MS }];
  await using twin = await startGdeltTwin({ articles, clock });
  twin.faults.set([{ kind: 'reordered' }]);
  const volume = await createGdeltClient({ outbound: directOutbound(), url: twin.url }).volume('"suez canal"', 6);
  assert.deepEqual(volume, [{ at: NOW - 3 * HOUR_MS, percent: 100 }, { at: NOW - HOUR_MS, percent: 50 }]);
});

/** The kernel's way out with the real quota, on a clock that only the test moves. */
function slowWorld(answer: (n: number) => Response) {
  const timers = new ManualTimers(new ManualClock(NOW));
  const { clock } = timers;
  const metrics = testMetrics();
  const [logger, asked] = [silentLogger, [] as { at: number; query: URLSearchParams }[]];
  const outbound = createOutbound({
    clock, logger, metrics, timers, random: () => 0.5, breakers: createBreakers({ clock, logger, metrics }), gate: createGate({ clock, timers, logger, metrics, quotas: { gdelt: QUOTAS['gdelt']! } }),
    fetch: async (url) => (asked.push({ at: clock.now() - NOW, query: sent(String(url)) }), answer(asked.length)),
  });
  const source = createGdeltSignals({ client: createGdeltClient({ outbound, url: 'http://gdelt.example' }), kind: 'real', clock });
  const sweep = async () => {
    const asOf = clock.now();
    const state = { done: false };
    const fetching = source.fetch(asOf, never).finally(() => (state.done = true));
    fetching.catch(() => undefined);
    for (let i = 0; i < 600 && !state.done; i += 1) await timers.advance(100);
    return fetching;
  };
  return { asked, sweep, clock };
}

test('requests are five seconds apart, a sweep ends with its budget, and the next goes on where it ended', async () => {
  const world = slowWorld((n) => Response.json({ articles: [{ url: `https://a.example/${n}`, title: 'x', seendate: '20260301T170000Z' }] }));
  assert.equal((await world.sweep()).length, 5);
  world.clock.set(NOW + 15 * 60_000);
  assert.equal((await world.sweep()).length, 5);
  const gaps = world.asked.slice(1).map(({ at }, i) => at - world.asked[i]!.at);
  assert.ok(gaps.every((gap) => gap >= 5_000), gaps.join());
  assert.ok(world.asked[4]!.at < 25_000, 'far from the minute after which a sweep gives a source up');
  const order = world.asked.map(({ query }) => PASSAGE_QUERIES.findIndex((q) => queryOf(q) === query.get('query')));
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
  assert.ok(world.asked.every(({ query }) => query.get('timespan') === '12h'));
});

test('a refusal in the middle costs nothing of what was read; the passage that was refused is the next to be asked', async () => {
  const world = slowWorld((n) => (n === 3 ? new Response('Please limit requests to one every 5 seconds') : Response.json({ articles: [{ url: `https://a.example/${n}`, title: 'x', seendate: '20260301T170000Z' }] })));
  assert.deepEqual((await world.sweep()).map((s) => s.url), ['https://a.example/1', 'https://a.example/2']);
  world.clock.set(NOW + 15 * 60_000);
  await world.sweep();
  assert.equal(world.asked[3]!.query.get('query'), queryOf(PASSAGE_QUERIES[2]!));
});

test('a first request that fails fails the sweep, and an article ahead of the desk is not told', async () => {
  const failing = slowWorld(() => new Response('Please limit requests to one every 5 seconds', { status: 429 }));
  await assert.rejects(failing.sweep(), { code: 'VENUE_RATE_LIMITED' });
  const ahead = slowWorld((n) => Response.json({ articles: n > 1 ? [] : [{ url: 'https://a.example/1', title: 'x', seendate: '20260301T180400Z' }, { url: 'https://a.example/2', title: 'x', seendate: '20260301T180600Z' }] }));
  assert.deepEqual((await ahead.sweep()).map((s) => [s.url, s.knownAt]), [['https://a.example/1', NOW]]);
  await assert.rejects(createGdeltSignals({ client: createGdeltClient({ outbound: directOutbound(), url: 'http://x.example' }), kind: 'real', clock: systemClock }).fetch(NOW, AbortSignal.abort()), { name: 'AbortError' });
});
