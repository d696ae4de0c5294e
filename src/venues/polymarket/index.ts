/** Polymarket: the client of its read side, its market channel, the source of statements, and its stand-in. */
export { createPolymarketClient } from './client.ts';
export type { EventQuery, PolymarketClient, PolymarketOptions } from './client.ts';
export { questionHorizon } from './horizon.ts';
export { createPolymarketLive } from './live.ts';
export type { PolymarketLive, PolymarketLiveOptions } from './live.ts';
export { createPolymarketSignals, POLYMARKET_SEARCHES, POLYMARKET_TAGS } from './signals.ts';
export type { PolymarketSignalsOptions } from './signals.ts';
export { createMarketStream } from './stream.ts';
export type { MarketStream, MarketStreamOptions, StreamState } from './stream.ts';
export type { LevelChange, MarketMessage } from './stream-messages.ts';
export { startPolymarketTwin } from './twin.ts';
export type { PolymarketTwin, PolymarketTwinOptions } from './twin.ts';
export type { GammaEvent, GammaMarket, OrderBook } from './wire.ts';
