/** Text out of XML and HTML: entities decoded once, markup taken away. Pure. Nothing here looks anything up outside this file. */

const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest ' +
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** XML's five, Latin-1 by their order from U+00A0 on, and the punctuation that headlines use. Any other name stays as it stands. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"],
  ...LATIN1.split(' ').map((name, i): [string, string] => [name, String.fromCharCode(160 + i)]),
  ['ndash', '–'], ['mdash', '—'], ['lsquo', '‘'], ['rsquo', '’'], ['sbquo', '‚'], ['ldquo', '“'], ['rdquo', '”'], ['bdquo', '„'], ['hellip', '…'], ['bull', '•'], ['euro', '€'], ['trade', '™'],
  ['ensp', ' '], ['emsp', ' '], ['thinsp', ' '], ['zwnj', ''], ['zwj', ''], ['prime', '′'], ['Prime', '″'], ['lsaquo', '‹'], ['rsaquo', '›'], ['minus', '−'], ['OElig', 'Œ'], ['oelig', 'œ'], ['Scaron', 'Š'], ['scaron', 'š'], ['Yuml', 'Ÿ'],
]);
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,15}));/gi;
const WINDOWS = new TextDecoder('windows-1252');
const REPLACEMENT = '\uFFFD';

/** One pass: `&amp;lt;` gives `&lt;`, and not `<`. A declared entity of the document is none of these, so it stays as it stands. */
export const decodeEntities = (text: string): string =>
  text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? whole;
    return character(decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal));
  });

/** 128 to 159 are control characters that nobody means: what is meant is Windows' code page, as browsers have it. */
function character(code: number): string {
  if (code >= 128 && code <= 159) return WINDOWS.decode(Uint8Array.of(code));
  if (code === 0 || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return REPLACEMENT;
  return String.fromCodePoint(code);
}

/** Elements that feeds put into titles. `<canvas>` in a headline about web pages is a word, so not every tag is markup. */
const MARKUP = /<\/?(?:a|abbr|b|bdi|big|blockquote|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|li|mark|ol|p|q|s|script|small|span|strike|strong|style|sub|sup|table|td|tr|tt|u|ul|wbr)(?:\s[^<>]*)?\/?>/gi;

export const stripMarkup = (text: string): string =>
  withoutComments(text).replace(MARKUP, (tag) => (/^<\/?(?:br|div|p|li|tr|td|h[1-6])\b/i.test(tag) ? ' ' : ''));

/** A blank for each comment. Not `/<!--[^]*?-->/g`: its time grows with the square of the openings without an end. */
function withoutComments(text: string): string {
  let kept = '';
  let from = 0;
  for (let open = text.indexOf('<!--'); open >= 0; open = text.indexOf('<!--', from)) {
    const close = text.indexOf('-->', open + 4);
    if (close < 0) break;
    kept += `${text.slice(from, open)} `;
    from = close + 3;
  }
  return kept + text.slice(from);
}

/** Blanks of all kinds, and what no screen shows (control characters, zero-width marks), become one blank. */
export const tidy = (text: string): string => text.replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]+/gu, ' ').trim();

/** HTML as a line of text. */
export const htmlText = (html: string): string => tidy(decodeEntities(stripMarkup(html)));
