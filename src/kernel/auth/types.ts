/** Who calls, and what a role may do. */
export const ROLES = Object.freeze(['viewer', 'trader', 'approver', 'operator', 'admin'] as const);
export type Role = (typeof ROLES)[number];

export interface Identity {
  /** `user:usr_…`, `key:key_…`, `loopback`: what audit and idempotency write down. */
  readonly subject: string;
  readonly role: Role;
  /** Empty: everything that the role may do. Else only these, such as `signals:write`. */
  readonly scopes: readonly string[];
}

/** A request signed by a producer that holds a key's signing secret. */
export interface SignedRequest {
  /** `X-Bellwether-Key`: the key's id. */
  readonly keyId: string;
  /** `X-Bellwether-Timestamp`: epoch seconds or milliseconds. */
  readonly timestamp: string;
  /** `X-Bellwether-Nonce`: chosen by the producer, good once per key. */
  readonly nonce: string;
  /** `X-Bellwether-Signature`: `v2=` and 64 hex digits; `canonicalRequest` says what it covers. */
  readonly signature: string;
  readonly method: string;
  /** The request target as it was sent: path and query. */
  readonly target: string;
  /** The bytes as they were sent; empty where there was no body. */
  readonly body: Buffer;
}

/** Says who sends a request. What the web server needs of `auth`. */
export interface Authenticator {
  /** @param token an access token or an API key @throws CodedError TOKEN_EXPIRED, TOKEN_INVALID */
  byToken(token: string): Promise<Identity>;
  /** @throws CodedError SIGNATURE_MALFORMED, SIGNATURE_INVALID, SIGNATURE_EXPIRED, SIGNATURE_REPLAYED */
  bySignature(request: SignedRequest): Promise<Identity>;
}

/** True when `role` may do what `least` asks for. */
export const atLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);
