/** Traces in OpenTelemetry's terms, with a context of our own (no global state), kept in memory and sent on where a collector is named. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { TraceFlags, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { readableSpan, RecordedSpan, type Recorder } from './recorded-span.ts';
import { createTraceStore, type TraceStoreOptions } from './store.ts';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from './traceparent.ts';
import type { OpenSpan, Tracing } from './types.ts';

export interface TracingOptions {
  /** False: no spans are recorded, but each request and job still has a trace id, and passes it on. */
  readonly enabled: boolean;
  /** Default `bellwether`. */
  readonly service?: string;
  /** Where spans are sent as OTLP over HTTP, such as `http://collector:4318/v1/traces`. Default: nowhere. */
  readonly otlpUrl?: string;
  readonly otlpHeaders?: Readonly<Record<string, string>>;
  readonly store?: TraceStoreOptions;
}

export function createTracing(options: TracingOptions): Tracing {
  const { enabled, otlpUrl, service = 'bellwether' } = options;
  const store = createTraceStore(options.store);
  const processor = enabled && otlpUrl !== undefined ? exporterFor(otlpUrl, options.otlpHeaders) : null;
  const context = new AsyncLocalStorage<OpenSpan>();
  const recorder: Recorder = {
    context,
    service,
    resource: resourceFromAttributes({ 'service.name': service }),
    ended(span) {
      store.add(span);
      processor?.onEnd(readableSpan(span));
    },
  };

  const tracing: Tracing = {
    store,
    traceId: () => context.getStore()?.traceId ?? null,
    current: () => context.getStore()?.traceparent ?? null,
    begin(traceparent, name, attributes, how) {
      const parent = traceparent === null ? null : parseTraceparent(traceparent);
      // A caller that did not sample still gets its trace recorded here: the viewer is for our own operators.
      return enabled ? new RecordedSpan(recorder, parent, name, attributes, how?.server === true) : new SilentSpan(context, parent);
    },
    run: (traceparent, name, attributes, fn) => within(tracing.begin(traceparent, name, attributes), fn),
    span: (name, attributes, fn) => within(tracing.begin(tracing.current(), name, attributes), fn),
    shutdown: async () => processor?.shutdown(),
  };
  return Object.freeze(tracing);
}

/** OpenTelemetry's own queue and exporter: batches, a bounded queue, retries. */
function exporterFor(url: string, headers: Readonly<Record<string, string>> | undefined): BatchSpanProcessor {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: 5_000, ...(headers ? { headers: { ...headers } } : {}) });
  return new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000, maxQueueSize: 4_096 });
}

/** Carries the ids and records nothing. */
class SilentSpan implements OpenSpan {
  readonly #context: AsyncLocalStorage<OpenSpan>;
  readonly #flags: number;
  #traceparent: string | undefined;
  readonly traceId: string;

  constructor(context: AsyncLocalStorage<OpenSpan>, parent: SpanContext | null) {
    this.#context = context;
    this.traceId = parent?.traceId ?? newTraceId();
    this.#flags = parent?.traceFlags ?? TraceFlags.NONE;
  }
  get traceparent(): string {
    return (this.#traceparent ??= formatTraceparent({ traceId: this.traceId, spanId: newSpanId(), traceFlags: this.#flags }));
  }
  enter<T>(fn: () => T): T {
    return this.#context.run(this, fn);
  }
  set(): void {}
  fail(): void {}
  end(): void {}
  discard(): void {}
}

function within<T>(span: OpenSpan, fn: (span: OpenSpan) => T): T {
  let result: T;
  try {
    result = span.enter(() => fn(span));
  } catch (e) {
    span.fail(e);
    span.end();
    throw e;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  return result.then(
    (value: unknown) => {
      span.end();
      return value;
    },
    (e: unknown) => {
      span.fail(e);
      span.end();
      throw e;
    },
  ) as T;
}
