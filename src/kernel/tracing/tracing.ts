/** Traces on OpenTelemetry's SDK, with a context of our own (no global state), kept in memory and sent on where a collector is named. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Span, type SpanContext, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { redactText } from '../logging/redact.ts';
import { createTraceStore, storeProcessor, type TraceStoreOptions } from './store.ts';
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
  const { otlpUrl } = options;
  const keep = createTraceStore(options.store);
  const provider = options.enabled ? providerFor(options, otlpUrl, storeProcessor(keep)) : null;
  const tracer = provider?.getTracer('bellwether') ?? null;
  const context = new AsyncLocalStorage<OpenSpan>();

  const tracing: Tracing = {
    store: keep,
    traceId: () => context.getStore()?.traceId ?? null,
    current: () => context.getStore()?.traceparent ?? null,
    begin(traceparent, name, attributes, how) {
      const parent = traceparent === null ? null : parseTraceparent(traceparent);
      return tracer && how?.quiet !== true ? new RecordedSpan(tracer, context, parent, name, attributes, how?.server === true) : new SilentSpan(context, parent);
    },
    run: (traceparent, name, attributes, fn) => within(tracing.begin(traceparent, name, attributes), fn),
    span: (name, attributes, fn) => within(tracing.begin(tracing.current(), name, attributes), fn),
    shutdown: async () => provider?.shutdown(),
  };
  return Object.freeze(tracing);
}

function providerFor(options: TracingOptions, otlpUrl: string | undefined, keep: SpanProcessor): NodeTracerProvider {
  const processors = [keep];
  if (otlpUrl !== undefined) {
    const exporter = new OTLPTraceExporter({ url: otlpUrl, timeoutMillis: 5_000, ...(options.otlpHeaders ? { headers: { ...options.otlpHeaders } } : {}) });
    processors.push(new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000, maxQueueSize: 4_096 }));
  }
  return new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service ?? 'bellwether' }),
    spanProcessors: processors,
    spanLimits: { attributeCountLimit: 32, attributeValueLengthLimit: 1_024, eventCountLimit: 16 },
    idGenerator: { generateTraceId: newTraceId, generateSpanId: newSpanId },
  });
}

class RecordedSpan implements OpenSpan {
  readonly #span: Span;
  readonly #context: AsyncLocalStorage<OpenSpan>;
  #traceparent: string | undefined;
  readonly traceId: string;

  constructor(tracer: Tracer, context: AsyncLocalStorage<OpenSpan>, parent: SpanContext | null, name: string, attributes: Attributes | undefined, server: boolean) {
    // A caller that did not sample still gets its trace recorded here: the viewer is for our own operators.
    const under = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: TraceFlags.SAMPLED });
    this.#span = tracer.startSpan(name, { kind: server ? SpanKind.SERVER : SpanKind.INTERNAL, ...(attributes ? { attributes } : {}) }, under);
    this.#context = context;
    this.traceId = this.#span.spanContext().traceId;
  }
  get traceparent(): string {
    return (this.#traceparent ??= formatTraceparent(this.#span.spanContext()));
  }
  enter<T>(fn: () => T): T {
    return this.#context.run(this, fn);
  }
  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }
  fail(error: unknown): void {
    const code = (error as { code?: unknown } | null)?.code;
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: redactText(error instanceof Error ? error.message : String(error)) });
    this.#span.setAttributes({ 'error.type': typeof code === 'string' ? code : error instanceof Error ? error.name : 'Error' });
  }
  end(): void {
    this.#span.end();
  }
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
