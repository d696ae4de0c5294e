/** The SQL of decisions: written once, then only closed, acknowledged or overridden. */
import { createHash } from 'node:crypto';
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import { canonicalJson, type Json } from '../../../model/ids.ts';
import { parseUsd } from '../../../model/money.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { iso, type Millis } from '../../../model/time.ts';
import { pack, unpack, type PackedContent, type Shared } from '../compact.ts';
import type { DecisionContent } from '../content.ts';
import type { KeptGrounds } from '../grounds.ts';
import type { Movement, Standing } from '../hysteresis.ts';
import type { EventRisk } from '../inputs.ts';
import type { Action } from '../options/index.ts';
import type { DecisionRecord } from '../record.ts';
import { RULE, RULE_VERSION } from '../settings.ts';

export const DECISION_STATUSES = Object.freeze(['active', 'acknowledged', 'overridden', 'superseded', 'expired'] as const);
export type DecisionStatus = (typeof DECISION_STATUSES)[number];
const STANDING = `('active', 'acknowledged', 'overridden')`;

export interface NewDecision {
  readonly id: string;
  /** The passages that the same way around avoids, in the order in which the ship comes to them: with the shipment what a decision is about. */
  readonly corridor: readonly ChokepointId[];
  /** Without the risks: those are kept with the grounds. */
  readonly inputs: Json;
  readonly content: DecisionContent;
  readonly grounds: KeptGrounds;
  readonly cause: string;
  readonly movement: Movement | 'first';
  readonly alertWorthy: boolean;
}

/** A decision of a shipment in a corridor, standing or the newest. */
export interface Latest extends Standing {
  readonly id: string;
  readonly shipmentId: string;
  /** Which of the corridor's passages leads. */
  readonly chokepoint: ChokepointId;
  readonly corridor: readonly ChokepointId[];
  readonly status: DecisionStatus;
  readonly asOf: Millis;
}

const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `bab_el_mandeb+suez/shp_1`; of a passage alone `hormuz/shp_1`. */
export const pairKey = (shipmentId: string, corridor: readonly string[]): string => `${corridor.join('+')}/${shipmentId}`;

export const isStanding = ({ status }: Pick<Latest, 'status'>): boolean => status === 'active' || status === 'acknowledged' || status === 'overridden';

/** One evaluation at a time writes decisions. */
export async function lockDecisions(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('decisions', 0))`);
}

/**
 * Of every shipment with a corridor touched the standing decisions, and those that were made for a later time; oldest first. Null filters take all.
 */
export async function latestDecisions(tx: Transaction, chokepoints: readonly string[] | null, shipmentIds: readonly string[] | null, asOf: Millis): Promise<readonly Latest[]> {
  const { rows } = await tx.query<{ id: string; shipment_id: string; chokepoint: ChokepointId; corridor: ChokepointId[]; status: DecisionStatus; action: Action; deadline: Date | null; expected_cost_micros: bigint; rule_version: string; as_of: Date }>(
    `select id, shipment_id, chokepoint, corridor, status, action, deadline, expected_cost_micros, rule_version, as_of from decisions
      where (status in ${STANDING} or as_of > $3)${chokepoints ? ' and corridor && $1::text[]' : ' and $1::text[] is null'}${shipmentIds ? ' and shipment_id = any($2::text[])' : ' and $2::text[] is null'}
      order by as_of, created_at, id`,
    [chokepoints, shipmentIds, iso(asOf)],
  );
  return rows.map((r) => ({
    id: r.id, shipmentId: r.shipment_id, chokepoint: r.chokepoint, corridor: r.corridor, status: r.status, asOf: r.as_of.getTime(),
    action: r.action, deadline: r.deadline?.getTime() ?? null, expectedCost: Number(r.expected_cost_micros), ruleVersion: r.rule_version,
  }));
}

/** What decisions refer to: the rule, and what those at one passage share. */
export async function insertShared(tx: Transaction, grounds: Iterable<KeptGrounds>): Promise<void> {
  const rows = [...grounds].flatMap((g) => [g.hash, JSON.stringify(g.risks), JSON.stringify(g.causal_chain), JSON.stringify(g.inputs), JSON.stringify(g.words)]);
  const places = Array.from({ length: rows.length / 5 }, (_, row) => `(${[1, 2, 3, 4, 5].map((i) => `$${row * 5 + i}`).join(',')})`).join(',');
  await Promise.all([
    tx.query('insert into decision_rules (version, rule) values ($1, $2) on conflict do nothing', [RULE_VERSION, canonicalJson(RULE as unknown as Json)]),
    tx.query(`insert into decision_grounds (hash, risks, causal_chain, inputs, words) values ${places} on conflict do nothing`, rows),
  ]);
}

const COLUMNS_WRITTEN = ['id', 'shipment_id', 'customer_id', 'chokepoint', 'corridor', 'status', 'action', 'probability', 'break_even', 'expected_cost_micros', 'deadline', 'severity', 'as_of', 'cause', 'movement', 'alert_worthy', 'rule_version', 'inputs_hash', 'inputs', 'content', 'content_hash', 'grounds', 'passages', 'passes_at'] as const;

/**
 * In one statement: some hundred rows at a time. What they refer to is there ({@link insertShared}).
 * @returns the ids that were not there before
 */
export async function insertDecisions(tx: Transaction, decisions: readonly NewDecision[]): Promise<ReadonlySet<string>> {
  if (decisions.length === 0) return new Set();
  const width = COLUMNS_WRITTEN.length;
  const places = decisions.map((_, row) => `(${COLUMNS_WRITTEN.map((_column, i) => `$${row * width + i + 1}`).join(',')})`).join(',');
  const inserted = await tx.query<{ id: string }>(
    `insert into decisions (${COLUMNS_WRITTEN.join(', ')}) values ${places} on conflict (id) do nothing returning id`,
    decisions.flatMap(rowOf),
  );
  return new Set(inserted.rows.map((r) => r.id));
}

/** The decision without what its grounds hold. The canonical text is hashed and stored: written once. */
function rowOf({ id, corridor, inputs, content: c, grounds, cause, movement, alertWorthy }: NewDecision): readonly unknown[] {
  const text = canonicalJson(pack(c, grounds, grounds.places));
  const passages = (c.passages ?? [c]).map(({ chokepoint, passes_at }) => ({ chokepoint, passes_at }));
  return [
    id, c.shipment_id, c.customer_id, c.chokepoint, corridor, 'active', c.action, c.probability, c.break_even, parseUsd(c.expected_cost_usd), c.deadline, c.severity, c.as_of, cause, movement, alertWorthy, c.rule_version, c.inputs_hash,
    canonicalJson(inputs), text, textHash(`${grounds.hash}\n${text}`), grounds.hash, JSON.stringify(passages), passages.at(-1)!.passes_at,
  ];
}

export interface Closing {
  readonly id: string;
  /** The decision that takes its place; null: it expires. */
  readonly by: string | null;
  readonly reason: string;
}

/** Takes standing decisions out of force. Repeating it changes nothing. */
export async function closeDecisions(tx: Transaction, closings: readonly Closing[], asOf: Millis): Promise<void> {
  if (closings.length === 0) return;
  await tx.query(
    `update decisions d set status = case when c.by is null then 'expired' else 'superseded' end, superseded_by = c.by, closed_as_of = $2, closed_reason = c.reason, closed_at = now()
       from jsonb_to_recordset($1::jsonb) as c (id text, by text, reason text) where d.id = c.id and d.status in ${STANDING}`,
    [JSON.stringify(closings), iso(asOf)],
  );
}

export interface StoredDecision {
  readonly content: DecisionContent;
  readonly id: string;
  readonly status: DecisionStatus;
  readonly customerName: string;
  readonly asOf: Millis;
  readonly createdAt: Millis;
  readonly supersededBy: string | null;
  readonly closedReason: string | null;
  readonly acknowledged: { readonly by: string; readonly at: Millis; readonly note: string | null } | null;
  readonly overridden: { readonly by: string; readonly at: Millis; readonly action: string; readonly reason: string } | null;
}

interface Row {
  id: string;
  status: DecisionStatus;
  customer_name: string;
  content: PackedContent;
  as_of: Date;
  created_at: Date;
  superseded_by: string | null;
  closed_reason: string | null;
  acknowledged_by: string | null;
  acknowledged_at: Date | null;
  acknowledge_note: string | null;
  overridden_by: string | null;
  overridden_at: Date | null;
  override_action: string | null;
  override_reason: string | null;
}

const COLUMNS = `d.id, d.status, c.name as customer_name, d.content, d.as_of, d.created_at, d.superseded_by, d.closed_reason, d.acknowledged_by, d.acknowledged_at, d.acknowledge_note,
  d.overridden_by, d.overridden_at, d.override_action, d.override_reason`;

const SHARED = `case when g.hash is null then null else jsonb_build_object('causal_chain', g.causal_chain, 'inputs', g.inputs, 'words', g.words) end as shared`;

const fromRow = (r: Row): ListedDecision => ({
  content: r.content,
  id: r.id,
  status: r.status,
  customerName: r.customer_name,
  asOf: r.as_of.getTime(),
  createdAt: r.created_at.getTime(),
  supersededBy: r.superseded_by,
  closedReason: r.closed_reason,
  acknowledged: r.acknowledged_by && r.acknowledged_at ? { by: r.acknowledged_by, at: r.acknowledged_at.getTime(), note: r.acknowledge_note } : null,
  overridden: r.overridden_by && r.overridden_at ? { by: r.overridden_by, at: r.overridden_at.getTime(), action: r.override_action ?? '', reason: r.override_reason ?? '' } : null,
});

/** A decision as lists show it: without what is long or kept elsewhere. */
export interface ListedDecision extends Omit<StoredDecision, 'content'> {
  readonly content: Omit<DecisionContent, 'causal_chain' | 'inputs' | 'options'>;
}

/** @param lock holds the row against other writers until the transaction ends */
export async function findDecision(on: Executor, id: string, lock = false): Promise<StoredDecision | null> {
  const { rows } = await on.query<Row & { shared: Shared | null }>(`select ${COLUMNS}, ${SHARED} from decisions d join customers c on c.id = d.customer_id left join decision_grounds g on g.hash = d.grounds where d.id = $1 ${lock ? 'for update of d' : ''}`, [id]);
  return rows[0] ? { ...fromRow(rows[0]), content: unpack(rows[0].content, rows[0].shared) } : null;
}

export interface DecisionFilter {
  /** `active`: every standing decision, acknowledged and overridden ones included. */
  readonly status: 'active' | 'superseded' | 'expired' | 'all';
  readonly shipmentId?: string | undefined;
  readonly customerId?: string | undefined;
  /** It leads, or is one of the passages that were weighed. */
  readonly chokepoint?: string | undefined;
  readonly outcomeKnown?: boolean | undefined;
  /** Exclusive: the last row of the page before. */
  readonly after?: { readonly asOf: Millis; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listDecisions(on: Executor, f: DecisionFilter): Promise<readonly ListedDecision[]> {
  const statuses = f.status === 'all' ? DECISION_STATUSES : f.status === 'active' ? ['active', 'acknowledged', 'overridden'] : [f.status];
  const { rows } = await on.query<Row>(
    `select ${COLUMNS} from decisions d join customers c on c.id = d.customer_id
      where d.status = any($1::text[]) and ($2::text is null or d.shipment_id = $2) and ($3::text is null or d.customer_id = $3) and ($4::text is null or d.passages @> jsonb_build_array(jsonb_build_object('chokepoint', $4::text)))
        and ($8::boolean is null or $8 = exists (select 1 from decision_outcomes o where o.decision_id = d.id))
        and ($5::timestamptz is null or (d.as_of, d.id) < ($5, $6)) order by d.as_of desc, d.id desc limit $7`,
    [statuses, f.shipmentId ?? null, f.customerId ?? null, f.chokepoint ?? null, f.after ? iso(f.after.asOf) : null, f.after?.id ?? null, f.limit, f.outcomeKnown ?? null],
  );
  return rows.map(fromRow);
}

/** All decisions of the same shipment in the same corridor, oldest first. */
export async function decisionHistory(on: Executor, id: string): Promise<readonly Pick<ListedDecision, 'id' | 'asOf' | 'content'>[]> {
  const { rows } = await on.query<{ id: string; as_of: Date; content: PackedContent }>(
    `select d.id, d.as_of, d.content from decisions d join decisions own on own.shipment_id = d.shipment_id and own.corridor && d.corridor where own.id = $1
      order by d.as_of, d.created_at limit 200`,
    [id],
  );
  return rows.map((r) => ({ id: r.id, asOf: r.as_of.getTime(), content: r.content }));
}

/** A decision with the inputs that it was computed from, for a replay. */
export async function findRecord(on: Executor, id: string): Promise<DecisionRecord | null> {
  const { rows } = await on.query<{ rule_version: string; inputs: { readonly [key: string]: Json }; content: PackedContent; risks: readonly EventRisk[] | null; shared: Shared | null }>(
    `select d.rule_version, d.inputs, d.content, g.risks, ${SHARED} from decisions d left join decision_grounds g on g.hash = d.grounds where d.id = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) return null;
  const inputs = row.risks === null ? row.inputs : { ...row.inputs, risks: row.risks as unknown as Json };
  return { id, ruleVersion: row.rule_version, inputs, content: unpack(row.content, row.shared) };
}
