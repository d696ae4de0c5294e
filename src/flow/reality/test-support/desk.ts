/** For tests: sources that play given observations as they became known, and a desk around them. */
import { readFileSync } from 'node:fs';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { createMetrics } from '../../../kernel/metrics/index.ts';
import type { Database } from '../../../kernel/database/types.ts';
import { addDays, DAY_MS, ManualClock, startOfDay, type IsoDay } from '../../../model/time.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { createSignals, type RawStatement } from '../../signals/index.ts';
import { transitSeries, type Observation, type ObservationSource } from '../ports.ts';
import { createReality, type ChangedStates } from '../service.ts';

/** PortWatch publishes about this many days late. */
export const LAG_DAYS = 6;

export const PORTWATCH_FILE = 'risk/portwatch/chokepoint-transits-2022-2026.json';
export const portwatchPath = sharedData(PORTWATCH_FILE);

export function observation(day: IsoDay, value: number, change: Partial<Observation> = {}): Observation {
  return { series: transitSeries('hormuz'), observedFor: day, knownAt: startOfDay(day) + LAG_DAYS * DAY_MS, value, unit: 'vessels/day', source: 'portwatch', url: 'https://portwatch.imf.org/', ...change };
}

/** Recorded daily transits of a passage, total and container. */
export function recordedTransits(passage: string, id: ChokepointId, from: IsoDay, to: IsoDay): Observation[] {
  const { chokepoints } = JSON.parse(readFileSync(portwatchPath!, 'utf8')) as { chokepoints: Record<string, { history: { date: string; total: number; container: number }[] }> };
  return chokepoints[passage]!.history
    .filter((d) => d.date >= from && d.date <= to)
    .flatMap((d) => [observation(d.date, d.total, { series: transitSeries(id) }), observation(d.date, d.container, { series: transitSeries(id, 'container') })]);
}

/** Answers only what is known, as a twin does. */
export const playing = (name: string, all: readonly Observation[]): ObservationSource => ({
  name,
  kind: 'twin',
  fetch: async (asOf, since) => all.filter((o) => o.knownAt <= asOf && (since === null || o.observedFor >= since)),
});

const silentBus = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };

export function realityDesk(db: Database, sources: readonly ObservationSource[], statements: readonly RawStatement[] = [], onChanged: (changed: ChangedStates) => void = () => undefined) {
  const told: ChangedStates[] = [];
  const shared = { db, clock: new ManualClock(0), logger: silentLogger, metrics: createMetrics({ processDefaults: false }), events: silentBus };
  const reality = createReality({
    ...shared,
    sources,
    onChanged: async (_tx, changed) => {
      onChanged(changed);
      told.push(changed);
    },
  });
  const signals = createSignals({ ...shared, sources: [{ name: 'polymarket', kind: 'twin', fetch: async (asOf) => statements.filter((s) => s.knownAt <= asOf) }], onStored: async () => undefined });
  return { reality, signals, told };
}

/** Calm traffic of about `mean` ships for `days` days. */
export const calm = (from: IsoDay, days: number, mean = 70, change: Partial<Observation> = {}): Observation[] => Array.from({ length: days }, (_, i) => observation(addDays(from, i), mean + ((i * 7) % 11) - 5, change));
