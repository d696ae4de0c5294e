/** How long a report counts: data. An event counts until its horizon. */
import { DAY_MS, HOUR_MS, type Millis } from '../../../model/time.ts';

export const REPORT_EXPIRY_MS = 72 * HOUR_MS;
/** A source may say otherwise, up to here: what is still so after a month can be told again. */
export const REPORT_EXPIRY_MAX_MS = 30 * DAY_MS;

/** Whether a report may say that it counts until then. */
export const isReportExpiry = (observedAt: Millis, expiresAt: Millis): boolean => expiresAt > observedAt && expiresAt - observedAt <= REPORT_EXPIRY_MAX_MS;

/** @param given what the source says @returns epoch milliseconds */
export const reportExpiry = (observedAt: Millis, given: Millis | undefined): Millis => given ?? observedAt + REPORT_EXPIRY_MS;
