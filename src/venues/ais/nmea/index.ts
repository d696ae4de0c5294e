/** AIVDM/AIVDO decoding: lines to typed messages of types 1 to 27. Knows no socket and no clock. */
export { communicationState } from './communication-state.ts';
export type { CommunicationState } from './communication-state.ts';
export { createAisDecoder } from './decoder.ts';
export type { AisCounters, AisDecoder } from './decoder.ts';
export type { ApplicationContent } from './applications/read-application.ts';
export { aidTypeText, epfdText, hazardText, loadedText, navigationStatusText, shipTypeText, stationTypeText } from './legends.ts';
export type { BinaryData } from './bits.ts';
export type { AisMessage } from './read-message.ts';
export type { Sentence } from './sentence.ts';
export type { TagBlock } from './tag-block.ts';
