// Files to and from the desk: sent with progress, and fetched with the bearer token that a plain link could not carry.
import { ApiError, errorOf, renew } from './client.ts';
import { session } from './session.ts';

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
export async function upload<T>(call: Upload): Promise<T> {
  try {
    return await sendOnce<T>(call);
  } catch (error) {
    if (error instanceof ApiError && error.trouble === 'sign-in' && (await renew())) return sendOnce<T>(call);
    throw error;
  }
}

/** XMLHttpRequest, since fetch does not tell how much of a body has gone. */
function sendOnce<T>({ path, file, type, onSent, signal }: Upload): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const gone = (words: string): void => reject(new ApiError(words, { status: 0, code: 'UNREACHABLE' }));
    request.open('POST', path);
    request.timeout = DEADLINE_MS;
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', type);
    const token = session()?.accessToken;
    if (token) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', (event) => event.lengthComputable && onSent(event.loaded / event.total));
    request.addEventListener('load', () => {
      const body = readJson(request.responseText);
      if (request.status >= 200 && request.status < 300 && body !== null) resolve(body as T);
      else reject(errorOf(request.status, body, (name) => request.getResponseHeader(name)));
    });
    request.addEventListener('error', () => gone('The desk does not answer.'));
    request.addEventListener('timeout', () => gone(`The desk did not answer within ${DEADLINE_MS / 1000} s.`));
    request.addEventListener('abort', () => gone('Cancelled.'));
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

/** Hands a file of the desk to the browser's own "save". @throws ApiError */
export async function download(path: string, name: string): Promise<void> {
  const token = session()?.accessToken;
  const ask = (): Promise<Response> => fetch(path, { headers: token ? { authorization: `Bearer ${token}` } : {}, signal: AbortSignal.timeout(DEADLINE_MS) });
  const reply = await ask().catch(() => {
    throw new ApiError('The desk does not answer.', { status: 0, code: 'UNREACHABLE' });
  });
  if (!reply.ok) throw errorOf(reply.status, await reply.json().catch(() => null), (header) => reply.headers.get(header));
  const address = URL.createObjectURL(await reply.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to save by then; an address that is kept would keep the bytes.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
