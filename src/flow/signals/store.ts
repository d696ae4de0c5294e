/** The SQL of signals. Reads take `asOf` and see nothing that was known later; status is derived for that time, not taken from the row. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, iso, type Millis } from '../../model/time.ts';
import type { Polarity } from './ports.ts';
import { confidenceOf } from './rules/confidence.ts';
import type { Evidence, LiveSignal, Relation, Signal, SignalStatus } from './signal.ts';

interface SignalRow {
  id: string;
  source: string;
  external_id: string;
  subject_id: ChokepointId | null;
  relation: Relation | null;
  polarity: Polarity | null;
  claim: string;
  probability: number;
  horizon_end: Date | null;
  liquidity_usd: number | null;
  volume_usd: number | null;
  status: SignalStatus;
  rejected_by: string | null;
  classified_by: string | null;
  evidence: { source: string; url: string; hash: string; seen_at: string }[];
  content_hash: string;
  rules_version: string;
  observed_at: Date;
  known_at: Date;
  as_of: Date;
}

/** $1 is `asOf`. A statement is expired once its question has ended or a newer statement of it is known. */
const STATUS_AS_OF = `case
  when s.rejected_by is not null then 'rejected'
  when s.horizon_end <= $1 then 'expired'
  when exists (select 1 from signals n where n.source = s.source and n.external_id = s.external_id and n.known_at <= $1
               and (n.known_at, n.observed_at, n.id) > (s.known_at, s.observed_at, s.id)) then 'expired'
  else 'live' end`;

const COLUMNS = `s.id, s.source, s.external_id, s.subject_id, s.relation, s.polarity, s.claim, s.probability, s.horizon_end, s.liquidity_usd, s.volume_usd,
  s.rejected_by, s.classified_by, s.evidence, s.content_hash, s.rules_version, s.observed_at, s.known_at, s.as_of`;

function fromRow(row: SignalRow, asOf: Millis): Signal {
  const { confidence, reasons } = confidenceOf({ source: row.source, liquidityUsd: row.liquidity_usd, observedAt: row.observed_at.getTime() }, asOf);
  return {
    id: row.id,
    kind: 'event',
    source: row.source,
    externalId: row.external_id,
    claim: row.claim,
    probability: row.probability,
    subject: row.subject_id === null ? null : { type: 'chokepoint', id: row.subject_id },
    relation: row.relation,
    polarity: row.polarity,
    horizonEnd: row.horizon_end?.getTime() ?? null,
    liquidityUsd: row.liquidity_usd,
    volumeUsd: row.volume_usd,
    confidence,
    confidenceReasons: reasons,
    status: row.status,
    rejectedBy: row.rejected_by,
    classifiedBy: row.classified_by,
    evidence: row.evidence.map((e): Evidence => ({ source: e.source, url: e.url, hash: e.hash, seenAt: Date.parse(e.seen_at) })),
    contentHash: row.content_hash,
    rulesVersion: row.rules_version,
    observedAt: row.observed_at.getTime(),
    knownAt: row.known_at.getTime(),
    asOf: row.as_of.getTime(),
  };
}

/** An unchanged price is stored again after this long: it is fresher evidence. Before, it is a duplicate. */
const CONFIRM_AFTER_MS = DAY_MS;

/**
 * Stores what is new of one source's signals.
 * A repeat of an id, and a statement that says what the newest stored one of its question already says, is a duplicate.
 * @returns the signals that were stored
 */
export async function storeSignals(tx: Transaction, source: string, signals: readonly Signal[]): Promise<readonly Signal[]> {
  if (signals.length === 0) return [];
  // Two sweeps of one source at once would each hold the other's statement to be new.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('signals:' || $1, 0))`, [source]);
  const newest = await newestStatements(tx, source, [...new Set(signals.map((s) => s.externalId))]);
  const fresh: Signal[] = [];
  for (const signal of [...signals].sort(byTime)) {
    const last = newest.get(signal.externalId);
    const repeats = last?.contentHash === signal.contentHash && (signal.status === 'rejected' || signal.observedAt - last.observedAt < CONFIRM_AFTER_MS);
    if (repeats) continue;
    fresh.push(signal);
    newest.set(signal.externalId, signal);
  }
  return insertSignals(tx, fresh);
}

const byTime = (a: Signal, b: Signal): number => a.knownAt - b.knownAt || a.observedAt - b.observedAt || (a.id < b.id ? -1 : 1);

async function newestStatements(tx: Transaction, source: string, externalIds: readonly string[]): Promise<Map<string, Pick<Signal, 'contentHash' | 'observedAt'>>> {
  const { rows } = await tx.query<{ external_id: string; content_hash: string; observed_at: Date }>(
    `select distinct on (external_id) external_id, content_hash, observed_at from signals
      where source = $1 and external_id = any($2::text[]) order by external_id, known_at desc, observed_at desc, id desc`,
    [source, externalIds],
  );
  return new Map(rows.map((r) => [r.external_id, { contentHash: r.content_hash, observedAt: r.observed_at.getTime() }]));
}

async function insertSignals(tx: Transaction, signals: readonly Signal[]): Promise<readonly Signal[]> {
  if (signals.length === 0) return [];
  const records = signals.map((s) => ({
    id: s.id,
    kind: s.kind,
    source: s.source,
    external_id: s.externalId,
    subject_type: s.subject?.type ?? null,
    subject_id: s.subject?.id ?? null,
    relation: s.relation,
    polarity: s.polarity,
    claim: s.claim,
    probability: s.probability,
    horizon_end: s.horizonEnd === null ? null : iso(s.horizonEnd),
    liquidity_usd: s.liquidityUsd,
    volume_usd: s.volumeUsd,
    confidence: s.confidence,
    confidence_reasons: s.confidenceReasons,
    status: s.status,
    rejected_by: s.rejectedBy,
    classified_by: s.classifiedBy,
    evidence: s.evidence.map((e) => ({ source: e.source, url: e.url, hash: e.hash, seen_at: iso(e.seenAt) })),
    content_hash: s.contentHash,
    rules_version: s.rulesVersion,
    observed_at: iso(s.observedAt),
    known_at: iso(s.knownAt),
    as_of: iso(s.asOf),
  }));
  const columns = Object.keys(records[0]!).join(', ');
  const { rows } = await tx.query<{ id: string }>(
    `insert into signals (${columns}) select ${columns} from jsonb_populate_recordset(null::signals, $1::jsonb) on conflict (id) do nothing returning id`,
    [JSON.stringify(records)],
  );
  const stored = new Set(rows.map((r) => r.id));
  return signals.filter((s) => stored.has(s.id));
}

/** Writes down, for people who read the table, which live rows of a source have ended or been overtaken by `asOf`. */
export async function expireSignals(tx: Transaction, source: string, asOf: Millis): Promise<void> {
  await tx.query(`update signals s set status = 'expired' where s.source = $2 and s.status = 'live' and (${STATUS_AS_OF}) = 'expired'`, [iso(asOf), source]);
}

/** The newest statement of each question, where it counts at `asOf`. In order of id. */
export async function liveSignals(on: Executor, asOf: Millis, chokepoint?: ChokepointId): Promise<readonly LiveSignal[]> {
  const { rows } = await on.query<SignalRow>(
    `select ${COLUMNS}, 'live' as status from (
       select distinct on (source, external_id) * from signals where subject_id is not null and known_at <= $1
        order by source, external_id, known_at desc, observed_at desc, id desc) s
      where s.rejected_by is null and s.horizon_end > $1 and ($2::text is null or s.subject_id = $2) order by s.id`,
    [iso(asOf), chokepoint ?? null],
  );
  return rows.map((row) => fromRow(row, asOf) as LiveSignal);
}

/** A question that closed at this price or above came true. */
const CAME_TRUE = 0.99;

/**
 * Questions that came true lately: they no longer trade, so they are no longer live, but what they asked about has happened.
 * @param withinMs how long before `asOf` their end may have become known
 * @returns the closing statements, in order of id; their status is `rejected`, by `closed` or `certain`
 */
export async function resolvedSignals(on: Executor, asOf: Millis, withinMs: Millis): Promise<readonly Signal[]> {
  const { rows } = await on.query<SignalRow>(
    `select ${COLUMNS}, 'rejected' as status from (
       select distinct on (source, external_id) * from signals where subject_id is not null and known_at <= $1
        order by source, external_id, known_at desc, observed_at desc, id desc) s
      where s.rejected_by in ('closed', 'certain') and s.probability >= $2 and s.known_at >= $3 order by s.id`,
    [iso(asOf), CAME_TRUE, iso(asOf - withinMs)],
  );
  return rows.map((row) => fromRow(row, asOf));
}

/** Null when there is none, or none yet at `asOf`. */
export async function getSignal(on: Executor, id: string, asOf: Millis): Promise<Signal | null> {
  const { rows } = await on.query<SignalRow>(`select ${COLUMNS}, ${STATUS_AS_OF} as status from signals s where s.id = $2 and s.known_at <= $1`, [iso(asOf), id]);
  return rows[0] ? fromRow(rows[0], asOf) : null;
}

export interface SignalFilter {
  readonly status?: SignalStatus;
  readonly chokepoint?: ChokepointId;
  /** Exclusive: the last row of the page before. */
  readonly after?: { readonly knownAt: Millis; readonly id: string };
  readonly limit: number;
}

/** Newest first. */
export async function listSignals(on: Executor, asOf: Millis, { status, chokepoint, after, limit }: SignalFilter): Promise<readonly Signal[]> {
  const { rows } = await on.query<SignalRow>(
    `select * from (select ${COLUMNS}, ${STATUS_AS_OF} as status from signals s
       where s.known_at <= $1 and ($2::text is null or s.subject_id = $2) and ($3::timestamptz is null or (s.known_at, s.id) < ($3, $4))) s
      where $5::text is null or s.status = $5 order by s.known_at desc, s.id desc limit $6`,
    [iso(asOf), chokepoint ?? null, after ? iso(after.knownAt) : null, after?.id ?? null, status ?? null, limit],
  );
  return rows.map((row) => fromRow(row, asOf));
}

/** Statements about a chokepoint that were not rejected, oldest first: its odds over time. */
export async function signalHistory(on: Executor, chokepoint: ChokepointId, from: Millis, to: Millis, asOf: Millis): Promise<readonly Signal[]> {
  const { rows } = await on.query<SignalRow>(
    `select ${COLUMNS}, ${STATUS_AS_OF} as status from signals s
      where s.subject_id = $2 and s.rejected_by is null and s.known_at <= $1 and s.known_at between $3 and $4 order by s.known_at, s.id`,
    [iso(asOf), chokepoint, iso(from), iso(to)],
  );
  return rows.map((row) => fromRow(row, asOf));
}

/** Forgets every signal and sweep: a scenario is about to be played again. A live database never does this. */
export async function forgetSignals(tx: Transaction): Promise<void> {
  await tx.query('truncate signals, signal_sweeps');
}
