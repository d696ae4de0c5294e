/** The last traces of this process, and those sent to its intake, in memory and bounded. Not here: how they are shown. */
import { SpanKind, SpanStatusCode, type HrTime } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { redact } from '../logging/redact.ts';

export interface SpanView {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly service: string;
  /** Epoch milliseconds with fraction. */
  readonly start_ms: number;
  readonly duration_ms: number;
  readonly status: 'ok' | 'error';
  readonly message: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface TraceView {
  readonly trace_id: string;
  /** Name of the span that began first. */
  readonly name: string;
  readonly start_ms: number;
  readonly duration_ms: number;
  readonly status: 'ok' | 'error';
  readonly spans: readonly SpanView[];
  /** Spans that were not kept because the trace had too many. */
  readonly dropped_spans: number;
}

export interface TraceStore {
  add(traceId: string, span: SpanView | ReadableSpan): void;
  get(traceId: string): TraceView | null;
  /** Newest first. */
  list(limit: number): readonly TraceView[];
  readonly size: number;
}

export interface TraceStoreOptions {
  /** Traces kept; the one touched longest ago goes first. Default 500. */
  readonly maxTraces?: number;
  /** Spans kept of a trace. Default 300. */
  readonly maxSpans?: number;
}

interface Kept {
  readonly spans: (SpanView | ReadableSpan)[];
  dropped: number;
}

export function createTraceStore({ maxTraces = 500, maxSpans = 300 }: TraceStoreOptions = {}): TraceStore {
  const traces = new Map<string, Kept>();

  // Spans are kept as they come and made readable when somebody looks: adding one costs a push.
  function view(traceId: string, kept: Kept): TraceView {
    const spans = kept.spans.map((span) => ('span_id' in span ? span : viewOf(span))).sort((a, b) => a.start_ms - b.start_ms);
    const start = spans[0]?.start_ms ?? 0;
    const end = spans.reduce((latest, span) => Math.max(latest, span.start_ms + span.duration_ms), start);
    return {
      trace_id: traceId,
      name: spans[0]?.name ?? '',
      start_ms: start,
      duration_ms: end - start,
      status: spans.some((span) => span.status === 'error') ? 'error' : 'ok',
      spans,
      dropped_spans: kept.dropped,
    };
  }

  return {
    add(traceId, span) {
      let kept = traces.get(traceId);
      if (kept) traces.delete(traceId);
      else kept = { spans: [], dropped: 0 };
      traces.set(traceId, kept);
      if (kept.spans.length < maxSpans) kept.spans.push(span);
      else kept.dropped += 1;
      if (traces.size > maxTraces) traces.delete(traces.keys().next().value!);
    },
    get(traceId) {
      const kept = traces.get(traceId);
      return kept ? view(traceId, kept) : null;
    },
    list: (limit) => [...traces].slice(-limit).reverse().map(([id, kept]) => view(id, kept)),
    get size() {
      return traces.size;
    },
  };
}

/** Writes ended spans to the store. */
export function storeProcessor(store: TraceStore): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => store.add(span.spanContext().traceId, span),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
}

const KINDS: Readonly<Record<SpanKind, SpanView['kind']>> = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
};

const toMs = ([seconds, nanos]: HrTime): number => seconds * 1e3 + nanos / 1e6;

function viewOf(span: ReadableSpan): SpanView {
  return {
    span_id: span.spanContext().spanId,
    parent_span_id: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    kind: KINDS[span.kind],
    service: String(span.resource.attributes['service.name'] ?? 'bellwether'),
    start_ms: toMs(span.startTime),
    duration_ms: toMs(span.duration),
    status: span.status.code === SpanStatusCode.ERROR ? 'error' : 'ok',
    message: span.status.message ?? null,
    attributes: redact(span.attributes) as Record<string, unknown>,
  };
}
