/** Reports that tell one story in nearly the same words: the first is the signal, the others its corroboration. The SQL of both. */
import type { Transaction } from '../../kernel/database/types.ts';
import { deterministicId } from '../../model/ids.ts';
import { iso, type Millis } from '../../model/time.ts';
import { sketchOf, type Sketch } from './dedup/same-story.ts';
import { createStoryIndex, type Telling } from './dedup/story-index.ts';
import { outletOf } from './outlet.ts';
import type { Polarity, Subject } from './ports.ts';
import type { ReportSignal, Signal } from './signal.ts';

interface Retelling {
  /** Id of the first telling. */
  readonly of: string;
  readonly similarity: number;
  readonly signal: ReportSignal;
}

export interface Stories {
  /** What is to be stored as signals: forecasts, what was rejected, and first tellings. */
  readonly first: readonly Signal[];
  readonly sketches: readonly Telling[];
  readonly retold: readonly Retelling[];
}

/**
 * Splits off the reports that tell again what another has told, or that were told before under their own id.
 * @param signals in the order in which they became known: it decides who was first
 */
export async function sortStories(tx: Transaction, signals: readonly Signal[], asOf: Millis): Promise<Stories> {
  const reports = signals.filter((s): s is ReportSignal => s.kind === 'report');
  if (reports.length === 0) return { first: signals, sketches: [], retold: [] };
  // One at a time over all sources: two sweeps could each hold their telling to be the first.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('signals.stories', 0))`);
  await tx.query('delete from signal_bands where expires_at <= $1', [iso(asOf)]);
  const said = await saidBefore(tx, reports);
  const live = reports.filter((s) => s.status === 'live' && !said.has(s.id)).map((signal) => ({ signal, sketch: sketch(signal) }));
  const index = createStoryIndex();
  for (const telling of await storedTellings(tx, live.map((s) => s.sketch), asOf)) index.add(telling);

  const sketches: Telling[] = [];
  const retold: Retelling[] = [];
  for (const { signal, sketch } of live) {
    const match = index.find(sketch, signal.observedAt);
    if (match) {
      retold.push({ of: match.id, similarity: match.similarity, signal });
      continue;
    }
    const telling = { id: signal.id, sketch, until: signal.expiresAt };
    sketches.push(telling);
    index.add(telling);
  }
  const again = new Set([...said, ...retold.map((r) => r.signal.id)]);
  return { first: signals.filter((s) => !again.has(s.id)), sketches, retold };
}

/** After the first tellings are stored. */
export async function storeStories(tx: Transaction, { sketches, retold }: Stories, asOf: Millis): Promise<void> {
  await insertBands(tx, sketches);
  if (retold.length === 0) return;
  const records = retold.map(({ of, similarity, signal }) => ({
    id: retellingId(signal),
    signal_id: of,
    source: signal.source,
    external_id: signal.externalId,
    outlet: outletOf(signal),
    claim: signal.claim,
    url: signal.evidence[0]!.url,
    hash: signal.evidence[0]!.hash,
    content_hash: signal.contentHash,
    similarity,
    rules_version: signal.rulesVersion,
    observed_at: iso(signal.observedAt),
    known_at: iso(signal.knownAt),
    as_of: iso(asOf),
  }));
  const columns = Object.keys(records[0]!).join(', ');
  await tx.query(`insert into signal_corroborations (${columns}) select ${columns} from jsonb_populate_recordset(null::signal_corroborations, $1::jsonb) on conflict (id) do nothing`, [JSON.stringify(records)]);
}

/** The first telling that a report was stored under, or null. */
export async function firstTellingOf(tx: Transaction, signal: Signal): Promise<string | null> {
  const { rows } = await tx.query<{ signal_id: string }>('select signal_id from signal_corroborations where id = $1', [retellingId(signal)]);
  return rows[0]?.signal_id ?? null;
}

/** What a source tells under one id is one telling, however its time moves. */
const retellingId = (s: Signal): string => deterministicId('cor', s.source, s.externalId, s.contentHash, s.rulesVersion);

async function saidBefore(tx: Transaction, reports: readonly ReportSignal[]): Promise<ReadonlySet<string>> {
  const ids = new Map(reports.map((s) => [retellingId(s), s.id]));
  const { rows } = await tx.query<{ id: string }>('select id from signal_corroborations where id = any($1::text[])', [[...ids.keys()]]);
  return new Set(rows.map((r) => ids.get(r.id)!));
}

const sketch = ({ claim, subject, polarity }: Pick<ReportSignal, 'claim' | 'subject' | 'polarity'>): Sketch => sketchOf(claim, `${subject?.type} ${subject?.id} ${polarity}`);

/** First tellings that still count and share a band with one of these. */
async function storedTellings(tx: Transaction, sketches: readonly Sketch[], asOf: Millis): Promise<readonly Telling[]> {
  const keys = [...new Set(sketches.flatMap((s) => s.bands))];
  if (keys.length === 0) return [];
  const { rows } = await tx.query<{ id: string; claim: string; subject_type: Subject['type']; subject_id: string; polarity: Polarity | null; expires_at: Date }>(
    `select s.id, s.claim, s.subject_type, s.subject_id, s.polarity, s.expires_at from signals s
      where s.id in (select b.signal_id from signal_bands b where b.band_key = any($1::integer[]) and b.expires_at > $2) and s.known_at <= $2 order by s.id`,
    [keys, iso(asOf)],
  );
  return rows.map((r) => ({ id: r.id, sketch: sketch({ claim: r.claim, subject: { type: r.subject_type, id: r.subject_id } as Subject, polarity: r.polarity }), until: r.expires_at.getTime() }));
}

async function insertBands(tx: Transaction, tellings: readonly Telling[]): Promise<void> {
  if (tellings.length === 0) return;
  // In the order of the index: 100,000 keys in order cost half of what they cost in none.
  const rows = tellings.flatMap(({ id, sketch, until }) => [...new Set(sketch.bands)].map((key) => ({ key, id, until }))).sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  await tx.query(
    'insert into signal_bands (band_key, signal_id, expires_at) select * from unnest($1::integer[], $2::text[], $3::timestamptz[])',
    [rows.map((r) => r.key), rows.map((r) => r.id), rows.map((r) => iso(r.until))],
  );
}
