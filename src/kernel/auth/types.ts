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
