/** What a venue's twin is made of: routes and sockets that speak the venue's protocol, and a server that can be told to fail. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Millis } from '../../model/time.ts';
import type { TwinFaults } from './faults.ts';

export interface TwinRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The `:name` parts of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** As sent; empty without one. */
  readonly body: string;
}

/** `json` is written as JSON, `text` as it stands. */
export interface TwinReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

export interface TwinContext {
  /** The twin's now: the clock's, off by a `clock_skew` when one is set. */
  now(): Millis;
  /** Lists go through this, so that `duplicated` and `reordered` reach them. */
  arrange<T>(items: readonly T[]): readonly T[];
}

export interface TwinRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/markets`, `/markets/:id`: a `:name` takes one part of the path. */
  readonly path: string;
  /**
   * Needs the key of the twin: `control` in a header, `page` also in the address or the form.
   * Without a guard the route has the venue's own auth.
   */
  readonly guard?: 'control' | 'page';
  handle(request: TwinRequest, context: TwinContext): TwinReply | Promise<TwinReply>;
}

/** One WebSocket of a client, as the twin's protocol sees it. */
export interface TwinSocket {
  /** Frames in this order, after `arrange`; nothing while `half_open` holds. Strings go as text, the rest as JSON. */
  deliver(frames: readonly unknown[]): void;
  onText(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  close(code?: number, reason?: string): void;
}

export interface TwinSocketRoute {
  readonly path: string;
  open(socket: TwinSocket, context: TwinContext): void;
}

export interface TwinOptions {
  /** The venue's: `polymarket`. */
  readonly name: string;
  readonly clock: Clock;
  readonly routes: readonly TwinRoute[];
  readonly sockets?: readonly TwinSocketRoute[];
  /** Default 0: any free one. */
  readonly port?: number;
  /** Opens `/__twin/*` and the routes with a `guard`. Default: made at random. */
  readonly key?: string;
  readonly faults?: TwinFaults;
  /** The reply of an unknown path, in the venue's own words. Default 404 `{ error: 'not found' }`. */
  readonly notFound?: (request: TwinRequest) => TwinReply;
}

/** Requests seen so far; faults count under what they made of the request. */
export interface TwinCounters {
  readonly total: number;
  /** By `METHOD /route` of the route that answered, `unmatched` for the others. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** By status; `dropped` and `held` for those that got none. */
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly socketsOpened: number;
  readonly socketsOpen: number;
}

export interface TwinServer {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** `ws://127.0.0.1:PORT`. */
  readonly wsUrl: string;
  readonly port: number;
  /** For the header `x-twin-key`. */
  readonly key: string;
  readonly faults: TwinFaults;
  counters(): TwinCounters;
  /** Cuts what is open, those held half-open too, and frees the port. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
