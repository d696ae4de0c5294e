/** Ears for ships: aisstream and an own receiver, as far as they are set up, heard into the tracks. A live desk's worker has them. */
import type { Config } from '../config.ts';
import { createVesselIntake, createVesselSource, listeningBox, PASSAGE_AREAS, type ObservationSource } from '../flow/reality/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { systemRandom } from '../kernel/random/random.ts';
import { createAisStream, createNmeaReceiver } from '../venues/ais/index.ts';
import type { Kernel } from './kernel.ts';

export interface Ears {
  /** Counts of what was heard, for the sweeps; null when nothing listens. */
  readonly source: ObservationSource | null;
  /** @throws CodedError AIS_RECEIVER_FAILED */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const DEAF: Ears = Object.freeze({ source: null, start: async () => undefined, stop: async () => undefined });

export function createEars(kernel: Kernel, db: Database, config: Config): Ears {
  const { clock, timers, logger, metrics, gate } = kernel;
  if (config.AISSTREAM_API_KEY === undefined && config.AIS_NMEA === undefined) return DEAF;
  const intake = createVesselIntake({ db, logger, metrics, timers });
  const heard = { clock, timers, random: systemRandom, logger, onReport: intake.hear };
  const stream = config.AISSTREAM_API_KEY === undefined ? null : createAisStream({ ...heard, url: config.AISSTREAM_URL, apiKey: config.AISSTREAM_API_KEY, boxes: PASSAGE_AREAS.map(listeningBox), gate });
  const receiver = config.AIS_NMEA === undefined ? null : createNmeaReceiver({ ...heard, source: config.AIS_NMEA });
  return {
    source: createVesselSource({ db, kind: 'real' }),
    async start() {
      stream?.start();
      await receiver?.start();
    },
    async stop() {
      stream?.close();
      await receiver?.close();
      await intake.stop();
    },
  };
}
