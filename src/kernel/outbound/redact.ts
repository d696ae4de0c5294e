/** Keeps secrets out of errors and logs: what a request carried, and what looks like a credential. */

// Headers that say nothing of who calls. Any other may be a credential: `x-api-key`, `authorization`, `d360-api-key`, …
const HARMLESS_HEADERS = new Set(['accept', 'accept-encoding', 'accept-language', 'content-type', 'user-agent', 'traceparent', 'tracestate', 'anthropic-version', 'if-none-match', 'if-modified-since']);
const SECRET_CHARS_MIN = 6;

const CREDENTIAL = /\b((?:bearer|basic|token)\s+)[\w.~+/=-]{6,}/gi;
const QUERY_SECRET = /([?&](?:[\w-]*(?:key|token|secret|signature|password)|auth|sig)=)[^&\s"']+/gi;
const URL_PASSWORD = /(\/\/[^/\s:@]*:)[^/\s@]+@/g;

// Addresses whose path is the key: Slack's and Teams' hooks, a Telegram bot's.
const PATH_SECRET = /(\bhooks\.slack(?:-gov)?\.com\/|\.webhook\.office\.com\/|\.logic\.azure\.com(?::\d+)?\/|\.api\.powerplatform\.com(?::\d+)?\/)[^\s"'<>]+|(\/bot)\d{5,}(?::|%3A)[\w-]{20,}/gi;

/** Values of a request that no one else may see: those of its headers, of its query and, where it is the key, of its path. */
export function secretsOf(url: URL, headers: Readonly<Record<string, string>>, secretPath = false): readonly string[] {
  const secrets = [url.password, ...url.searchParams.values()];
  // The whole first: a part that is replaced would leave the rest of the whole behind. A bot's token comes without its `bot` too.
  if (secretPath) secrets.unshift(`${url.pathname}${url.search}`, ...url.pathname.split('/').flatMap((part) => [part, decoded(part), part.replace(/^bot/, '')]));
  for (const [name, value] of Object.entries(headers)) {
    if (!HARMLESS_HEADERS.has(name.toLowerCase())) secrets.push(value, ...value.split(/[\s,;=]+/));
  }
  return secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The text without the secrets, and without what looks like one. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]').replaceAll(encodeURIComponent(secret), '[redacted]');
  return clean.replace(CREDENTIAL, '$1[redacted]').replace(QUERY_SECRET, '$1[redacted]').replace(URL_PASSWORD, '$1[redacted]@').replace(PATH_SECRET, '$1$2[redacted]');
}

const CAUSES_MAX = 3;

/** A copy of an error that may be logged: name, code, message and stack without secrets, and its causes likewise. */
export function redactedError(error: unknown, secrets: readonly string[] = [], depth = 0): Error {
  const source = error instanceof Error ? error : new Error(String(error));
  const copy = new Error(redact(source.message, secrets), source.cause !== undefined && depth < CAUSES_MAX ? { cause: redactedError(source.cause, secrets, depth + 1) } : undefined);
  copy.name = source.name;
  copy.stack = redact(source.stack ?? '', secrets);
  const { code } = source as { code?: unknown };
  return typeof code === 'string' ? Object.assign(copy, { code }) : copy;
}
