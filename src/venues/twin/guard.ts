/**
 * Who may call a twin. Any web page can send requests to this machine, so a twin refuses every request of a page of
 * another origin and every Host that is not loopback (DNS rebinding). Its control also needs a key that no page knows.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isForeignPage } from '../../kernel/http/index.ts';
import { isSameSecret } from '../../kernel/secrets/same-secret.ts';
import type { TwinReply, TwinRequest } from './types.ts';

export const TWIN_KEY_HEADER = 'x-twin-key';

export const newTwinKey = (): string => randomBytes(24).toString('base64url');

/** `127.0.0.1`, `localhost` and `[::1]`, with or without a port. */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(:\d{1,5})?$/i.test(host);

const forbidden = (error: string): TwinReply => ({ status: 403, json: { error } });

/** @returns the refusal of a request whose Host is not this machine or that a page of another origin sends, or null */
export function refuseForeign(request: { readonly headers: IncomingHttpHeaders }): TwinReply | null {
  if (!isLoopbackHost(request.headers.host)) return forbidden('a twin answers to 127.0.0.1, localhost and [::1] alone');
  return isForeignPage(request) ? forbidden('a page of another site may not call this') : null;
}

/**
 * @param kind `control` takes the key from the header; `page`, for a person's browser, also from `?key=` or the form
 * @returns the refusal of a request without the key, or null
 */
export function refuseWithoutKey(
  kind: 'control' | 'page',
  request: Omit<TwinRequest, 'params'>,
  key: string,
): TwinReply | null {
  const header = request.headers[TWIN_KEY_HEADER];
  const given = [header, ...(kind === 'page' ? [request.query.get('key'), formKey(request)] : [])];
  if (given.some((candidate) => typeof candidate === 'string' && isSameSecret(candidate, key))) return null;
  return forbidden(`this needs the key of this twin, in the header ${TWIN_KEY_HEADER}`);
}

function formKey({ headers, body }: Omit<TwinRequest, 'params'>): string | null {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm ? new URLSearchParams(body).get('key') : null;
}
