/** One request to a desk under test, and its whole reply; what every error of the API must carry. */
import assert from 'node:assert/strict';
import { until, type DeskProcess } from './desk.ts';

export interface Question {
  readonly method?: string;
  readonly token?: string | null;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; with its own content type in `headers`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty when the reply is no JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** @example const { status, json } = await ask(`${desk.url}/api/v1/shipments`, { token, json: shipment }); */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const { token, json, raw } = question;
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const reply = await fetch(url, {
    method: question.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, json: objectOf(text) };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The admin token, once the start has ended: it is printed early, before a replay has begun. */
export async function adminToken(desk: DeskProcess): Promise<string> {
  const isStarted = async (): Promise<boolean> => desk.token !== null && desk.output().includes('Bellwether is ready');
  await until(isStarted, { ended: desk.ended, output: desk.output, what: 'the admin token and the end of the start' });
  return desk.token!;
}

/** problem+json with our flat fields and a trace that the log also has. */
export function assertProblem(answer: Answer, status: number, code: string, what = ''): void {
  const { json, headers, text } = answer;
  assert.deepEqual([answer.status, json['code'], json['status']], [status, code, status], `${what} ${text.slice(0, 500)}`);
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, what);
  assert.match(String(json['trace_id']), /^[0-9a-f]{32}$/, what);
  assert.match(headers.get('x-request-id') ?? '', /^[\w.:-]{1,128}$/, what);
  for (const name of ['title', 'message', 'type', 'instance'] as const) assert.ok(typeof json[name] === 'string' && json[name] !== '', `${what}: no ${name}`);
  assert.doesNotMatch(text, /\bat .+\.ts:\d+|node_modules|select |insert into/i, `${what}: the inside is told`);
}
