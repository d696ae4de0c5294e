/**
 * Own receivers: raw NMEA by UDP, from a TCP server, or from a file, decoded to reports.
 * Lives here: what the three share, and which one an address means. Not here: the sockets (nmea-transports.ts), the decoding (nmea/).
 */
import type { VesselReport } from '../../flow/reality/ports.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Random } from '../../kernel/random/random.ts';
import type { Timers } from '../../kernel/timers/index.ts';
import type { Clock, Millis } from '../../model/time.ts';
import { LineSplitter } from './line-splitter.ts';
import { createAisDecoder, type AisCounters, type AisMessage } from './nmea/index.ts';
import { parseNmeaSource } from './nmea-source.ts';
import { fileTransport, tcpTransport, udpTransport, type NmeaSink, type NmeaTransport } from './nmea-transports.ts';
import { toVesselReport } from './vessel-report.ts';

export type NmeaState = 'idle' | 'connecting' | 'open' | 'waiting' | 'ended' | 'closed';

export interface NmeaReceiverOptions {
  /** `udp://0.0.0.0:10110` listens, `tcp://host:port` connects, `file:///path` is read once to its end. */
  readonly source: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Logger;
  readonly onReport: (report: VesselReport) => void;
  /** Every message, those that tell of no vessel too. */
  readonly onMessage?: (message: AisMessage, at: Millis) => void;
  readonly onState?: (state: NmeaState) => void;
  /** TCP: without a byte for so long the peer is gone. Default 2 min. */
  readonly silentMs?: number;
}

export interface NmeaCounters extends AisCounters {
  readonly bytes: number;
  /** Lines that were too long to be one, dropped. */
  readonly overlong: number;
  readonly reports: number;
  /** Connections made (TCP), or 1. */
  readonly connects: number;
}

export interface NmeaReceiver {
  readonly state: NmeaState;
  /** Of a UDP receiver that asked for port 0; else null. */
  readonly port: number | null;
  /** @throws CodedError AIS_RECEIVER_FAILED when the port is taken or the file cannot be read; a TCP peer that is not there is waited for */
  start(): Promise<void>;
  counters(): NmeaCounters;
  close(): Promise<void>;
}

/** @throws CodedError AIS_SOURCE_INVALID */
export function createNmeaReceiver(options: NmeaReceiverOptions): NmeaReceiver {
  return new Receiver(options);
}

class Receiver implements NmeaReceiver {
  readonly #options: NmeaReceiverOptions;
  readonly #transport: NmeaTransport;
  readonly #decoder = createAisDecoder();
  readonly #splitter = new LineSplitter();
  readonly #onLine = (line: string): void => this.#read(line);
  readonly #counts = { bytes: 0, reports: 0, connects: 0 };
  #state: NmeaState = 'idle';

  constructor(options: NmeaReceiverOptions) {
    this.#options = options;
    const source = parseNmeaSource(options.source);
    const sink: NmeaSink = {
      bytes: (chunk, whole) => {
        this.#counts.bytes += chunk.length;
        this.#splitter.push(chunk.toString('latin1'), this.#onLine);
        if (whole) this.#splitter.end(this.#onLine);
      },
      cut: () => this.#splitter.end(this.#onLine),
      connected: () => void (this.#counts.connects += 1),
      state: (state) => this.#become(state),
    };
    this.#transport = source.kind === 'udp' ? udpTransport(source, sink, options.logger) : source.kind === 'file' ? fileTransport(source.path, sink, options.logger) : tcpTransport(source, sink, options);
  }

  get state(): NmeaState {
    return this.#state;
  }

  get port(): number | null {
    return this.#transport.port();
  }

  start(): Promise<void> {
    return this.#transport.start();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#become('closed');
    await this.#transport.close();
  }

  counters(): NmeaCounters {
    return { ...this.#decoder.counters(), ...this.#counts, overlong: this.#splitter.overlong };
  }

  #become(state: NmeaState): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.#options.onState?.(state);
  }

  #read(line: string): void {
    const now = this.#options.clock.now();
    const message = this.#decoder.line(line, now);
    if (!message) return;
    // The TAG block's time is the receiving station's own; a station whose clock is ahead does not tell the future.
    const at = Math.min(this.#decoder.sentence.tag?.at ?? now, now);
    this.#options.onMessage?.(message, at);
    const report = toVesselReport(message, at, this.#options.source);
    if (!report) return;
    this.#counts.reports += 1;
    this.#options.onReport(report);
  }
}
