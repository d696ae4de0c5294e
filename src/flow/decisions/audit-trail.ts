/** Everything that happened to one decision, in order: from its rows, from the audit chain, and from what was told of it. */
import type { Executor } from '../../kernel/database/types.ts';
import type { Json } from '../../model/ids.ts';
import { iso, type Millis } from '../../model/time.ts';
import { outcomesOf } from './outcomes/store.ts';

/** An alert as far as the audit names it. */
export interface ToldAlert {
  readonly id: string;
  readonly status: string;
  readonly createdAt: Millis;
  readonly asOf: Millis;
}

/** Alerts of a decision; the stage below is asked through this. */
export type AlertsOf = (on: Executor, decisionId: string) => Promise<readonly ToldAlert[]>;

export interface AuditEvent {
  /** Wall clock. */
  readonly at: string;
  /** Desk time, where it has one. */
  readonly as_of: string | null;
  /** `decision.made`, `decision.superseded`, `decision.expired`, `decision.observed`, `alert.requested`, or the act as the audit chain names it. */
  readonly what: string;
  /** Null: the desk itself. */
  readonly by: string | null;
  readonly why: string | null;
  /** What it was and became, or the ids and hashes that go with it. */
  readonly before: Json;
  readonly after: Json;
  /** Its place in the audit chain; null: a row of its own, whose content hash is in `after`. */
  readonly chain: { readonly seq: number; readonly hash: string } | null;
}

/** @returns null: no such decision. Oldest first. */
export async function auditOf(on: Executor, id: string, alertsOf: AlertsOf): Promise<readonly AuditEvent[] | null> {
  const own = await ownEvents(on, id);
  if (!own) return null;
  const alerts = await alertsOf(on, id);
  const told = alerts.map((a): AuditEvent => ({ ...DESK, at: iso(a.createdAt), as_of: iso(a.asOf), what: 'alert.requested', after: { alert: a.id, status: a.status } }));
  const seen = (await outcomesOf(on, id))
    .filter((o) => o.source === 'observed')
    .map((o): AuditEvent => ({ ...DESK, at: iso(o.createdAt), as_of: iso(o.knownAt), what: 'decision.observed', after: { outcome: o.id, hit: o.hit, closed_days: o.closedDays, still_closed: o.stillClosed } }));
  const acts = await chained(on, [id, ...alerts.map((a) => a.id)]);
  return [...own, ...told, ...seen, ...acts].sort((a, b) => (a.at === b.at ? (a.chain?.seq ?? 0) - (b.chain?.seq ?? 0) : a.at < b.at ? -1 : 1));
}

const DESK = { by: null, why: null, before: null, chain: null } as const;

async function ownEvents(on: Executor, id: string): Promise<readonly AuditEvent[] | null> {
  const { rows } = await on.query<{ created_at: Date; as_of: Date; cause: string; movement: string; action: string; rule_version: string; inputs_hash: string; content_hash: string; status: string; superseded_by: string | null; closed_at: Date | null; closed_as_of: Date | null; closed_reason: string | null; supersedes: string[] }>(
    `select created_at, as_of, cause, movement, action, rule_version, inputs_hash, content_hash, status, superseded_by, closed_at, closed_as_of, closed_reason,
            array(select b.id from decisions b where b.superseded_by = d.id order by b.as_of, b.id) as supersedes from decisions d where id = $1`,
    [id],
  );
  const d = rows[0];
  if (!d) return null;
  const made: AuditEvent = {
    ...DESK, at: iso(d.created_at.getTime()), as_of: iso(d.as_of.getTime()), what: 'decision.made', why: `${d.movement}, by ${d.cause}`,
    after: { action: d.action, supersedes: d.supersedes, rule_version: d.rule_version, inputs_hash: d.inputs_hash, content_hash: d.content_hash },
  };
  if (!d.closed_as_of) return [made];
  const closed = d.closed_at ?? d.closed_as_of;
  return [made, { ...DESK, at: iso(closed.getTime()), as_of: iso(d.closed_as_of.getTime()), what: d.superseded_by === null ? 'decision.expired' : 'decision.superseded', why: d.closed_reason, after: { superseded_by: d.superseded_by } }];
}

async function chained(on: Executor, targets: readonly string[]): Promise<readonly AuditEvent[]> {
  const { rows } = await on.query<{ seq: bigint; at: Date; actor: string; action: string; reason: string | null; before_state: Json; after_state: Json; hash: string }>(
    'select seq, at, actor, action, reason, before_state, after_state, hash from audit_logs where target = any($1::text[]) order by seq limit 1000',
    [targets],
  );
  return rows.map((r) => ({ at: iso(r.at.getTime()), as_of: null, what: r.action, by: r.actor, why: r.reason, before: r.before_state, after: r.after_state, chain: { seq: Number(r.seq), hash: r.hash } }));
}
