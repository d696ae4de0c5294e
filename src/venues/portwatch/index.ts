/** IMF PortWatch: ships through passages, as a source of observations, and its stand-in. */
export { createPortWatch } from './client.ts';
export type { PortWatchOptions } from './client.ts';
export { startPortWatchTwin } from './twin.ts';
export type { PortWatchTwinOptions } from './twin.ts';
