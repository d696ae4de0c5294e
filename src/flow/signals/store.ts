/** Writes of signals: what is new is kept, what repeats is not. Rows are never edited but for `status`. */
import type { Transaction } from '../../kernel/database/types.ts';
import { forgetSweeps } from '../../kernel/sweeps/index.ts';
import { canonicalJson } from '../../model/ids.ts';
import { DAY_MS, iso, type Millis } from '../../model/time.ts';
import { outletOf } from './outlet.ts';
import { STATUS_AS_OF } from './reads.ts';
import { RULES_VERSION } from './rules/classification.ts';
import { ruleBook } from './rules/rule-book.ts';
import type { Signal } from './signal.ts';
import { sortStories, storeStories } from './stories.ts';

/** Whose rows in the record of sweeps are this stage's. */
export const STAGE = 'signals';

/** An unchanged price is stored again after this long: it is fresher evidence. Before, it is a duplicate, however its time has moved. */
const CONFIRM_AFTER_MS = DAY_MS;

export interface NewSignals {
  /** In the order in which they became known. */
  readonly signals: readonly Signal[];
  /** Reports that were stored as corroboration of another. */
  readonly retold: readonly Signal[];
}

/**
 * Stores what is new, in any order of arrival with the same outcome.
 * A duplicate: a repeat of an id; a forecast that says what the newest stored one of its question says under the same rules, unless a day has
 * passed; a report told before under its own id. A report in nearly the words of another becomes that one's corroboration.
 */
export async function storeSignals(tx: Transaction, signals: readonly Signal[], asOf: Millis): Promise<NewSignals> {
  if (signals.length === 0) return { signals: [], retold: [] };
  const sources = [...new Set(signals.map((s) => s.source))].sort();
  // Two sweeps of one source at once would each hold the other's statement to be new. In order, so that none waits in a circle.
  for (const source of sources) await tx.query(`select pg_advisory_xact_lock(hashtextextended('signals:' || $1, 0))`, [source]);
  await tx.query('insert into signal_rules (version, rules) values ($1, $2) on conflict do nothing', [RULES_VERSION, canonicalJson(ruleBook())]);
  const fresh = await unsaid(tx, signals);
  const stories = await sortStories(tx, fresh, asOf);
  const stored = await insertSignals(tx, stories.first);
  await storeStories(tx, stories, asOf);
  await expireSignals(tx, sources, stored, asOf);
  return { signals: stored, retold: stories.retold.map((r) => r.signal) };
}

const byTime = (a: Signal, b: Signal): number => a.knownAt - b.knownAt || a.observedAt - b.observedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const questionOf = (s: Pick<Signal, 'source' | 'externalId'>): string => `${s.source} ${s.externalId}`;

type Newest = Pick<Signal, 'id' | 'contentHash' | 'rulesVersion' | 'observedAt'>;

/** Those that say something that the newest of their question does not, in the order in which they became known. */
async function unsaid(tx: Transaction, signals: readonly Signal[]): Promise<readonly Signal[]> {
  const newest = await newestStatements(tx, signals);
  const fresh: Signal[] = [];
  for (const signal of [...signals].sort(byTime)) {
    const last = newest.get(questionOf(signal));
    if (last && (last.id === signal.id || repeats(signal, last))) continue;
    fresh.push(signal);
    newest.set(questionOf(signal), signal);
  }
  return fresh;
}

function repeats(signal: Signal, last: Newest): boolean {
  if (last.contentHash !== signal.contentHash || last.rulesVersion !== signal.rulesVersion) return false;
  // A headline does not become truer by standing in a feed; a price that still holds does.
  return signal.kind === 'report' || signal.status === 'rejected' || signal.observedAt - last.observedAt < CONFIRM_AFTER_MS;
}

async function newestStatements(tx: Transaction, signals: readonly Signal[]): Promise<Map<string, Newest>> {
  const questions = [...new Map(signals.map((s) => [questionOf(s), s])).values()];
  const { rows } = await tx.query<{ id: string; source: string; external_id: string; content_hash: string; rules_version: string; observed_at: Date }>(
    `select n.id, q.source, q.external_id, n.content_hash, n.rules_version, n.observed_at
       from unnest($1::text[], $2::text[]) as q(source, external_id)
      cross join lateral (select id, content_hash, rules_version, observed_at from signals
                           where source = q.source and external_id = q.external_id order by known_at desc, observed_at desc, seq desc limit 1) n`,
    [questions.map((s) => s.source), questions.map((s) => s.externalId)],
  );
  return new Map(rows.map((r) => [questionOf({ source: r.source, externalId: r.external_id }), { id: r.id, contentHash: r.content_hash, rulesVersion: r.rules_version, observedAt: r.observed_at.getTime() }]));
}

/** The id of the newest stored statement of its question, when this one would add nothing to it; else null. */
export async function repeatedOf(tx: Transaction, signal: Signal): Promise<string | null> {
  const last = (await newestStatements(tx, [signal])).get(questionOf(signal));
  return last && (last.id === signal.id || repeats(signal, last)) ? last.id : null;
}

/** Rows in one statement: more only make the text that both sides hold larger. */
const INSERT_ROWS = 1_000;

async function insertSignals(tx: Transaction, signals: readonly Signal[]): Promise<readonly Signal[]> {
  const stored = new Set<string>();
  for (let i = 0; i < signals.length; i += INSERT_ROWS) {
    const records = signals.slice(i, i + INSERT_ROWS).map(recordOf);
    const columns = Object.keys(records[0]!).join(', ');
    const { rows } = await tx.query<{ id: string }>(
      `insert into signals (${columns}) select ${columns} from jsonb_populate_recordset(null::signals, $1::jsonb) on conflict (id) do nothing returning id`,
      [JSON.stringify(records)],
    );
    for (const { id } of rows) stored.add(id);
  }
  return signals.filter((s) => stored.has(s.id));
}

const recordOf = (s: Signal) => ({
  id: s.id,
  kind: s.kind,
  source: s.source,
  external_id: s.externalId,
  outlet: s.kind === 'report' ? outletOf(s) : null,
  subject_type: s.subject?.type ?? null,
  subject_id: s.subject?.id ?? null,
  relation: s.relation,
  polarity: s.polarity,
  claim: s.claim,
  probability: s.probability,
  horizon_end: s.horizonEnd === null ? null : iso(s.horizonEnd),
  expires_at: s.expiresAt === null ? null : iso(s.expiresAt),
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
});

/** Writes down, for people who read the table, which live rows of these sources have ended, or have been overtaken by what was stored now. */
async function expireSignals(tx: Transaction, sources: readonly string[], stored: readonly Signal[], asOf: Millis): Promise<void> {
  await tx.query(`update signals set status = 'expired' where source = any($2::text[]) and status = 'live' and expires_at <= $1`, [iso(asOf), sources]);
  if (stored.length === 0) return;
  await tx.query(
    `update signals s set status = 'expired' from unnest($2::text[], $3::text[]) as q(source, external_id)
      where s.source = q.source and s.external_id = q.external_id and s.status = 'live' and (${STATUS_AS_OF}) = 'expired'`,
    [iso(asOf), stored.map((s) => s.source), stored.map((s) => s.externalId)],
  );
}

/** Forgets every signal and sweep: a scenario is about to be played again. A live database never does this. */
export async function forgetSignals(tx: Transaction): Promise<void> {
  await tx.query('truncate signals, signal_corroborations, signal_bands, signal_intake');
  await forgetSweeps(tx, STAGE);
}
