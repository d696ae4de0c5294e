/** Counts refusals for who sent a request: `auth_refusals_total` by error code. */
import { isCodedError } from '../errors/index.ts';
import type { Metrics } from '../metrics/types.ts';

export interface RefusalCounter {
  /** Counts the error when it is such a refusal. */
  count(error: unknown): void;
}

const STATUSES: ReadonlySet<number> = new Set([401, 403, 421]);

export function createRefusalCounter(metrics: Metrics): RefusalCounter {
  const refusals = metrics.counter('auth_refusals_total', 'Requests refused for who sent them, by error code', ['code']);
  return {
    count(error) {
      if (isCodedError(error) && STATUSES.has(error.status)) refusals.inc({ code: error.code });
    },
  };
}
