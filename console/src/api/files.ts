// Files to and from the desk: uploads with progress, and downloads with the token that a plain link cannot send.
import { ApiError, errorOf, unreachable } from './http.ts';
import { withToken } from './renewal.ts';

/** A file of 5 MiB over a slow line, and 20,000 rows looked up at the other end. */
const DEADLINE_MS = 120_000;

export interface Upload {
  readonly path: string;
  readonly file: Blob;
  readonly type: string;
  /** 0 to 1 while it is sent; then the desk reads it. */
  readonly onSent: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** @throws ApiError for anything but a 2xx with JSON */
export const upload = <T>(call: Upload): Promise<T> => withToken((token) => sendOnce<T>(call, token));

/** XMLHttpRequest, since fetch does not report the progress of an upload. */
function sendOnce<T>({ path, file, type, onSent, signal }: Upload, token: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.timeout = DEADLINE_MS;
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', type);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.addEventListener(
      'progress',
      (event) => event.lengthComputable && onSent(event.loaded / event.total),
    );
    request.addEventListener('load', () => {
      const body = readJson(request.responseText);
      if (request.status >= 200 && request.status < 300 && body !== null) resolve(body as T);
      else reject(errorOf(request.status, body, (name) => request.getResponseHeader(name)));
    });
    request.addEventListener('error', () => reject(unreachable(null)));
    request.addEventListener('timeout', () => reject(unreachable(DEADLINE_MS)));
    request.addEventListener('abort', () => reject(new ApiError('Cancelled.', { status: 0, code: 'CANCELLED' })));
    // Cancelled while the token was renewed: nothing is sent.
    if (signal?.aborted) return reject(new ApiError('Cancelled.', { status: 0, code: 'CANCELLED' }));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Downloads a file of the desk and saves it under a name. @throws ApiError */
export async function download(path: string, name: string): Promise<void> {
  const file = await withToken(async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(path, { headers, signal: AbortSignal.timeout(DEADLINE_MS) }).catch(() => {
      throw unreachable(null);
    });
    if (!reply.ok)
      throw errorOf(reply.status, await reply.json().catch(() => null), (header) => reply.headers.get(header));
    return reply.blob();
  });
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // By then the browser has begun to save; an address that is kept would keep the bytes in memory.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
