/** The one way out: every call to a venue goes gate → breaker → deadline → retry (only where idempotent) → typed error. */

export interface OutboundCall {
  /** Gate quota and breaker: `polymarket`, `whatsapp`, `portwatch`. */
  readonly provider: string;
  /** For logs, spans and errors: `gamma.events`. */
  readonly operation: string;
  /** Whether a repeat does no harm. Only then is it retried. */
  readonly idempotent: boolean;
  /** For all tries together. Default 10,000. */
  readonly deadlineMs?: number;
  /** Units of the provider's quota. Default 1. */
  readonly weight?: number;
  /** `urgent` (cancels, emergency stops) passes ahead of all others. Default `normal`. */
  readonly lane?: 'normal' | 'urgent';
  /**
   * Which of many independent hosts behind this provider (a customer's own webhook, say): a text that is told to nobody.
   * Then its failures and its 429 say nothing of the others: it has one of {@link PEER_BREAKERS} breakers, and holds nobody back at the gate.
   */
  readonly peer?: string;
}

/** Breakers of a provider with peers: `webhook.00` to `webhook.3f`. A fixed number, since peers are input and breakers must not grow with it. */
export const PEER_BREAKERS = 64;

/** What a venue client throws when the venue refused: outbound decides by it whether to retry and what to tell. */
export class VenueFault extends Error {
  override readonly name = 'VenueFault';
  readonly status: number | null;
  readonly venueCode: string | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  /** False when the fault is ours (a 4xx) and says nothing of the venue's health. */
  readonly countsForBreaker: boolean;
  constructor(
    message: string,
    facts: { status?: number; venueCode?: string; retryable: boolean; retryAfterMs?: number; countsForBreaker?: boolean; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status ?? null;
    this.venueCode = facts.venueCode ?? null;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.countsForBreaker = facts.countsForBreaker ?? facts.retryable;
  }
}

export interface Outbound {
  /**
   * @param attempt gets a signal that ends with the deadline
   * @throws CodedError VENUE_RATE_LIMITED (our own gate or a 429), VENUE_CIRCUIT_OPEN, VENUE_TIMEOUT, VENUE_REFUSED
   *   (a 4xx, with the venue's own code in `facts.venue_code`), VENUE_FAILED (5xx, cut connection, unreadable body)
   */
  call<T>(call: OutboundCall, attempt: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** JSON over HTTP through {@link call}: status, body and `Retry-After` become a VenueFault where they must. */
  json<T>(call: OutboundCall, request: HttpRequest, parse: (body: unknown) => T): Promise<T>;
  /** A document over HTTP through {@link call}. A 304 is a reply where the request was conditional. */
  text<T>(call: OutboundCall, request: HttpRequest, parse: (reply: TextReply) => T): Promise<T>;
}

/** What came, not yet read as anything. */
export interface TextReply {
  /** 200 to 299, or 304 with no bytes. */
  readonly status: number;
  readonly bytes: Uint8Array;
  /** As the content type names it, or null. */
  readonly charset: string | null;
  header(name: string): string | null;
  /** The bytes decoded: as `encoding`, else by the content type's charset, else as UTF-8. @throws VenueFault UNKNOWN_ENCODING */
  text(encoding?: string): string;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Largest reply that is read. Default 8 MiB. */
  readonly maxBytes?: number;
  /** Reads the venue's own code and message out of an error body. */
  readonly fault?: (status: number, body: unknown) => { venueCode?: string; message?: string; retryable?: boolean; countsForBreaker?: boolean; retryAfterMs?: number } | undefined;
  /** `text`: the reply's body goes to `parse` as it came, where it need not be JSON. Default `json`. */
  readonly reply?: 'json' | 'text';
  /** The address itself is a credential (a bot's token or a hook's key in its path): no part of it but the host is told. */
  readonly secretPath?: boolean;
  /** Refuses to connect to anything but a public address: for addresses that come from outside. Checked on what the name resolves to, at connect. */
  readonly onlyPublic?: boolean;
}
