/** What the parts of `auth` share. */
import type { Clock } from '../../model/time.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logging/types.ts';
import type { Secrets } from './secrets.ts';
import type { Identity } from './types.ts';

export interface AuthDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: Secrets;
}

/** The operator at the machine, or the desk itself. Both may hand out anything. */
interface Operator {
  readonly subject: 'cli' | 'system';
  readonly role?: never;
  readonly scopes?: never;
}

/** Who acts, and why. A caller of the API has a role and scopes, which limit what it may hand out (grants.ts). */
export type Actor = (Operator | Identity) & {
  readonly reason?: string | null;
  readonly traceId?: string | null;
};

/** The actor as a row of the audit trail names it. */
export const audited = ({ subject, reason, traceId }: Actor) => ({
  actor: subject,
  reason: reason ?? null,
  traceId: traceId ?? null,
});
