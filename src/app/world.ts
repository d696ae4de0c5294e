/** The world outside, as the stages' ports: real venues for a live desk, twins that play the scenario for a replay. */
import type { Config } from '../config.ts';
import type { ObservationSource } from '../flow/reality/index.ts';
import type { SignalSource } from '../flow/signals/index.ts';
import type { Outbound } from '../kernel/outbound/index.ts';
import type { Clock, ManualClock } from '../model/time.ts';
import type { Scenario } from '../scenario/index.ts';
import { createFreightIndex, createFreightosEstimates, createIndexCsvSource, readIndexFile, startFreightTwin } from '../venues/freight/index.ts';
import { createGdeltClient, createGdeltSignals } from '../venues/gdelt/index.ts';
import { createFeedSource, parseNewsFeeds } from '../venues/news/index.ts';
import { createPolymarketClient, createPolymarketSignals, startPolymarketTwin } from '../venues/polymarket/index.ts';
import { createPortWatch, startPortWatchTwin } from '../venues/portwatch/index.ts';
import { liveReach, twinReach, type Reach } from './channels.ts';
import type { Ears } from './vessels.ts';

export interface World extends Reach {
  readonly signalSources: readonly SignalSource[];
  readonly observationSources: readonly ObservationSource[];
  /** Where the twin of WhatsApp shows the phones; null on a live desk. */
  readonly phoneUrl: string | null;
  /** Tells the twins where the desk listens, once it does. */
  listening(apiUrl: string): void;
  close(): Promise<void>;
}

/** @param clock wall-clock time */
export function liveWorld(config: Config, outbound: Outbound, ears: Pick<Ears, 'source'>, clock: Clock): World {
  const polymarket = createPolymarketClient({ outbound, gammaUrl: config.POLYMARKET_GAMMA_URL, clobUrl: config.POLYMARKET_CLOB_URL });
  return {
    signalSources: [createPolymarketSignals({ client: polymarket, kind: 'real' }), ...newsSources(config, outbound, clock)],
    observationSources: [createPortWatch({ outbound, url: config.PORTWATCH_URL, kind: 'real' }), ...freightSources(config, outbound), ...(ears.source ? [ears.source] : [])],
    ...liveReach(config, outbound, clock),
    phoneUrl: null,
    listening: () => undefined,
    close: async () => undefined,
  };
}

function newsSources(config: Config, outbound: Outbound, clock: Clock): readonly SignalSource[] {
  const gdelt = createGdeltSignals({ client: createGdeltClient({ outbound, url: config.GDELT_URL }), kind: 'real', clock });
  return [gdelt, ...(parseNewsFeeds(config.NEWS_FEEDS ?? '') ?? []).map((feed) => createFeedSource({ outbound, ...feed, kind: 'real' }))];
}

function freightSources(config: Config, outbound: Outbound): readonly ObservationSource[] {
  const { FREIGHTOS_URL: freightos, FREIGHT_CSV: path, FREIGHT_CSV_URL: url } = config;
  return [
    createFreightIndex({ outbound, url: config.SCFI_URL, kind: 'real' }),
    ...(freightos === undefined ? [] : [createFreightosEstimates({ outbound, url: freightos, kind: 'real' })]),
    ...(path === undefined ? [] : [createIndexCsvSource({ source: 'freight-csv', url, file: () => readIndexFile(path) })]),
  ];
}

/**
 * @param clock the scenario's now: each sweep moves it to its own `as_of` before it asks
 * @param wall in which messages are sent
 */
export async function scenarioWorld(config: Config, outbound: Outbound, scenario: Scenario, home: string, clock: ManualClock, wall: Clock): Promise<World> {
  const polymarketTwin = await startPolymarketTwin({ scenario, clock });
  const portWatchTwin = await startPortWatchTwin({ scenario, clock });
  const freightTwin = await startFreightTwin({ scenario, clock });
  const reach = await twinReach(config, outbound, home, wall);
  const polymarket = createPolymarketClient({ outbound, gammaUrl: polymarketTwin.url, clobUrl: polymarketTwin.url });
  return {
    signalSources: [inScenarioTime(createPolymarketSignals({ client: polymarket, kind: 'twin' }), clock)],
    observationSources: [
      inScenarioTime(createPortWatch({ outbound, url: portWatchTwin.url, kind: 'twin' }), clock),
      inScenarioTime(createFreightIndex({ outbound, url: freightTwin.url, kind: 'twin' }), clock),
    ],
    channels: reach.channels,
    webhooks: reach.webhooks,
    phoneUrl: reach.phoneUrl,
    listening: (apiUrl) => reach.listening(apiUrl),
    async close() {
      await reach.close();
      for (const twin of [freightTwin, portWatchTwin, polymarketTwin]) await twin.close();
    },
  };
}

/** The twins answer by the scenario's now. It is set from the sweep's own `as_of`, so that a repeat after a crash sees what the first try saw. */
function inScenarioTime<S extends { fetch(asOf: number, ...rest: never[]): unknown }>(source: S, clock: ManualClock): S {
  return {
    ...source,
    fetch: (asOf: number, ...rest: never[]) => {
      clock.set(asOf);
      return source.fetch(asOf, ...rest);
    },
  };
}
