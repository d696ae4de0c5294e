/** AIS: aisstream's client, own receivers of raw NMEA, the decoder, the one report shape of all, and the stand-ins. */
export { createAisStream } from './aisstream.ts';
export type { AisStream, AisStreamCounters, AisStreamOptions, AisStreamState, BoundingBox } from './aisstream.ts';
export { createAisDecoder } from './nmea/index.ts';
export type { AisCounters, AisDecoder, AisMessage } from './nmea/index.ts';
export { startNmeaFeeder } from './nmea-feeder.ts';
export type { NmeaFeeder, NmeaFeederOptions } from './nmea-feeder.ts';
export { parseNmeaSource } from './nmea-source.ts';
export type { NmeaSource } from './nmea-source.ts';
export { createNmeaReceiver } from './receivers.ts';
export type { NmeaCounters, NmeaReceiver, NmeaReceiverOptions, NmeaState } from './receivers.ts';
export { startAisStreamTwin } from './twin.ts';
export type { AisStreamTwin, AisStreamTwinOptions } from './twin.ts';
export { asAisStreamFrame, framesOf } from './twin-frames.ts';
export type { TimedFrame } from './twin-frames.ts';
export { toVesselReport } from './vessel-report.ts';
