/** How a job keeps to the trace of what caused it. Tracing supplies the real one. */
export interface TraceContext {
  /** W3C traceparent of the span that is open now. */
  current(): string | null;
  /** Runs `fn` in a span that continues `traceparent`. */
  run<T>(traceparent: string | null, name: string, attributes: Readonly<Record<string, string | number>>, fn: () => Promise<T>): Promise<T>;
}

export const noTrace: TraceContext = Object.freeze({ current: () => null, run: (_traceparent, _name, _attributes, fn) => fn() } satisfies TraceContext);
