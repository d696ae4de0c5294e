/** The states of passages as they changed: what is worth telling the next stage. */
import type { Transaction } from '../../kernel/database/types.ts';
import { contentHash, deterministicId, type Json } from '../../model/ids.ts';
import { iso } from '../../model/time.ts';
import type { ChokepointId } from '../../model/place.ts';
import type { ChokepointState } from './chokepoint-state.ts';
import type { ChokepointStatus } from './correlation.ts';

export interface StateChange {
  readonly chokepoint: ChokepointId;
  /** Null the first time. */
  readonly from: ChokepointStatus | null;
  readonly to: ChokepointStatus;
}

/** A state that moves by less than this is the same: decisions have their own hysteresis, this only spares them the noise. */
const TRAFFIC_STEP = 0.05;
const ODDS_STEP = 0.01;

/** Writes down each state that differs from the last one of its passage. @returns what changed */
export async function logStates(tx: Transaction, states: readonly ChokepointState[]): Promise<readonly StateChange[]> {
  if (states.length === 0) return [];
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('chokepoint_states', 0))`);
  const { rows } = await tx.query<{ chokepoint: ChokepointId; status: ChokepointStatus; state_hash: string }>(
    `select distinct on (chokepoint) chokepoint, status, state_hash from chokepoint_states
      where chokepoint = any($1::text[]) and as_of <= $2 order by chokepoint, as_of desc, seq desc`,
    [states.map((s) => s.id), iso(states[0]!.asOf)],
  );
  const last = new Map(rows.map((r) => [r.chokepoint, r]));
  const changes: StateChange[] = [];
  for (const state of states) {
    const shown = summary(state);
    const hash = contentHash(shown.coarse);
    const before = last.get(state.id);
    if (before?.state_hash === hash) continue;
    const { rowCount } = await tx.query(
      `insert into chokepoint_states (id, chokepoint, as_of, status, state, state_hash, rules_version) values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
      [deterministicId('cps', state.id, state.asOf, hash, state.rulesVersion), state.id, iso(state.asOf), state.status, JSON.stringify(shown.exact), hash, state.rulesVersion],
    );
    // A passage about which nothing is known yet is no news.
    if (rowCount > 0 && !(before === undefined && isBlank(state))) changes.push({ chokepoint: state.id, from: before?.status ?? null, to: state.status });
  }
  return changes;
}

const isBlank = (state: ChokepointState): boolean => state.transits === null && state.lead === null && state.freight === null;

const step = (value: number | null | undefined, size: number): number | null => (value === null || value === undefined ? null : Math.round(value / size));

function summary(state: ChokepointState): { readonly coarse: Json; readonly exact: Json } {
  const { status, lostTraffic, lead, alarm, freight, transits } = state;
  const shared = { status, alarm: alarm?.id ?? null, lead: lead?.signal.externalId ?? null };
  return {
    coarse: { ...shared, lost: step(lostTraffic?.expected, TRAFFIC_STEP), odds: step(lead?.risk, ODDS_STEP), freight: step(freight?.premium, TRAFFIC_STEP) },
    exact: {
      ...shared,
      signal: lead?.signal.id ?? null,
      risk: lead?.risk ?? null,
      lost: lostTraffic ? { expected: lostTraffic.expected, low: lostTraffic.low, high: lostTraffic.high, series: lostTraffic.series } : null,
      transits: transits ? { series: transits.series, observed_for: transits.observedFor, value: transits.value, ratio: transits.ratio } : null,
      freight: freight ? { lane: freight.lane, observed_for: freight.observedFor, value: freight.value, premium: freight.premium } : null,
    },
  };
}
