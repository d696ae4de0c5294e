/** What receivers have heard, as observations of each passage: an observation source like the published counts, only of today. */
import type { Database } from '../../../kernel/database/types.ts';
import { dayOf, iso, MINUTE_MS } from '../../../model/time.ts';
import { errors } from '../errors.ts';
import { vesselSeries, type Observation, type ObservationSource } from '../ports.ts';
import { lastHeard, vesselCounts } from './store.ts';

/** Busy waters say something each few seconds: after so long the receivers are deaf, and counts would fall as if ships had gone. */
const SILENT_MS = 15 * MINUTE_MS;

/** @param kind of the receivers behind it */
export function createVesselSource({ db, kind }: { readonly db: Database; readonly kind: 'real' | 'twin' }): ObservationSource {
  return {
    name: 'ais',
    kind,
    async fetch(asOf) {
      const heard = await lastHeard(db, asOf);
      if (heard === null || asOf - heard > SILENT_MS) {
        throw errors.VESSELS_NOT_HEARD({ detail: heard === null ? 'Nothing has been heard yet' : `The last report is of ${iso(heard)}`, fix: 'Check the receivers: AISSTREAM_API_KEY, AIS_NMEA' });
      }
      // Where nothing was heard for a day, 0 would be a claim: a station that fails is no strait without ships.
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
