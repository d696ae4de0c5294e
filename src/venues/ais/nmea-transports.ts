/** The three ways by which raw NMEA comes: a UDP port, a TCP server, a file. Not here: lines and messages (receivers.ts). */
import { createSocket } from 'node:dgram';
import { createReadStream, type ReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Random } from '../../kernel/random/random.ts';
import type { TimerHandle, Timers } from '../../kernel/timers/index.ts';
import { reconnectPauseMs } from './backoff.ts';
import { aisErrors } from './errors.ts';

/** What a transport hands over. */
export interface NmeaSink {
  /** @param whole the end of the chunk is the end of a line, as in a datagram */
  bytes(chunk: Buffer, whole: boolean): void;
  /** The stream has ended: what has no end is a line, or a truncated one. */
  cut(): void;
  connected(): void;
  state(state: 'connecting' | 'open' | 'waiting' | 'ended'): void;
}

export interface NmeaTransport {
  start(): Promise<void>;
  close(): Promise<void>;
  port(): number | null;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

const failed = (what: string, cause: NodeJS.ErrnoException, fix: string): Error => aisErrors.AIS_RECEIVER_FAILED({ detail: `${what}: ${cause.code ?? cause.message}`, fix, cause });

export function udpTransport(address: Address, sink: NmeaSink, logger: Logger): NmeaTransport {
  const socket = createSocket({ type: address.host.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
  let bound = false;
  return {
    port: () => (bound ? socket.address().port : null),
    start: () =>
      new Promise((resolve, reject) => {
        socket.once('error', (cause) => reject(failed(`Cannot listen on udp://${address.host}:${address.port}`, cause, 'Give AIS_NMEA a free port of this machine')));
        socket.bind(address.port, address.host, () => {
          bound = true;
          socket.removeAllListeners('error').on('error', (error) => logger.warn('ais_receiver_error', { message: error.message }));
          socket.on('message', (datagram) => sink.bytes(datagram, true));
          sink.connected();
          sink.state('open');
          resolve();
        });
      }),
    close: () => new Promise((done) => void socket.close(() => done())),
  };
}

export function fileTransport(path: string, sink: NmeaSink, logger: Logger): NmeaTransport {
  let stream: ReadStream | null = null;
  return {
    port: () => null,
    start: () =>
      new Promise((resolve, reject) => {
        stream = createReadStream(path);
        stream.once('open', () => {
          sink.connected();
          sink.state('open');
          resolve();
        });
        stream.on('data', (chunk) => sink.bytes(Buffer.from(chunk), false));
        stream.on('end', () => {
          sink.cut();
          sink.state('ended');
        });
        stream.on('error', (cause) => {
          logger.warn('ais_receiver_error', { message: cause.message });
          sink.state('ended');
          reject(failed(`Cannot read ${path}`, cause, 'Give AIS_NMEA a file that this user may read'));
        });
      }),
    close: async () => void stream?.destroy(),
  };
}

export interface TcpOptions {
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Logger;
  readonly silentMs?: number;
}

const SILENT_MS = 120_000;

/** Connects, and again when it is cut or silent, for as long as it is not closed. */
export function tcpTransport(address: Address, sink: NmeaSink, options: TcpOptions): NmeaTransport {
  let socket: Socket | null = null;
  let silence: TimerHandle | null = null;
  let retry: TimerHandle | null = null;
  let failures = 0;
  let closed = false;

  const lost = (from: Socket): void => {
    if (from !== socket || closed) return;
    socket = null;
    silence?.cancel();
    sink.cut();
    const pause = reconnectPauseMs(failures, options.random);
    failures += 1;
    sink.state('waiting');
    options.logger.info('ais_receiver_lost', { host: address.host, port: address.port, retry_in_ms: pause });
    retry = options.timers.after(pause, open);
  };
  const watch = (from: Socket): void => {
    silence?.cancel();
    silence = options.timers.after(options.silentMs ?? SILENT_MS, () => {
      options.logger.warn('ais_receiver_silent', { host: address.host, port: address.port, silent_ms: options.silentMs ?? SILENT_MS });
      from.destroy();
      lost(from);
    });
  };
  const open = (): void => {
    if (closed) return;
    sink.state('connecting');
    const next = connect({ host: address.host, port: address.port });
    socket = next;
    // Also while connecting: a peer that never answers is found by the same watch.
    watch(next);
    next.on('connect', () => {
      if (next !== socket) return;
      sink.connected();
      sink.state('open');
    });
    next.on('data', (chunk) => {
      if (next !== socket) return;
      failures = 0;
      watch(next);
      sink.bytes(chunk, false);
    });
    next.on('error', (error) => options.logger.warn('ais_receiver_error', { message: error.message }));
    next.on('close', () => lost(next));
  };
  return {
    port: () => null,
    start: async () => open(),
    close: async () => {
      closed = true;
      silence?.cancel();
      retry?.cancel();
      socket?.destroy();
    },
  };
}
