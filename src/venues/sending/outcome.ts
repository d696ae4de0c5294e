/**
 * What is known of a message after its call failed, told as the stage's port wants it. Certain: a refusal in the venue's own words, an
 * open breaker, a limit, a connection that was never made. All else may have been accepted, and is `unknown`. Which refusal asks for
 * which reaction is each venue's own table.
 */
import type { Refusal, SendOutcome } from '../../flow/alerts/ports.ts';
import { isCodedError, type CodedError } from '../../kernel/errors/index.ts';
import { NOT_PUBLIC_CODE } from '../../kernel/outbound/index.ts';
import { SECOND_MS } from '../../model/time.ts';

export interface FailedCall {
  /** The venue's own code; empty where there is none. */
  readonly venueCode: string;
  /** HTTP status; null where there was none. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** The house's: `VENUE_REFUSED`. */
  readonly code: string;
  /** As outbound tells it: free of secrets. */
  readonly detail: string;
}

export interface SendingVenue {
  /** As an operator calls it: `Slack`. */
  readonly title: string;
  /** The breaker's name, for the operator to look up. */
  readonly breaker: string;
  /** What being out of reach stops: the whole channel, or only those behind this recipient's own host. */
  readonly outage: 'hold_channel' | 'delay_recipient';
  /** Whether a try on a host that cannot be reached counts: where the host is the recipient's own to mend. Default false. */
  readonly outageCounts?: boolean;
  /** The venue's certain refusal, or null where it is none: then what is common to all decides. */
  refusal(call: FailedCall): Refusal | null;
}

/** Where nothing passes, one alert in a while finds out whether it does again. */
const UNREACHABLE_HOLD_MS = 15 * SECOND_MS;

/** Codes of a connection that was never made: of the system, of name resolution, of the platform's `fetch`, of TLS before a byte of ours was sent. */
const NO_CONNECTION = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** @param error what the venue's client threw */
export function outcomeOf(error: unknown, venue: SendingVenue): SendOutcome {
  if (!isCodedError(error)) return { kind: 'unknown', code: 'INTERNAL', message: `The client of ${venue.title} broke in the call` };
  const call = factsOf(error);
  const own = venue.refusal(call);
  if (own) return { kind: 'refused', refusal: own };
  const refused = (message: string, change: Partial<Refusal>): SendOutcome => ({ kind: 'refused', refusal: { code: call.code, message, reaction: 'back_off', retryAfterMs: call.retryAfterMs, counts: false, ...change } });
  if (call.code === 'VENUE_CIRCUIT_OPEN') {
    return refused(`The breaker “${venue.breaker}” is open after repeated failures: see /health/circuit-breakers`, { reaction: venue.outage, retryAfterMs: call.retryAfterMs ?? UNREACHABLE_HOLD_MS });
  }
  if (call.venueCode === NOT_PUBLIC_CODE) {
    return refused('The recipient’s address is not on the open internet: correct it, or set WEBHOOK_ALLOW_PRIVATE=true where it is meant', { code: NOT_PUBLIC_CODE, reaction: 'give_up', retryAfterMs: null, counts: true });
  }
  if (call.code === 'VENUE_RATE_LIMITED') return refused(`Too many calls to ${venue.title}`, call.status === 429 && venue.outage === 'delay_recipient' ? { reaction: 'delay_recipient' } : {});
  if (NO_CONNECTION.test(call.venueCode)) return refused(`${venue.title} cannot be reached from this machine (${call.venueCode})`, { reaction: venue.outage, retryAfterMs: UNREACHABLE_HOLD_MS, counts: venue.outageCounts ?? false });
  if (call.status !== null && call.status >= 300 && call.status < 400) {
    return refused(`${venue.title} sends us to another address, and redirects are not followed: enter the address to which it leads`, { reaction: 'give_up', counts: true });
  }
  if (call.code === 'VENUE_REFUSED') return refused(`${venue.title} refused${call.status === null ? ' without a code' : ` with status ${call.status}`}`, { counts: true });
  return { kind: 'unknown', code: call.code, message: call.code === 'VENUE_TIMEOUT' ? `${venue.title} did not answer in time` : `The call to ${venue.title} broke off` };
}

function factsOf(error: CodedError): FailedCall {
  const { facts, retryAfterSeconds } = error.occurrence;
  const status = facts?.['status'];
  return {
    code: error.code,
    detail: error.message,
    venueCode: String(facts?.['venue_code'] ?? ''),
    status: typeof status === 'number' ? status : null,
    retryAfterMs: retryAfterSeconds === undefined ? null : retryAfterSeconds * SECOND_MS,
  };
}
