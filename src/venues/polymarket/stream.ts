/**
 * Polymarket's market channel: one WebSocket kept alive, told apart from a dead one, and resubscribed when it is cut.
 * Lives here: the connection, heartbeats, duplicates and order. Not here: the messages' forms (stream-messages.ts).
 */
import { WebSocket } from 'ws';
import type { Logger } from '../../kernel/logging/types.ts';
import type { TimerHandle, Timers } from '../../kernel/timers/index.ts';
import { readMessage, STATE_KINDS, stateKeys, type MarketMessage } from './stream-messages.ts';

export type StreamState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

export interface MarketStreamOptions {
  /** `wss://ws-subscriptions-clob.polymarket.com/ws/market` or a twin's. */
  readonly url: string;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Called in the order in which the venue formed the messages of one token; never with a repeat. */
  readonly onMessage: (message: MarketMessage) => void;
  readonly onState?: (state: StreamState) => void;
}

export interface MarketStream {
  readonly state: StreamState;
  /** Opens the connection when it is the first. Kept over reconnects. */
  subscribe(tokenIds: readonly string[]): void;
  unsubscribe(tokenIds: readonly string[]): void;
  counters(): { readonly received: number; readonly repeats: number; readonly late: number; readonly unreadable: number; readonly connects: number };
  close(): void;
}

/** The venue cuts a connection that sends no PING for some ten seconds. */
const PING_MS = 10_000;
/** Two pings without a frame: the peer is gone, though the socket looks open. */
const SILENT_MS = 25_000;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000] as const;
/** Repeats are looked for among so many last messages. */
const REMEMBERED = 1_024;
const FRAME_BYTES_MAX = 4 << 20;

export function createMarketStream(options: MarketStreamOptions): MarketStream {
  return new Stream(options);
}

class Stream implements MarketStream {
  readonly #options: MarketStreamOptions;
  readonly #tokens = new Set<string>();
  readonly #recent = new Set<string>();
  readonly #newest = new Map<string, number>();
  readonly #counts = { received: 0, repeats: 0, late: 0, unreadable: 0, connects: 0 };
  #state: StreamState = 'idle';
  #socket: WebSocket | null = null;
  #failures = 0;
  #ping: TimerHandle | null = null;
  #silence: TimerHandle | null = null;
  #retry: TimerHandle | null = null;

  constructor(options: MarketStreamOptions) {
    this.#options = options;
  }

  get state(): StreamState {
    return this.#state;
  }

  counters(): ReturnType<MarketStream['counters']> {
    return { ...this.#counts };
  }

  subscribe(tokenIds: readonly string[]): void {
    const added = tokenIds.filter((id) => !this.#tokens.has(id));
    for (const id of added) this.#tokens.add(id);
    if (added.length === 0) return;
    if (this.#state === 'idle') this.#connect();
    else if (this.#state === 'open') this.#send({ assets_ids: added, operation: 'subscribe' });
  }

  unsubscribe(tokenIds: readonly string[]): void {
    const removed = tokenIds.filter((id) => this.#tokens.delete(id));
    // Markets come and go for as long as the desk runs: what is not listened to is not remembered.
    for (const id of removed) for (const key of STATE_KINDS) this.#newest.delete(`${key}/${id}`);
    if (removed.length > 0 && this.#state === 'open') this.#send({ assets_ids: removed, operation: 'unsubscribe' });
  }

  close(): void {
    this.#stopTimers();
    this.#retry?.cancel();
    this.#become('closed');
    this.#socket?.terminate();
    this.#socket = null;
  }

  #connect(): void {
    this.#become('connecting');
    this.#counts.connects += 1;
    const socket = new WebSocket(this.#options.url, { maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false });
    this.#socket = socket;
    // Also while connecting: a peer that accepts and says nothing is found by the same watch.
    this.#watch(socket);
    socket.on('open', () => {
      if (socket !== this.#socket) return;
      this.#become('open');
      this.#send({ assets_ids: [...this.#tokens], type: 'market', custom_feature_enabled: true });
      this.#beat(socket);
    });
    socket.on('message', (data, isBinary) => {
      if (socket !== this.#socket || isBinary) return;
      this.#failures = 0;
      this.#watch(socket);
      this.#receive(String(data));
    });
    socket.on('error', (error) => this.#options.logger.warn('polymarket_stream_error', { message: error.message }));
    socket.on('close', () => this.#lost(socket));
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#stopTimers();
    this.#socket = null;
    const delay = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)]!;
    this.#failures += 1;
    this.#become('waiting');
    this.#options.logger.info('polymarket_stream_lost', { retry_in_ms: delay });
    this.#retry = this.#options.timers.after(delay, () => this.#connect());
  }

  #beat(socket: WebSocket): void {
    this.#ping = this.#options.timers.after(PING_MS, () => {
      if (socket.readyState === WebSocket.OPEN) socket.send('PING');
      this.#beat(socket);
    });
  }

  #watch(socket: WebSocket): void {
    this.#silence?.cancel();
    this.#silence = this.#options.timers.after(SILENT_MS, () => {
      this.#options.logger.warn('polymarket_stream_silent', { silent_ms: SILENT_MS });
      socket.terminate();
      // `close` comes late or never from a half-open peer.
      this.#lost(socket);
    });
  }

  #stopTimers(): void {
    this.#ping?.cancel();
    this.#silence?.cancel();
  }

  #send(command: object): void {
    this.#socket?.send(JSON.stringify(command));
  }

  #become(state: StreamState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }

  #receive(text: string): void {
    if (text === 'PONG') return;
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      this.#counts.unreadable += 1;
      return this.#options.logger.warn('polymarket_stream_unreadable', { bytes: text.length });
    }
    for (const raw of Array.isArray(frame) ? frame : [frame]) this.#take(raw);
  }

  #take(raw: unknown): void {
    this.#counts.received += 1;
    const message = readMessage(raw);
    if (!message) {
      this.#counts.unreadable += 1;
      return;
    }
    if (this.#isRepeat(JSON.stringify(raw))) {
      this.#counts.repeats += 1;
      return;
    }
    const keys = stateKeys(message);
    if (keys.some((key) => (this.#newest.get(key) ?? Number.NEGATIVE_INFINITY) > message.at)) {
      this.#counts.late += 1;
      return;
    }
    for (const key of keys) this.#newest.set(key, message.at);
    this.#options.onMessage(message);
  }

  #isRepeat(text: string): boolean {
    if (this.#recent.has(text)) return true;
    this.#recent.add(text);
    if (this.#recent.size > REMEMBERED) this.#recent.delete(this.#recent.values().next().value!);
    return false;
  }
}
