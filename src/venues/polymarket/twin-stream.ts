/** The market channel of Polymarket's stand-in: a book on subscribing, then what becomes known as the clock moves. */
import { z } from 'zod';
import type { TwinContext, TwinSocket } from '../twin/index.ts';
import { bookOf, sidePrice, type MarketAt, type World } from './twin-world.ts';

const command = z.object({
  assets_ids: z.array(z.string()).max(500),
  type: z.string().optional(),
  operation: z.enum(['subscribe', 'unsubscribe']).optional(),
});

interface Listener {
  readonly socket: TwinSocket;
  readonly context: TwinContext;
  /** Token → what was last told of it. */
  readonly told: Map<string, string>;
}

export interface Channel {
  open(socket: TwinSocket, context: TwinContext): void;
  tick(): void;
}

export function marketChannel(world: World): Channel {
  const listeners = new Set<Listener>();
  return {
    open(socket, context) {
      const listener: Listener = { socket, context, told: new Map() };
      listeners.add(listener);
      socket.onClose(() => listeners.delete(listener));
      socket.onText((text) => {
        if (text === 'PING') return socket.deliver(['PONG']);
        const parsed = command.safeParse(parse(text));
        if (!parsed.success) return socket.deliver(['INVALID OPERATION']);
        if (parsed.data.operation === 'unsubscribe') for (const token of parsed.data.assets_ids) listener.told.delete(token);
        else snapshot(world, listener, parsed.data.assets_ids);
      });
    },
    tick() {
      for (const listener of listeners) changes(world, listener);
    },
  };
}

/** The venue sends the first books as one list. */
function snapshot(world: World, listener: Listener, tokens: readonly string[]): void {
  const books: unknown[] = [];
  for (const token of tokens) {
    const found = world.token(token, listener.context.now());
    const price = found && sidePrice(found.at, found.side);
    listener.told.set(token, found ? state(found.at) : '');
    if (found && price !== null && !found.at.resolved) books.push({ event_type: 'book', ...bookOf(found.at, token, price) });
  }
  if (books.length > 0) listener.socket.deliver([books]);
}

function changes(world: World, listener: Listener): void {
  const frames: unknown[] = [];
  for (const [token, before] of listener.told) {
    const found = world.token(token, listener.context.now());
    if (!found || state(found.at) === before) continue;
    listener.told.set(token, state(found.at));
    frames.push(found.at.resolved ? resolved(found.at) : trade(found.at, token, sidePrice(found.at, found.side)!));
  }
  if (frames.length > 0) listener.socket.deliver(frames);
}

const state = (at: MarketAt): string => `${at.price?.knownAt ?? ''}/${at.resolved?.outcome ?? ''}`;

const trade = (at: MarketAt, token: string, price: string): Record<string, unknown> => ({
  event_type: 'last_trade_price', market: at.market.id, asset_id: token, price, side: 'BUY', size: '0', fee_rate_bps: '0', timestamp: String(at.price!.observedFor),
});

const resolved = ({ market, resolved }: MarketAt): Record<string, unknown> => ({
  event_type: 'market_resolved', market: market.id, assets_ids: [market.tokenIds.yes, market.tokenIds.no],
  winning_asset_id: market.tokenIds[resolved!.outcome], winning_outcome: resolved!.outcome === 'yes' ? 'Yes' : 'No', timestamp: String(resolved!.knownAt),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
