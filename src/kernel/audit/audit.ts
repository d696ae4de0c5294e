/** The audit trail: who did what, why, and what it changed, chained by hashes in the transaction of the act itself. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../../model/ids.ts';
import { iso, systemClock, type Millis } from '../../model/time.ts';
import type { Database, Executor, Transaction } from '../database/types.ts';

export interface AuditEntry {
  /** `user:usr_…`, `key:key_…`, `loopback`, `system`. */
  readonly actor: string;
  /** What was done, `thing.verb`: `api_key.revoke`. */
  readonly action: string;
  /** To what: an id. */
  readonly target?: string | null;
  /** Why, in the words of who did it. */
  readonly reason?: string | null;
  /** What it was and became, in short. Never a secret. */
  readonly before?: Json;
  readonly after?: Json;
  readonly traceId?: string | null;
  /** Default: now by the wall clock. An audit trail tells when people acted, also while history is replayed. */
  readonly at?: Millis;
}

export interface AuditRow {
  readonly seq: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly reason: string | null;
  readonly before_state: Json;
  readonly after_state: Json;
  readonly trace_id: string | null;
  readonly prev_hash: string;
  readonly hash: string;
}

/**
 * Appends one row. Appends follow one another: the head of the chain stays locked until `tx` ends, so call it late in the transaction.
 * @returns the row's number and hash
 */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<{ readonly seq: bigint; readonly hash: string }> {
  const { rows } = await tx.query<{ seq: bigint; hash: string }>('select seq, hash from audit_head for update');
  const head = rows[0]!;
  const row = {
    seq: head.seq + 1n,
    at: new Date(entry.at ?? systemClock.now()),
    actor: storable(entry.actor),
    action: entry.action,
    target: entry.target == null ? null : storable(entry.target),
    reason: entry.reason == null ? null : storable(entry.reason),
    before_state: plain(entry.before),
    after_state: plain(entry.after),
    trace_id: entry.traceId ?? null,
    prev_hash: head.hash,
  };
  const hash = hashOf(row);
  await tx.query(
    `with row as (
       insert into audit_logs (seq, at, actor, action, target, reason, before_state, after_state, trace_id, prev_hash, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))
     update audit_head set seq = $1, hash = $11`,
    [row.seq, row.at, row.actor, row.action, row.target, row.reason, jsonText(row.before_state), jsonText(row.after_state), row.trace_id, row.prev_hash, hash],
  );
  return { seq: row.seq, hash };
}

const jsonText = (value: Json): string | null => (value === null ? null : canonicalJson(value));

// Postgres' text holds neither NUL nor half a surrogate pair.
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd');

/** As it will be read back: through JSON, so that the hash is the same then. */
function plain(value: Json | undefined): Json {
  if (value === undefined || value === null) return null;
  return JSON.parse(canonicalJson(value), (_key, member: unknown) => (typeof member === 'string' ? storable(member) : member)) as Json;
}

type Hashed = Omit<AuditRow, 'hash' | 'seq'>;

/** SHA-256 over the hash before and the row's content. The row's number is left out: order is what the chain of hashes says. */
export function hashOf({ at, actor, action, target, reason, before_state, after_state, trace_id, prev_hash }: Hashed): string {
  const content = canonicalJson({ at: iso(at.getTime()), actor, action, target, reason, before: before_state, after: after_state, trace_id });
  return createHash('sha256').update(prev_hash).update('\n').update(content).digest('hex');
}

/** `added`: a row with a number that no append gives. */
export type AuditFault = 'added' | 'changed' | 'removed' | 'reordered' | 'cut_off' | 'head_changed';

/** The head of the trail at some time. */
export interface AuditAnchor {
  readonly seq: bigint;
  readonly hash: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  /** Rows that are in order, from the first. */
  readonly rows: number;
  /** Note it down elsewhere: passed as `anchor` later, it also finds a trail that was rewritten as a whole. */
  readonly head: AuditAnchor;
  /** The first bad row. */
  readonly bad: { readonly seq: bigint; readonly fault: AuditFault; readonly message: string } | null;
}

export interface VerifyOptions {
  /** A head that was noted earlier. */
  readonly anchor?: AuditAnchor;
  readonly onProgress?: (rows: number, of: number) => void;
}

const GENESIS = '0'.repeat(64);
const BATCH = 2_000;

/** A head as people note it down. */
export const ANCHOR = /^(0|[1-9]\d{0,17}):([0-9a-f]{64})$/;

export const anchorText = ({ seq, hash }: AuditAnchor): string => `${seq}:${hash}`;

/** @returns null when the text is not `SEQ:HASH` */
export function parseAnchor(text: string): AuditAnchor | null {
  const match = ANCHOR.exec(text);
  return match ? { seq: BigInt(match[1]!), hash: match[2]! } : null;
}

/** Reads the whole trail from one snapshot, in batches, and finds the first row that was changed, removed or moved, or is missing at the end. */
export async function verifyAudit(db: Database, options: VerifyOptions = {}): Promise<AuditVerdict> {
  return db.transaction((tx) => verifyWithin(tx, options), { isolation: 'repeatable read' });
}

/**
 * Appends write times in whole milliseconds. Microseconds are lost on the way into a Date, and a time beyond the range of
 * Date cannot be hashed, so Postgres looks for both.
 */
const IS_WHOLE = `(isfinite(at) and at = date_trunc('milliseconds', at)
  and at between '0001-01-01 00:00+00' and '9999-12-31 00:00+00')`;

type ReadRow = AuditRow & { readonly is_whole: boolean };

async function verifyWithin(tx: Transaction, { anchor, onProgress }: VerifyOptions): Promise<AuditVerdict> {
  const head = (await tx.query<{ seq: bigint; hash: string }>('select seq, hash from audit_head')).rows[0] ?? { seq: 0n, hash: GENESIS };
  let last = 0n;
  let lastHash = GENESIS;
  const fail = (seq: bigint, fault: AuditFault, message: string): AuditVerdict => ({ ok: false, rows: Number(last), head, bad: { seq, fault, message } });
  const before = await tx.query<{ seq: bigint }>('select seq from audit_logs where seq < 1 order by seq limit 1');
  const added = before.rows[0];
  if (added) return fail(added.seq, 'added', `row ${added.seq} stands before the first row: it was not appended`);
  if (anchor?.seq === 0n && anchor.hash !== GENESIS) {
    return fail(0n, 'changed', 'the noted hash is not that of an empty trail');
  }
  for (;;) {
    const { rows } = await tx.query<ReadRow>(
      `select *, ${IS_WHOLE} as is_whole from audit_logs where seq > $1 order by seq limit $2`,
      [last, BATCH],
    );
    for (const row of rows) {
      const expected = last + 1n;
      if (row.seq !== expected) return fail(expected, 'removed', `row ${expected} is missing: ${row.seq} follows ${last}`);
      if (!row.is_whole || hashOf(row) !== row.hash) {
        return fail(row.seq, 'changed', `row ${row.seq} does not have the content that its hash was made of`);
      }
      if (row.prev_hash !== lastHash) {
        const moved = await exists(tx, row.prev_hash);
        return moved ? fail(row.seq, 'reordered', `row ${row.seq} once followed another row than ${last}`) : fail(row.seq, 'removed', `the row before ${row.seq} is not the one that it followed`);
      }
      if (anchor?.seq === row.seq && anchor.hash !== row.hash) return fail(row.seq, 'changed', `row ${row.seq} has another hash than was noted: the trail was rewritten`);
      last = row.seq;
      lastHash = row.hash;
    }
    onProgress?.(Number(last), Number(head.seq));
    if (rows.length < BATCH) break;
  }
  if (head.seq > last || (anchor && anchor.seq > last)) return fail(last + 1n, 'cut_off', `the trail ends at row ${last}, but had ${head.seq > last ? head.seq : anchor!.seq} rows`);
  if (head.seq !== last || head.hash !== lastHash) return fail(last, 'head_changed', `the head of the trail does not belong to row ${last}`);
  return { ok: true, rows: Number(last), head, bad: null };
}

const exists = async (tx: Executor, hash: string): Promise<boolean> => hash === GENESIS || (await tx.query('select 1 from audit_logs where hash = $1', [hash])).rowCount > 0;
