/** The rate gate: asks a backend for units, lets callers wait in two lanes, and tells how the quotas stand. */
import type { Clock } from '../../model/time.ts';
import { common } from '../errors/index.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import type { Timers } from '../timers/index.ts';
import { buildChains } from './chains.ts';
import { errors } from './errors.ts';
import { createGateMetrics, type GateOutcome } from './gate-metrics.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { QUOTAS, type QuotaSpec } from './quotas.ts';
import { quotaStatus } from './status.ts';
import type { Chain, CheckResult, Gate, GateBackend, GateRequest, Lane, QuotaStatus, ResetRequest } from './types.ts';
import { WAITING_MAX, WaitingRoom } from './waiting-room.ts';

export interface GateDependencies {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default: this process's memory. Several processes share Redis or Postgres, behind `createFallbackBackend`. */
  readonly backend?: GateBackend;
  readonly quotas?: Readonly<Record<string, QuotaSpec>>;
  /** The tier of each provider, such as `{ alphavantage: 'premium', portwatch: 'twin' }`; else its first. @see TWIN_TIER */
  readonly tiers?: Readonly<Record<string, string>>;
}

/** All that belongs to one chain, found with one look by provider and operation. */
interface Door {
  readonly chain: Chain;
  readonly room: WaitingRoom;
  readonly count: (outcome: GateOutcome) => void;
}

// Operations are constants of the code; a caller that makes them up must not fill the memory.
const REMEMBERED_OPERATIONS_MAX = 1_000;

/** @throws CodedError GATE_TIER_UNKNOWN */
export function createGate({ clock, timers, logger, metrics, backend = createMemoryBackend(clock), quotas = QUOTAS, tiers = {} }: GateDependencies): Gate {
  const chains = buildChains(quotas, tiers);
  const measured = createGateMetrics(metrics, chains.ids, () => statuses());
  const doors = new Map<string, Door>(chains.ids.map((id) => [id, doorTo(id)]));
  const remembered = new Map<string, Map<string, Door>>();
  let rememberedCount = 0;
  let closed = false;

  function doorTo(id: string): Door {
    const chain = chains.byId(id);
    const room = new WaitingRoom({ chain, backend, clock, timers, exhausted: (waitMs) => refusal(chain, waitMs) });
    return { chain, room, count: measured.counterOf(id) };
  }

  function refusal(chain: Chain, waitMs: number): Error {
    doors.get(chain.id)!.count('denied');
    measured.backedOff(chain.id);
    return errors.GATE_QUOTA_EXHAUSTED({
      detail: `The quota of ${chain.id} is used up; it has room again in ${waitMs} ms`,
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
      facts: { provider: chain.id, wait_ms: waitMs },
    });
  }

  function doorOf(provider: string, operation: string): Door {
    let operations = remembered.get(provider);
    const known = operations?.get(operation);
    if (known) return known;
    const door = doors.get(chains.of(provider, operation).id)!;
    if (rememberedCount < REMEMBERED_OPERATIONS_MAX) {
      if (!operations) remembered.set(provider, (operations = new Map()));
      operations.set(operation, door);
      rememberedCount += 1;
    }
    return door;
  }

  function refuseWeight(chain: Chain, weight: number, lane: Lane): void {
    if (!Number.isSafeInteger(weight) || weight < 1) throw common.VALIDATION_FAILED({ detail: `weight is ${weight}`, field: 'weight', fix: 'A whole number of units, 1 or more' });
    for (const window of chain.windows) {
      const limit = lane === 'urgent' ? window.limit : window.normalLimit;
      if (weight <= limit) continue;
      throw errors.GATE_WEIGHT_TOO_LARGE({ detail: `${weight} units asked of ${window.key.split('/')[0]}, which gives ${limit} in ${window.windowMs} ms`, field: 'weight', fix: `At most ${limit}` });
    }
  }

  function acquire(request: GateRequest, maxWaitMs: number): void | Promise<void> {
    const door = doorOf(request.provider, request.operation);
    const weight = request.weight ?? 1;
    const lane = request.lane ?? 'normal';
    if (weight !== 1) refuseWeight(door.chain, weight, lane);
    if (closed) throw errors.GATE_CLOSED();
    if (door.room.hasBefore(lane)) return enqueue(door, weight, lane, 0, maxWaitMs);
    const answer = backend.take(door.chain, weight, lane);
    if (typeof answer !== 'number') return answer.then((waitMs) => (waitMs === 0 ? door.count('allowed') : enqueue(door, weight, lane, waitMs, maxWaitMs)));
    if (answer > 0) return enqueue(door, weight, lane, answer, maxWaitMs);
    door.count('allowed');
  }

  async function enqueue(door: Door, weight: number, lane: Lane, waitMs: number, maxWaitMs: number): Promise<void> {
    if (waitMs > maxWaitMs || maxWaitMs <= 0 || door.room.size >= WAITING_MAX) throw refusal(door.chain, Math.max(waitMs, 1));
    door.count('queued');
    await door.room.wait(weight, lane, waitMs, maxWaitMs);
    door.count('allowed');
  }

  async function statusOf(chain: Chain): Promise<QuotaStatus> {
    return quotaStatus(chain, await backend.peek(chain), chains.tierOf(chain.id), backend.kind);
  }

  async function statuses(): Promise<Readonly<Record<string, QuotaStatus>>> {
    const all = await Promise.all(chains.ids.map((id) => statusOf(chains.byId(id))));
    return Object.fromEntries(all.map((status) => [status.provider, status]));
  }

  async function consume(id: string, weight = 1, lane: Lane = 'normal'): Promise<CheckResult> {
    const chain = chains.byId(id);
    refuseWeight(chain, weight, lane);
    const waitMs = await backend.take(chain, weight, lane);
    doors.get(id)!.count(waitMs === 0 ? 'allowed' : 'denied');
    if (waitMs > 0) measured.backedOff(id);
    return { allowed: waitMs === 0, waitMs, status: await statusOf(chain) };
  }

  async function check(id: string): Promise<CheckResult> {
    const chain = chains.byId(id);
    const state = await backend.peek(chain);
    return { allowed: state.waitMs === 0, waitMs: state.waitMs, status: quotaStatus(chain, state, chains.tierOf(id), backend.kind) };
  }

  async function reset(id: string | null, { force = false, reason }: ResetRequest): Promise<readonly QuotaStatus[]> {
    const asked = id === null ? chains.ids.map(chains.byId) : chains.within(id);
    if (force && !reason?.trim()) throw common.VALIDATION_FAILED({ detail: 'force=true without a reason', field: 'reason', fix: 'Say why, as in ?force=true&reason=new+API+key' });
    const states = await Promise.all(asked.map(statusOf));
    const chosen = states.filter((status) => force || status.blocking);
    if (chosen.length === 0) {
      const fullest = states.reduce((a, b) => (b.usagePercentage > a.usagePercentage ? b : a));
      throw errors.GATE_NOT_BLOCKING({
        detail: `${id ?? 'No provider'} is ${id === null ? '' : 'not '}blocking; the fullest, ${fullest.provider}, has used ${fullest.used} of ${fullest.limit}. A reset now would hide what uses the quota up and lead to a block by the provider`,
        fix: 'Wait, or add force=true with a reason',
        facts: { provider: fullest.provider, used: fullest.used, limit: fullest.limit },
      });
    }
    for (const status of chosen) {
      await backend.reset(chains.byId(status.provider));
      logger.warn('gate_quota_reset', { provider: status.provider, used: status.used, limit: status.limit, forced: force, reason: reason ?? null });
    }
    for (const door of doors.values()) if (door.room.size > 0) door.room.wake();
    return chosen;
  }

  function backOff(request: GateRequest, ms: number): void {
    const { chain } = doorOf(request.provider, request.operation);
    measured.backedOff(chain.id);
    logger.warn('gate_backoff', { provider: chain.id, wait_ms: ms });
    void Promise.resolve(backend.backOff(chain, ms)).catch((error: unknown) => logger.warn('gate_backoff_unshared', { provider: chain.id, error }));
  }

  return {
    acquire,
    backOff,
    consume,
    check,
    status: async (id) => statusOf(chains.byId(id)),
    statuses,
    reset,
    ids: chains.ids,
    close() {
      closed = true;
      for (const door of doors.values()) door.room.close(errors.GATE_CLOSED());
    },
  };
}
