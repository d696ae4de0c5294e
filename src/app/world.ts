/** The world outside, as the stages' ports: real venues for a live desk, twins that play the scenario for a replay. */
import type { Config } from '../config.ts';
import type { ObservationSource } from '../flow/reality/index.ts';
import { classify, type RawStatement, type SignalSource } from '../flow/signals/index.ts';
import type { Logger } from '../kernel/logging/types.ts';
import type { Timers } from '../kernel/timers/index.ts';
import type { Outbound } from '../kernel/outbound/index.ts';
import type { Clock, ManualClock, Millis } from '../model/time.ts';
import type { Scenario } from '../scenario/index.ts';
import { createFreightIndex, createFreightosEstimates, createIndexCsvSource, readIndexFile, startFreightTwin } from '../venues/freight/index.ts';
import { createGdeltClient, createGdeltSignals } from '../venues/gdelt/index.ts';
import { createFeedSource, parseNewsFeeds } from '../venues/news/index.ts';
import { createMarketStream, createPolymarketClient, createPolymarketLive, createPolymarketSignals, startPolymarketTwin } from '../venues/polymarket/index.ts';
import { createPortWatch, startPortWatchTwin } from '../venues/portwatch/index.ts';
import { liveReach, twinReach, type Reach } from './channels.ts';
import type { Ears } from './vessels.ts';

export interface World extends Reach {
  readonly signalSources: readonly SignalSource[];
  readonly observationSources: readonly ObservationSource[];
  /** Where the twin of WhatsApp shows the phones, with the key of that page; null on a live desk. */
  readonly phoneUrl: string | null;
  /** Where prices that move between two sweeps go; without it they are not heard. */
  hearing(take: (statements: readonly RawStatement[], asOf: Millis) => Promise<void>): void;
  /** Tells the twins where the desk listens, once it does. */
  listening(apiUrl: string): void;
  close(): Promise<void>;
}

/** What a live world runs on, beside the way out. */
export interface LiveDeps {
  /** Wall-clock time. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}

export function liveWorld(config: Config, outbound: Outbound, ears: Pick<Ears, 'source'>, { clock, timers, logger }: LiveDeps): World {
  const client = createPolymarketClient({ outbound, gammaUrl: config.POLYMARKET_GAMMA_URL, clobUrl: config.POLYMARKET_CLOB_URL });
  let take: Parameters<World['hearing']>[0] = async () => undefined;
  // It connects when the first sweep has found markets, so only where sweeps run.
  const polymarket = createPolymarketLive({
    client, kind: 'real', clock, timers, logger,
    relevant: (question) => classify(question).kind === 'classified',
    stream: (onMessage) => createMarketStream({ url: config.POLYMARKET_WS_URL, timers, logger, onMessage }),
    onStatements: (statements, asOf) => take(statements, asOf),
  });
  return {
    signalSources: [polymarket.source, ...newsSources(config, outbound, clock)],
    observationSources: [createPortWatch({ outbound, url: config.PORTWATCH_URL, kind: 'real' }), ...freightSources(config, outbound), ...(ears.source ? [ears.source] : [])],
    ...liveReach(config, outbound, clock),
    phoneUrl: null,
    hearing: (sink) => void (take = sink),
    listening: () => undefined,
    close: async () => polymarket.close(),
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
    hearing: () => undefined,
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
