/** Where the figures of the shipped scenarios are from. */
export const PORTWATCH_URL = 'https://portwatch.imf.org/';

export const PORTWATCH = { source: 'IMF PortWatch, daily chokepoint transit calls, based on UN Global Platform AIS data', licence: 'with attribution; terms at portwatch.imf.org', url: PORTWATCH_URL, retrieved: '2026-07-27' };
export const FORECASTBENCH = { source: 'ForecastBench question sets and resolutions (prices of Polymarket markets at their freeze dates)', licence: 'CC BY-SA 4.0', url: 'https://www.forecastbench.org/', retrieved: '2026-08-20' };
export const METAFORECAST = { source: 'Daily forecasts of Metaculus, Manifold and Good Judgment Open, as kept by metaforecast-downloader', licence: 'MIT', url: 'https://metaforecast.org/', retrieved: '2024-11-30' };
export const DREWRY = { source: 'Drewry World Container Index, as archived by the Internet Archive', licence: "Drewry's figures, with attribution", url: 'https://www.drewry.co.uk/supply-chain-advisors/supply-chain-expertise/world-container-index-assessed-by-drewry', retrieved: '2026-04-17' };
export const MARNET = { source: 'Eurostat marnet sea network, UN/LOCODE ports (distances of the invented voyages)', licence: 'Apache-2.0', url: 'https://github.com/eurostat/searoute', retrieved: '2026-07-27' };
