/** The rate gate: asks a backend for units, lets callers wait in two lanes, and tells how the quotas stand. */
import type { Clock } from '../../model/time.ts';
import { common } from '../errors/index.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import type { Timers } from '../timers/index.ts';
import { buildChains, type Chains } from './chains.ts';
import { errors } from './errors.ts';
import { createGateMetrics, type GateMetrics, type GateOutcome } from './gate-metrics.ts';
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
export const createGate = (deps: GateDependencies): Gate => new RateGate(deps);

class RateGate implements Gate {
  readonly #logger: Logger;
  readonly #backend: GateBackend;
  readonly #chains: Chains;
  readonly #measured: GateMetrics;
  readonly #doors: ReadonlyMap<string, Door>;
  readonly #remembered = new Map<string, Map<string, Door>>();
  #rememberedCount = 0;
  #closed = false;

  constructor({ clock, timers, logger, metrics, backend = createMemoryBackend(clock), quotas = QUOTAS, tiers = {} }: GateDependencies) {
    this.#logger = logger;
    this.#backend = backend;
    this.#chains = buildChains(quotas, tiers);
    this.#measured = createGateMetrics(metrics, this.#chains.ids, () => this.statuses());
    const doorTo = (id: string): Door => {
      const chain = this.#chains.byId(id);
      const room = new WaitingRoom({ chain, backend, clock, timers, exhausted: (waitMs) => this.#refusal(chain, waitMs) });
      return { chain, room, count: this.#measured.counterOf(id) };
    };
    this.#doors = new Map(this.#chains.ids.map((id) => [id, doorTo(id)]));
  }

  get ids(): readonly string[] {
    return this.#chains.ids;
  }

  acquire(request: GateRequest, maxWaitMs: number): void | Promise<void> {
    const door = this.#doorOf(request.provider, request.operation);
    const weight = request.weight ?? 1;
    const lane = request.lane ?? 'normal';
    if (weight !== 1) refuseWeight(door.chain, weight, lane);
    if (this.#closed) throw errors.GATE_CLOSED();
    if (door.room.hasBefore(lane)) return this.#enqueue(door, weight, lane, 0, maxWaitMs);
    const answer = this.#backend.take(door.chain, weight, lane);
    if (typeof answer !== 'number') return answer.then((waitMs) => (waitMs === 0 ? door.count('allowed') : this.#enqueue(door, weight, lane, waitMs, maxWaitMs)));
    if (answer > 0) return this.#enqueue(door, weight, lane, answer, maxWaitMs);
    door.count('allowed');
  }

  async consume(id: string, weight = 1, lane: Lane = 'normal'): Promise<CheckResult> {
    const chain = this.#chains.byId(id);
    refuseWeight(chain, weight, lane);
    const waitMs = await this.#backend.take(chain, weight, lane);
    this.#doors.get(id)!.count(waitMs === 0 ? 'allowed' : 'denied');
    if (waitMs > 0) this.#measured.backedOff(id);
    return { allowed: waitMs === 0, waitMs, status: await this.#statusOf(chain) };
  }

  async check(id: string): Promise<CheckResult> {
    const chain = this.#chains.byId(id);
    const state = await this.#backend.peek(chain);
    return { allowed: state.waitMs === 0, waitMs: state.waitMs, status: quotaStatus(chain, state, this.#chains.tierOf(id), this.#backend.kind) };
  }

  async status(id: string): Promise<QuotaStatus> {
    return this.#statusOf(this.#chains.byId(id));
  }

  async statuses(): Promise<Readonly<Record<string, QuotaStatus>>> {
    const all = await Promise.all(this.ids.map((id) => this.status(id)));
    return Object.fromEntries(all.map((status) => [status.provider, status]));
  }

  async reset(id: string | null, { force = false, reason }: ResetRequest): Promise<readonly QuotaStatus[]> {
    const asked = id === null ? this.ids.map((each) => this.#chains.byId(each)) : this.#chains.within(id);
    if (force && !reason?.trim()) throw common.VALIDATION_FAILED({ detail: 'force=true without a reason', field: 'reason', fix: 'Say why, as in ?force=true&reason=new+API+key' });
    const states = await Promise.all(asked.map((chain) => this.#statusOf(chain)));
    const chosen = states.filter((status) => force || status.blocking);
    if (chosen.length === 0) throw notBlocking(id, states);
    for (const status of chosen) {
      await this.#backend.reset(this.#chains.byId(status.provider));
      this.#logger.warn('gate_quota_reset', { provider: status.provider, used: status.used, limit: status.limit, forced: force, reason: reason ?? null });
    }
    for (const { room } of this.#doors.values()) if (room.size > 0) room.wake();
    return chosen;
  }

  backOff(request: GateRequest, ms: number): void {
    const { chain } = this.#doorOf(request.provider, request.operation);
    this.#measured.backedOff(chain.id);
    this.#logger.warn('gate_backoff', { provider: chain.id, wait_ms: ms });
    // Also what a backend throws at once ends in the log: a venue's "too many requests" must not become another error.
    void (async () => this.#backend.backOff(chain, ms))().catch((error: unknown) => this.#logger.warn('gate_backoff_unshared', { provider: chain.id, error }));
  }

  close(): void {
    this.#closed = true;
    for (const { room } of this.#doors.values()) room.close(errors.GATE_CLOSED());
  }

  #doorOf(provider: string, operation: string): Door {
    let operations = this.#remembered.get(provider);
    const known = operations?.get(operation);
    if (known) return known;
    const door = this.#doors.get(this.#chains.of(provider, operation).id)!;
    if (this.#rememberedCount < REMEMBERED_OPERATIONS_MAX) {
      if (!operations) this.#remembered.set(provider, (operations = new Map()));
      operations.set(operation, door);
      this.#rememberedCount += 1;
    }
    return door;
  }

  async #enqueue(door: Door, weight: number, lane: Lane, waitMs: number, maxWaitMs: number): Promise<void> {
    if (waitMs > maxWaitMs || maxWaitMs <= 0 || door.room.size >= WAITING_MAX) throw this.#refusal(door.chain, Math.max(waitMs, 1));
    door.count('queued');
    await door.room.wait(weight, lane, waitMs, maxWaitMs);
    door.count('allowed');
  }

  #refusal(chain: Chain, waitMs: number): Error {
    this.#doors.get(chain.id)!.count('denied');
    this.#measured.backedOff(chain.id);
    return errors.GATE_QUOTA_EXHAUSTED({
      detail: `The quota of ${chain.id} is used up; it has room again in ${waitMs} ms`,
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
      facts: { provider: chain.id, wait_ms: waitMs },
    });
  }

  async #statusOf(chain: Chain): Promise<QuotaStatus> {
    return quotaStatus(chain, await this.#backend.peek(chain), this.#chains.tierOf(chain.id), this.#backend.kind);
  }
}

function refuseWeight(chain: Chain, weight: number, lane: Lane): void {
  if (!Number.isSafeInteger(weight) || weight < 1) throw common.VALIDATION_FAILED({ detail: `weight is ${weight}`, field: 'weight', fix: 'A whole number of units, 1 or more' });
  for (const window of chain.windows) {
    const limit = lane === 'urgent' ? window.limit : window.normalLimit;
    if (weight <= limit) continue;
    throw errors.GATE_WEIGHT_TOO_LARGE({ detail: `${weight} units asked of ${window.key.split('/')[0]}, which gives ${limit} in ${window.windowMs} ms`, field: 'weight', fix: `At most ${limit}` });
  }
}

function notBlocking(id: string | null, states: readonly QuotaStatus[]): Error {
  const fullest = states.reduce((a, b) => (b.usagePercentage > a.usagePercentage ? b : a));
  return errors.GATE_NOT_BLOCKING({
    detail: `${id === null ? 'No provider is' : `${id} is not`} blocking; the fullest, ${fullest.provider}, has used ${fullest.used} of ${fullest.limit}. A reset now would hide what uses the quota up, and lead to a block by the provider`,
    fix: 'Wait, or add force=true with a reason',
    facts: { provider: fullest.provider, used: fullest.used, limit: fullest.limit },
  });
}
