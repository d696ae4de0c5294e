/**
 * Who may call a twin. Any web page can send requests to this machine, so a twin answers to a loopback name alone (a
 * rebound DNS name is another), and what steers it needs a key that no page knows.
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

const FOREIGN_PAGE = 'a page of another site may not call this';

export const forbidden = (error: string): TwinReply => ({ status: 403, json: { error } });

/** @returns the refusal of a request whose Host is not this machine, or null */
export const refuseForeignHost = ({ host }: IncomingHttpHeaders): TwinReply | null =>
  isLoopbackHost(host) ? null : forbidden('a twin answers to 127.0.0.1, localhost and [::1] alone');

/**
 * @param kind `control` takes the key from the header; `page`, for a person's browser, also from `?key=` or the form
 * @returns the refusal of a request without the key or from a foreign page, or null
 */
export function refuseStranger(
  kind: 'control' | 'page',
  request: Omit<TwinRequest, 'params'>,
  key: string,
): TwinReply | null {
  if (isForeignPage(request)) return forbidden(FOREIGN_PAGE);
  const header = request.headers[TWIN_KEY_HEADER];
  const given = [header, ...(kind === 'page' ? [request.query.get('key'), formKey(request)] : [])];
  if (given.some((candidate) => typeof candidate === 'string' && isSameSecret(candidate, key))) return null;
  return forbidden(`this needs the key of this twin, in the header ${TWIN_KEY_HEADER}`);
}

function formKey({ headers, body }: Omit<TwinRequest, 'params'>): string | null {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm ? new URLSearchParams(body).get('key') : null;
}
