/**
 * aisstream.io: one WebSocket kept alive, subscribed within its three seconds, told apart from a dead one, opened again when it is cut.
 * Lives here: the connection, repeats, what is from the future. Not here: the frames' forms (aisstream-messages.ts).
 */
import { WebSocket, type RawData } from 'ws';
import type { VesselReport } from '../../flow/reality/ports.ts';
import type { Gate } from '../../kernel/gate/index.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Random } from '../../kernel/random/random.ts';
import type { TimerHandle, Timers } from '../../kernel/timers/index.ts';
import type { Clock } from '../../model/time.ts';
import { AISSTREAM_KINDS, readFrame } from './aisstream-messages.ts';
import { reconnectPauseMs } from './backoff.ts';

/** Two opposite corners, each `[latitude, longitude]` in degrees. */
export type BoundingBox = readonly [readonly [number, number], readonly [number, number]];

/** `refused`: the key is wrong; it is tried again, but hourly. */
export type AisStreamState = 'idle' | 'connecting' | 'open' | 'waiting' | 'refused' | 'closed';

export interface AisStreamOptions {
  /** `wss://stream.aisstream.io/v0/stream` or a twin's. */
  readonly url: string;
  /** Sent in the subscription and nowhere else. */
  readonly apiKey: string;
  readonly boxes: readonly BoundingBox[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly logger: Logger;
  /** Asked before each connection, as each brings a subscription. */
  readonly gate?: Pick<Gate, 'acquire'>;
  /** Each report once, in the order in which they came. */
  readonly onReport: (report: VesselReport) => void;
  readonly onState?: (state: AisStreamState) => void;
  /** Without a frame for so long the peer is gone. Default 60 s: any water worth watching says something each few seconds. */
  readonly silentMs?: number;
}

export interface AisStreamCounters {
  readonly frames: number;
  readonly reports: number;
  readonly repeats: number;
  readonly unreadable: number;
  /** From more than a minute ahead of our clock. */
  readonly ahead: number;
  readonly connects: number;
}

export interface AisStream {
  readonly state: AisStreamState;
  start(): void;
  counters(): AisStreamCounters;
  close(): void;
}

const SILENT_MS = 60_000;
const AHEAD_MS = 60_000;
/** A wrong key is not put right by knocking. */
const REFUSED_MS = 3_600_000;
/** However long the other side asks for: a slip of theirs must not leave us deaf until the next start. */
const PAUSE_ASKED_MS_MAX = 3_600_000;
const GATE_WAIT_MS = 5_000;
/** Repeats are looked for among so many last frames. */
const REMEMBERED = 4_096;
const FRAME_BYTES_MAX = 1 << 20;

export const createAisStream = (options: AisStreamOptions): AisStream => new Stream(options);

class Stream implements AisStream {
  readonly #options: AisStreamOptions;
  readonly #recent = new Set<string>();
  readonly #counts = { frames: 0, reports: 0, repeats: 0, unreadable: 0, ahead: 0, connects: 0 };
  #state: AisStreamState = 'idle';
  #socket: WebSocket | null = null;
  #failures = 0;
  #refused = false;
  #leastPauseMs = 0;
  #silence: TimerHandle | null = null;
  #retry: TimerHandle | null = null;

  constructor(options: AisStreamOptions) {
    this.#options = options;
  }

  get state(): AisStreamState {
    return this.#state;
  }

  counters(): AisStreamCounters {
    return { ...this.#counts };
  }

  start(): void {
    if (this.#state === 'idle') this.#pass();
  }

  close(): void {
    this.#silence?.cancel();
    this.#retry?.cancel();
    this.#become('closed');
    this.#socket?.terminate();
    this.#socket = null;
  }

  /** Through the gate to a connection; a gate that refuses is a pause like any other. */
  #pass(): void {
    this.#become('connecting');
    const refused = (error: unknown): void => {
      this.#options.logger.warn('aisstream_gate_refused', { message: error instanceof Error ? error.message : String(error) });
      this.#pause();
    };
    let pass: void | Promise<void>;
    try {
      pass = this.#options.gate?.acquire({ provider: 'aisstream', operation: 'subscribe' }, GATE_WAIT_MS);
    } catch (error) {
      return refused(error);
    }
    if (pass) pass.then(() => this.#connect(), refused);
    else this.#connect();
  }

  #connect(): void {
    if (this.#state === 'closed') return;
    this.#counts.connects += 1;
    const socket = new WebSocket(this.#options.url, { maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false });
    this.#socket = socket;
    // Also while connecting: a peer that accepts and says nothing is found by the same watch.
    this.#watch(socket);
    socket.on('open', () => {
      if (socket !== this.#socket) return;
      this.#become('open');
      const { apiKey, boxes } = this.#options;
      socket.send(JSON.stringify({ APIKey: apiKey, BoundingBoxes: boxes, FilterMessageTypes: AISSTREAM_KINDS }));
    });
    socket.on('message', (data) => {
      if (socket !== this.#socket) return;
      this.#watch(socket);
      this.#receive(textOf(data));
    });
    socket.on('unexpected-response', (request, response) => {
      const seconds = Number(response.headers['retry-after']);
      if (response.statusCode === 429 && Number.isFinite(seconds)) this.#leastPauseMs = Math.min(seconds * 1_000, PAUSE_ASKED_MS_MAX);
      this.#options.logger.warn('aisstream_upgrade_refused', { status: response.statusCode ?? 0 });
      request.destroy();
      this.#lost(socket);
    });
    // The message of a socket's error names the peer's address, never what was sent.
    socket.on('error', (error) => this.#options.logger.warn('aisstream_error', { message: error.message.replaceAll(this.#options.apiKey, '[redacted]') }));
    socket.on('close', () => this.#lost(socket));
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#pause();
  }

  #pause(): void {
    if (this.#state === 'closed') return;
    this.#silence?.cancel();
    const least = this.#refused ? REFUSED_MS : this.#leastPauseMs;
    const pause = reconnectPauseMs(this.#failures, this.#options.random, least);
    this.#failures += 1;
    this.#leastPauseMs = 0;
    this.#become(this.#refused ? 'refused' : 'waiting');
    this.#refused = false;
    this.#options.logger.info('aisstream_lost', { retry_in_ms: pause, failures: this.#failures });
    this.#retry = this.#options.timers.after(pause, () => this.#pass());
  }

  #watch(socket: WebSocket): void {
    this.#silence?.cancel();
    const silentMs = this.#options.silentMs ?? SILENT_MS;
    this.#silence = this.#options.timers.after(silentMs, () => {
      this.#options.logger.warn('aisstream_silent', { silent_ms: silentMs });
      socket.terminate();
      // `close` comes late or never from a half-open peer.
      this.#lost(socket);
    });
  }

  #become(state: AisStreamState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }

  #receive(text: string): void {
    this.#counts.frames += 1;
    const now = this.#options.clock.now();
    const frame = readFrame(parse(text), now);
    if (!frame) {
      this.#counts.unreadable += 1;
      return;
    }
    if (frame.kind === 'refusal') {
      this.#refused = /api ?key/i.test(frame.words);
      this.#options.logger.error('aisstream_refused', { said: frame.words.replaceAll(this.#options.apiKey, '[redacted]').slice(0, 200) });
      this.#socket?.terminate();
      return;
    }
    this.#failures = 0;
    if (this.#isRepeat(text)) {
      this.#counts.repeats += 1;
      return;
    }
    if (frame.report.at > now + AHEAD_MS) {
      this.#counts.ahead += 1;
      return;
    }
    this.#counts.reports += 1;
    this.#options.onReport(frame.report.at > now ? { ...frame.report, at: now } : frame.report);
  }

  #isRepeat(text: string): boolean {
    if (this.#recent.has(text)) return true;
    this.#recent.add(text);
    if (this.#recent.size > REMEMBERED) this.#recent.delete(this.#recent.values().next().value!);
    return false;
  }
}

/** The service sends its JSON as binary frames; a twin or a relay may send text. */
const textOf = (data: RawData): string => (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
