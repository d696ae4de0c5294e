/** What a web server of ours is made with. */
import type { Clock } from '../../model/time.ts';
import type { Authenticator } from '../auth/types.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import type { Tracing } from '../tracing/types.ts';

export interface HttpConfig {
  /** Shown in OpenAPI. */
  readonly version: string;
  /** Reads from this machine need no token. Default false. */
  readonly adminLoopback?: boolean;
  /** Proxies whose `X-Forwarded-For` is believed (addresses or networks). Default none. */
  readonly trustProxy?: readonly string[];
  /** Where admin routes may be called from (addresses or networks). Default: anywhere. */
  readonly adminAddresses?: readonly string[];
  /** Requests a minute of all callers together. 0: no limit, which is the default. */
  readonly globalLimitPerMinute?: number;
  /** Requests a minute of one caller: a user, a key, or an address that is not signed in. 0: no limit, which is the default. */
  readonly callerLimitPerMinute?: number;
  /** Largest body unless a route says otherwise. Default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** After `drain`, how long traffic is still taken while readiness says 503. Default 1,000. */
  readonly drainMs?: number;
  /** How long a repeat with the same Idempotency-Key gets the stored reply. Default 24 h. */
  readonly idempotencyTtlMs?: number;
  /** After how long a request that never finished may be run again. Default 60,000. */
  readonly idempotencyLeaseMs?: number;
}

export interface HttpOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly clock: Clock;
  /** Absent: only public and loopback routes answer. */
  readonly auth?: Authenticator;
  /** For idempotency keys. A route with `config.idempotent` needs it. */
  readonly db?: Database;
  readonly config: HttpConfig;
}
