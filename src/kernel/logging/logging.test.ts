import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createLogger, type LogFormat } from './index.ts';

function logged(format: LogFormat, traceId: string | null = null) {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', format, colour: false, traceId: () => traceId, destination: { write: (line) => void lines.push(line) } });
  return { lines, logger };
}

test('one JSON line an event: time, level, event, trace id, fields', () => {
  const { lines, logger } = logged('json', 'abc');
  logger.child({ worker: 'w1' }).info('circuit_opened', { breaker: 'whatsapp', micros: 5n, at: new Date(0) });
  logger.debug('not_shown');
  assert.equal(lines.length, 1);
  const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual(rest, { level: 'info', worker: 'w1', event: 'circuit_opened', trace_id: 'abc', breaker: 'whatsapp', micros: '5', at: '1970-01-01T00:00:00.000Z' });
});

test('hides secrets at any depth, by name and within texts', () => {
  const { lines, logger } = logged('json');
  logger.child({ token: 't0psecret' }).error('failed', {
    headers: { Authorization: 'Bearer t0psecret', accept: '*/*' },
    nested: [{ deep: { api_key: 't0psecret', apiKey: 't0psecret', 'x-api-key': 't0psecret', refresh_token: 't0psecret', password: 't0psecret', JWT_SECRET_KEY: 't0psecret' } }],
    note: 'sent Authorization: Bearer t0psecret to postgres://user:t0psecret@db:5432/x with bw_key1_t0psecrett0psecrett0psecret and #sign-in=bwl_t0psecrett0psecret',
    error: Object.assign(new Error('bearer t0psecret refused', { cause: new Error('redis://:t0psecret@cache') }), { code: 'E1' }),
    input_tokens: 12,
  });
  assert.ok(!lines[0]!.includes('t0psecret'), lines[0]);
  const line = JSON.parse(lines[0]!) as { input_tokens: number; headers: { accept: string }; error: { code: string }; note: string };
  assert.deepEqual([line.input_tokens, line.headers.accept, line.error.code], [12, '*/*', 'E1']);
  assert.match(line.note, /postgres:\/\/user:\[hidden\]@db:5432/);
});

test('a line stays bounded and writable whatever is passed', () => {
  const { lines, logger } = logged('json');
  const circle: Record<string, unknown> = { big: 'x'.repeat(100_000), many: Array.from({ length: 5_000 }, (_, i) => i) };
  circle['self'] = circle;
  logger.info('odd', { circle, fn: () => 1, bytes: new Uint8Array(9), nothing: undefined, nan: Number.NaN });
  assert.ok(lines[0]!.length < 120_000);
  assert.equal((JSON.parse(lines[0]!) as { bytes: string }).bytes, '[9 bytes]');
});

test('logfmt can be found by the greps of runbooks', () => {
  const { lines, logger } = logged('logfmt');
  logger.info('http_request', { latency_ms: 12.5, status: 503, note: 'two words', q: 'say "a=b"', nested: { a: 1 } });
  assert.match(lines[0]!, /^time=\S+ level=info event=http_request latency_ms=12\.5 status=503 note="two words" q="say \\"a=b\\"" nested\.a=1\n$/);
});

test('pretty is one readable line, with the stack below it', () => {
  const { lines, logger } = logged('pretty');
  logger.warn('circuit_opened', { breaker: 'whatsapp', error: new Error('boom') });
  assert.match(lines[0]!, /^[\d:.]{12} warn {2}circuit_opened {2}breaker=whatsapp\n {2}Error: boom\n {6}at /);
});

test('standard output gets every line, in order, also those of the last moment', async () => {
  const program = `import { createLogger } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const logger = createLogger({ level: 'info', format: 'json' });
    for (let i = 0; i < 5000; i++) logger.info('line', { i });
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 5000; i < 5010; i++) logger.info('line', { i });
    process.exit(3);`;
  const outcome = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { maxBuffer: 1 << 26 }).catch((e: { code: number; stdout: string }) => e);
  assert.equal((outcome as { code: number }).code, 3);
  const seen = outcome.stdout.trimEnd().split('\n').map((line) => (JSON.parse(line) as { i: number }).i);
  assert.deepEqual(seen, Array.from({ length: 5010 }, (_, i) => i));
});
