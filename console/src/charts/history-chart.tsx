// A chokepoint's transits (bars, left) and odds (steps, right) over time. The pixels are for eyes; the table beside says the same.
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { percent } from '../format/number.ts';
import { day, dayShort } from '../format/time.ts';
import type { Columns } from './history-columns.ts';
import { inksOf, paintGround, paintMarks, flagStrip, usualWords, type Inks, type Marks } from './paint.ts';
import css from './history-chart.module.css';

export interface HistoryChartProps {
  readonly columns: Columns;
  readonly marks: Marks;
  /** Epoch seconds. */
  readonly range: readonly [number, number];
  /** Pixels. */
  readonly height: number;
  /** One sentence: what the picture shows. */
  readonly summary: string;
}

const stepped = uPlot.paths.stepped!({ align: 1 });
const bars = uPlot.paths.bars!({ size: [0.72, 14], align: 0 });

function options(box: { width: number; height: number }, props: () => HistoryChartProps, inks: Inks, onCursor: (index: number | null) => void): uPlot.Options {
  const font = `11px ${inks.font}`;
  const axis = { stroke: inks.dim, font, ticks: { show: false }, gap: 4 } as const;
  const highest = (): number => {
    const { columns, marks } = props();
    const seen = columns.transits.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    return Math.max(10, seen, marks.baseline ? marks.baseline.mean + 2 * marks.baseline.sd : 0) * 1.08;
  };
  return {
    ...box,
    padding: [flagStrip(box.height), 0, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: true, range: () => [...props().range] as [number, number] }, y: { range: () => [0, highest()] }, odds: { range: [0, 100] } },
    axes: [
      { ...axis, size: 22, space: 56, grid: { show: false }, values: (_, splits) => splits.map((at) => dayShort(at * 1000)) },
      { ...axis, size: 30, scale: 'y', grid: { stroke: inks.grid, width: 1 } },
      { ...axis, size: 38, scale: 'odds', side: 1, stroke: inks.odds, grid: { show: false }, values: (_, splits) => splits.map((value) => `${value}\u202f%`) },
    ],
    series: [
      {},
      { scale: 'y', paths: bars, fill: inks.transits, stroke: inks.transits, width: 0, points: { show: false } },
      { scale: 'odds', paths: stepped, stroke: inks.odds, width: 2.25, points: { show: false }, spanGaps: true },
    ],
    hooks: {
      drawClear: [(u) => paintGround(u, props().marks, inks)],
      draw: [(u) => paintMarks(u, props().marks, inks)],
      setCursor: [(u) => onCursor(u.cursor.idx ?? null)],
    },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
  };
}

export default function HistoryChart(props: HistoryChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { colorScheme } = useMantineColorScheme();
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const [at, setAt] = useState<number | null>(null);

  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const turn = (): void => setDark(media.matches);
    media.addEventListener('change', turn);
    return () => media.removeEventListener('change', turn);
  }, []);

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    let drawn: uPlot | null = null;
    // The theme's attribute is set in an effect of its own; colours are read after it.
    const started = requestAnimationFrame(() => {
      const box = { width: Math.max(200, element.clientWidth), height: latest.current.height };
      drawn = new uPlot(options(box, () => latest.current, inksOf(element), setAt), dataOf(latest.current.columns), element);
      plot.current = drawn;
    });
    const watch = new ResizeObserver(() => drawn?.setSize({ width: Math.max(200, element.clientWidth), height: latest.current.height }));
    watch.observe(element);
    return () => {
      cancelAnimationFrame(started);
      watch.disconnect();
      drawn?.destroy();
      plot.current = null;
    };
  }, [colorScheme, dark, props.height]);

  useEffect(() => plot.current?.setData(dataOf(props.columns)), [props.columns, props.marks, props.range]);

  return (
    <figure className={css.figure}>
      <div ref={frame} className={css.frame} style={{ height: props.height }} role="img" aria-label={props.summary} />
      <figcaption className={css.readout} aria-hidden="true">
        {readout(props, at)}
      </figcaption>
    </figure>
  );
}

const dataOf = (columns: Columns): uPlot.AlignedData => [[...columns.x], [...columns.transits], [...columns.odds]] as uPlot.AlignedData;

/** The figures under the pointer; without one, what the axes are. */
function readout({ columns, marks }: HistoryChartProps, index: number | null): string {
  const at = index === null ? undefined : columns.x[index];
  if (at === undefined || index === null) return `Bars: ships a day${marks.baseline ? `, ${usualWords(marks.baseline)}` : ''}. Line: market odds.`;
  const transits = columns.transits[index];
  let odds: number | null = null;
  for (let i = index; i >= 0 && odds === null; i -= 1) odds = columns.odds[i] ?? null;
  return `${day(at * 1000)}: ${typeof transits === 'number' ? `${transits} ships` : 'transits not yet known'}${odds === null ? '' : `, odds ${percent(odds / 100)}`}`;
}
