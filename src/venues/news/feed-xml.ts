/**
 * A feed's bytes as a tree of elements. Entities are never resolved: the document type, with whatever it declares, is cut out before the parser
 * sees it, so nothing can be expanded, and nothing outside is ever read. Not here: what the elements mean (read-feed.ts).
 */
import { XMLParser } from 'fast-xml-parser';
import type { TextReply } from '../../kernel/outbound/types.ts';
import { decodeEntities } from './feed-text.ts';

/** The parser's ordered form: one key with the children (`#text` and `#cdata` among them), and `:@` with the attributes. */
type Raw = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', processEntities: false, htmlEntities: false,
  parseTagValue: false, parseAttributeValue: false, cdataPropName: '#cdata', trimValues: false, maxNestedTags: 60,
});

export interface Part {
  /** `cdata` is as it stands; `text` still has its entities. */
  readonly kind: 'text' | 'cdata';
  readonly text: string;
}

export class Element {
  readonly name: string;
  readonly children: readonly Element[];
  /** Its own text in order, without that of its children. */
  readonly parts: readonly Part[];
  readonly #attributes: Raw;
  constructor(name: string, raw: readonly Raw[], attributes: Raw) {
    this.name = name;
    this.#attributes = attributes;
    const children: Element[] = [];
    const parts: Part[] = [];
    for (const node of raw) {
      const key = Object.keys(node).find((k) => k !== ':@') ?? '';
      const value = node[key];
      if (key === '#text') parts.push({ kind: 'text', text: String(value) });
      else if (key === '#cdata') parts.push({ kind: 'cdata', text: String((value as readonly Raw[])[0]?.['#text'] ?? '') });
      else if (key !== '' && !key.startsWith('?') && Array.isArray(value)) children.push(new Element(key, value as readonly Raw[], (node[':@'] ?? {}) as Raw));
    }
    this.children = children;
    this.parts = parts;
  }

  /** The first child of that name; prefixes count: `media:title` is no `title`. */
  child(name: string): Element | undefined {
    return this.children.find((c) => c.name === name);
  }
  all(name: string): readonly Element[] {
    return this.children.filter((c) => c.name === name);
  }
  attribute(name: string): string | undefined {
    const value = this.#attributes[name];
    return typeof value === 'string' ? decodeEntities(value).trim() : undefined;
  }
  /** Text with XML's entities decoded, CDATA as it stands. */
  get text(): string {
    return this.parts.map((p) => (p.kind === 'cdata' ? p.text : decodeEntities(p.text))).join('').trim();
  }
  /** Text of the element and of all in it, in order of the elements. */
  get deepText(): string {
    return [this.text, ...this.children.map((c) => c.deepText)].filter((t) => t !== '').join(' ');
  }
}

/** @throws SyntaxError where it is no XML, or breaks off */
export function parseXml(text: string): Element {
  const document = withoutDoctype(text.replace(/^\uFEFF/, '').trimStart());
  let raw: readonly Raw[];
  try {
    raw = parser.parse(document) as readonly Raw[];
  } catch (e) {
    throw new SyntaxError(`no XML that can be read: ${e instanceof Error ? e.message : String(e)}`);
  }
  const root = new Element('', raw, {}).children[0];
  if (!root) throw new SyntaxError('no XML');
  // The parser closes by itself what was left open: a document that was cut would pass for a short one.
  const end = withoutTrailingComments(document);
  const closed = end.endsWith('>') && end.slice(0, -1).trimEnd().endsWith(`</${root.name}`);
  if (!closed) throw new SyntaxError(`<${root.name}> does not end`);
  return root;
}

function withoutTrailingComments(text: string): string {
  let end = text.trimEnd();
  for (let from = end.lastIndexOf('<!--'); from >= 0 && end.endsWith('-->'); from = end.lastIndexOf('<!--')) end = end.slice(0, from).trimEnd();
  return end;
}

/** The document without `<!DOCTYPE …>`, its internal subset included. One that does not end takes the rest with it. */
function withoutDoctype(text: string): string {
  const from = text.search(/<!DOCTYPE/i);
  const first = text.search(/<[a-z_]/i);
  // One that stands in an item's text is text.
  if (from < 0 || (first >= 0 && first < from)) return text;
  let [depth, quote] = [0, ''];
  for (let i = from; i < text.length; i += 1) {
    const c = text[i]!;
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '[') depth += 1;
    else if (c === ']') depth -= 1;
    else if (c === '>' && depth <= 0) return text.slice(0, from) + text.slice(i + 1);
  }
  return text.slice(0, from);
}

/** The encoding by its mark, else as the content type says, else as the XML says of itself; undefined for UTF-8. */
export function encodingOf({ bytes, charset }: Pick<TextReply, 'bytes' | 'charset'>): string | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  return charset ?? /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
}
