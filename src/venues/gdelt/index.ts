/** GDELT: the client of its article search, the source of reports, and its stand-in. */
export { createGdeltClient } from './client.ts';
export type { GdeltArticle, GdeltClient, GdeltOptions } from './client.ts';
export { PASSAGE_QUERIES, queryOf } from './passages.ts';
export type { PassageQuery } from './passages.ts';
export { createGdeltSignals } from './signals.ts';
export type { GdeltSignalsOptions } from './signals.ts';
export { startGdeltTwin } from './twin.ts';
export type { GdeltTwinArticle, GdeltTwinOptions } from './twin.ts';
