/** What the parts of `auth` share. */
import type { Clock } from '../../model/time.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logging/types.ts';
import type { Secrets } from './secrets.ts';

export interface AuthDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: Secrets;
}

/** Who acts, and why: for the audit trail. */
export interface Actor {
  readonly subject: string;
  readonly reason?: string | null;
  readonly traceId?: string | null;
}

/** The actor as a row of the audit trail names it. */
export const audited = ({ subject, reason, traceId }: Actor) => ({
  actor: subject,
  reason: reason ?? null,
  traceId: traceId ?? null,
});
