// The one way to the API: same origin, bearer token, problem+json to ApiError. Not here: caching (queries.ts).
import { session, setSession } from './session.ts';

export type Trouble = 'unreachable' | 'sign-in' | 'not-allowed' | 'not-found' | 'busy' | 'refused' | 'failed';

/** What is wrong at one place of what was sent. */
export interface Issue {
  readonly field: string;
  readonly message: string;
  readonly fix?: string;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0 when no reply came. */
  readonly status: number;
  readonly code: string;
  readonly traceId: string | null;
  /** Seconds, from `Retry-After`. */
  readonly retryAfter: number | null;
  /** The first field that is wrong, as the API names it: `contacts[0].address`. */
  readonly field: string | null;
  readonly fix: string | null;
  /** Every place that is wrong, when there are several. */
  readonly issues: readonly Issue[];
  constructor(message: string, facts: { status: number; code: string; traceId?: string | null; retryAfter?: number | null; field?: string | null; fix?: string | null; issues?: readonly Issue[] }) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.traceId = facts.traceId ?? null;
    this.retryAfter = facts.retryAfter ?? null;
    this.field = facts.field ?? null;
    this.fix = facts.fix ?? null;
    this.issues = facts.issues ?? [];
  }

  get trouble(): Trouble {
    if (this.status === 0) return 'unreachable';
    if (this.status === 401) return 'sign-in';
    if (this.status === 403) return 'not-allowed';
    if (this.status === 404) return 'not-found';
    if (this.status === 429 || this.status === 503) return 'busy';
    return this.status < 500 ? 'refused' : 'failed';
  }
}

const DEADLINE_MS = 15_000;

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the session's: to try a pasted token before keeping it. Null sends none. */
  readonly token?: string | null;
}

/** @throws ApiError for anything but a 2xx with JSON */
export async function api<T>(path: string, call: Call = {}): Promise<T> {
  const reply = await send(path, call);
  if (reply.status === 401 && call.token === undefined && (await renew())) return unpack<T>(await send(path, call));
  return unpack<T>(reply);
}

/** Health replies are read whatever their status: 503 with a body is news, not a failure. */
export async function apiHealth<T>(path: string, signal?: AbortSignal): Promise<T> {
  const reply = await send(path, { signal });
  if (reply.status === 503 && (reply.headers.get('content-type') ?? '').startsWith('application/json')) return (await reply.json()) as T;
  return unpack<T>(reply);
}

async function send(path: string, call: Call): Promise<Response> {
  const token = call.token === undefined ? (session()?.accessToken ?? null) : call.token;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const method = call.method ?? 'GET';
  try {
    return await fetch(path, {
      method,
      signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(call.body ?? {}) }),
    });
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw new ApiError(deadline.aborted ? `The desk did not answer within ${DEADLINE_MS / 1000} s.` : 'The desk does not answer.', { status: 0, code: 'UNREACHABLE' });
  }
}

async function unpack<T>(reply: Response): Promise<T> {
  if (reply.ok) {
    if (reply.status === 204) return undefined as T;
    try {
      return (await reply.json()) as T;
    } catch {
      throw new ApiError('The desk answered with something that is not JSON.', { status: reply.status, code: 'UNREADABLE' });
    }
  }
  const problem: unknown = await reply.json().catch(() => null);
  throw errorOf(reply.status, problem, (name) => reply.headers.get(name));
}

/** A reply that is no success as an error. @param problem its body as JSON, whatever it is */
export function errorOf(status: number, problem: unknown, header: (name: string) => string | null): ApiError {
  const facts = typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>) : {};
  const text = (key: string): string | null => (typeof facts[key] === 'string' ? facts[key] : null);
  const wait = Number(header('retry-after'));
  return new ApiError(text('message') ?? text('detail') ?? text('title') ?? `The desk answered ${status}.`, {
    status,
    code: text('code') ?? `HTTP_${status}`,
    traceId: text('trace_id') ?? header('x-request-id'),
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : null,
    field: text('field'),
    fix: text('fix'),
    issues: Array.isArray(facts['issues']) ? facts['issues'].filter(isIssue) : [],
  });
}

const isIssue = (value: unknown): value is Issue => typeof value === 'object' && value !== null && typeof (value as Issue).field === 'string' && typeof (value as Issue).message === 'string';

let renewing: Promise<boolean> | null = null;

/** Trades the refresh token for a new access token, once for all calls that wait for it. */
export function renew(): Promise<boolean> {
  const held = session();
  if (!held?.refreshToken) return Promise.resolve(false);
  renewing ??= (async () => {
    try {
      const reply = await send('/api/v1/auth/refresh', { method: 'POST', body: { refresh_token: held.refreshToken }, token: null });
      const next = await unpack<{ access_token: string; refresh_token?: string }>(reply);
      setSession({ ...held, accessToken: next.access_token, refreshToken: next.refresh_token ?? held.refreshToken });
      return true;
    } catch {
      return false;
    } finally {
      renewing = null;
    }
  })();
  return renewing;
}

/** `/path?limit=50&status=active`, leaving out what is undefined. */
export function url(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
