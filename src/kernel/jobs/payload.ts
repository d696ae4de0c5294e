/** What a job carries: the payload as JSON beside the trace that it belongs to. */
import type { ZodError } from 'zod';
import { common } from '../errors/index.ts';
import type { JobDefinition } from './types.ts';

/** An object, never an array: graphile-worker would take an array for a batch. */
export interface Envelope {
  /** Payload. */
  readonly p: unknown;
  /** W3C traceparent of who enqueued it. */
  readonly t?: string;
}

/** @returns the envelope as JSON text @throws CodedError VALIDATION_FAILED */
export function sealPayload<P>(job: JobDefinition<P>, payload: P, traceparent: string | null): string {
  const lost = firstLoss(payload, 'payload');
  if (lost) {
    throw common.VALIDATION_FAILED({ detail: `${job.name}: ${lost.field} is ${lost.what}, which JSON cannot carry`, field: lost.field, fix: 'Money and times go as strings' });
  }
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) throw common.VALIDATION_FAILED({ detail: `the payload of ${job.name} is not of its shape`, issues: issuesOf(parsed.error) });
  const envelope: Envelope = traceparent === null ? { p: payload } : { p: payload, t: traceparent };
  return JSON.stringify(envelope);
}

export function issuesOf(error: ZodError): { field: string; message: string }[] {
  return error.issues.map((issue) => ({ field: ['payload', ...issue.path.map(String)].join('.'), message: issue.message }));
}

/** Anything that would come back from JSON as something else. A field that is undefined is left out, as JSON does. */
function firstLoss(value: unknown, field: string): { readonly field: string; readonly what: string } | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : { field, what: String(value) };
  if (typeof value !== 'object') return { field, what: `a ${typeof value}` };
  if (Array.isArray(value)) return value.reduce<ReturnType<typeof firstLoss>>((found, item, i) => found ?? firstLoss(item, `${field}[${i}]`), null);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return { field, what: `a ${value.constructor?.name ?? 'class'}` };
  for (const [key, item] of Object.entries(value)) {
    const found = item === undefined ? null : firstLoss(item, `${field}.${key}`);
    if (found) return found;
  }
  return null;
}
