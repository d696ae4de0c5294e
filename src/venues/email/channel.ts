/** E-mail as a message channel: writes the mail, and turns every failure into what is known of it and what to do. */
import type { MessageChannel, Refusal } from '../../flow/alerts/ports.ts';
import type { Outbound } from '../../kernel/outbound/types.ts';
import { MINUTE_MS, SECOND_MS } from '../../model/time.ts';
import { outcomeOf, type FailedCall, type SendingVenue } from '../sending/index.ts';
import { createEmailClient, type EmailSettings } from './client.ts';
import { refusalOf, type SmtpStage } from './codes.ts';
import { composeMail, isMailAddress, readSender } from './compose.ts';
import { emailErrors } from './errors.ts';
import { readSmtpUrl, SMTP_URL_FORM, type SmtpServer } from './smtp-url.ts';

export interface EmailChannelSettings extends Pick<EmailSettings, 'deadlineMs' | 'ca'> {
  readonly outbound: Outbound;
  /** `SMTP_URL`. */
  readonly smtpUrl: string;
  /** `EMAIL_FROM`. */
  readonly from: string;
  /** Asks for STARTTLS on this machine as well. Default false: between programs of one machine nobody listens. */
  readonly requireTls?: boolean;
}

const CODE = /^(\d{3})\/(-|\d\.\d{1,3}\.\d{1,3})\/(login|sender|recipient|message)$/;

/** Failures of TLS: the connection was there, and nothing was said over it. A person has to mend them. */
const TLS = /^(ETLS|EREQUIRETLS|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+|ERR_SSL_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+)$/;

/** @throws CodedError EMAIL_SETTINGS_WRONG */
export function createEmailChannel(settings: EmailChannelSettings): MessageChannel {
  const read = readSmtpUrl(settings.smtpUrl);
  if (!read) throw emailErrors.EMAIL_SETTINGS_WRONG({ field: 'SMTP_URL', detail: 'SMTP_URL has another form', fix: SMTP_URL_FORM });
  const server: SmtpServer = settings.requireTls && read.security === 'plain' ? { ...read, security: 'starttls' } : read;
  const from = readSender(settings.from);
  if (!from) throw emailErrors.EMAIL_SETTINGS_WRONG({ field: 'EMAIL_FROM', detail: 'EMAIL_FROM is no sender', fix: 'expected alerts@example.com or Bellwether <alerts@example.com>' });
  const client = createEmailClient(settings.outbound, { server, from, ...(settings.deadlineMs === undefined ? {} : { deadlineMs: settings.deadlineMs }), ...(settings.ca === undefined ? {} : { ca: settings.ca }) });
  return {
    name: 'email',
    confirms: 'accepted',
    async send(message) {
      if (!isMailAddress(message.to)) return { kind: 'refused', refusal: NO_ADDRESS };
      let bodyBegan = false;
      try {
        await client.send(composeMail(message, from.domain), () => {
          bodyBegan = true;
        });
        // The Message-ID is the same for each try; the stage asks for one a try.
        return { kind: 'accepted', providerId: `email:${message.opaque}` };
      } catch (error) {
        return outcomeOf(error, bodyBegan ? AFTER_DATA : BEFORE_DATA);
      }
    },
  };
}

const NO_ADDRESS: Refusal = Object.freeze({ code: 'ADDRESS_INVALID', message: 'The customer’s e-mail address is not one: correct it', reaction: 'give_up', retryAfterMs: null, counts: true });

/** What the server refused in words, wherever it was. */
function replied({ venueCode }: FailedCall): Refusal | null {
  const m = CODE.exec(venueCode);
  return m && refusalOf({ code: Number(m[1]), enhanced: m[2] === '-' ? null : m[2]!, stage: m[3] as SmtpStage });
}

/** Once the message goes out, a line that breaks leaves open whether the server has it. */
const AFTER_DATA: SendingVenue = Object.freeze({ title: 'the mail server', breaker: 'email', outage: 'hold_channel', refusal: replied });

/** Until then it cannot have it, however the call ended. */
const BEFORE_DATA: SendingVenue = Object.freeze({
  ...AFTER_DATA,
  refusal(call: FailedCall): Refusal | null {
    const said = replied(call);
    if (said) return said;
    if (TLS.test(call.venueCode)) {
      return { code: 'TLS', message: `The mail server offers no TLS that can be trusted (${call.venueCode}): correct SMTP_URL, or the server’s certificate`, reaction: 'hold_channel', retryAfterMs: 5 * MINUTE_MS, counts: false };
    }
    if (call.code === 'VENUE_TIMEOUT' || call.code === 'VENUE_FAILED') {
      return { code: call.code, message: `The mail server did not let us begin: it is away, slow or hangs up (${call.venueCode || 'no answer'})`, reaction: 'hold_channel', retryAfterMs: 15 * SECOND_MS, counts: false };
    }
    return null;
  },
});
