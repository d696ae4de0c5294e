/**
 * What producers hand over, once: the same content about the same subject from one producer inside five minutes is one signal, whatever external id
 * it has. Not here: repeats under one external id (`store.ts`), signatures (`kernel/auth`).
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { contentHash } from '../../model/ids.ts';
import { iso, MINUTE_MS, type Millis } from '../../model/time.ts';
import type { Signal } from './signal.ts';

const WINDOW_MS = 5 * MINUTE_MS;

/** What a producer means by it: not its id, its page or its time. */
const meaningOf = (s: Signal): string =>
  contentHash({ kind: s.kind, subject: s.subject && { ...s.subject }, claim: s.claim.trim().replace(/\s+/g, ' ').toLowerCase(), polarity: s.polarity, relation: s.relation, probability: s.probability, horizonEnd: s.horizonEnd });

/**
 * @param now wall clock, in milliseconds
 * @returns the id of the signal that this producer handed over with the same content in the last five minutes, or null. One request a producer at a time gets past here.
 */
export async function handedOverLately(tx: Transaction, producer: string, signal: Signal, now: Millis): Promise<string | null> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('signals.intake:' || $1, 0))`, [producer]);
  await tx.query('delete from signal_intake where producer = $1 and received_at <= $2', [producer, iso(now - WINDOW_MS)]);
  // A price that went away and came back is news, however soon: it repeats only what still is the newest of its question.
  const { rows } = await tx.query<{ signal_id: string }>(
    `select i.signal_id from signal_intake i join signals s on s.id = i.signal_id
      where i.producer = $1 and i.content_hash = $2
        and not exists (select 1 from signals n where n.source = s.source and n.external_id = s.external_id and (n.known_at, n.observed_at, n.seq) > (s.known_at, s.observed_at, s.seq))`,
    [producer, meaningOf(signal)],
  );
  return rows[0]?.signal_id ?? null;
}

/** The five minutes begin with what was stored, and do not move with its repeats. */
export async function rememberHandedOver(tx: Transaction, producer: string, signal: Signal, signalId: string, now: Millis): Promise<void> {
  await tx.query(
    `insert into signal_intake (producer, content_hash, signal_id, received_at) values ($1, $2, $3, $4)
     on conflict (producer, content_hash) do update set signal_id = excluded.signal_id, received_at = excluded.received_at`,
    [producer, meaningOf(signal), signalId, iso(now)],
  );
}
