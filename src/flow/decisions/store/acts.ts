/** What people do to a decision, and what a fresh start of a replay does to all. */
import type { Transaction } from '../../../kernel/database/types.ts';
import { iso, type Millis } from '../../../model/time.ts';
import type { Action } from '../options/index.ts';

/** @param at wall-clock: when a person acted */
export async function markAcknowledged(tx: Transaction, id: string, by: string, at: Millis, note: string | null): Promise<void> {
  await tx.query(
    `update decisions set acknowledged_by = $2, acknowledged_at = $3, acknowledge_note = $4, status = case when status = 'active' then 'acknowledged' else status end where id = $1`,
    [id, by, iso(at), note],
  );
}

export async function markOverridden(tx: Transaction, id: string, by: string, at: Millis, action: Action, reason: string): Promise<void> {
  await tx.query(`update decisions set overridden_by = $2, overridden_at = $3, override_action = $4, override_reason = $5, status = 'overridden' where id = $1`, [id, by, iso(at), action, reason]);
}

/** Everything that was decided: a replay starts again from its first day. */
export async function forgetDecisions(tx: Transaction): Promise<void> {
  // Their outcomes go with them.
  await tx.query('delete from decisions');
  await tx.query('delete from decision_grounds');
}
