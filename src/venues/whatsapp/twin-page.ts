/** The phone's screen as a page: what the customer sees, and three buttons to answer with. Everything is escaped. */
import { iso } from '../../model/time.ts';
import type { TwinMessage, TwinReplyLine } from './twin-journal.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c]!);

/** Nothing from elsewhere runs or loads here; forms go to this server alone. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  // The address holds the key. Not `no-referrer`: with it the form would send the origin `null`.
  'referrer-policy': 'same-origin',
});

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.45 system-ui,sans-serif;max-width:30rem;margin:0 auto;padding:1rem}
h1{font-size:1.2rem}article{border:1px solid #8886;border-radius:.75rem;padding:.75rem;margin:.75rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
article.mine{margin-left:4rem;background:#2a7d4f22}footer{font-size:.85rem;opacity:.8;white-space:normal}button{font:inherit;padding:.4rem .8rem;margin:.5rem .4rem 0 0}`;

/** @param ticks by wamid: the furthest status that the sender was told @param key of the twin, for the forms */
export function phonePage(
  messages: readonly TwinMessage[],
  replies: readonly TwinReplyLine[],
  ticks: ReadonlyMap<string, string>,
  key: string,
): string {
  const rows = [
    ...messages.map((m) => ({ at: m.accepted_at, html: received(m, ticks.get(m.wamid) ?? 'accepted', key) })),
    ...replies.map((r) => ({ at: r.at, html: `<article class="mine">${escapeHtml(r.text)}<footer>from +${escapeHtml(r.from)}, ${escapeHtml(iso(r.at))}</footer></article>` })),
  ].sort((a, b) => a.at - b.at);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The customers’ phones (twin)</title><style>${STYLE}</style></head>
<body><main><h1>What the customers’ phones received</h1><p>This stands in for WhatsApp: nothing leaves this machine. ${messages.length} messages.</p>
${rows.map((row) => row.html).join('\n') || '<p>Nothing yet. Alerts appear here when a decision asks for one; reload to look again.</p>'}</main></body></html>`;
}

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;

function received(m: TwinMessage, tick: string, key: string): string {
  const buttons = ['1', '2', '3'].map((text, i) => `<button name="text" value="${text}">${text} ${['Done', 'No', 'Call me'][i]}</button>`).join('');
  const fields = hidden('key', key) + hidden('from', m.to) + hidden('in_reply_to', m.wamid);
  return `<article>${escapeHtml(m.text)}<footer>to +${escapeHtml(m.to)}, ${escapeHtml(iso(m.accepted_at))}, ${escapeHtml(tick)}</footer>
<form method="post" action="/twin/reply">${fields}${buttons}</form></article>`;
}
