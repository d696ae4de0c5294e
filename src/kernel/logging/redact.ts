/** Makes what is logged safe to write: secrets hidden at any depth, errors and bigints readable, size bounded. Not here: where lines go. */

const SECRET_NAME = /authorization|password|passwd|passphrase|secret|api[-_]?key|private[-_]?key|credential|cookie|signature|^jwt|^dsn$|(?:^|[-_a-z])tokens?$|token[-_]?hash|database[-_]?url|redis[-_]?url/i;
/** Names that only look secret: a count of language-model tokens is a metric. */
const HARMLESS_NAME = /^(?:input|output|total|max|cached?|prompt|completion)[-_]?tokens$/i;
/** `Bearer …` in a header that was quoted in a message, our own keys, refresh tokens and sign-in links, and the password of a URL such as a DSN. */
const SECRET_TEXT = /(bearer\s+)[\w.~+/=-]+|\bbw[rl]?_[\w-]{16,}|(:\/\/[^\s:@/]*:)[^\s@/]+(?=@)/gi;

export const HIDDEN = '[hidden]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_TEXT = 8_192;

const names = new Map<string, boolean>();

/** True for a field whose value must never be shown: `authorization`, `api_key`, `accessToken`, … */
export function isSecretName(name: string): boolean {
  let secret = names.get(name);
  if (secret === undefined) {
    secret = SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
    // Field names are few; a flood of made-up ones must not grow the table.
    if (names.size < 2_000) names.set(name, secret);
  }
  return secret;
}

/** Hides secrets quoted within a text, and cuts it at 8 KB. */
export function redactText(text: string): string {
  const bounded = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  return /bearer|:\/\/|\bbw[rl]?_/i.test(bounded) ? bounded.replace(SECRET_TEXT, (_all, bearer?: string, url?: string) => `${bearer ?? url ?? ''}${HIDDEN}`) : bounded;
}

/** A copy that can be written: plain JSON values, no secret, at most 8 levels deep and 100 items a level. */
export function redact(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return value.length < 12 ? value : redactText(value);
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : redactObject(value, depth);
    default:
      return value;
  }
}

function redactObject(value: object, depth: number): unknown {
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `… ${value.length - MAX_ITEMS} more`] : items;
  }
  if (value instanceof Map || value instanceof Set) return redact([...value], depth);
  const copy: Record<string, unknown> = {};
  let count = 0;
  for (const key of Object.keys(value)) {
    if (++count > MAX_ITEMS) {
      copy['…'] = 'more';
      break;
    }
    copy[key] = isSecretName(key) ? HIDDEN : redact((value as Record<string, unknown>)[key], depth + 1);
  }
  return copy;
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined || depth >= 4 ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
