// The one way to the API: requests with the session's token. Not here: caching (queries.ts).
import { send, unpack, type Call } from './http.ts';
import { withToken } from './renewal.ts';

export { ApiError, errorOf, type Issue, type Trouble } from './http.ts';

/** @throws ApiError for anything but a 2xx with JSON; SIGNED_OUT, without a request, when nobody is signed in */
export const api = <T>(path: string, call: Call = {}): Promise<T> =>
  withToken(async (token) => unpack<T>(await send(path, call, token)));

/** Reads a health report: 503 with a JSON body is a report too. */
export const apiHealth = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  withToken(async (token) => {
    const reply = await send(path, { signal }, token);
    const isReport = reply.status === 503 && (reply.headers.get('content-type') ?? '').startsWith('application/json');
    return isReport ? ((await reply.json()) as T) : unpack<T>(reply);
  });

/** `/path?limit=50&status=active`, leaving out what is undefined. */
export function url(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
