/** Traces: what one request caused, over HTTP, jobs and calls to venues. W3C Trace Context in and out. */
import type { Attributes } from '@opentelemetry/api';
import type { TraceStore } from './store.ts';

export type { Attributes };

/** A span that is under way. */
export interface OpenSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** `00-<trace>-<span>-01`: what is sent on, and stored with a job. */
  readonly traceparent: string;
  /** Runs `fn` with this span as the current one. */
  enter<T>(fn: () => T): T;
  /** The object is kept, not copied. */
  set(attributes: Attributes): void;
  /** Marks it failed, with the exception's type and message. */
  fail(error: unknown): void;
  end(): void;
  /** Ends it without keeping or sending it. */
  discard(): void;
}

export interface Tracing {
  /** The current trace's id, null outside one. */
  traceId(): string | null;
  /** The current span as a `traceparent`, null outside a trace. */
  current(): string | null;
  /** Opens a span under `traceparent`, or a new trace when that is null or not one. The caller ends it. */
  begin(traceparent: string | null, name: string, attributes?: Attributes, options?: { readonly server?: boolean }): OpenSpan;
  /** Runs `fn` in a span under `traceparent`, or in a new trace; a throw or rejection marks the span failed. */
  run<T>(traceparent: string | null, name: string, attributes: Attributes, fn: (span: OpenSpan) => T): T;
  /** Runs `fn` in a span under the current one, or in a new trace. */
  span<T>(name: string, attributes: Attributes, fn: (span: OpenSpan) => T): T;
  /** Recent traces, for the viewer. */
  readonly store: TraceStore;
  /** Sends what waits for the collector. */
  shutdown(): Promise<void>;
}
