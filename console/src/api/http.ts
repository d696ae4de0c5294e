// One request to the API and its errors: same origin, deadline, problem+json to ApiError. Tokens are in renewal.ts.

export type Trouble = 'unreachable' | 'sign-in' | 'not-allowed' | 'not-found' | 'busy' | 'refused' | 'failed';

/** What is wrong at one place of what was sent. */
export interface Issue {
  readonly field: string;
  readonly message: string;
  readonly fix?: string;
}

interface Facts {
  /** 0 when no reply came. */
  readonly status: number;
  readonly code: string;
  readonly traceId?: string | null;
  readonly retryAfter?: number | null;
  readonly field?: string | null;
  readonly fix?: string | null;
  readonly issues?: readonly Issue[];
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
  constructor(message: string, facts: Facts) {
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

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** The request is sent even when the page closes. */
  readonly keepalive?: boolean;
}

/**
 * @param token null: without one
 * @throws ApiError UNREACHABLE when no reply came
 */
export async function send(path: string, call: Call, token: string | null): Promise<Response> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const method = call.method ?? 'GET';
  try {
    return await fetch(path, {
      method,
      signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
      keepalive: call.keepalive ?? false,
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomKey() } : {}),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(call.body ?? {}) }),
    });
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw unreachable(deadline.aborted ? DEADLINE_MS : null);
  }
}

/** @param deadlineMs that has passed, or null when the connection failed */
export const unreachable = (deadlineMs: number | null): ApiError =>
  new ApiError(
    deadlineMs === null ? 'The desk does not answer.' : `The desk did not answer within ${deadlineMs / 1000} s.`,
    {
      status: 0,
      code: 'UNREACHABLE',
    },
  );

/** Not crypto.randomUUID: browsers have it only on https and on this machine's own address. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @throws ApiError for anything but a 2xx with JSON */
export async function unpack<T>(reply: Response): Promise<T> {
  if (!reply.ok) throw errorOf(reply.status, await reply.json().catch(() => null), (name) => reply.headers.get(name));
  if (reply.status === 204) return undefined as T;
  try {
    return (await reply.json()) as T;
  } catch {
    throw new ApiError('The desk answered with something that is not JSON.', {
      status: reply.status,
      code: 'UNREADABLE',
    });
  }
}

/** The error of a reply that is not 2xx. @param problem its body as JSON, whatever it is */
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

const isIssue = (value: unknown): value is Issue =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Issue).field === 'string' &&
  typeof (value as Issue).message === 'string';
