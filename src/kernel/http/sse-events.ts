/** `GET /api/v1/events`: the same events as `/ws/events` for those who can read a reply line by line (server-sent events, WHATWG HTML 9.2). */
import { PassThrough } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { EventBus } from '../events/types.ts';
import type { Logger } from '../logging/types.ts';
import { gaugeFrom } from '../metrics/gauge-from.ts';
import type { Metrics } from '../metrics/types.ts';
import { errors } from './errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { readAccess, type HttpApp } from './types.ts';

export interface SseEventsOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Default `/api/v1/events`. */
  readonly path?: string;
  /** Default 500. */
  readonly maxConnections?: number;
  /** Streams of one user or key. Default 50. */
  readonly maxPerCaller?: number;
  /** A reader that has more unread than this is ended. Default 1 MiB. */
  readonly maxBufferedBytes?: number;
  /** A comment line each, so that proxies keep the connection; streams whose credential has ended are closed. Default 15,000. */
  readonly heartbeatMs?: number;
}

interface Reader {
  readonly subject: string;
  readonly stillAdmitted: FastifyRequest['stillAdmitted'];
}

/**
 * Events are ids and times; loss is possible, so a reader that reconnects (after 2 s, as it is told) asks for what is now.
 * @param hello the first event's data: `{ mode, as_of }`
 */
export function sseEvents<Events extends Record<string, object>>(app: HttpApp, bus: EventBus<Events>, hello: () => object | Promise<object>, options: SseEventsOptions): void {
  const { metrics, logger, path = '/api/v1/events', maxConnections = 500, maxPerCaller = 50, maxBufferedBytes = 1_048_576, heartbeatMs = 15_000 } = options;
  const open = new Map<PassThrough, Reader>();
  gaugeFrom(metrics, 'sse_connections_active', 'Open streams of events', () => open.size);

  function write(stream: PassThrough, text: string): void {
    if (stream.writableLength > maxBufferedBytes) {
      open.delete(stream);
      logger.info('sse_dropped', { buffered_bytes: stream.writableLength });
      stream.destroy();
    } else stream.write(text);
  }

  const unsubscribe = bus.subscribeAll((name, payload) => {
    if (open.size === 0) return;
    const text = eventText(name, payload);
    for (const stream of open.keys()) write(stream, text);
  });
  const recheck = oneAtATime(async () => {
    for (const [stream, { stillAdmitted }] of open) if (stillAdmitted && !(await stillAdmitted())) stream.end();
  });
  const heartbeat = setInterval(() => {
    for (const stream of open.keys()) write(stream, ':\n\n');
    recheck();
  }, heartbeatMs);
  heartbeat.unref();
  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    unsubscribe();
    for (const stream of open.keys()) stream.end();
  });

  app.get(path, { config: { access: readAccess, stream: true }, schema: { summary: 'What happens, as it happens: server-sent events', tags: ['desk'] } }, async (request, reply) => {
    const subject = request.identity?.subject ?? request.ip;
    const own = [...open.values()].filter((reader) => reader.subject === subject).length;
    if (open.size >= maxConnections || own >= maxPerCaller) {
      throw errors.TOO_MANY_CONNECTIONS({ detail: `${own >= maxPerCaller ? `${own} of your` : open.size} streams of events are open`, retryAfterSeconds: 30 });
    }
    const first = await hello();
    const stream = new PassThrough({ highWaterMark: maxBufferedBytes });
    stream.on('close', () => open.delete(stream));
    stream.on('error', () => open.delete(stream));
    // Hello is first: events are for those that were greeted.
    stream.write(`retry: 2000\n${eventText('hello', first)}`);
    open.set(stream, { subject, stillAdmitted: request.stillAdmitted });
    return reply.type('text/event-stream; charset=utf-8').header('cache-control', 'no-store').header('x-accel-buffering', 'no').send(stream);
  });
}

/** JSON holds no line break, so one data line is enough. */
const eventText = (name: string, payload: object): string => `event: ${name}\ndata: ${JSON.stringify({ type: name, ...payload })}\n\n`;
