/**
 * Mail over SMTP, sending side: one connection and one message a call, never repeated by itself. The dialogue is nodemailer's; here is
 * what outbound needs of it: an end at the deadline, and the truth about where it broke off.
 */
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { VenueFault, type Outbound } from '../../kernel/outbound/types.ts';
import type { SmtpStage } from './codes.ts';
import type { Mail } from './compose.ts';
import type { SmtpServer } from './smtp-url.ts';

export interface EmailSettings {
  readonly server: SmtpServer;
  readonly from: { readonly name: string; readonly address: string };
  /** For one call. Default 20,000: servers that check what they get answer late. Must stay below the window in which the stage waits for proof of a lost reply. */
  readonly deadlineMs?: number;
  /** A certificate (PEM) to trust besides the system's: for a relay with a private one. */
  readonly ca?: string;
}

export interface EmailClient {
  /**
   * @param onBody called once, when the server has taken the envelope and the message itself begins to go out: until then it cannot have been accepted
   * @returns the server's words of acceptance; it is accepted then, not delivered
   * @throws CodedError of the outbound call: VENUE_REFUSED or VENUE_FAILED with the reply's code in `facts.venue_code` (`550/5.1.1/recipient`:
   *   code, enhanced code or `-`, stage), or nodemailer's own (`ETLS`, `ECONNECTION`) where there was no reply; VENUE_TIMEOUT, VENUE_CIRCUIT_OPEN
   */
  send(mail: Mail, onBody: () => void): Promise<{ readonly response: string }>;
}

const DEADLINE_MS = 20_000;

export function createEmailClient(outbound: Outbound, settings: EmailSettings): EmailClient {
  return {
    async send(mail, onBody) {
      const raw = await rendered(mail, settings);
      return outbound.call({ provider: 'email', operation: 'smtp.send', idempotent: false, deadlineMs: settings.deadlineMs ?? DEADLINE_MS }, (signal) => dialogue(settings, mail, raw, onBody, signal));
    },
  };
}

/** The bytes of the message. Neither files nor addresses are ever read for its parts. */
function rendered(mail: Mail, { from }: EmailSettings): Promise<Buffer> {
  const { to, subject, text, html, messageId, headers } = mail;
  const node = new MailComposer({ from, to: { name: '', address: to }, subject, text, html, messageId, headers, disableFileAccess: true, disableUrlAccess: true }).compile();
  return node.build() as Promise<Buffer>;
}

async function dialogue(settings: EmailSettings, mail: Mail, raw: Buffer, onBody: () => void, signal: AbortSignal): Promise<{ readonly response: string }> {
  const { server, ca } = settings;
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    // On this machine alone: a relay's self-made certificate would be in the way, and nobody listens between.
    ignoreTLS: server.security === 'plain',
    name: hostname() || 'localhost',
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca: [ca] }) },
    // The deadline is outbound's, and ends all of it.
    socketCloseTimeout: 0,
  });
  let stage: SmtpStage = 'login';
  const step = <T>(work: (done: (error: unknown, value?: T) => void) => void): Promise<T> => new Promise((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value as T))));
  // Errors between two steps, such as a server that hangs up, come as events; those within a step come as both.
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => undefined);
  connection.on('error', breakOff);
  // A connection that is closed from here tells nobody: whoever waits is told beside it.
  const end = (): void => {
    connection.close();
    breakOff(signal.reason);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([broken, step((done) => connection.connect(done))]);
    if (server.user !== null) await Promise.race([broken, step((done) => connection.login({ user: server.user!, pass: server.password ?? '' }, done))]);
    stage = 'sender';
    // Read for the first time when the server has answered DATA with 354.
    const body = Readable.from(told(raw, onBody));
    const info = await Promise.race([broken, step<{ response?: string }>((done) => connection.send({ from: settings.from.address, to: [mail.to] }, body, done as never))]);
    return { response: info.response ?? '' };
  } catch (error) {
    throw signal.aborted ? signal.reason : faultOf(error, stage);
  } finally {
    signal.removeEventListener('abort', end);
    // What the server says to QUIT changes nothing: it has accepted or refused.
    connection.close();
  }
}

function* told(raw: Buffer, onBody: () => void): Generator<Buffer> {
  onBody();
  yield raw;
}

interface SmtpError {
  readonly code?: string;
  readonly originalCode?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly command?: string;
  readonly message?: string;
}

const STAGES: Readonly<Record<string, SmtpStage>> = Object.freeze({ 'MAIL FROM': 'sender', 'RCPT TO': 'recipient', DATA: 'message' });

/** A reply in the server's words is a refusal, and its code tells whose fault it is; all else is the line's. Words of servers are not told: they quote addresses. */
function faultOf(error: unknown, reached: SmtpStage): VenueFault {
  const e = error as SmtpError;
  const code = e.responseCode;
  if (code !== undefined && code >= 400 && code < 600) {
    const stage = STAGES[e.command ?? ''] ?? reached;
    const enhanced = /^[45]\d\d[ -]([45]\.\d{1,3}\.\d{1,3})\b/.exec(e.response ?? '')?.[1] ?? null;
    // 421 and a passing fault of the server's own say something of its health; a mailbox that is busy or not there does not.
    const ill = code === 421 || (stage === 'login' && code < 500);
    return new VenueFault(`the server answered ${code}${enhanced === null ? '' : ` ${enhanced}`} to ${stage === 'login' ? 'the login' : `the ${stage}`}`, { venueCode: `${code}/${enhanced ?? '-'}/${stage}`, retryable: false, countsForBreaker: ill });
  }
  const venueCode = e.originalCode ?? e.code ?? 'UNKNOWN';
  return new VenueFault(`the connection failed (${venueCode})`, { venueCode, retryable: true });
}
