/**
 * Takes what receivers hear, a batch at a time, and keeps the tracks. Reports that come faster than they can be stored are dropped and counted:
 * the next report of the same ship, seconds later, says it again.
 */
import type { Database } from '../../../kernel/database/types.ts';
import type { Logger } from '../../../kernel/logging/types.ts';
import type { Metrics } from '../../../kernel/metrics/types.ts';
import type { Timers } from '../../../kernel/timers/types.ts';
import type { VesselReport } from '../ports.ts';
import { lockTracks, saveEvents, saveTracks } from './store.ts';
import { advance, type Dropped, type VesselEvent, type VesselTrack } from './track.ts';

export interface VesselIntakeDeps {
  readonly db: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly timers: Timers;
  /** A batch is stored this often. Default 2,000. */
  readonly everyMs?: number;
  /** Reports that wait; more are dropped. Default 50,000, about 10 MB. */
  readonly mostWaiting?: number;
}

export interface VesselIntake {
  /** Never waits and never throws: a receiver must not stand still because the database does. */
  hear(report: VesselReport): void;
  /** Stores what waits. */
  flush(): Promise<void>;
  /** Stores what waits, and takes no more. */
  stop(): Promise<void>;
}

/** Reports stored in one transaction. */
const BATCH = 5_000;

export function createVesselIntake(deps: VesselIntakeDeps): VesselIntake {
  const { db, logger, metrics, timers, everyMs = 2_000, mostWaiting = 50_000 } = deps;
  const heard = metrics.counter('riskcast_vessel_reports_total', 'AIS reports taken, by what became of them', ['outcome']);
  let waiting: VesselReport[] = [];
  let storing: Promise<void> | null = null;
  let stopped = false;
  let failing = false;

  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      const counts = await takeReports(db, batch);
      waiting = waiting.slice(batch.length);
      for (const [outcome, n] of Object.entries(counts)) if (n > 0) heard.inc({ outcome }, n);
    }
  }

  const flush = (): Promise<void> => {
    storing ??= storeAll()
      .then(() => {
        if (failing) logger.info('vessel_reports_stored_again', {});
        failing = false;
      })
      .catch((error: unknown) => {
        // The batch stays and is tried again with the next; an outage is told once.
        if (!failing) logger.warn('vessel_reports_not_stored', { error, waiting: waiting.length });
        failing = true;
      })
      .finally(() => (storing = null));
    return storing;
  };
  let timer = timers.after(everyMs, tick);
  function tick(): void {
    void flush().then(() => {
      if (!stopped) timer = timers.after(everyMs, tick);
    });
  }

  return {
    hear(report) {
      if (stopped) return;
      if (waiting.length >= mostWaiting) return void heard.inc({ outcome: 'dropped' });
      waiting.push(report);
    },
    flush,
    async stop() {
      stopped = true;
      timer.cancel();
      await storing;
      await flush();
    },
  };
}

/** How many reports came to what. */
export type TakenReports = Readonly<Record<'taken' | Dropped, number>>;

/**
 * Moves the tracks on by these reports, in the order of their time, in one transaction. Repeating it changes nothing: a report that is not newer
 * than its track is old.
 */
export async function takeReports(db: Database, reports: readonly VesselReport[]): Promise<TakenReports> {
  const ordered = reports.toSorted((a, b) => a.at - b.at || a.mmsi - b.mmsi);
  const counts = { taken: 0, old: 0, implausible: 0 };
  await db.transaction(async (tx) => {
    Object.assign(counts, { taken: 0, old: 0, implausible: 0 });
    const tracks = new Map<number, VesselTrack>(await lockTracks(tx, [...new Set(ordered.map((r) => r.mmsi))].sort((a, b) => a - b)));
    const moved = new Set<number>();
    const events: VesselEvent[] = [];
    for (const report of ordered) {
      const { track, events: told, dropped } = advance(tracks.get(report.mmsi) ?? null, report);
      counts[dropped ?? 'taken'] += 1;
      if (dropped !== null) continue;
      tracks.set(report.mmsi, track);
      moved.add(report.mmsi);
      events.push(...told);
    }
    await saveTracks(tx, [...moved].map((mmsi) => tracks.get(mmsi)!));
    await saveEvents(tx, events);
  });
  return counts;
}
