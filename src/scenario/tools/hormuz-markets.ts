/** Takes the markets on Iran and Hormuz out of the ForecastBench record: prices where they were frozen, and how they were resolved. */
import { addDays, type IsoDay } from '../../model/time.ts';
import { compare, tokenOf } from './tokens.ts';

/** One line of the record: one market on one freeze date. */
export interface FrozenPrice {
  readonly source: string;
  readonly id: string;
  readonly question: string;
  readonly url: string;
  readonly open: string;
  readonly close: string;
  readonly freeze_datetime: string;
  readonly p_freeze: number;
  readonly resolution_date: string;
  readonly resolved: boolean;
  readonly resolved_to: number;
}

const ABOUT = /\b(Iran|Iranian|Hormuz|Khamenei|Yemen|Crude Oil)\b/;
/** Where a person lives or travels says nothing of a strait. */
const BESIDE = /Mojtaba|Pahlavi/;

export interface Markets {
  readonly markets: readonly Record<string, unknown>[];
  /** CSV lines: market_id,observed_for,known_at,price. */
  readonly prices: readonly string[];
}

/**
 * @param rows the whole record
 * @param from markets that close before this day are left out
 * @param to prices frozen after this day are left out
 */
export function hormuzMarkets(rows: readonly FrozenPrice[], from: IsoDay, to: IsoDay): Markets {
  const kept = rows
    .filter((r) => r.source === 'polymarket' && ABOUT.test(r.question) && !BESIDE.test(r.question) && r.close.slice(0, 10) >= from && r.freeze_datetime.slice(0, 10) <= to)
    .sort((a, b) => compare(a.freeze_datetime, b.freeze_datetime) || compare(a.id, b.id));
  const byId = new Map(kept.map((r) => [r.id, r]));
  return {
    markets: [...byId.values()].sort((a, b) => compare(a.open, b.open) || compare(a.id, b.id)).map(market),
    prices: kept.map((r) => [r.id, instant(r.freeze_datetime), instant(r.freeze_datetime), String(r.p_freeze)].join(',')),
  };
}

function market(r: FrozenPrice): Record<string, unknown> {
  return {
    id: r.id,
    source: 'polymarket',
    question: r.question.trim(),
    url: r.url,
    slug: r.url.split('/').at(-1),
    tags: tags(r.question),
    opens: instant(r.open),
    closes: instant(r.close),
    token_ids: { yes: tokenOf(r.id, 'yes'), no: tokenOf(r.id, 'no') },
    // The record has the day alone: known from that day's end.
    resolution: r.resolved ? { outcome: r.resolved_to === 1 ? 'yes' : 'no', known_at: `${addDays(r.resolution_date, 1)}T00:00:00Z` } : null,
  };
}

/** The record has no tags; these follow the words of the question. */
function tags(question: string): readonly string[] {
  return [
    ...(/Iran|Khamenei|Hormuz/.test(question) ? ['iran'] : []),
    ...(/Hormuz/.test(question) ? ['strait-of-hormuz'] : []),
    ...(/Yemen/.test(question) ? ['yemen'] : []),
    ...(/Crude/.test(question) ? ['oil'] : ['geopolitics', 'middle-east']),
  ];
}

const instant = (text: string): string => (text.length === 10 ? `${text}T00:00:00Z` : `${new Date(text).toISOString().slice(0, 19)}Z`);
