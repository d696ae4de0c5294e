/** The world outside, as the stages' ports: real venues for a live desk, twins that play the scenario for a replay. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { AlertsDeps, MessageChannel } from '../flow/alerts/index.ts';
import type { ObservationSource } from '../flow/reality/index.ts';
import type { SignalSource } from '../flow/signals/index.ts';
import type { Outbound } from '../kernel/outbound/index.ts';
import { ManualClock } from '../model/time.ts';
import type { Scenario } from '../scenario/index.ts';
import { createFreightIndex, startFreightTwin } from '../venues/freight/index.ts';
import { createPolymarketClient, createPolymarketSignals, startPolymarketTwin } from '../venues/polymarket/index.ts';
import { createPortWatch, startPortWatchTwin } from '../venues/portwatch/index.ts';
import { ALERT_TEMPLATE, createWhatsAppClient, createWhatsAppWebhook, startWhatsAppTwin, whatsAppChannel } from '../venues/whatsapp/index.ts';
import type { Ears } from './vessels.ts';

export interface World {
  readonly signalSources: readonly SignalSource[];
  readonly observationSources: readonly ObservationSource[];
  /** Those that are set up. */
  readonly channels: readonly MessageChannel[];
  readonly webhooks: AlertsDeps['webhooks'];
  /** Where the twin of WhatsApp shows the phones; null on a live desk. */
  readonly phoneUrl: string | null;
  /** Tells the twins where the desk listens, once it does. */
  listening(apiUrl: string): void;
  close(): Promise<void>;
}

export function liveWorld(config: Config, outbound: Outbound, ears: Pick<Ears, 'source'>): World {
  const polymarket = createPolymarketClient({ outbound, gammaUrl: config.POLYMARKET_GAMMA_URL, clobUrl: config.POLYMARKET_CLOB_URL });
  const { WHATSAPP_TOKEN: token, WHATSAPP_PHONE_ID: phoneId, WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = config;
  const whatsapp = token !== undefined && phoneId !== undefined ? whatsAppClient(config, outbound, config.WHATSAPP_API_URL, token, phoneId) : null;
  return {
    signalSources: [createPolymarketSignals({ client: polymarket, kind: 'real' })],
    observationSources: [createPortWatch({ outbound, url: config.PORTWATCH_URL, kind: 'real' }), createFreightIndex({ outbound, url: config.SCFI_URL, kind: 'real' }), ...(ears.source ? [ears.source] : [])],
    channels: whatsapp ? [whatsapp] : [],
    webhooks: { whatsapp: appSecret !== undefined && verifyToken !== undefined ? createWhatsAppWebhook({ appSecret, verifyToken }) : undefined },
    phoneUrl: null,
    listening: () => undefined,
    close: async () => undefined,
  };
}

/** Secrets between the desk and its own twin: no one else ever sees them, and they open nothing else. */
const TWIN = Object.freeze({ token: 'twin-token', phoneId: '100000000000001', appSecret: 'twin-app-secret', verifyToken: 'twin-verify-token' });

/** @param clock the scenario's now: each sweep moves it to its own `as_of` before it asks */
export async function scenarioWorld(config: Config, outbound: Outbound, scenario: Scenario, home: string, clock: ManualClock): Promise<World> {
  const polymarketTwin = await startPolymarketTwin({ scenario, clock });
  const portWatchTwin = await startPortWatchTwin({ scenario, clock });
  const freightTwin = await startFreightTwin({ scenario, clock });
  const whatsAppTwin = await startWhatsAppTwin({ accessToken: TWIN.token, phoneNumberId: TWIN.phoneId, appSecret: TWIN.appSecret, journalPath: join(home, 'whatsapp-twin.ndjson'), templates: [ALERT_TEMPLATE] });
  const polymarket = createPolymarketClient({ outbound, gammaUrl: polymarketTwin.url, clobUrl: polymarketTwin.url });
  return {
    signalSources: [inScenarioTime(createPolymarketSignals({ client: polymarket, kind: 'twin' }), clock)],
    observationSources: [
      inScenarioTime(createPortWatch({ outbound, url: portWatchTwin.url, kind: 'twin' }), clock),
      inScenarioTime(createFreightIndex({ outbound, url: freightTwin.url, kind: 'twin' }), clock),
    ],
    channels: [whatsAppClient(config, outbound, whatsAppTwin.url, TWIN.token, TWIN.phoneId)],
    webhooks: { whatsapp: createWhatsAppWebhook({ appSecret: TWIN.appSecret, verifyToken: TWIN.verifyToken }) },
    phoneUrl: `${whatsAppTwin.url}/twin/phone`,
    listening: (apiUrl) => whatsAppTwin.callback(`${apiUrl}/webhooks/whatsapp`),
    async close() {
      for (const twin of [whatsAppTwin, freightTwin, portWatchTwin, polymarketTwin]) await twin.close();
    },
  };
}

function whatsAppClient(config: Config, outbound: Outbound, baseUrl: string, accessToken: string, phoneNumberId: string): MessageChannel {
  const client = createWhatsAppClient(outbound, { baseUrl, apiVersion: config.WHATSAPP_API_VERSION, phoneNumberId, accessToken });
  return whatsAppChannel(client, { name: config.WHATSAPP_TEMPLATE, languages: ['en'] });
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
