import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iso } from '../../model/time.ts';
import { decodeEntities, htmlText } from './feed-text.ts';
import { FEED_ITEMS_MAX, readFeed } from './read-feed.ts';

const AT = 'https://site.example/news/feed.xml';
const rss = (items: string, head = ''): string => `<?xml version="1.0"?>${head}<rss version="2.0" xmlns:media="m" xmlns:dc="d"><channel><title>Site</title><link>https://site.example/</link>${items}</channel></rss>`;
const titles = (text: string): readonly string[] => readFeed(text, AT).map((i) => i.title);
const title = (inner: string): string | undefined => titles(rss(`<item><title>${inner}</title><link>/a</link></item>`))[0];

test('RSS 2.0: title, address, id and date', () => {
  const [item, second, third] = readFeed(rss(`
    <item><title>Strait of Hormuz shut &amp; mined</title><link>
      /2026/hormuz?a=1&amp;b=2 </link><guid isPermaLink="false">tag:site,1</guid><pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate><media:title>not this</media:title></item>
    <item><title>No link</title><guid>https://site.example/p/2</guid><dc:date>2026-02-28T10:00:00Z</dc:date></item>
    <item><title>Nothing but words</title><pubDate>soon</pubDate><link>javascript:alert(1)</link></item>
    <item><description>no title</description></item>`), AT);
  assert.deepEqual({ ...item, published: iso(item!.published!) }, { id: 'tag:site,1', title: 'Strait of Hormuz shut & mined', url: 'https://site.example/2026/hormuz?a=1&b=2', published: '2026-03-01T12:00:00.000Z', writtenDate: 'Sun, 01 Mar 2026 12:00:00 GMT' });
  assert.deepEqual([second!.url, second!.id], ['https://site.example/p/2', 'https://site.example/p/2']);
  assert.deepEqual([third!.url, third!.published, third!.writtenDate], [AT, null, 'soon']);
  assert.match(third!.id, /^title:[0-9a-f]{64}$/);
  assert.equal(readFeed(rss('<item><title>x</title><guid>' + 'g'.repeat(500) + '</guid></item>'), AT)[0]!.id.length, 71);
});

test('RSS 1.0: items beside the channel, rdf:about and dc:date', () => {
  const text = `<rdf:RDF xmlns:rdf="r" xmlns:dc="d"><channel rdf:about="https://site.example/"><title>Site</title></channel>
    <item rdf:about="https://site.example/1"><title>One</title><link>https://site.example/1</link><dc:date>2026-03-01T01:00:00+01:00</dc:date></item></rdf:RDF>`;
  assert.deepEqual(readFeed(text, AT), [{ id: 'https://site.example/1', title: 'One', url: 'https://site.example/1', published: Date.UTC(2026, 2, 1), writtenDate: '2026-03-01T01:00:00+01:00' }]);
});

test('Atom 1.0: kinds of titles, links by relation, xml:base, and a prefix', () => {
  const entry = (inner: string): string => `<entry><id>urn:1</id><link rel="self" href="/self"/><link rel="alternate" href="a/1"/><published>2026-03-01T00:00:00Z</published><updated>2026-03-02T00:00:00Z</updated>${inner}</entry>`;
  const feed = (inner: string): string => `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example/x/"><title>Site</title>${inner}</feed>`;
  const one = (inner: string) => readFeed(feed(entry(inner)), AT)[0];
  assert.deepEqual(one('<title>R&amp;amp;D &lt;b&gt;</title>'), { id: 'urn:1', title: 'R&amp;D <b>', url: 'https://cdn.example/x/a/1', published: Date.UTC(2026, 2, 1), writtenDate: '2026-03-01T00:00:00Z' });
  assert.equal(one('<title type="html">R&amp;amp;D &lt;b&gt;now&lt;/b&gt;</title>')?.title, 'R&D now');
  assert.equal(one('<title type="xhtml"><div>Red <em>Sea</em></div></title>')?.title, 'Red Sea');
  const prefixed = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>One</a:title><a:id>urn:2</a:id><a:link href="/1"/></a:entry></a:feed>';
  assert.deepEqual(readFeed(prefixed, AT).map((i) => [i.title, i.url]), [['One', 'https://site.example/1']]);
});

test('titles: markup goes, entities are decoded once, blanks and invisible marks become one blank', () => {
  assert.equal(title('<![CDATA[<b>Oil</b> &#8217;shock&#8217; &amp; war]]>'), 'Oil ’shock’ & war');
  assert.equal(title('&lt;b&gt;Oil&lt;/b&gt;&lt;br/&gt;shock &lt;img src=x onerror=alert(1)&gt;'), 'Oil shock');
  assert.equal(title('AT&amp;amp;T'), 'AT&amp;T');
  assert.equal(title('A tiny &lt;canvas&gt; library, 3 &lt; 5'), 'A tiny <canvas> library, 3 < 5');
  assert.equal(title('caf&eacute; &#x2014; &#150; &#0; &nosuch; &Eacute;'), 'café — – \uFFFD &nosuch; É');
  assert.equal(title('a\u200B\u202E  b\n\tc'), 'a b c');
  assert.equal(title('<![CDATA[]]>'), undefined);
  assert.equal(title('x'.repeat(600))?.length, 500);
  assert.equal(decodeEntities('&amp;lt;'), '&lt;');
  assert.equal(htmlText('<p>one</p><p>two</p><!-- three -->'), 'one two');
});

test('declared entities are never expanded and nothing outside is read', () => {
  const laughs = Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i} "${i === 0 ? 'ha' : `&l${i - 1};`.repeat(10)}">`).join('');
  const started = process.memoryUsage().heapUsed;
  assert.deepEqual(titles(rss('<item><title>It is &l11; here</title></item>', `<!DOCTYPE rss [${laughs}]>`)), ['It is &l11; here']);
  assert.ok(process.memoryUsage().heapUsed - started < 50_000_000);
  const outside = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY % remote SYSTEM "http://127.0.0.1:1/x.dtd"> %remote;]>';
  assert.deepEqual(titles(rss('<item><title>root &secret; &remote;</title></item>', outside)), ['root &secret; &remote;']);
  assert.deepEqual(titles(rss('<item><title>Old</title></item>', '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">')), ['Old']);
  assert.deepEqual(titles(rss('<item><title><![CDATA[<!DOCTYPE html> turns 25]]></title></item>')), ['<!DOCTYPE html> turns 25']);
});

test('hostile shapes end quickly: deep nesting, endless comments, reserved names, a document type that does not end', () => {
  assert.throws(() => titles(rss(`<item>${'<a>'.repeat(10_000)}</item>`)), SyntaxError);
  assert.throws(() => titles(rss('<item><__proto__>x</__proto__></item>')), SyntaxError);
  assert.throws(() => titles('<!DOCTYPE rss ['), SyntaxError);
  assert.equal(title(`<![CDATA[${'<!--'.repeat(200_000)}]]>`)?.length, 500);
  assert.equal(title(`A ${' '.repeat(1_000_000)} B`), 'A');
  assert.deepEqual(titles(`${rss('<item><title>x</title></item>')}${' '.repeat(1_000_000)}<!-- end -->`), ['x']);
});

test('what is no feed, or breaks off, is refused: half a feed must not pass for a short one', () => {
  const whole = rss('<item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2</link></item>');
  for (let cut = 1; cut < whole.length; cut += 1) assert.throws(() => readFeed(whole.slice(0, cut), AT), SyntaxError, whole.slice(0, cut));
  for (const text of ['', 'Service unavailable', '{"items":[]}', '<html><head><title>Cookies?</title></head><body></body></html>', '<rss version="2.0"></rss>']) assert.throws(() => readFeed(text, AT), SyntaxError, text);
  assert.deepEqual(readFeed(rss(''), AT), []);
});

test('at most 200 items, the newest, each id once, in whatever order they came', () => {
  const items = Array.from({ length: 300 }, (_, i) => `<item><title>No ${i}</title><link>/${i}</link><pubDate>${new Date(Date.UTC(2026, 0, 1) + i * 60_000).toUTCString()}</pubDate></item>`);
  const read = readFeed(rss([...items, items[299]].join('')), AT);
  assert.equal(read.length, FEED_ITEMS_MAX);
  assert.deepEqual([read[0]!.title, read.at(-1)!.title], ['No 299', 'No 100']);
});
