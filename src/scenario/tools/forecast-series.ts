/** Takes recorded daily forecasts of one question each as markets of a scenario: the site is the source, and nothing is added. */
import { iso, type IsoDay } from '../../model/time.ts';
import { jsonIn } from './folder.ts';
import { compare, tokenOf } from './tokens.ts';

/** One question's record: `x` is when the probability `y` was taken, in epoch milliseconds. */
interface Series {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly url: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface WantedSeries {
  readonly id: string;
  /** The file of the record that holds it, without `.json`. */
  readonly file: string;
  /** When the question closes, by its own words: "in 2024", "by Oct 2024". */
  readonly closes: string;
}

/**
 * The series as markets and price rows. A point is known when it was taken; a value is written when it differs from the one before,
 * and once a week where it stands, so that its age is told. How the questions were resolved is not in the record.
 * @param from points before this day are left out, save the last one: the price that held when the play began
 * @param to points after this day are left out
 */
export function forecastSeries(data: string, wanted: readonly WantedSeries[], from: IsoDay, to: IsoDay): { readonly markets: readonly Record<string, unknown>[]; readonly prices: readonly string[] } {
  const taken = wanted.map((w) => {
    const series = jsonIn<readonly Series[]>(data, `risk/forecast_histories/${w.file}.json`).find((s) => s.id === w.id);
    if (!series) throw new RangeError(`no series ${w.id} in ${w.file}.json`);
    return { series, market: market(series, w), rows: rowsOf(series, from, to) };
  });
  const kept = taken.filter((t) => t.rows.length > 0);
  return {
    markets: kept.map((t) => t.market),
    prices: kept.flatMap((t) => t.rows).sort((a, b) => compare(a.at, b.at) || compare(a.id, b.id)).map((r) => [r.id, r.at, r.at, r.price].join(',')),
  };
}

function market(series: Series, { closes }: WantedSeries): Record<string, unknown> {
  return {
    id: series.id,
    source: series.site.toLowerCase().replaceAll(' ', '-'),
    question: series.name,
    url: series.url,
    slug: series.id.toLowerCase(),
    tags: [],
    opens: second(series.points[0]!.x),
    closes,
    token_ids: { yes: tokenOf(series.id, 'yes'), no: tokenOf(series.id, 'no') },
    resolution: null,
  };
}

const WEEK_MS = 7 * 86_400_000;

function rowsOf(series: Series, from: IsoDay, to: IsoDay): readonly { readonly id: string; readonly at: string; readonly price: string }[] {
  const before = series.points.findLastIndex((p) => iso(p.x).slice(0, 10) < from);
  const rows: { id: string; at: string; price: string; x: number }[] = [];
  for (const { x, y } of series.points.slice(Math.max(0, before))) {
    if (iso(x).slice(0, 10) > to) break;
    const price = String(Number(y.toFixed(4)));
    const last = rows.at(-1);
    if (last && last.price === price && x - last.x < WEEK_MS) continue;
    rows.push({ id: series.id, at: second(x), price, x });
  }
  return rows;
}

/** Points carry milliseconds; the record of a daily look needs none. Rounded up, so that nothing is known too early. */
const second = (at: number): string => iso(Math.ceil(at / 1_000) * 1_000).replace('.000Z', 'Z');
