/** When each breaker opens, and for how long. */
export interface BreakerPolicy {
  /** Failures in a row after which it opens. */
  readonly failures: number;
  /** How long it stays open before one call may try again. */
  readonly openMs: number;
}

/** What a breaker without a policy of its own has. */
export const DEFAULT_BREAKER_POLICY: BreakerPolicy = Object.freeze({ failures: 5, openMs: 30_000 });

export const BREAKER_POLICIES: Readonly<Record<string, BreakerPolicy>> = Object.freeze({
  polymarket: { failures: 3, openMs: 60_000 },
  // It is down often and for long, and asking a GDELT that refuses lengthens the refusal.
  gdelt: { failures: 3, openMs: 300_000 },
  whatsapp: { failures: 5, openMs: 120_000 },
  email: { failures: 5, openMs: 120_000 },
  telegram: { failures: 5, openMs: 120_000 },
  database: { failures: 5, openMs: 15_000 },
  redis: { failures: 3, openMs: 10_000 },
});
