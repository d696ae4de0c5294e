/** What this stage asks of others, and what others ask of it. No code: the shapes that `app.ts` wires together. */
import type { Transaction } from '../../kernel/database/types.ts';
import type { Contact, ContactChannel } from '../../model/contact.ts';
import type { Micros } from '../../model/money.ts';
import type { Millis } from '../../model/time.ts';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

export type ChannelName = ContactChannel;
export type { Contact };

/** Local times of day, `HH:MM`; may wrap midnight (`22:00` to `07:00`). */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** "This customer should hear of this decision." Whether it does is decided by `rules.ts`. */
export interface AlertRequest {
  readonly decisionId: string;
  readonly customerId: string;
  readonly customerName: string;
  /** In the order in which the customer wants to be reached; the last is also who hears of a critical alert that stays unread. */
  readonly contacts: readonly Contact[];
  /** BCP 47: `en`, `vi`. */
  readonly language: string;
  /** IANA: `Asia/Ho_Chi_Minh`. */
  readonly timezone: string;
  readonly quietHours: QuietHours | null;
  /**
   * What the alert is about, the same for every re-evaluation of it: `hormuz/shp_12`. Decisions that are taken apart
   * (one a shipment) need keys apart, or each would look like a change of the other.
   */
  readonly eventKey: string;
  readonly action: string;
  /** One plain sentence. */
  readonly headline: string;
  readonly body: readonly string[];
  /** Desk time. */
  readonly deadline: Millis | null;
  readonly expectedCost: Micros;
  readonly severity: Severity;
  /** Desk time of the decision: a replay's, when it plays one. */
  readonly asOf: Millis;
}

export interface OutgoingMessage {
  /** The contact's address, as the channel writes it. */
  readonly to: string;
  readonly language: string;
  /** In the order of the channel's template: headline, what to know, deadline. */
  readonly headline: string;
  readonly body: string;
  readonly deadline: string;
  readonly severity: Severity;
  /** The decision in the console; null when PUBLIC_URL is not set. */
  readonly link: string | null;
  /** `alr_…:2:1772442000000`, alert, attempt and the alert's creation: the channel echoes it in its webhooks, so that a send whose reply was lost is recognised. */
  readonly opaque: string;
}

/**
 * What a refusal asks for. `back_off`: try this message later. `delay_recipient`: nothing to this recipient for a while.
 * `hold_channel`: nothing at all will pass until somebody acts, or until the time is over. `give_up`: a repeat would be refused again.
 */
export type Reaction = 'back_off' | 'delay_recipient' | 'hold_channel' | 'give_up';

export interface Refusal {
  /** The channel's own code (`131056`) or the house's (`VENUE_CIRCUIT_OPEN`). */
  readonly code: string;
  /** For the operator: what happened and what helps. No secret, no phone number. */
  readonly message: string;
  readonly reaction: Reaction;
  readonly retryAfterMs: number | null;
  /** False when the message never left the house (breaker open, own quota): such a try is not counted. */
  readonly counts: boolean;
}

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The call left and no answer came back: it may have been accepted. */
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string };

/** A way to reach a person. Never repeats a send by itself. */
export interface MessageChannel {
  readonly name: ChannelName;
  /** The strongest proof that this channel can ever give of a message. `accepted`: it took it, and never says more. */
  readonly confirms: 'read' | 'delivered' | 'accepted';
  send(message: OutgoingMessage): Promise<SendOutcome>;
}

export type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'failed';

export interface StatusEvent {
  readonly kind: 'status';
  /** The same for every repeat of the event. */
  readonly id: string;
  readonly providerId: string;
  readonly opaque: string | null;
  readonly status: DeliveryStatus;
  readonly at: Millis;
  readonly refusal: Refusal | null;
  /** As received, for the record. */
  readonly payload: object;
}

export interface ReplyEvent {
  readonly kind: 'reply';
  readonly id: string;
  /** The sender's address as contacts write it: E.164 with the plus sign, a chat's id. */
  readonly from: string;
  readonly text: string;
  /** The message that it answers, when the customer swiped to reply or pressed a button. */
  readonly inReplyTo: string | null;
  readonly at: Millis;
  readonly payload: object;
}

export type ChannelEvent = StatusEvent | ReplyEvent;

/** Reads a channel's webhooks: the protocol is the venue's, the meaning this stage's. */
export interface InboundWebhook {
  /** Whether the proof fits the body's bytes. Nothing of a request is parsed before. Constant time. */
  isProved(raw: Buffer, proof: string | undefined): boolean;
  /** Told once the events of a request are stored, after its reply is on the way. Never rejects. */
  readonly stored?: (events: readonly ChannelEvent[]) => Promise<void>;
  /**
   * @param raw the body's bytes as they came, over which a signature goes
   * @param proof the header with which the channel proves itself: a signature of the body, or a shared secret
   * Only for a request that {@link isProved}: another one is `forged`.
   * @returns `skipped`: items of a shape that is not known
   */
  read(raw: Buffer, proof: string | undefined): { readonly kind: 'events'; readonly events: readonly ChannelEvent[]; readonly skipped: number } | { readonly kind: 'forged' } | { readonly kind: 'unreadable'; readonly detail: string };
}

/** A webhook whose address is checked first: WhatsApp's. */
export interface DeliveryWebhook extends InboundWebhook {
  /** @returns the challenge to echo, or null when the handshake is not ours */
  handshake(query: Readonly<Record<string, unknown>>): string | null;
}

export type ReplyMeaning = 'acted' | 'declined' | 'call_me' | 'other';

export interface CustomerReply {
  readonly alertId: string;
  readonly decisionId: string;
  readonly customerId: string;
  readonly meaning: ReplyMeaning;
  readonly text: string;
  readonly at: Millis;
}

/** Called once a reply, in the transaction that stores it: the decision may be acknowledged there. */
export type OnReply = (tx: Transaction, reply: CustomerReply) => Promise<void>;

/**
 * Why nobody needs to hear of a decision any more (`acknowledged by user:usr_1`), or null while it matters.
 * Asked before another contact is troubled, before the operators are, and before a message whose reply was lost is sent again.
 */
export type WhySettled = (tx: Transaction, decisionId: string) => Promise<string | null>;

/** Writes a person's act to the audit chain, in the transaction of the act. */
export type RecordAct = (
  tx: Transaction,
  act: { readonly who: string; readonly what: string; readonly subject: string; readonly why: string; readonly change: Readonly<Record<string, string>> },
) => Promise<void>;
