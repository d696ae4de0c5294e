/** `/ws/events`: tells open consoles what happens, as it happens. A console that cannot keep up is dropped: it connects anew and asks for what is now. */
import type { WebSocket } from 'ws';
import { isCodedError } from '../errors/index.ts';
import type { EventBus } from '../events/types.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import { gaugeFrom } from '../metrics/gauge-from.ts';
import type { Http } from './create-http.ts';
import { readAccess } from './types.ts';

export interface WsEventsOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Default `/ws/events`. */
  readonly path?: string;
  /** Default 500. */
  readonly maxConnections?: number;
  /** Default 50. */
  readonly maxPerCaller?: number;
  /** A connection that has more unsent than this is dropped. Default 1 MiB. */
  readonly maxBufferedBytes?: number;
  /** A ping each; one that was not answered by the next ends the connection. Default 30,000. */
  readonly heartbeatMs?: number;
}

/** 1013: try again later (RFC 6455's registry). */
const TRY_LATER = 1013;
const TOO_SLOW = 4008;

/**
 * @param hello what is sent first: `{ mode, as_of }`
 * @example wsEvents(http, bus, async () => ({ mode: 'REPLAY', as_of }), { metrics, logger });
 */
export function wsEvents<Events extends Record<string, object>>(http: Pick<Http, 'app' | 'socket'>, bus: EventBus<Events>, hello: () => object | Promise<object>, options: WsEventsOptions): void {
  const { metrics, logger, path = '/ws/events', maxConnections, maxPerCaller, maxBufferedBytes = 1_048_576, heartbeatMs = 30_000 } = options;
  const sent = metrics.counter('websocket_messages_sent_total', 'Messages sent to WebSockets');
  const received = metrics.counter('websocket_messages_received_total', 'Messages received from WebSockets');
  const dropped = metrics.counter('websocket_dropped_total', 'WebSockets that were ended by us', ['why']);
  const open = new Map<WebSocket, { alive: boolean }>();
  gaugeFrom(metrics, 'websocket_connections_active', 'Open WebSockets', () => open.size);

  function drop(socket: WebSocket, why: 'slow' | 'silent'): void {
    open.delete(socket);
    dropped.inc({ why });
    logger.info('websocket_dropped', { why, buffered_bytes: socket.bufferedAmount });
    // What is buffered would be sent before a closing handshake: a socket that does not read is cut instead.
    if (why === 'slow') socket.close(TOO_SLOW, 'Too slow');
    socket.terminate();
  }

  function send(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBufferedBytes) return drop(socket, 'slow');
    socket.send(text);
    sent.inc();
  }

  const unsubscribe = bus.subscribeAll((name, payload) => {
    if (open.size === 0) return;
    // Written once for all.
    const text = JSON.stringify({ type: name, ...payload });
    for (const socket of open.keys()) send(socket, text);
  });

  const heartbeat = setInterval(() => {
    for (const [socket, state] of open) {
      if (!state.alive) {
        drop(socket, 'silent');
        continue;
      }
      state.alive = false;
      socket.ping();
    }
  }, heartbeatMs);
  heartbeat.unref();
  http.app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    unsubscribe();
  });

  function take(socket: WebSocket): void {
    const state = { alive: true };
    socket.on('pong', () => (state.alive = true));
    // Nothing is asked for over it; what comes is counted and left.
    socket.on('message', () => received.inc());
    socket.on('close', () => open.delete(socket));
    Promise.resolve()
      .then(hello)
      .then((first) => {
        if (socket.readyState !== socket.OPEN) return;
        // Hello is first: events are for those that were greeted.
        send(socket, JSON.stringify({ type: 'hello', ...first }));
        open.set(socket, state);
      })
      .catch((error: unknown) => {
        logger.warn('websocket_hello_failed', { error });
        socket.close(TRY_LATER, isCodedError(error) ? error.code : 'INTERNAL');
      });
  }

  http.socket({ path, access: readAccess, maxConnections, maxPerCaller, open: take });
}
