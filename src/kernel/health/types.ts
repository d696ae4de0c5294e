/** One registry of components, checked in the background and rendered in several dialects by `edge/dialects`. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy' | 'disabled';

export interface ComponentCheck {
  /** `database`, `redis`, `omen`, `oracle`, `riskcast`, `alerter`, … */
  readonly name: string;
  /** An unhealthy critical component makes the whole unhealthy; another only degrades it. */
  readonly critical: boolean;
  /** Default 5,000. */
  readonly intervalMs?: number;
  /** Throwing is unhealthy. */
  check(signal: AbortSignal): Promise<CheckResult>;
}

export interface CheckResult {
  readonly status: HealthStatus;
  readonly message?: string;
  /** Whether this result is critical; default: the component's own `critical`. */
  readonly critical?: boolean;
}

export interface ComponentState {
  readonly name: string;
  readonly status: HealthStatus;
  readonly critical: boolean;
  readonly latency_ms: number;
  readonly message: string | null;
  /** ISO instants. */
  readonly checked_at: string;
  readonly since: string;
  readonly last_error: { readonly at: string; readonly message: string } | null;
  readonly history: readonly { readonly at: string; readonly status: HealthStatus; readonly latency_ms: number }[];
}

export interface HealthRegistry {
  register(check: ComponentCheck): void;
  /** The last known states; touches no dependency. */
  states(): readonly ComponentState[];
  overall(): HealthStatus;
  /** Checks one now, or all. */
  refresh(name?: string): Promise<void>;
}
