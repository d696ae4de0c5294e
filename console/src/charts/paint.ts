// What the history chart draws over uPlot's series: the usual band, the future, alarms, events, and the labels at the lines' ends.
import type uPlot from 'uplot';
import { percent } from '../format/number.ts';
import { dayShort } from '../format/time.ts';
import { lastOf } from './history-columns.ts';
import { spread, withRoom } from './scales.ts';

export interface Marks {
  readonly baseline: { readonly mean: number; readonly sd: number } | null;
  /** Epoch seconds. */
  readonly now: number;
  readonly alarms: readonly { readonly at: number; readonly words: string }[];
  readonly events: readonly { readonly at: number; readonly words: string }[];
}

export interface Inks {
  readonly ink: string;
  readonly dim: string;
  readonly surface: string;
  readonly line: string;
  readonly grid: string;
  readonly band: string;
  readonly future: string;
  readonly transits: string;
  readonly odds: string;
  readonly bad: string;
  readonly font: string;
}

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const take = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: take('--ink'),
    dim: take('--ink-3'),
    surface: take('--surface'),
    line: take('--line-strong'),
    grid: take('--chart-grid'),
    band: take('--chart-band'),
    future: take('--chart-future'),
    transits: take('--chart-transits'),
    odds: take('--chart-odds'),
    bad: take('--bad'),
    font: style.fontFamily,
  };
}

/** Rows of flags above the plot: a low chart has less room for words. */
const flagRows = (height: number): number => (height < 200 ? 2 : 3);

/** From the plot's top to the middle of the lowest flag: clear of the axis's highest figure. Pixels. */
const FLAG_GAP = 15;
/** What flags take above the plot. */
export const flagStrip = (height: number): number => flagRows(height) * 14 + FLAG_GAP - 3;

/** Mean and two standard deviations: what the band spans. */
export const usualWords = ({ mean, sd }: { readonly mean: number; readonly sd: number }): string => `usual ${Math.round(mean)} ± ${Math.round(2 * sd)}`;

const ratio = (): number => window.devicePixelRatio || 1;

function pen(u: uPlot, inks: Inks, draw: (ctx: CanvasRenderingContext2D, px: number) => void): void {
  const px = ratio();
  u.ctx.save();
  u.ctx.font = `600 ${11 * px}px ${inks.font}`;
  u.ctx.textBaseline = 'middle';
  draw(u.ctx, px);
  u.ctx.restore();
}

/** Text on a halo of the ground, so that it reads over bars and lines. */
function write(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, ink: string, inks: Inks, px: number): void {
  ctx.lineWidth = 4 * px;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = inks.surface;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = ink;
  ctx.fillText(text, x, y);
}

/** Words cut to a width, with a sign that they are. */
function shortened(ctx: CanvasRenderingContext2D, words: string, width: number): string {
  let kept = words;
  while (kept.length > 1 && ctx.measureText(kept).width > width) kept = `${kept.replace(/…$/, '').slice(0, -1).trimEnd()}…`;
  return kept;
}

/** Behind the series: what is usual, and what has not happened yet. */
export function paintGround(u: uPlot, marks: Marks, inks: Inks): void {
  pen(u, inks, (ctx) => {
    const { left, top, width, height } = u.bbox;
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    const now = u.valToPos(marks.now, 'x', true);
    if (marks.baseline) {
      const high = u.valToPos(marks.baseline.mean + 2 * marks.baseline.sd, 'y', true);
      const low = u.valToPos(Math.max(0, marks.baseline.mean - 2 * marks.baseline.sd), 'y', true);
      ctx.fillStyle = inks.band;
      ctx.fillRect(left, high, Math.max(0, Math.min(now, left + width) - left), low - high);
    }
    ctx.fillStyle = inks.future;
    ctx.fillRect(now, top, Math.max(0, left + width - now), height);
  });
}

/** Over the series. */
export function paintMarks(u: uPlot, marks: Marks, inks: Inks): void {
  pen(u, inks, (ctx, px) => {
    const { left, top, width, height } = u.bbox;
    const bottom = top + height;
    const right = left + width;
    const inside = (at: number): boolean => at >= (u.scales['x']!.min ?? 0) && at <= (u.scales['x']!.max ?? 0);
    const upright = (at: number, ink: string, dash: readonly number[]): number => {
      const x = Math.round(u.valToPos(at, 'x', true)) + 0.5;
      ctx.strokeStyle = ink;
      ctx.lineWidth = px;
      ctx.setLineDash(dash.map((n) => n * px));
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, bottom);
      ctx.stroke();
      ctx.setLineDash([]);
      return x;
    };
    // Flags stand in the strip above the plot; where two would cover each other the earlier keeps its line and loses its words.
    const standing = [
      ...marks.events.map((mark) => ({ ...mark, ink: inks.ink, dash: [2, 3], alarm: false })),
      ...marks.alarms.map((mark) => ({ ...mark, ink: inks.bad, dash: [5, 3], alarm: true })),
    ]
      .filter(({ at }) => inside(at))
      .sort((a, b) => a.at - b.at)
      .map((flag) => ({ ...flag, x: upright(flag.at, flag.ink, flag.dash) }));
    const flags = standing.map((flag) => ({ ...flag, words: shortened(ctx, flag.words, width - 10 * px) }));
    const widths = flags.map(({ words }) => ctx.measureText(words).width + 10 * px);
    const starts = flags.map(({ x }, i) => Math.max(left, Math.min(x, right - widths[i]!)));
    const row = flags.map((): number | null => null);
    for (let r = 0; r < flagRows(u.height); r += 1) {
      const open = row.flatMap((taken, i) => (taken === null ? [i] : []));
      const fits = withRoom(open.map((i) => starts[i]!), open.map((i) => widths[i]!), 6 * px);
      for (const [k, i] of open.entries()) if (fits[k]) row[i] = r;
    }
    for (const [i, flag] of flags.entries()) {
      const at = row[i];
      if (at === null || at === undefined) continue;
      const y = top - (FLAG_GAP + 14 * at) * px;
      ctx.fillStyle = flag.ink;
      ctx.beginPath();
      if (flag.alarm) {
        ctx.moveTo(starts[i]! + 3.5 * px, y - 4 * px);
        ctx.lineTo(starts[i]! + 8 * px, y + 4 * px);
        ctx.lineTo(starts[i]! - px, y + 4 * px);
      } else {
        ctx.arc(starts[i]! + 3.5 * px, y, 2.5 * px, 0, 2 * Math.PI);
      }
      ctx.fill();
      write(ctx, flag.words, starts[i]! + 10 * px, y, flag.ink, inks, px);
    }
    // The lines' own labels come first; what the caption or the axis says as well gives way to them.
    const taken = paintEnds(u, inks, ctx, px);
    const free = (y: number): boolean => taken.every((other) => Math.abs(other - y) > 14 * px);
    if (inside(marks.now)) {
      const x = upright(marks.now, inks.dim, []);
      const text = dayShort(marks.now * 1000);
      const w = ctx.measureText(text).width;
      if (x + w + 6 * px < right && free(bottom - 9 * px)) write(ctx, text, x + 4 * px, bottom - 9 * px, inks.dim, inks, px);
    }
    if (marks.baseline) {
      // Beside the band where there is room; the caption under the chart says it in any case.
      const text = usualWords(marks.baseline);
      const x = u.valToPos(marks.now, 'x', true) + 5 * px;
      const y = Math.min(bottom - 26 * px, u.valToPos(Math.max(0, marks.baseline.mean - 2 * marks.baseline.sd), 'y', true) - 8 * px);
      if (x + ctx.measureText(text).width < right && free(y)) write(ctx, text, x, y, inks.dim, inks, px);
    }
  });
}

/** Each line says at its end what it is and where it stands: no legend to hunt for. @returns the heights at which it wrote */
function paintEnds(u: uPlot, inks: Inks, ctx: CanvasRenderingContext2D, px: number): readonly number[] {
  const { left, top, width, height } = u.bbox;
  const x = u.data[0] as number[];
  const transits = lastOf(x, u.data[1] as (number | null)[]);
  const odds = lastOf(x, u.data[2] as (number | null)[]);
  const ends = [
    ...(transits ? [{ text: `${Math.round(transits.value)} ships/day`, x: u.valToPos(transits.at, 'x', true), y: u.valToPos(transits.value, 'y', true), ink: inks.ink }] : []),
    ...(odds ? [{ text: `odds ${percent(odds.value / 100)}`, x: u.valToPos(odds.at, 'x', true), y: u.valToPos(odds.value, 'odds', true), ink: inks.odds }] : []),
  ];
  // Above its point, or under it where the plot ends.
  const ys = spread(ends.map(({ y }) => (y - 18 * px < top ? y + 12 * px : y - 10 * px)), 15 * px, top + 8 * px, top + height - 8 * px);
  for (const [i, end] of ends.entries()) {
    const w = ctx.measureText(end.text).width;
    const at = end.x + 6 * px + w > left + width ? end.x - w - 6 * px : end.x + 6 * px;
    write(ctx, end.text, Math.max(left + 2 * px, at), ys[i]!, end.ink, inks, px);
    ctx.fillStyle = end.ink;
    ctx.beginPath();
    ctx.arc(end.x, end.y, 3 * px, 0, 2 * Math.PI);
    ctx.fill();
  }
  return ys;
}
