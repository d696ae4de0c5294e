/** What a web server of ours is made with. */
import type { Socket } from 'node:net';
import type { Clock } from '../../model/time.ts';
import type { Authenticator } from '../auth/types.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import type { Tracing } from '../tracing/types.ts';
import type { Authorisation } from './authorisation.ts';

export interface HttpConfig {
  /** Shown in OpenAPI. */
  readonly version: string;
  /** Routes with `local: 'read'` answer programs of this machine without a token. Default false. */
  readonly adminLoopback?: boolean;
  /** The secret of the token file: proves that a caller at this machine may read the desk's folder. Default: none. */
  readonly localToken?: string;
  /** Where people reach the console. Its host and origin are allowed. */
  readonly publicUrl?: string;
  /** Further names that clients use for this server (`Host`); `*` for any. Default: private names and addresses only. */
  readonly allowedHosts?: readonly string[];
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
  /** How often the credential of an open WebSocket is checked again. Default 30,000. */
  readonly socketRecheckMs?: number;
  /** A request must have arrived whole within this time. Default 30,000. */
  readonly requestTimeoutMs?: number;
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
  /**
   * Every route and WebSocket that may be registered, `METHOD /pattern` → its rule. A route that is missing here or has
   * another rule stops the start. Default: no check.
   */
  readonly authorisation?: Authorisation;
  /** For tests: whether the process at the other end of a connection belongs to the desk's user. */
  readonly ownsPeer?: (socket: Socket) => Promise<boolean | null>;
  readonly config: HttpConfig;
}
