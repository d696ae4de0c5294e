/** Reads of signals. Each takes `asOf` and sees nothing that was known later; status and confidence are derived for that time, not taken from the row. */
import type { Executor } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import { iso, type Millis } from '../../model/time.ts';
import type { Polarity, SignalKind, Subject } from './ports.ts';
import { confidenceOf } from './rules/confidence.ts';
import type { EventSignal, Evidence, LiveSignal, Relation, Signal, SignalStatus } from './signal.ts';

interface EvidenceRow {
  source: string;
  url: string;
  hash: string;
  seen_at: string;
}

interface SignalRow {
  id: string;
  kind: SignalKind;
  source: string;
  external_id: string;
  subject_type: Subject['type'] | null;
  subject_id: string | null;
  relation: Relation | null;
  polarity: Polarity | null;
  claim: string;
  probability: number | null;
  horizon_end: Date | null;
  expires_at: Date | null;
  liquidity_usd: number | null;
  volume_usd: number | null;
  status: SignalStatus;
  rejected_by: string | null;
  classified_by: string | null;
  evidence: EvidenceRow[];
  content_hash: string;
  rules_version: string;
  observed_at: Date;
  known_at: Date;
  as_of: Date;
  /** Only of reports. */
  retold?: number | null;
  outlets?: number | null;
  further?: EvidenceRow[] | null;
}

/** $1 is `asOf`. Of two with the same times the one that came later is the newer. A statement is expired once it has ended or a newer statement of its question is known. */
export const STATUS_AS_OF = `case
  when s.rejected_by is not null then 'rejected'
  when s.expires_at <= $1 then 'expired'
  when exists (select 1 from signals n where n.source = s.source and n.external_id = s.external_id and n.known_at <= $1
               and (n.known_at, n.observed_at, n.seq) > (s.known_at, s.observed_at, s.seq)) then 'expired'
  else 'live' end`;

const COLUMNS = `s.id, s.kind, s.source, s.external_id, s.subject_type, s.subject_id, s.relation, s.polarity, s.claim, s.probability, s.horizon_end, s.expires_at,
  s.liquidity_usd, s.volume_usd, s.rejected_by, s.classified_by, s.evidence, s.content_hash, s.rules_version, s.observed_at, s.known_at, s.as_of`;

/** Who else tells it, as known at $1. */
const RETOLD = `left join lateral (
  select count(*)::int as retold, count(distinct c.outlet) filter (where c.outlet <> s.outlet)::int + 1 as outlets,
         (array_agg(jsonb_build_object('source', c.source, 'url', c.url, 'hash', c.hash, 'seen_at', c.known_at) order by c.known_at, c.id))[1:19] as further
    from signal_corroborations c where s.kind = 'report' and c.signal_id = s.id and c.known_at <= $1) r on true`;
const RETOLD_COLUMNS = 'r.retold, r.outlets, r.further';

function fromRow(row: SignalRow, asOf: Millis): Signal {
  const observedAt = row.observed_at.getTime();
  const corroboration = { reports: row.retold ?? 0, outlets: row.outlets ?? 1 };
  const { confidence, reasons } = confidenceOf({ kind: row.kind, source: row.source, liquidityUsd: row.liquidity_usd, observedAt, outlets: corroboration.outlets }, asOf);
  const shared = {
    id: row.id,
    source: row.source,
    externalId: row.external_id,
    claim: row.claim,
    subject: row.subject_id === null ? null : ({ type: row.subject_type, id: row.subject_id } as Subject),
    relation: row.relation,
    polarity: row.polarity,
    liquidityUsd: row.liquidity_usd,
    volumeUsd: row.volume_usd,
    confidence,
    confidenceReasons: reasons,
    status: row.status,
    rejectedBy: row.rejected_by,
    classifiedBy: row.classified_by,
    evidence: [...row.evidence, ...(row.further ?? [])].map((e): Evidence => ({ source: e.source, url: e.url, hash: e.hash, seenAt: Date.parse(e.seen_at) })),
    corroboration,
    contentHash: row.content_hash,
    rulesVersion: row.rules_version,
    observedAt,
    knownAt: row.known_at.getTime(),
    asOf: row.as_of.getTime(),
  };
  if (row.kind === 'report') return { ...shared, kind: 'report', probability: null, horizonEnd: null, expiresAt: row.expires_at!.getTime() };
  return { ...shared, kind: 'event', probability: row.probability!, horizonEnd: row.horizon_end?.getTime() ?? null, expiresAt: row.expires_at?.getTime() ?? null };
}

const ON_CHOKEPOINTS = `kind = 'event' and subject_type = 'chokepoint'`;

/**
 * Of each question on a chokepoint the newest forecast known by $1. Hops through the index from question to question: beside a million
 * statements of 2,000 questions 90 ms, where `distinct on`, which reads them all, took 1,900.
 */
const NEWEST_FORECASTS = `with recursive questions as (
    (select source, external_id from signals where ${ON_CHOKEPOINTS} order by source, external_id limit 1)
    union all
    select n.source, n.external_id from questions q cross join lateral (
      select source, external_id from signals where ${ON_CHOKEPOINTS} and (source, external_id) > (q.source, q.external_id) order by source, external_id limit 1) n)
  select s.* from questions q cross join lateral (
    select * from signals where ${ON_CHOKEPOINTS} and source = q.source and external_id = q.external_id and known_at <= $1
     order by known_at desc, observed_at desc, seq desc limit 1) s`;

/** The newest forecast of each question on a chokepoint, where it counts at `asOf`: what decisions are made of. Never a report. In order of id. */
export async function liveSignals(on: Executor, asOf: Millis, chokepoint?: ChokepointId): Promise<readonly LiveSignal[]> {
  const { rows } = await on.query<SignalRow>(
    `select ${COLUMNS}, 'live' as status from (${NEWEST_FORECASTS}) s
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
export async function resolvedSignals(on: Executor, asOf: Millis, withinMs: Millis): Promise<readonly EventSignal[]> {
  const { rows } = await on.query<SignalRow>(
    `select ${COLUMNS}, 'rejected' as status from (${NEWEST_FORECASTS}) s
      where s.rejected_by in ('closed', 'certain') and s.probability >= $2 and s.known_at >= $3 order by s.id`,
    [iso(asOf), CAME_TRUE, iso(asOf - withinMs)],
  );
  return rows.map((row) => fromRow(row, asOf) as EventSignal);
}

/** Null when there is none, or none yet at `asOf`. */
export async function getSignal(on: Executor, id: string, asOf: Millis): Promise<Signal | null> {
  const { rows } = await on.query<SignalRow>(`select ${COLUMNS}, ${RETOLD_COLUMNS}, ${STATUS_AS_OF} as status from signals s ${RETOLD} where s.id = $2 and s.known_at <= $1`, [iso(asOf), id]);
  return rows[0] ? fromRow(rows[0], asOf) : null;
}

export interface SignalFilter {
  readonly kind?: SignalKind;
  readonly source?: string;
  readonly status?: SignalStatus;
  readonly chokepoint?: ChokepointId;
  /** Exclusive: the last row of the page before. */
  readonly after?: { readonly knownAt: Millis; readonly id: string };
  readonly limit: number;
}

/** Newest first. */
export async function listSignals(on: Executor, asOf: Millis, { kind, source, status, chokepoint, after, limit }: SignalFilter): Promise<readonly Signal[]> {
  const { rows } = await on.query<SignalRow>(
    // Who else tells it is asked of the page alone.
    `select ${COLUMNS}, s.status, ${RETOLD_COLUMNS} from (
       select * from (select ${COLUMNS}, s.outlet, ${STATUS_AS_OF} as status from signals s
         where s.known_at <= $1 and ($2::text is null or (s.subject_type = 'chokepoint' and s.subject_id = $2)) and ($3::timestamptz is null or (s.known_at, s.id) < ($3, $4))
           and ($7::text is null or s.kind = $7) and ($8::text is null or s.source = $8)) s
        where $5::text is null or s.status = $5 order by s.known_at desc, s.id desc limit $6) s ${RETOLD}
      order by s.known_at desc, s.id desc`,
    [iso(asOf), chokepoint ?? null, after ? iso(after.knownAt) : null, after?.id ?? null, status ?? null, limit, kind ?? null, source ?? null],
  );
  return rows.map((row) => fromRow(row, asOf));
}

/** Forecasts on a chokepoint that were not rejected, oldest first: its odds over time. */
export async function signalHistory(on: Executor, chokepoint: ChokepointId, from: Millis, to: Millis, asOf: Millis): Promise<readonly EventSignal[]> {
  const { rows } = await on.query<SignalRow>(
    `select ${COLUMNS}, ${STATUS_AS_OF} as status from signals s
      where s.kind = 'event' and s.subject_type = 'chokepoint' and s.subject_id = $2 and s.rejected_by is null and s.known_at <= $1 and s.known_at between $3 and $4 order by s.known_at, s.id`,
    [iso(asOf), chokepoint, iso(from), iso(to)],
  );
  return rows.map((row) => fromRow(row, asOf) as EventSignal);
}
