/** Events over Postgres NOTIFY, on one channel, heard through one connection a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, type Executor, type Session } from '../database/index.ts';
import type { Logger } from '../logging/types.ts';
import { errors } from './errors.ts';
import type { EventBus } from './types.ts';

export interface EventBusOptions {
  /** The direct DSN: a pooler in transaction mode carries no LISTEN. */
  readonly url: string;
  readonly logger: Logger;
  /** Longest wait between tries to connect again. Default 5,000. */
  readonly backoffMsMax?: number;
}

export interface StartedEventBus<Events extends Record<string, object>> extends EventBus<Events> {
  /** Listens. @throws CodedError DATABASE_UNAVAILABLE when the first connection cannot be had */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** False while a lost connection is being replaced: events of that time are gone. */
  listening(): boolean;
  /** Called whenever the bus listens again after a loss: what was cached by events is to be read anew. */
  onGap(listener: () => void): void;
}

const CHANNEL = 'bellwether_events';
/** Postgres takes less than 8,000 bytes; the rest is for the name. */
const PAYLOAD_BYTES_MAX = 7 * 1024;
/** A connection that is cut without a word (a cable, a firewall) is noticed by a missed answer. */
const PROBE_MS = 15_000;

type AnyListener = (name: string, payload: object) => void;

/** @example const bus = createEventBus<DeskEvents>({ url: db.directUrl, logger }); await bus.start(); */
export function createEventBus<Events extends Record<string, object>>(options: EventBusOptions): StartedEventBus<Events> {
  const listeners = new Set<AnyListener>();
  const gaps: (() => void)[] = [];
  const connection = keepListening(options, (text) => deliver(text, listeners, options.logger), () => gaps.forEach((listener) => listener()));
  // Each subscription is its own entry, so that one function may be subscribed twice.
  const add = (entry: AnyListener): (() => void) => {
    listeners.add(entry);
    return () => void listeners.delete(entry);
  };

  return {
    async publish(on: Executor, name, payload) {
      const text = JSON.stringify({ n: name, p: payload });
      const bytes = Buffer.byteLength(text);
      if (bytes > PAYLOAD_BYTES_MAX) {
        throw errors.EVENT_TOO_LARGE({ detail: `${name} has ${bytes} bytes, and at most ${PAYLOAD_BYTES_MAX} are sent`, fix: 'Send the id and let the listener read the row' });
      }
      await on.query('select pg_notify($1, $2)', [CHANNEL, text]);
    },
    subscribe: (name, listener) => add((n, payload) => void (n === name ? listener(payload as Events[typeof name]) : undefined)),
    subscribeAll: (listener) => add((n, payload) => listener(n, payload)),
    start: connection.start,
    stop: connection.stop,
    listening: connection.listening,
    onGap: (listener) => void gaps.push(listener),
  };
}

function deliver(text: string, listeners: ReadonlySet<AnyListener>, logger: Logger): void {
  const { n, p } = JSON.parse(text) as { n: string; p: object };
  for (const listener of listeners) {
    try {
      listener(n, p);
    } catch (error) {
      // One listener's fault is not the others'.
      logger.error('event_listener_failed', { name: n, error });
    }
  }
}

interface KeptConnection {
  start(): Promise<void>;
  stop(): Promise<void>;
  listening(): boolean;
}

/** One connection that listens, replaced whenever it is lost. */
function keepListening(options: EventBusOptions, onPayload: (text: string) => void, onGap: () => void): KeptConnection {
  const stopping = new AbortController();
  let session: Session | null = null;
  let loop: Promise<void> = Promise.resolve();

  async function keep(first: Session): Promise<void> {
    for (let current = first; ; ) {
      session = current;
      await untilLost(current, stopping.signal);
      session = null;
      if (stopping.signal.aborted) return current.close();
      options.logger.warn('events_connection_lost');
      const next = await reconnect();
      if (!next) return;
      current = session = next;
      options.logger.info('events_listening_again');
      onGap();
    }
  }

  async function reconnect(): Promise<Session | null> {
    for (let wait = 100; !stopping.signal.aborted; wait = Math.min(wait * 2, options.backoffMsMax ?? 5_000)) {
      try {
        return await listen(options.url, onPayload);
      } catch {
        await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return null;
  }

  return {
    async start() {
      const first = await listen(options.url, onPayload);
      session = first;
      loop = keep(first);
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    listening: () => session !== null,
  };
}

/** The name of the listening session in pg_stat_activity: shows which database a desk works with. */
export const EVENTS_SESSION = 'bellwether events';

async function listen(url: string, onPayload: (text: string) => void): Promise<Session> {
  const opened = await openSession(url, { applicationName: EVENTS_SESSION });
  opened.onNotification((channel, payload) => void (channel === CHANNEL ? onPayload(payload) : undefined));
  try {
    await opened.query(`listen ${CHANNEL}`);
  } catch (e) {
    opened.destroy();
    throw e;
  }
  return opened;
}

/** Resolves when the session has ended, fails a probe, or the bus stops. */
async function untilLost(session: Session, stopping: AbortSignal): Promise<void> {
  const over = AbortSignal.any([session.ended, stopping]);
  while (!over.aborted) {
    await sleep(PROBE_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    const timer = setTimeout(() => session.destroy(), PROBE_MS);
    await session.query('select 1').catch(() => session.destroy());
    clearTimeout(timer);
  }
}
