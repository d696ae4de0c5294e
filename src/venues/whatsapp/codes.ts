/**
 * WhatsApp's error codes and what each asks for. After Meta, "WhatsApp Cloud API: error codes"; the HTTP statuses beside them are not part of that page and decide nothing.
 * The same code may come as the reply to a send or, later, in a `failed` status webhook: it asks for the same.
 */
import type { Reaction } from '../../flow/alerts/ports.ts';
import { HOUR_MS, MINUTE_MS } from '../../model/time.ts';

export interface CodeMeaning {
  readonly reaction: Reaction;
  /** What happened and what helps, for the operator. */
  readonly message: string;
  /** Least wait before the next try. */
  readonly retryAfterMs?: number;
  /** HTTP status with which the API answers it. */
  readonly status: number;
}

const code = (reaction: Reaction, status: number, message: string, retryAfterMs?: number): CodeMeaning =>
  Object.freeze({ reaction, status, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

const TOKEN_HOLD = 5 * MINUTE_MS;

export const CODES: Readonly<Record<string, CodeMeaning>> = Object.freeze({
  '1': code('back_off', 500, 'WhatsApp had an unknown error'),
  '2': code('back_off', 503, 'WhatsApp’s API is temporarily down'),
  '4': code('back_off', 400, 'The app has made too many API calls', MINUTE_MS),
  '10': code('hold_channel', 403, 'The token lacks the permission to send: grant whatsapp_business_messaging', TOKEN_HOLD),
  '100': code('give_up', 400, 'WhatsApp does not take the request: check the phone number id and the API version'),
  '190': code('hold_channel', 401, 'The access token is expired or revoked: put a new one into WHATSAPP_TOKEN and restart', TOKEN_HOLD),
  '368': code('hold_channel', 403, 'The account is blocked for a time for violating policy: see the WhatsApp Manager', HOUR_MS),
  '80007': code('back_off', 400, 'The business account has reached its rate limit', MINUTE_MS),
  '130429': code('back_off', 429, 'Too many messages a second from this number'),
  '130472': code('give_up', 400, 'The recipient is in an experiment of Meta’s that holds marketing messages back'),
  '131000': code('back_off', 500, 'WhatsApp could not send the message for a reason that it does not tell'),
  '131008': code('give_up', 400, 'A parameter is missing in the request'),
  '131009': code('give_up', 400, 'A parameter of the request has a value that WhatsApp does not take'),
  '131016': code('back_off', 503, 'A part of WhatsApp is temporarily down'),
  '131021': code('give_up', 400, 'The recipient is the sender’s own number'),
  '131026': code('give_up', 400, 'Undeliverable: the number is not on WhatsApp, or its app is too old or has not taken the terms'),
  '131030': code('give_up', 400, 'The recipient is not on the test number’s list of allowed recipients'),
  '131031': code('hold_channel', 403, 'The business account is locked: see the WhatsApp Manager', HOUR_MS),
  '131042': code('hold_channel', 400, 'WhatsApp could not bill the account: check its payment method', HOUR_MS),
  '131045': code('hold_channel', 500, 'The phone number is not registered with its certificate', HOUR_MS),
  '131047': code('give_up', 400, 'More than 24 hours since the customer last wrote: only a template passes, and this was taken for none'),
  '131048': code('hold_channel', 400, 'WhatsApp limits this number because earlier messages were blocked or marked as spam: see its quality in the WhatsApp Manager', HOUR_MS),
  '131049': code('give_up', 400, 'WhatsApp keeps this marketing message back to protect the recipient; a repeat is refused too. Have the template filed as utility'),
  '131050': code('give_up', 400, 'The recipient has stopped marketing messages from this business'),
  '131056': code('delay_recipient', 400, 'Too many messages to this recipient in a short time'),
  '131057': code('back_off', 500, 'The business account is under maintenance', 5 * MINUTE_MS),
  '132000': code('give_up', 400, 'The template has another number of fields than were sent: correct WHATSAPP_TEMPLATE'),
  '132001': code('give_up', 404, 'There is no such template in this language, or it is not approved: see the WhatsApp Manager'),
  '132005': code('give_up', 400, 'The text is too long once the template is filled'),
  '132007': code('give_up', 400, 'The text violates WhatsApp’s rules for templates'),
  '132012': code('give_up', 400, 'A field of the template has another format'),
  '132015': code('give_up', 400, 'The template is paused for its low quality: edit it or choose another'),
  '132016': code('give_up', 400, 'The template is disabled for good for its low quality: choose another'),
  '133010': code('hold_channel', 400, 'The sending number is not registered with the Cloud API', HOUR_MS),
});

/** A code that is not listed is tried again a few times: it may be new. */
export const meaningOf = (venueCode: string): CodeMeaning => CODES[venueCode] ?? code('back_off', 400, 'WhatsApp refused with a code that is not known here');
