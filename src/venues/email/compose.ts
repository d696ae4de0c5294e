/** The mail itself: subject, text, HTML and headers. Pure. Deadline and link come first, as on the screen of a phone at night. */
import { createHash } from 'node:crypto';
import type { OutgoingMessage } from '../../flow/alerts/ports.ts';
import { cut, escapeHtml, frameWords, oneLine, paragraphs, stableMark, webLink } from '../sending/index.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const SUBJECT_MAX = 200;

/** One plain address (RFC 5321 without quoted forms): no name, no list, no comment, no header. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;

export const isMailAddress = (text: string): boolean => ADDRESS.test(text) && !/^\.|\.\.|\.@/.test(text);

const FROM = /^(?:([^<>"\r\n,;@]{1,80}?)\s*<([^<>\s]+)>|([^<>\s]+))$/;

/** `Bellwether <alerts@example.com>` or an address alone. @returns null for anything else */
export function readSender(text: string): { readonly name: string; readonly address: string; readonly domain: string } | null {
  const m = FROM.exec(text.trim());
  const address = m?.[2] ?? m?.[3] ?? '';
  return m && isMailAddress(address) ? { name: m[1]?.trim() ?? '', address, domain: address.slice(address.indexOf('@') + 1) } : null;
}

/**
 * The same for each try to send one alert (RFC 5322, section 3.6.4, asks that it be unique to a message, which a resend is not): mail
 * systems that drop a second message of one id then drop the second copy, and a person sees that it is one.
 */
export function messageIdOf(opaque: string, domain: string): string {
  const mark = stableMark(opaque);
  // The form of the stage's marks is one that a Message-ID takes; anything else goes in as its hash.
  const local = /^[A-Za-z0-9_.-]{1,100}$/.test(mark) ? mark : createHash('sha256').update(mark).digest('hex').slice(0, 40);
  return `<${local}@${domain}>`;
}

export function composeMail(m: OutgoingMessage, domain: string): Mail {
  const words = frameWords(m.language);
  const headline = oneLine(m.headline) || '–';
  return {
    to: m.to,
    subject: cut(`[${words.severity[m.severity]}] ${headline}`, SUBJECT_MAX),
    text: textOf(m, headline),
    html: htmlOf(m, headline),
    messageId: messageIdOf(m.opaque, domain),
    headers: {
      // RFC 3834: out-of-office replies and other robots stay quiet.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': words.tag,
      'X-Bellwether-Delivery': oneLine(m.opaque),
      ...(m.severity === 'critical' ? { Importance: 'high' } : {}),
    },
  };
}

function textOf(m: OutgoingMessage, headline: string): string {
  const words = frameWords(m.language);
  const link = webLink(m.link);
  const top = [`${words.decideBefore}: ${oneLine(m.deadline)}`, ...(link === null ? [] : [`${words.open}: ${link}`])];
  return [top.join('\n'), headline, paragraphs(m.body).join('\n\n'), `-- \n${words.automatic}`].filter((part) => part !== '').join('\n\n').concat('\n');
}

/** No image, no script, no table, no background and no fixed text colour: what the reader's own theme shows stays readable in light and dark. */
function htmlOf(m: OutgoingMessage, headline: string): string {
  const words = frameWords(m.language);
  const link = webLink(m.link);
  const lines = paragraphs(m.body).map((line) => `<p style="margin:0 0 12px">${escapeHtml(line)}</p>`);
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(headline)}</title>
</head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<main style="max-width:600px;margin:0 auto">
<p style="margin:0 0 12px;font-size:18px"><strong>${escapeHtml(`${words.decideBefore}: ${oneLine(m.deadline)}`)}</strong></p>
${link === null ? '' : `<p style="margin:0 0 20px"><a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border:2px solid;border-radius:6px;font-weight:600">${escapeHtml(words.open)}</a></p>\n`}<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">${escapeHtml(`[${words.severity[m.severity]}] ${headline}`)}</h1>
${lines.join('\n')}
<hr style="margin:20px 0;border:0;border-top:1px solid">
<p style="margin:0;font-size:14px">${escapeHtml(words.automatic)}</p>
</main>
</body>
</html>
`;
}
