/** `SMTP_URL` read: host, port, credentials, and how much encryption it asks for. */
import { isIP } from 'node:net';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte (smtps:). `starttls`: required after the greeting. `plain`: on this machine alone. */
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly user: string | null;
  readonly password: string | null;
}

/** For a person who has typed it wrong; never quotes it, since it holds a password. */
export const SMTP_URL_FORM = 'expected smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587, without path or query, with special characters percent-encoded';

/** @returns null when it has another form than {@link SMTP_URL_FORM} says */
export function readSmtpUrl(text: string): SmtpServer | null {
  if (!/^smtps?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.hostname === '' || !['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return null;
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === null || password === null || (user === '') !== (password === '')) return null;
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    security: secure ? 'tls' : isThisMachine(host) ? 'plain' : 'starttls',
    user: user === '' ? null : user,
    password: password === '' ? null : password,
  };
}

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
