/**
 * What an SMTP server's refusal asks for: by its reply code (RFC 5321, section 4.2), made finer by the enhanced code beside it
 * (RFC 3463) and by the command that was refused. A reply is certain: what the server refused it does not deliver.
 */
import type { Reaction, Refusal } from '../../flow/alerts/ports.ts';
import { HOUR_MS, MINUTE_MS } from '../../model/time.ts';

/** Which part of the dialogue was refused. `login` stands for all before the envelope: greeting, EHLO, STARTTLS, AUTH. */
export type SmtpStage = 'login' | 'sender' | 'recipient' | 'message';

export interface SmtpRefusal {
  /** `450`. */
  readonly code: number;
  /** `4.7.1`; null where the server gives none. */
  readonly enhanced: string | null;
  readonly stage: SmtpStage;
}

const LOGIN_HOLD = 5 * MINUTE_MS;
/** Greylisting servers take a message from five minutes after the first try on (RFC 6647, section 5: at least a minute, five are usual). */
const GREYLIST_MS = 5 * MINUTE_MS;

interface Meaning {
  readonly reaction: Reaction;
  readonly message: string;
  readonly retryAfterMs?: number;
}

const MAILBOX = 'There is no such mailbox, or it takes no mail: correct the customer’s e-mail address';

/** The refusals that the code alone explains, whatever was asked. */
const BY_CODE: Readonly<Record<number, Meaning>> = Object.freeze({
  421: { reaction: 'back_off', message: 'The mail server is closing or overloaded', retryAfterMs: MINUTE_MS },
  450: { reaction: 'delay_recipient', message: 'The mailbox is busy, or the server is greylisting us', retryAfterMs: GREYLIST_MS },
  451: { reaction: 'back_off', message: 'The mail server had a passing fault, or is greylisting us', retryAfterMs: GREYLIST_MS },
  452: { reaction: 'delay_recipient', message: 'The mail server or the mailbox has no room now, or we send too much', retryAfterMs: 10 * MINUTE_MS },
  454: { reaction: 'hold_channel', message: 'The mail server cannot sign us in, or offer TLS, for now', retryAfterMs: LOGIN_HOLD },
  521: { reaction: 'hold_channel', message: 'The host of SMTP_URL takes no mail at all: correct it', retryAfterMs: HOUR_MS },
  530: { reaction: 'hold_channel', message: 'The mail server asks for a login or for TLS first: put user and password into SMTP_URL, or use smtps://', retryAfterMs: LOGIN_HOLD },
  534: { reaction: 'hold_channel', message: 'The mail server wants another kind of login, such as a password for this application', retryAfterMs: LOGIN_HOLD },
  535: { reaction: 'hold_channel', message: 'The mail server does not take user and password of SMTP_URL: correct them and restart', retryAfterMs: LOGIN_HOLD },
  538: { reaction: 'hold_channel', message: 'The mail server wants TLS before a login: use smtps://', retryAfterMs: LOGIN_HOLD },
  550: { reaction: 'give_up', message: MAILBOX },
  551: { reaction: 'give_up', message: MAILBOX },
  552: { reaction: 'give_up', message: 'The mailbox is full, or the message larger than it takes' },
  553: { reaction: 'give_up', message: 'The mail server does not take the form of an address: correct the customer’s e-mail address' },
  554: { reaction: 'give_up', message: 'The mail server refused the message: see its words in the log of the server, and whether our address is on a blocklist' },
  555: { reaction: 'give_up', message: 'The mail server does not know an option of the envelope' },
  556: { reaction: 'give_up', message: 'The recipient’s domain takes no mail: correct the customer’s e-mail address' },
});

/** Refused for what we are, not for whom it is to: nothing will pass until somebody acts. After RFC 3463 (X.7.x) and RFC 7372. */
const OURS: Readonly<Record<string, string>> = Object.freeze({
  '5.7.0': 'The mail server does not let us send: sign in, or have EMAIL_FROM allowed',
  '5.7.23': 'SPF does not allow this server to send for the domain of EMAIL_FROM',
  '5.7.25': 'The sending address has no name in reverse DNS',
  '5.7.26': 'Neither SPF nor DKIM vouches for the domain of EMAIL_FROM: set up DMARC',
  '5.7.60': 'This login may not send as EMAIL_FROM',
});

/** What the refusal asks of the stage. */
export function refusalOf({ code, enhanced, stage }: SmtpRefusal): Refusal {
  const meaning = meaningOf(code, enhanced, stage);
  return { code: String(code), message: enhanced === null ? meaning.message : `${meaning.message} (${enhanced})`, reaction: meaning.reaction, retryAfterMs: meaning.retryAfterMs ?? null, counts: true };
}

function meaningOf(code: number, enhanced: string | null, stage: SmtpStage): Meaning {
  const permanent = code >= 500;
  const ours = enhanced === null || !permanent ? undefined : Object.hasOwn(OURS, enhanced) ? OURS[enhanced] : undefined;
  if (ours !== undefined) return { reaction: 'hold_channel', message: ours, retryAfterMs: HOUR_MS };
  // Before the envelope nothing is about this message; a sender that is refused is refused for all of them.
  if (permanent && (stage === 'login' || stage === 'sender')) {
    const known = BY_CODE[code];
    return known?.reaction === 'hold_channel' ? known : { reaction: 'hold_channel', message: stage === 'sender' ? 'The mail server does not take EMAIL_FROM as the sender' : 'The mail server does not let us in', retryAfterMs: LOGIN_HOLD };
  }
  const known = BY_CODE[code];
  if (known) return known;
  return permanent ? { reaction: 'give_up', message: 'The mail server refused the message for good' } : { reaction: 'back_off', message: 'The mail server refused the message for now', retryAfterMs: MINUTE_MS };
}
