/**
 * A span as we record it: plain fields, turned into OpenTelemetry's shape when it is shown or exported.
 * The SDK's own span costs 12 µs of CPU a request (limits, hrtime pairs, sanitised copies, 2 KB that live on); this one 1 µs.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { SpanKind, SpanStatusCode, TraceFlags, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { redact, redactText } from '../logging/redact.ts';
import type { KeptSpan, SpanView } from './store.ts';
import { formatTraceparent, newSpanId, newTraceId } from './traceparent.ts';
import type { OpenSpan } from './types.ts';

/** Where spans belong and go. */
export interface Recorder {
  readonly context: AsyncLocalStorage<OpenSpan>;
  readonly resource: Resource;
  readonly service: string;
  /** Called once a span has ended. */
  readonly ended: (span: RecordedSpan) => void;
}

const MAX_ATTRIBUTES = 32;
const SCOPE = Object.freeze({ name: 'bellwether' });

export class RecordedSpan implements OpenSpan, KeptSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly server: boolean;
  readonly recorder: Recorder;
  /** Milliseconds since the process began; `performance.timeOrigin` makes it a time of day. */
  readonly startedAt: number;
  endedAt = -1;
  failure: string | null = null;
  /** Given at the start and shared by many; what is set later is beside it. */
  readonly given: Attributes | undefined;
  added: Attributes | null = null;

  constructor(recorder: Recorder, parent: SpanContext | null, name: string, given: Attributes | undefined, server: boolean) {
    this.recorder = recorder;
    this.traceId = parent === null ? newTraceId() : parent.traceId;
    this.spanId = newSpanId();
    this.parentSpanId = parent === null ? null : parent.spanId;
    this.name = name;
    this.server = server;
    this.given = given;
    this.startedAt = performance.now();
  }
  get traceparent(): string {
    return formatTraceparent(this.spanContext());
  }
  spanContext(): SpanContext {
    return { traceId: this.traceId, spanId: this.spanId, traceFlags: TraceFlags.SAMPLED };
  }
  enter<T>(fn: () => T): T {
    return this.recorder.context.run(this, fn);
  }
  set(attributes: Attributes): void {
    this.added = this.added === null ? attributes : { ...this.added, ...attributes };
  }
  fail(error: unknown): void {
    const code = (error as { code?: unknown } | null)?.code;
    this.failure = redactText(error instanceof Error ? error.message : String(error));
    this.set({ 'error.type': typeof code === 'string' ? code : error instanceof Error ? error.name : 'Error' });
  }
  end(): void {
    if (this.endedAt >= 0) return;
    this.endedAt = performance.now();
    this.recorder.ended(this);
  }
  discard(): void {
    if (this.endedAt < 0) this.endedAt = performance.now();
  }
  view(): SpanView {
    return {
      span_id: this.spanId,
      parent_span_id: this.parentSpanId,
      name: this.name,
      kind: this.server ? 'server' : 'internal',
      service: this.recorder.service,
      start_ms: performance.timeOrigin + this.startedAt,
      duration_ms: this.endedAt - this.startedAt,
      status: this.failure === null ? 'ok' : 'error',
      message: this.failure,
      attributes: attributesOf(this),
    };
  }
}

function attributesOf({ given, added }: RecordedSpan): Attributes {
  const all = Object.entries({ ...given, ...added }).slice(0, MAX_ATTRIBUTES);
  return redact(Object.fromEntries(all)) as Attributes;
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];

/** As OpenTelemetry's exporters read it. */
export function readableSpan(span: RecordedSpan): ReadableSpan {
  const { parentSpanId, traceId, failure } = span;
  return {
    name: span.name,
    kind: span.server ? SpanKind.SERVER : SpanKind.INTERNAL,
    spanContext: () => span.spanContext(),
    ...(parentSpanId === null ? {} : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED } }),
    startTime: hrTime(performance.timeOrigin + span.startedAt),
    endTime: hrTime(performance.timeOrigin + span.endedAt),
    duration: hrTime(span.endedAt - span.startedAt),
    status: failure === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: failure },
    attributes: attributesOf(span),
    links: [],
    events: [],
    ended: true,
    resource: span.recorder.resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
