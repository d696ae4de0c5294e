/** PortWatch's wire forms: an ArcGIS feature service, and the names under which it files passages and ship classes. */
import { z } from 'zod';
import { VenueFault } from '../../kernel/outbound/types.ts';
import type { TransitClass } from '../../flow/reality/ports.ts';
import type { ChokepointId } from '../../model/place.ts';
import { dayOf, SECOND_MS, startOfDay, type IsoDay } from '../../model/time.ts';

/** `portname` of the chokepoints that the desk follows, as of the 2026-07 edition. */
export const PORTWATCH_NAMES: Readonly<Record<ChokepointId, string>> = Object.freeze({
  bab_el_mandeb: 'Bab el-Mandeb Strait',
  bosphorus: 'Bosporus Strait',
  cape_of_good_hope: 'Cape of Good Hope',
  dover: 'Dover Strait',
  gibraltar: 'Gibraltar Strait',
  hormuz: 'Strait of Hormuz',
  malacca: 'Malacca Strait',
  panama: 'Panama Canal',
  suez: 'Suez Canal',
});

export const PORTWATCH_FIELDS: Readonly<Record<TransitClass, string>> = Object.freeze({
  total: 'n_total',
  container: 'n_container',
  dry_bulk: 'n_dry_bulk',
  general_cargo: 'n_general_cargo',
  roro: 'n_roro',
  tanker: 'n_tanker',
});

export const LAYER = '/Daily_Chokepoints_Data/FeatureServer/0/query';

/** Epoch milliseconds at midnight UTC; as text where the service's date column is date-only. */
const day = z.union([z.number().transform(dayOf), z.string().transform((text): IsoDay => dayOf(startOfDay(text.slice(0, 10))))]);
const count = z.number().min(0).nullish();

const attributes = z.object({ date: day, portname: z.string(), n_total: count, n_container: count, n_dry_bulk: count, n_general_cargo: count, n_roro: count, n_tanker: count });
export type PortWatchRow = z.output<typeof attributes>;

const page = z.object({ features: z.array(z.object({ attributes })), exceededTransferLimit: z.boolean().nullish() });
const failure = z.object({ error: z.object({ code: z.number(), message: z.string().nullish(), details: z.array(z.string()).nullish() }) });

export interface PortWatchPage {
  readonly rows: readonly PortWatchRow[];
  /** There is more behind this page. */
  readonly more: boolean;
}

/** ArcGIS has told the wait in its details ("… after 60 seconds"); where it does not, the header's `Retry-After` is taken by outbound. @returns milliseconds */
function waitIn(details: readonly string[]): number | null {
  const seconds = details.map((text) => /(\d{1,5})\s*(?:second|sec\b)/i.exec(text)?.[1]).find((s) => s !== undefined);
  return seconds === undefined ? null : Number(seconds) * SECOND_MS;
}

/**
 * One page of the layer.
 * @throws VenueFault for an error, which ArcGIS sends with HTTP status 200 @throws ZodError for another shape
 */
export function readPage(body: unknown): PortWatchPage {
  const failed = failure.safeParse(body);
  if (failed.success) {
    const { code, message, details } = failed.data.error;
    const wait = code === 429 ? waitIn(details ?? []) : null;
    throw new VenueFault([message, ...(details ?? [])].filter((t) => t).join(' ') || `ArcGIS error ${code}`, {
      status: code,
      venueCode: String(code),
      retryable: code === 429 || code >= 500,
      countsForBreaker: code >= 500,
      ...(wait === null ? {} : { retryAfterMs: wait }),
    });
  }
  const read = page.parse(body);
  return { rows: read.features.map((f) => f.attributes), more: read.exceededTransferLimit ?? false };
}
