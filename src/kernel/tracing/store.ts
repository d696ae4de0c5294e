/** The last spans of this process, and those sent to its intake, in memory and bounded. Not here: how they are shown. */

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
  /** Spans that are not shown because the trace has too many. */
  readonly dropped_spans: number;
}

/** A span of this process, which is made readable when somebody looks. */
export interface KeptSpan {
  readonly traceId: string;
  view(): SpanView;
}

export interface TraceStore {
  add(span: KeptSpan): void;
  get(traceId: string): TraceView | null;
  /** Newest first. */
  list(limit: number): readonly TraceView[];
  /** Spans kept. */
  readonly size: number;
}

export interface TraceStoreOptions {
  /** Spans kept, the newest. Default 10,000: about 5 MB, and at 200 requests a second the last 50 s. */
  readonly maxSpans?: number;
  /** Spans shown of one trace, the newest. Default 300. */
  readonly maxSpansShown?: number;
}

/** A ring of spans, put together to traces when somebody looks: keeping one costs a write to an array. */
export function createTraceStore({ maxSpans = 10_000, maxSpansShown = 300 }: TraceStoreOptions = {}): TraceStore {
  const ring: KeptSpan[] = [];
  let next = 0;

  /** Oldest first. */
  const inOrder = (): KeptSpan[] => (ring.length < maxSpans ? ring : [...ring.slice(next), ...ring.slice(0, next)]);

  function traceOf(traceId: string, kept: readonly KeptSpan[]): TraceView {
    const shown = kept.slice(-maxSpansShown).map((span) => span.view());
    const spans = shown.sort((a, b) => a.start_ms - b.start_ms);
    const start = spans[0]?.start_ms ?? 0;
    const end = spans.reduce((latest, span) => Math.max(latest, span.start_ms + span.duration_ms), start);
    return {
      trace_id: traceId,
      name: spans[0]?.name ?? '',
      start_ms: start,
      duration_ms: end - start,
      status: spans.some((span) => span.status === 'error') ? 'error' : 'ok',
      spans,
      dropped_spans: kept.length - spans.length,
    };
  }

  return {
    add(span) {
      if (ring.length < maxSpans) return void ring.push(span);
      ring[next] = span;
      next = (next + 1) % maxSpans;
    },
    get(traceId) {
      const kept = inOrder().filter((span) => span.traceId === traceId);
      return kept.length === 0 ? null : traceOf(traceId, kept);
    },
    list(limit) {
      const traces = new Map<string, KeptSpan[]>();
      for (const span of inOrder()) {
        const kept = traces.get(span.traceId);
        // Put last again: the order is that of each trace's newest span.
        if (kept) traces.delete(span.traceId);
        traces.set(span.traceId, kept ? (kept.push(span), kept) : [span]);
      }
      return [...traces].slice(-limit).reverse().map(([id, kept]) => traceOf(id, kept));
    },
    get size() {
      return ring.length;
    },
  };
}
