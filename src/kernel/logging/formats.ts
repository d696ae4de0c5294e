/** The other two ways to write a line: logfmt for greps such as `latency_ms=`, and a readable one for a person at a terminal. */

type Line = Readonly<Record<string, unknown>>;

const BARE = /^[\w.:/@%+,~()-]+$/;

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return BARE.test(text) ? text : JSON.stringify(text);
}

/** `time=… level=… event=… latency_ms=1.2 status=200`: nested objects become dotted keys. */
export function toLogfmt({ time, level, ...rest }: Line): string {
  const parts: string[] = [];
  const write = (prefix: string, value: unknown): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, member] of Object.entries(value)) write(prefix === '' ? key : `${prefix}.${key}`, member);
    } else if (value !== undefined) {
      parts.push(`${prefix.replace(/[\s="]/g, '_')}=${logfmtValue(value)}`);
    }
  };
  write('', { time, level, ...rest });
  return `${parts.join(' ')}\n`;
}

const COLOURS: Readonly<Record<string, string>> = { debug: '\u001b[2m', info: '\u001b[32m', warn: '\u001b[33m', error: '\u001b[31m' };
const RESET = '\u001b[0m';

/** `14:05:09.123 info  circuit_opened  breaker=whatsapp`, a stack below it. @param colour ANSI colours, for a terminal */
export function toPretty(line: Line, colour: boolean): string {
  const { time, level, event, error, ...rest } = line;
  const name = String(level).padEnd(5);
  const shown = colour ? `${COLOURS[String(level)] ?? ''}${name}${RESET}` : name;
  const fields = toLogfmt(rest).trimEnd();
  let text = `${String(time).slice(11, 23)} ${shown} ${String(event)}${fields === '' ? '' : `  ${fields}`}\n`;
  if (error !== undefined) {
    const { stack, message, code } = (typeof error === 'object' && error !== null ? error : { message: error }) as { stack?: unknown; message?: unknown; code?: unknown };
    text += `  ${code === undefined ? '' : `${String(code)}: `}${String(stack ?? message ?? JSON.stringify(error)).replaceAll('\n', '\n  ')}\n`;
  }
  return text;
}
