/** The logger on pino: one event a line, secrets hidden, the trace's id on each line. */
import { isatty } from 'node:tty';
import pino from 'pino';
import { iso, systemClock } from '../../model/time.ts';
import { BatchedOutput } from './batched-output.ts';
import { toLogfmt, toPretty } from './formats.ts';
import { HIDDEN, isSecretName, redact } from './redact.ts';
import type { Fields, Logger } from './types.ts';

export const LOG_LEVELS = Object.freeze(['debug', 'info', 'warn', 'error', 'silent'] as const);
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = Object.freeze(['json', 'logfmt', 'pretty'] as const);
export type LogFormat = (typeof LOG_FORMATS)[number];

const STDOUT = 1;

export interface LogDestination {
  write(line: string): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Default: standard output, written 50 ms late at most, many lines at a time. */
  readonly destination?: LogDestination;
  /** The current trace, null outside one. Usually `tracing.traceId`. */
  readonly traceId?: () => string | null;
  /** ANSI colours of the pretty format. Default: when standard output is a terminal. */
  readonly colour?: boolean;
}

/**
 * @example
 * const logger = createLogger({ level: 'info', format: 'json', traceId: tracing.traceId });
 * logger.warn('circuit_opened', { breaker: 'whatsapp', failures: 5 });
 */
export function createLogger(options: LoggerOptions): Logger {
  const { format, traceId } = options;
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }) },
    },
    destinationFor(format, options.destination ?? new BatchedOutput(STDOUT), options.colour ?? isatty(1)),
  );
  return loggerOver(root, traceId ?? (() => null));
}

/** `,"time":"2026-03-01T12:00:00.123Z"`: the date is made once a second, for making it costs a microsecond. */
function isoTime(): () => string {
  let second = -1;
  let upToSecond = '';
  return () => {
    const now = systemClock.now();
    const at = Math.floor(now / 1_000);
    if (at !== second) {
      second = at;
      upToSecond = `,"time":"${iso(now).slice(0, 20)}`;
    }
    return `${upToSecond}${String(now % 1_000).padStart(3, '0')}Z"`;
  };
}

function loggerOver(target: pino.Logger, traceId: () => string | null): Logger {
  const write = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: Fields): void => {
    if (!target.isLevelEnabled(level)) return;
    const line: Record<string, unknown> = { event };
    const trace = fields?.['trace_id'] ?? traceId();
    if (trace !== null) line['trace_id'] = trace;
    if (fields) for (const key of Object.keys(fields)) line[key] = isSecretName(key) ? HIDDEN : redact(fields[key], 1);
    target[level](line);
  };
  return Object.freeze({
    debug: (event: string, fields?: Fields) => write('debug', event, fields),
    info: (event: string, fields?: Fields) => write('info', event, fields),
    warn: (event: string, fields?: Fields) => write('warn', event, fields),
    error: (event: string, fields?: Fields) => write('error', event, fields),
    child: (fields: Fields) => loggerOver(target.child(redact(fields) as pino.Bindings), traceId),
  });
}

function destinationFor(format: LogFormat, to: LogDestination, colour: boolean): LogDestination {
  if (format === 'json') return to;
  const render = format === 'logfmt' ? toLogfmt : (line: Record<string, unknown>) => toPretty(line, colour);
  return { write: (line) => to.write(render(JSON.parse(line) as Record<string, unknown>)) };
}
