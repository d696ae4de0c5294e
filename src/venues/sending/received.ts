/**
 * JSON that a channel posts to the desk, made storable: people write any character, and Postgres stores neither
 * U+0000 nor half a surrogate pair.
 */

/**
 * Parses JSON and puts U+FFFD in place of each character that Postgres refuses, in values and in member names.
 * A channel repeats a webhook until it is accepted, so one such character in an answer must not make the webhook fail.
 * @throws SyntaxError when the text is not JSON @throws RangeError when it is nested too deeply
 */
export function parseReceived(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown) => {
    if (typeof value === 'string') return storable(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if (Object.keys(value).every((name) => storable(name) === name)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), member]));
  });
}

const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
