/** The `traceparent` header of W3C Trace Context (Recommendation of 2021-11-23, section 3.2). */
import { randomFillSync } from 'node:crypto';
import { TraceFlags, type SpanContext } from '@opentelemetry/api';

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-|$)/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** @returns null when it is not a valid one: the trace then begins here, as the standard asks */
export function parseTraceparent(header: string): SpanContext | null {
  const m = TRACEPARENT.exec(header);
  // Version 00 has exactly four fields; a later one may have more behind a dash.
  if (!m || m[1] === NO_TRACE || m[2] === NO_SPAN || (header.startsWith('00') && header.length !== 55)) return null;
  return { traceId: m[1]!, spanId: m[2]!, traceFlags: Number.parseInt(m[3]!, 16) & TraceFlags.SAMPLED, isRemote: true };
}

export const formatTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string => `00-${traceId}-${spanId}-0${traceFlags & 1}`;

// Random bytes are drawn 4 KB at a time: one call of the kernel's generator for 170 spans instead of one each.
const pool = Buffer.allocUnsafe(4_096);
let used = pool.length;

function randomHex(bytes: number): string {
  for (;;) {
    if (used + bytes > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const hex = pool.toString('hex', used, (used += bytes));
    if (!/^0+$/.test(hex)) return hex;
  }
}

export const newTraceId = (): string => randomHex(16);
export const newSpanId = (): string => randomHex(8);
