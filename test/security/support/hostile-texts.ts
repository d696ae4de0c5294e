/** A worker: gives long hostile texts to every reader of outside text, and names each reader before it begins. */
import { parentPort } from 'node:worker_threads';
import { words } from '../../../src/flow/signals/dedup/shingles.ts';
import { classify, classifyReport } from '../../../src/flow/signals/rules/classify.ts';
import type { Outbound } from '../../../src/kernel/outbound/index.ts';
import { addressProblem, CONTACT_CHANNELS } from '../../../src/model/contact.ts';
import { parseCsv } from '../../../src/model/csv.ts';
import { parseUsd } from '../../../src/model/money.ts';
import { parseUnLocode } from '../../../src/model/place.ts';
import { readFrame } from '../../../src/venues/ais/aisstream-messages.ts';
import { createAisDecoder } from '../../../src/venues/ais/index.ts';
import { readTagBlock } from '../../../src/venues/ais/nmea/tag-block.ts';
import { isMailAddress, readSender } from '../../../src/venues/email/compose.ts';
import { LANE, scfiLane } from '../../../src/venues/freight/lanes.ts';
import { articleId } from '../../../src/venues/gdelt/article-id.ts';
import { createGdeltClient } from '../../../src/venues/gdelt/client.ts';
import { passageNamed } from '../../../src/venues/gdelt/passages.ts';
import { parseFeedDate } from '../../../src/venues/news/feed-date.ts';
import { htmlText } from '../../../src/venues/news/feed-text.ts';
import { readFeed } from '../../../src/venues/news/read-feed.ts';
import { questionHorizon } from '../../../src/venues/polymarket/horizon.ts';
import { gammaEvents } from '../../../src/venues/polymarket/wire.ts';
import { readWhere } from '../../../src/venues/portwatch/twin.ts';
import { readPage } from '../../../src/venues/portwatch/wire.ts';
import { escapeHtml, oneLine, paragraphs, stableMark, webLink } from '../../../src/venues/sending/index.ts';
import { readCallbackData } from '../../../src/venues/telegram/callback-data.ts';
import { fieldText } from '../../../src/venues/whatsapp/client.ts';
import { readSend } from '../../../src/venues/whatsapp/twin-send.ts';

/** Four times what a reader is given at most, so that one whose time grows with the square takes minutes. */
const LENGTH = 256 * 1_024;

const UNITS: readonly string[] = [
  ' ', '\t', '\r\n', ' \n', '@', '/', '//a', '<', '<!--', '<a ', '<![CDATA[', '<i>', "'", "''", '"', '&', '&a', '-',
  '.', ',', '1', '1,', ':1', 'a', 'a.', 'a-', '(', '=', 'by ', 'by the end of ', 'under ', '1 ship ',
  'regime ', 'ceasefire ',
];

/** Long runs, with a last character that keeps a pattern from matching at the end. */
const TEXTS: readonly string[] = UNITS.map((unit) => `${unit.repeat(Math.ceil(LENGTH / unit.length))}\u00a7`);

const place = { Cog: 0, Sog: 0, TrueHeading: 0, Latitude: 0, Longitude: 0 };
const extended = (name: string): unknown => ({
  MessageType: 'ExtendedClassBPositionReport',
  MetaData: { time_utc: name },
  Message: { ExtendedClassBPositionReport: { UserID: 211_000_000, ...place, Name: name, Type: 70 } },
});
const events = (text: string): readonly object[] => {
  const market = { question: text, conditionId: text, slug: text, endDate: text, outcomes: text };
  return [{ id: 'x', slug: 'x', title: 'x', markets: [market] }];
};
const gdelt = (text: string): Promise<unknown> => {
  const outbound: Pick<Outbound, 'text'> = {
    text: async (_operation, _request, read) => {
      const reply = { status: 200, text: () => text } as Parameters<typeof read>[0];
      return read(reply);
    },
  };
  return createGdeltClient({ outbound: outbound as Outbound, url: 'http://gdelt' }).articles('x', 1);
};
/** An XML parser and a CSV reader go through a text character by character: less of it is enough. */
const some = (text: string): string => text.slice(0, LENGTH / 4);
const item = (title: string): string =>
  `<rss><channel><item><title>${title}</title><pubDate>${title}</pubDate></item></channel></rss>`;

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'PortWatch clause': (text) => readWhere(`portname=${text}`),
  'PortWatch clause, short': (text) => [64, 1_900].map((length) => readWhere(`portname IN (${text.slice(0, length)}x`)),
  'PortWatch error': (text) => readPage({ error: { code: 429, message: text, details: [text] } }),
  'GDELT reply': (text) => gdelt(`x${text}`),
  'GDELT title': passageNamed,
  'article id': (text) => articleId(`https://a.example/${text}`),
  'AIS frame': (text) => readFrame(extended(text), 0),
  'AIS lines': (text) => createAisDecoder().line(`!AIVDM,1,1,,A,${text},0*00`, 0),
  'TAG block': (text) => readTagBlock(`${text}*00`),
  'feed, escaped': (text) => readFeed(item(escapeHtml(some(text))), 'https://a.example'),
  'feed, CDATA': (text) => readFeed(item(`<![CDATA[${text}]]>`), 'https://a.example'),
  'feed date': parseFeedDate,
  // Four times: the search for the end of a comment is fast, so its square is seen late.
  HTML: (text) => htmlText(text.repeat(4)),
  'Gamma events': (text) => gammaEvents.safeParse(events(text)),
  'question horizon': (text) => questionHorizon(text, 0),
  question: (text) => [classify(`hormuz iran ${text}`), classify(text)],
  report: (text) => [classifyReport(`hormuz iran ${text}`), classifyReport(`${text} iran`)],
  'words of a story': words,
  'template field': fieldText,
  'WhatsApp send': (text) => readSend(JSON.stringify({ to: text, template: text }), []),
  'callback data': (text) => readCallbackData(`1:${text}`),
  mark: stableMark,
  lines: (text) => [oneLine(text), paragraphs(text), webLink(`https://a.example/${text}`)],
  'mail address': (text) => [isMailAddress(`a@${text}`), isMailAddress(text), readSender(text)],
  contact: (text) => CONTACT_CHANNELS.map((channel) => addressProblem({ channel, address: text })),
  lane: (text) => [scfiLane(text, text), LANE.test(text)],
  CSV: (text) => parseCsv(some(text)),
  amount: parseUsd,
  port: parseUnLocode,
};

const port = parentPort;
if (!port) throw new Error('this file is a worker');
for (const [name, read] of Object.entries(READERS)) {
  port.postMessage(name);
  for (const text of TEXTS) {
    try {
      await read(text);
    } catch {
      // Refusing such a text is right.
    }
  }
}
