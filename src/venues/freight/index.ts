/** Container freight rates: the Shanghai index, its stand-in, and subscribed indices from files. */
export { createIndexCsvSource, parseIndexCsv } from './csv-import.ts';
export type { IndexCsvOptions } from './csv-import.ts';
export { createScfiSource } from './scfi.ts';
export type { ScfiOptions } from './scfi.ts';
export { startFreightTwin } from './twin.ts';
export type { FreightTwinOptions } from './twin.ts';
