/** Container freight rates: the Shanghai index, its stand-in, and subscribed indices from files. */
export { createFreightIndex } from './scfi.ts';
export type { FreightIndexOptions } from './scfi.ts';
export { createIndexCsvSource, parseIndexCsv, readIndexFile } from './csv-import.ts';
export type { IndexCsvOptions } from './csv-import.ts';
export { startFreightTwin } from './twin.ts';
export type { FreightTwinOptions } from './twin.ts';
export { createFreightosEstimates } from './freightos.ts';
export type { FreightosOptions } from './freightos.ts';
export { startFreightosTwin } from './freightos-twin.ts';
export type { FreightosTwinOptions } from './freightos-twin.ts';
export { ESTIMATED_LANES, lanesOf, QUOTED_LANES } from './quoted-lanes.ts';
export type { QuotedLane } from './quoted-lanes.ts';
