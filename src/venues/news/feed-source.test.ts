import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { misbehavingServer, type Behaviour } from '../../../test/support/misbehaving-server.ts';
import { sharedData } from '../../../test/support/shared-data.ts';
import { readStatement } from '../../flow/signals/read-statement.ts';
import { DAY_MS, HOUR_MS, iso, ManualClock, parseInstant, type Millis } from '../../model/time.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { createFeedSource, FEED_BYTES_MAX, parseNewsFeeds, startNewsTwin, type NewsTwinItem } from './index.ts';

const never = new AbortController().signal;
const NOW = parseInstant('2026-03-02T12:00:00Z');
const feed = (items: string, prolog = '<?xml version="1.0"?>'): string => `${prolog}<rss version="2.0"><channel><title>S</title>${items}</channel></rss>`;
const xml =
  (body: string | Uint8Array, headers: Record<string, string> = { 'content-type': 'text/xml' }): Behaviour =>
  (_request, response) =>
    void response.writeHead(200, headers).end(body);

async function rig() {
  const server = await misbehavingServer();
  const source = createFeedSource({ outbound: directOutbound(), name: 'site', url: `${server.url}/feed`, kind: 'real', deadlineMs: 2_000 });
  return { server, source, fetch: (asOf: Millis = NOW) => source.fetch(asOf, never), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('an item is a report: no probability, dated by the feed, with what was sent', async () => {
  await using r = await rig();
  r.server.plan(xml(feed('<item><title>Hormuz shut</title><link>/a</link><guid>g1</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>')));
  const [told, ...others] = await r.fetch();
  assert.deepEqual(others, []);
  assert.deepEqual({ ...told, raw: JSON.parse(told!.raw) }, {
    kind: 'report', externalId: 'g1', source: 'rss.site', url: `${r.server.url}/a`, question: 'Hormuz shut', probability: null, horizonEnd: null, liquidityUsd: null, volumeUsd: null, closed: false,
    observedAt: NOW - 2 * HOUR_MS, knownAt: NOW - 2 * HOUR_MS,
    raw: { feed: 'site', id: 'g1', title: 'Hormuz shut', url: `${r.server.url}/a`, date: 'Mon, 02 Mar 2026 10:00:00 GMT', dated_by: 'the feed' },
  });
});

test('the second request is conditional; 304 gives what was given before, and an undated item keeps the time of its first sight', async () => {
  await using r = await rig();
  const undated = feed('<item><title>Undated</title><guid>g</guid></item>');
  r.server.plan(xml(undated, { 'content-type': 'text/xml', etag: '"v1"', 'last-modified': 'Mon, 02 Mar 2026 10:00:00 GMT' }), (_q, response) => void response.writeHead(304).end(), xml(undated));
  const first = await r.fetch();
  assert.deepEqual([first[0]!.observedAt, (JSON.parse(first[0]!.raw) as { dated_by: string }).dated_by], [NOW, 'first fetch that saw it']);
  assert.deepEqual(await r.fetch(NOW + HOUR_MS), first);
  assert.deepEqual(await r.fetch(NOW + 2 * HOUR_MS), first, 'a new reply with the same item');
  const sent = r.server.requests.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']]);
  assert.deepEqual(sent, [[undefined, undefined], ['"v1"', 'Mon, 02 Mar 2026 10:00:00 GMT'], ['"v1"', 'Mon, 02 Mar 2026 10:00:00 GMT']]);
});

test('an item dated ahead is held back until its time, a little ahead counts as now, and old items are history', async () => {
  await using r = await rig();
  const dated = (at: Millis): string => `<item><title>At ${iso(at)}</title><guid>${iso(at)}</guid><pubDate>${iso(at)}</pubDate></item>`;
  r.server.plan(xml(feed([NOW + HOUR_MS, NOW + 60_000, NOW - 6 * DAY_MS, NOW - 8 * DAY_MS].map(dated).join(''))));
  const told = await r.fetch();
  assert.deepEqual(told.map((s) => [s.externalId, s.observedAt]), [[iso(NOW - 6 * DAY_MS), NOW - 6 * DAY_MS], [iso(NOW + 60_000), NOW]]);
  assert.ok((await r.fetch(NOW + HOUR_MS)).some((s) => s.externalId === iso(NOW + HOUR_MS)));
});

test('encodings: by mark, by content type, by the XML itself; one that is not known is refused', async () => {
  await using r = await rig();
  const latin = (text: string): Uint8Array => Uint8Array.from([...text].map((c) => (c === '€' ? 0x80 : c.charCodeAt(0))));
  const told = async (body: Uint8Array, headers: Record<string, string>): Promise<string | undefined> => (r.server.plan(xml(body, headers)), (await r.fetch())[0]?.question);
  const item = '<item><title>Zürich €5</title><guid>g</guid></item>';
  assert.equal(await told(latin(feed(item, '<?xml version="1.0" encoding="iso-8859-1"?>')), { 'content-type': 'text/xml' }), 'Zürich €5');
  assert.equal(await told(latin(feed(item, '<?xml version="1.0" encoding="windows-1252"?>')), {}), 'Zürich €5');
  assert.equal(await told(latin(feed(item)), { 'content-type': 'application/rss+xml; charset="ISO-8859-1"' }), 'Zürich €5');
  assert.equal(await told(Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode(feed(item, '<?xml version="1.0" encoding="iso-8859-1"?>'))), { 'content-type': 'text/xml; charset=iso-8859-1' }), 'Zürich €5');
  assert.equal(await told(Uint8Array.from(Buffer.from(`\uFEFF${feed(item)}`, 'utf16le')), { 'content-type': 'text/xml' }), 'Zürich €5');
  await assert.rejects(told(latin(feed(item, '<?xml version="1.0" encoding="x-klingon"?>')), {}), (e: { occurrence: { facts: { venue_code: string } } }) => e.occurrence.facts.venue_code === 'UNKNOWN_ENCODING');
});

test('what is no feed and what is larger than 5 MiB is a failure, and what was known stays known', async () => {
  await using r = await rig();
  r.server.plan(xml(feed('<item><title>x</title><guid>g</guid></item>'), { etag: '"v1"' }));
  const before = await r.fetch();
  for (const [body, code] of [['<html><body>Are you a robot?</body></html>', 'MALFORMED_FEED'], ['x'.repeat(FEED_BYTES_MAX + 1), 'BODY_TOO_LARGE']] as const) {
    r.server.plan(xml(body));
    await assert.rejects(r.fetch(), (e: { occurrence: { facts: { venue_code: string } } }) => e.occurrence.facts.venue_code === code);
  }
  r.server.plan((_q, response) => void response.writeHead(304).end());
  assert.deepEqual(await r.fetch(), before);
  await assert.rejects(r.source.fetch(NOW, AbortSignal.abort()), { name: 'AbortError' });
});

test('the setting: names and addresses, or nothing of it', () => {
  assert.deepEqual(parseNewsFeeds(' a=https://one.example/f?x=1,b-2=http://two.example/rss , '), [{ name: 'a', url: 'https://one.example/f?x=1' }, { name: 'b-2', url: 'http://two.example/rss' }]);
  assert.deepEqual(parseNewsFeeds(''), []);
  for (const wrong of ['a', 'a=', 'A=https://x.example', 'a=ftp://x.example', 'a=https://x.example,a=https://y.example', '=https://x.example', Array.from({ length: 51 }, (_, i) => `n${i}=https://x.example/${i}`).join()]) assert.equal(parseNewsFeeds(wrong), null, wrong);
});

const recorded = 'risk/news/ghost_signal_headlines_2026-02_2026-03.ndjson';
const path = sharedData(recorded);
test('1,640 recorded headlines come back as they went in, through RSS, RDF and Atom, none before its time', { skip: path === null && `${recorded} is absent` }, async () => {
  const rows = readFileSync(path!, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { title: string; url: string; first_seen: string; published_iso: string | null });
  const items = rows.map((r): NewsTwinItem => ({ title: r.title, url: r.url, published: r.published_iso === null ? null : parseInstant(r.published_iso), knownAt: parseInstant(r.first_seen) }));
  // Some titles were recorded with zero-width marks and double blanks.
  const line = (text: string): string => text.replace(/[\s\u200B-\u200F]+/g, ' ').trim();
  const clock = new ManualClock();
  await using twin = await startNewsTwin({ feeds: { all: items }, clock, length: 200 });
  const sources = ['rss', 'rdf', 'atom'].map((form) => createFeedSource({ outbound: directOutbound(), name: form, url: `${twin.url}/all/${form}.xml`, kind: 'twin' }));
  const told = new Map<string, string>();
  const onPassages = new Set<string>();
  const since = new Map<string, Millis>();
  for (const i of items) since.set(new URL(i.url).href, Math.min(i.knownAt, since.get(new URL(i.url).href) ?? Number.POSITIVE_INFINITY));
  for (let at = parseInstant('2026-02-20T12:00:00Z'); at < parseInstant('2026-04-01T00:00:00Z'); at += DAY_MS / 2) {
    clock.set(at);
    const [asRss, ...others] = await Promise.all(sources.map((s) => s.fetch(at, never)));
    const plain = asRss!.map((s) => ({ url: s.url, title: s.question, at: s.observedAt }));
    for (const other of others) assert.deepEqual(other.map((s) => ({ url: s.url, title: s.question, at: s.observedAt })), plain);
    for (const { url, title } of plain) told.set(url, title);
    for (const statement of asRss!) {
      const signal = readStatement(statement, at);
      assert.ok(typeof signal !== 'string', `${String(signal)}: ${statement.raw}`);
      if (signal.subject !== null) onPassages.add(statement.url);
    }
    assert.ok(asRss!.every((s) => s.knownAt <= at && since.get(s.url)! <= at));
  }
  // Where a page was seen under two titles, the newer stands.
  const titles = new Map<string, Set<string>>();
  for (const r of rows) titles.set(new URL(r.url).href, (titles.get(new URL(r.url).href) ?? new Set()).add(line(r.title)));
  for (const [url, title] of told) assert.ok(titles.get(url)?.has(title), `${url}: ${title} is none of ${[...(titles.get(url) ?? [])].join(' | ')}`);
  // Two looks a day at a feed that holds 200: what came and went between two looks, or was older than a week when it came, is not told.
  assert.deepEqual([rows.length, titles.size, told.size], [1_640, 1_628, 1_334]);
  assert.ok(onPassages.size >= 25, `${onPassages.size} are about a passage`);
});
