/** Reads OTLP's JSON (opentelemetry-proto 1.x, `ExportTraceServiceRequest`) into spans of the viewer. Fields it does not know are ignored, as the protocol asks. */
import { z } from 'zod';
import { INSTANT_MAX } from '../../model/storable.ts';
import { redact } from '../logging/redact.ts';
import type { KeptSpan, SpanView } from './store.ts';

const anyValue = z.object({ stringValue: z.string().optional(), boolValue: z.boolean().optional(), intValue: z.union([z.string(), z.number()]).optional(), doubleValue: z.number().optional() });
const attributes = z.array(z.object({ key: z.string().max(200), value: anyValue.optional() })).max(128).default([]);
/** Nanoseconds since 1970, at most those of the last instant that the desk accepts: a later one has no date to show. */
const nanos = z
  .union([z.string().regex(/^\d{1,19}$/), z.number().nonnegative()])
  .refine((time) => Number(time) <= INSTANT_MAX * 1e6);

const span = z.object({
  traceId: z.string().regex(/^[0-9a-fA-F]{32}$/),
  spanId: z.string().regex(/^[0-9a-fA-F]{16}$/),
  parentSpanId: z.string().regex(/^([0-9a-fA-F]{16})?$/).optional(),
  name: z.string().max(500),
  kind: z.union([z.number(), z.string()]).optional(),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  status: z.object({ code: z.union([z.number(), z.string()]).optional(), message: z.string().max(2_000).optional() }).optional(),
});

/** What an exporter sends; spans are checked one by one, so that a bad one costs only itself. */
export const exportRequest = z.object({
  resourceSpans: z
    .array(z.object({ resource: z.object({ attributes }).optional(), scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).max(10_000).default([]) })).max(1_000).default([]) }))
    .max(1_000)
    .default([]),
});

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR_CODES = new Set<unknown>([2, '2', 'STATUS_CODE_ERROR']);

export interface Received {
  readonly spans: readonly KeptSpan[];
  /** Spans that were not of the right shape. */
  readonly rejected: number;
}

export function readExport(request: z.infer<typeof exportRequest>): Received {
  const spans: KeptSpan[] = [];
  let rejected = 0;
  for (const { resource, scopeSpans } of request.resourceSpans) {
    const service = String(plainAttributes(resource?.attributes ?? [])['service.name'] ?? 'unknown');
    for (const raw of scopeSpans.flatMap((scope) => scope.spans)) {
      const parsed = span.safeParse(raw);
      if (!parsed.success) {
        rejected += 1;
        continue;
      }
      const view = viewOf(parsed.data, service);
      spans.push({ traceId: parsed.data.traceId.toLowerCase(), view: () => view });
    }
  }
  return { spans, rejected };
}

function viewOf(s: z.infer<typeof span>, service: string): SpanView {
  const start = toMs(s.startTimeUnixNano);
  const kind = typeof s.kind === 'number' ? KINDS[s.kind] : KINDS.find((name) => s.kind === `SPAN_KIND_${name.toUpperCase()}`);
  return {
    span_id: s.spanId.toLowerCase(),
    parent_span_id: s.parentSpanId ? s.parentSpanId.toLowerCase() : null,
    name: s.name,
    kind: kind ?? 'internal',
    service,
    start_ms: start,
    duration_ms: Math.max(0, toMs(s.endTimeUnixNano) - start),
    status: ERROR_CODES.has(s.status?.code) ? 'error' : 'ok',
    message: s.status?.message ?? null,
    attributes: redact(plainAttributes(s.attributes)) as Record<string, unknown>,
  };
}

// A double holds nanoseconds since 1970 to 256 ns only: the milliseconds are taken off first.
const toMs = (time: string | number): number => {
  const ns = BigInt(typeof time === 'number' ? Math.round(time) : time);
  return Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
};

const plainAttributes = (list: z.infer<typeof attributes>): Record<string, unknown> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value?.stringValue ?? value?.boolValue ?? value?.doubleValue ?? (value?.intValue === undefined ? null : Number(value.intValue))]));
