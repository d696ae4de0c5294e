/** Polymarket's stand-in: Gamma, CLOB and the market channel in one server, playing a scenario's markets as known at the clock. */
import type { Scenario } from '../../scenario/index.ts';
import { iso, parseInstant, type Clock } from '../../model/time.ts';
import { startTwin, type TwinContext, type TwinReply, type TwinRequest, type TwinRoute, type TwinServer } from '../twin/index.ts';
import { marketChannel } from './twin-stream.ts';
import { bookOf, sidePrice, World, type MarketAt } from './twin-world.ts';

export interface PolymarketTwinOptions {
  readonly scenario: Pick<Scenario, 'markets' | 'prices'>;
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface PolymarketTwin extends TwinServer {
  /** Tells open market channels what has become known since the last call: the replay calls it after moving the clock. */
  tick(): void;
}

/** @throws CodedError TWIN_NOT_STARTED */
export async function startPolymarketTwin(options: PolymarketTwinOptions): Promise<PolymarketTwin> {
  const world = new World(options.scenario);
  const channel = marketChannel(world);
  const server = await startTwin({
    name: 'polymarket',
    clock: options.clock,
    routes: [...gammaRoutes(world), ...clobRoutes(world)],
    sockets: [{ path: '/ws/market', open: channel.open }],
    ...(options.port === undefined ? {} : { port: options.port }),
    notFound: () => ({ status: 404, json: { type: 'not found error', error: 'path not found' } }),
  });
  return { ...server, tick: () => channel.tick() };
}

const NO_BOOK: TwinReply = { status: 404, json: { error: 'No orderbook exists for the requested token id' } };

function gammaRoutes(world: World): readonly TwinRoute[] {
  const select = (request: TwinRequest, context: TwinContext): readonly MarketAt[] => {
    const q = request.query;
    const ids = q.getAll('condition_ids');
    const tokens = q.getAll('clob_token_ids');
    const endsFrom = q.get('end_date_min');
    const closed = q.get('closed');
    const found = world.at(context.now()).filter(
      ({ market, resolved }) =>
        (ids.length === 0 || ids.includes(market.id)) &&
        (tokens.length === 0 || tokens.includes(market.tokenIds.yes) || tokens.includes(market.tokenIds.no)) &&
        (q.get('slug') === null || q.getAll('slug').includes(market.slug)) &&
        (q.get('tag_slug') === null || market.tags.includes(q.get('tag_slug')!)) &&
        (closed === null || (resolved !== null) === (closed === 'true')) &&
        (endsFrom === null || market.closes >= parseInstant(endsFrom)),
    );
    const offset = Number(q.get('offset') ?? 0);
    return found.slice(offset, offset + Math.min(100, Number(q.get('limit') ?? 20)));
  };
  return [
    { method: 'GET', path: '/events', handle: (request, context) => ({ json: context.arrange(select(request, context).map(gammaEvent)) }) },
    { method: 'GET', path: '/markets', handle: (request, context) => ({ json: context.arrange(select(request, context).map(gammaMarket)) }) },
    {
      method: 'GET',
      path: '/public-search',
      handle: (request, context) => {
        const words = (request.query.get('q') ?? '').toLowerCase().split(/\s+/).filter((w) => w !== '');
        if (words.length === 0) return { status: 422, json: { type: 'validation error', error: 'q is required' } };
        const found = world.at(context.now()).filter(({ market }) => words.every((w) => market.question.toLowerCase().includes(w)));
        return { json: { events: context.arrange(found.map(gammaEvent)), pagination: { hasMore: false, totalResults: found.length } } };
      },
    },
  ];
}

function clobRoutes(world: World): readonly TwinRoute[] {
  const open = (request: TwinRequest, context: TwinContext): { readonly at: MarketAt; readonly price: string } | null => {
    const found = world.token(request.query.get('token_id'), context.now());
    const price = found && sidePrice(found.at, found.side);
    return found && price !== null && !found.at.resolved ? { at: found.at, price } : null;
  };
  return [
    { method: 'GET', path: '/ok', handle: () => ({ json: 'OK' }) },
    { method: 'GET', path: '/time', handle: (_, context) => ({ json: Math.floor(context.now() / 1_000) }) },
    {
      method: 'GET',
      path: '/price',
      handle: (request, context) => {
        if (!['BUY', 'SELL'].includes(request.query.get('side') ?? '')) return { status: 400, json: { error: 'Invalid side' } };
        const found = open(request, context);
        return found ? { json: { price: found.price } } : NO_BOOK;
      },
    },
    {
      method: 'GET',
      path: '/midpoint',
      handle: (request, context) => {
        const found = open(request, context);
        return found ? { json: { mid: found.price } } : NO_BOOK;
      },
    },
    {
      method: 'GET',
      path: '/book',
      handle: (request, context) => {
        const found = open(request, context);
        return found ? { json: bookOf(found.at, request.query.get('token_id')!, found.price) } : NO_BOOK;
      },
    },
    { method: 'GET', path: '/prices-history', handle: (request, context) => history(world, request, context) },
  ];
}

function history(world: World, request: TwinRequest, context: TwinContext): TwinReply {
  const q = request.query;
  const found = world.token(q.get('market'), context.now());
  if (q.get('startTs') === null && q.get('interval') === null) return { status: 400, json: { error: 'the interval or the startTs and endTs are required' } };
  // As the venue does: a closed market has a history only between two given times.
  if (!found || (q.get('startTs') === null && found.at.resolved)) return { json: { history: [] } };
  const from = Number(q.get('startTs') ?? 0) * 1_000;
  const to = Number(q.get('endTs') ?? Number.MAX_SAFE_INTEGER) * 1_000;
  const points = world
    .history(found.at.market.id, context.now())
    .filter((p) => p.observedFor >= from && p.observedFor <= to)
    .map((p) => ({ t: Math.floor(p.observedFor / 1_000), p: Number(sidePrice({ ...found.at, price: p, resolved: null }, found.side)) }));
  return { json: { history: context.arrange(points) } };
}

function gammaEvent(at: MarketAt): Record<string, unknown> {
  const { market, index, resolved } = at;
  return {
    id: String(700_000 + index), ticker: market.slug, slug: market.slug, title: market.question, startDate: iso(market.opens), endDate: iso(market.closes),
    active: true, closed: resolved !== null, archived: false, tags: market.tags.map((slug, i) => ({ id: String(i + 1), label: slug, slug })), markets: [gammaMarket(at)],
  };
}

function gammaMarket(at: MarketAt): Record<string, unknown> {
  const { market, index, price, resolved } = at;
  const prices = sidePrice(at, 'yes') === null ? {} : { outcomePrices: JSON.stringify([sidePrice(at, 'yes'), sidePrice(at, 'no')]) };
  return {
    id: String(1_700_000 + index),
    question: market.question,
    conditionId: market.id,
    slug: market.slug,
    startDate: iso(market.opens),
    endDate: iso(market.closes),
    outcomes: JSON.stringify(['Yes', 'No']),
    ...prices,
    clobTokenIds: JSON.stringify([market.tokenIds.yes, market.tokenIds.no]),
    active: true,
    closed: resolved !== null,
    archived: false,
    acceptingOrders: resolved === null,
    enableOrderBook: true,
    ...(market.liquidityUsd === null ? {} : { liquidity: String(market.liquidityUsd), liquidityNum: market.liquidityUsd }),
    updatedAt: iso(Math.max(market.opens, price?.knownAt ?? 0, resolved?.knownAt ?? 0)),
    ...(resolved ? { closedTime: iso(resolved.knownAt).replace('T', ' ').replace('.000Z', '+00'), umaResolutionStatus: 'resolved' } : {}),
  };
}
