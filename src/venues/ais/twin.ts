/** aisstream's stand-in: takes a subscription in time and with the right key, and plays frames as its clock passes them. */
import { z } from 'zod';
import type { Clock } from '../../model/time.ts';
import type { Timers } from '../../kernel/timers/index.ts';
import { startTwin, type TwinContext, type TwinServer, type TwinSocket } from '../twin/index.ts';
import { AISSTREAM_KINDS } from './aisstream-messages.ts';
import type { TimedFrame } from './twin-frames.ts';

export const AISSTREAM_PATH = '/v0/stream';
const SUBSCRIBE_WITHIN_MS = 3_000;

export interface AisStreamTwinOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The only key that it takes. */
  readonly apiKey: string;
  /** Sorted by time. */
  readonly frames: readonly TimedFrame[];
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface AisStreamTwin extends TwinServer {
  /** With path: what the client's `url` takes. */
  readonly streamUrl: string;
  /** Sends what the clock has passed since the last call. */
  tick(): void;
}

const corner = z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]);
const subscription = z.object({
  APIKey: z.string(),
  BoundingBoxes: z.array(z.tuple([corner, corner])).min(1),
  FiltersShipMMSI: z.array(z.string()).max(50).optional(),
  FilterMessageTypes: z.array(z.string()).optional(),
});
type Subscription = z.output<typeof subscription>;

interface Listener {
  readonly socket: TwinSocket;
  readonly context: TwinContext;
  readonly wants: Subscription;
  /** Frames before this one have been told. */
  next: number;
}

/** @throws CodedError TWIN_NOT_STARTED */
export async function startAisStreamTwin(options: AisStreamTwinOptions): Promise<AisStreamTwin> {
  const listeners = new Set<Listener>();
  const refuse = (socket: TwinSocket, words: string): void => {
    socket.deliver([{ error: words }]);
    socket.close(1008);
  };
  const open = (socket: TwinSocket, context: TwinContext): void => {
    let listener: Listener | null = null;
    const late = options.timers.after(SUBSCRIBE_WITHIN_MS, () => socket.close(1008));
    socket.onClose(() => {
      late.cancel();
      if (listener) listeners.delete(listener);
    });
    socket.onText((text) => {
      late.cancel();
      const parsed = subscription.safeParse(parse(text));
      if (!parsed.success) return refuse(socket, 'Malformed Subscription Message');
      if (parsed.data.APIKey !== options.apiKey) return refuse(socket, 'Api Key Is Not Valid');
      // A second one replaces the first. The service has no past; here what the clock has passed comes at once.
      if (listener) listeners.delete(listener);
      listener = { socket, context, wants: parsed.data, next: 0 };
      listeners.add(listener);
      tell(listener, options.frames);
    });
  };
  const server = await startTwin({ name: 'aisstream', clock: options.clock, routes: [], sockets: [{ path: AISSTREAM_PATH, open }], ...(options.port === undefined ? {} : { port: options.port }) });
  return { ...server, streamUrl: `${server.wsUrl}${AISSTREAM_PATH}`, tick: () => listeners.forEach((listener) => tell(listener, options.frames)) };
}

function tell(listener: Listener, frames: readonly TimedFrame[]): void {
  const now = listener.context.now();
  const due: unknown[] = [];
  for (; listener.next < frames.length && frames[listener.next]!.at <= now; listener.next += 1) {
    const timed = frames[listener.next]!;
    if (isWanted(listener.wants, timed)) due.push(timed.frame);
  }
  if (due.length > 0) listener.socket.deliver(due);
}

/** Static data has no place of its own: the service knows the vessel's last one, the stand-in sends it to all. */
function isWanted(wants: Subscription, { frame, latitude, longitude }: TimedFrame): boolean {
  const kinds: readonly string[] = wants.FilterMessageTypes ?? AISSTREAM_KINDS;
  if (!kinds.includes(frame.MessageType)) return false;
  if (wants.FiltersShipMMSI && !wants.FiltersShipMMSI.includes(String(frame.MetaData['MMSI']))) return false;
  if (latitude === null || longitude === null) return true;
  const between = (x: number, a: number, b: number): boolean => x >= Math.min(a, b) && x <= Math.max(a, b);
  return wants.BoundingBoxes.some(([a, b]) => between(latitude, a[0], b[0]) && between(longitude, a[1], b[1]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
