/** Who tells a report: what corroboration counts. Pure. */
import type { Signal } from './signal.ts';

/**
 * The host of its page, so that one feed of many papers counts as many; for what a producer hands over the producer,
 * which could name any page.
 */
export const outletOf = ({ source, evidence }: Pick<Signal, 'source' | 'evidence'>): string =>
  source.startsWith('external.') ? source : new URL(evidence[0]!.url).hostname.replace(/^www\./, '');
