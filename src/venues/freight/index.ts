/** Container freight rates: the Shanghai index, its stand-in, and subscribed indices from files. */
export { createFreightIndex } from './scfi.ts';
export type { FreightIndexOptions } from './scfi.ts';
export { createIndexCsvSource, parseIndexCsv } from './csv-import.ts';
export type { IndexCsvOptions } from './csv-import.ts';
export { startFreightTwin } from './twin.ts';
export type { FreightTwinOptions } from './twin.ts';
