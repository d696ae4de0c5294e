/** What receivers have heard, as observations of each passage: an observation source like the published counts, only of today. */
import type { Database } from '../../../kernel/database/types.ts';
import { dayOf } from '../../../model/time.ts';
import { vesselSeries, type Observation, type ObservationSource } from '../ports.ts';
import { vesselCounts } from './store.ts';

/** @param kind of the receivers behind it */
export function createVesselSource({ db, kind }: { readonly db: Database; readonly kind: 'real' | 'twin' }): ObservationSource {
  return {
    name: 'ais',
    kind,
    async fetch(asOf) {
      // Where nothing was ever heard, 0 would be a claim.
      const covered = (await vesselCounts(db, asOf)).filter((c) => c.heardAt !== null);
      return covered.flatMap((c) =>
        (['inside', 'waiting', 'diverted'] as const).map((what): Observation => ({
          series: vesselSeries(c.chokepoint, what),
          observedFor: dayOf(asOf),
          knownAt: asOf,
          value: c[what],
          unit: 'vessels',
          source: 'ais',
          url: 'https://www.itu.int/rec/R-REC-M.1371',
        })),
      );
    },
  };
}
