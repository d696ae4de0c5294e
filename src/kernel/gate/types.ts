/** The rate gate: what it is asked, what it answers, and what keeps its counts. */
import type { Millis } from '../../model/time.ts';

/** `urgent` (cancels, emergency stops) may use the reserved share and passes ahead of whoever waits. */
export type Lane = 'normal' | 'urgent';

/** One limit of one quota, in the form in which every backend counts it. */
export interface GateWindow {
  /** Unique and stable: `alphavantage/60000`. */
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  /** What is left to the normal lane: the limit without its reserved share. */
  readonly normalLimit: number;
  /** Length of a slot, and how many make a window. */
  readonly slotMs: number;
  readonly slots: number;
}

/** All quotas that one call counts against, from its provider down to the operation. */
export interface Chain {
  /** The narrowest quota's id. */
  readonly id: string;
  /** `polymarket` of `polymarket.gamma.events`: also the hash tag that keeps its keys on one Redis shard. */
  readonly provider: string;
  /** Ids from the provider down. */
  readonly quotas: readonly string[];
  /** In ascending order of key, in which backends lock them. */
  readonly windows: readonly GateWindow[];
}

export interface WindowState {
  readonly used: number;
  /** Until all that is counted now has left the window; 0 when nothing is. */
  readonly emptyInMs: number;
}

export interface ChainState {
  /** The backend's own clock. */
  readonly now: Millis;
  /** In the order of `chain.windows`. */
  readonly windows: readonly WindowState[];
  /** Until one unit of the normal lane would pass; 0 when it would now. */
  readonly waitMs: number;
  /** Until the provider itself told us to stay away, 0 when it did not. */
  readonly backOffMs: number;
}

/**
 * Keeps the counts. A grant is atomic over all windows of the chain: all are counted, or none.
 * What is synchronous in one process stays so, since a call that need not wait should not pay for a promise.
 */
export interface GateBackend {
  readonly kind: 'memory' | 'redis' | 'postgres';
  /** Counts `weight` and gives 0, or counts nothing and gives the milliseconds after which it may be asked again. */
  take(chain: Chain, weight: number, lane: Lane): number | Promise<number>;
  peek(chain: Chain): ChainState | Promise<ChainState>;
  /** The provider told us to stay away: nobody passes for `ms`. A shorter time than one already told changes nothing. */
  backOff(chain: Chain, ms: number): void | Promise<void>;
  /** Forgets what was counted, and what the provider told us, for the narrowest quota of the chain alone. */
  reset(chain: Chain): void | Promise<void>;
}

/** What the gate sees of an outbound call. */
export interface GateRequest {
  readonly provider: string;
  readonly operation: string;
  readonly weight?: number;
  readonly lane?: Lane;
}

/** One quota as served under `/status`, with the field names of both earlier gates. */
export interface QuotaStatus {
  readonly provider: string;
  readonly tier: string;
  readonly used: number;
  readonly count: number;
  readonly limit: number;
  readonly remaining: number;
  /** 0 to 100, one decimal. */
  readonly usagePercentage: number;
  readonly utilizationPercent: number;
  /** ISO instant at which all that is counted now has come back. */
  readonly resetTime: string;
  /** True from 80 % on. */
  readonly warning: boolean;
  /** True when a normal call would be refused now. */
  readonly blocking: boolean;
  /** ISO instant until which the provider told us to stay away. */
  readonly backing_off_until: string | null;
  readonly backend: GateBackend['kind'];
  /** Every limit; the fields above are those of the one that is fullest. */
  readonly windows: readonly { readonly limit: number; readonly window_ms: number; readonly used: number; readonly remaining: number; readonly reserved_for_urgent: number }[];
}

export interface CheckResult {
  readonly allowed: boolean;
  /** Milliseconds after which it may be asked again; 0 when allowed. */
  readonly waitMs: number;
  readonly status: QuotaStatus;
}

export interface ResetRequest {
  /** Also what is not blocking. Needs a reason. */
  readonly force?: boolean;
  readonly reason?: string;
}

export interface Gate {
  /**
   * Asks for a call's units and waits for them in its lane, in order of arrival.
   * @param maxWaitMs longest wait; 0 never waits
   * @returns nothing when the call may go at once (no promise: the common case costs no turn of the loop)
   * @throws CodedError GATE_QUOTA_EXHAUSTED (with the wait in `retryAfterSeconds`), GATE_WEIGHT_TOO_LARGE, GATE_PROVIDER_UNKNOWN, GATE_CLOSED
   */
  acquire(request: GateRequest, maxWaitMs: number): void | Promise<void>;
  /** The provider answered "too many requests": nobody passes for `ms`. */
  backOff(request: GateRequest, ms: number): void;
  /** Counts `weight` when it may go now, and never waits. @param id a quota's id @throws GATE_PROVIDER_UNKNOWN, GATE_WEIGHT_TOO_LARGE */
  consume(id: string, weight?: number, lane?: Lane): Promise<CheckResult>;
  /** Whether one unit may go now; counts nothing. @throws GATE_PROVIDER_UNKNOWN */
  check(id: string): Promise<CheckResult>;
  /** @throws GATE_PROVIDER_UNKNOWN */
  status(id: string): Promise<QuotaStatus>;
  /** Every quota by id. */
  statuses(): Promise<Readonly<Record<string, QuotaStatus>>>;
  /**
   * Forgets the counts of quotas that are blocking: of `id` and its parts, or of all.
   * @returns what was reset, as it stood before @throws GATE_NOT_BLOCKING, GATE_PROVIDER_UNKNOWN, VALIDATION_FAILED (force without a reason)
   */
  reset(id: string | null, request: ResetRequest): Promise<readonly QuotaStatus[]>;
  /** Ids of all quotas. */
  readonly ids: readonly string[];
  /** Rejects whoever waits. */
  close(): void;
}
