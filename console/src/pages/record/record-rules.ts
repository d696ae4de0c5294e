// Pure words and arithmetic of the record page.
import type { CurveBin, ForecasterScore, Range } from '../../api/calibration.ts';
import { percent, plural } from '../../format/number.ts';

export type Forecaster = ForecasterScore['forecaster'];

export const FORECASTER_WORDS: Readonly<Record<Forecaster, readonly [name: string, means: string]>> = {
  market: ['Raw price', 'what the market itself asked'],
  pooled: ['Desk’s pool', 'several opinions weighed together'],
  climatology: ['Base rate', 'how often such questions came true before'],
};

/** Scores to the third decimal: below that lies noise at any number of events a desk will see. */
export const score = (value: number): string => value.toFixed(3);
/** A difference of scores, with its sign: `−0.0060`. A trial's margin is 0.002, so four decimals. */
export const gain = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
export const scoreRange = (range: Range | null): string => (range === null ? 'too few events' : `${score(range[0])} to ${score(range[1])}`);

/** Whether two intervals overlap: then nobody can say which of two scores is the better one. */
export const overlap = (a: Range, b: Range): boolean => a[0] <= b[1] && b[0] <= a[1];

export const few = (events: number): boolean => events < 20;

/** `"Said 62 %: 5 of 7 came true, 71 % (90 % interval 43 % to 90 %; 6 events)"`. */
export const binWords = (bin: CurveBin): string =>
  `Said ${percent(bin.mean_forecast)} on average: ${percent(bin.observed)} of ${plural(bin.n, 'forecast')} came true (90 % interval ${percent(bin.observed_interval_90[0])} to ${percent(bin.observed_interval_90[1])}; ${plural(bin.clusters, 'event')})`;

/** The interval that is wholly on one side of what was said: the only bins of which one may say too high or too low. */
export const offDiagonal = (bin: CurveBin): 'too high' | 'too low' | null => (bin.observed_interval_90[1] < bin.mean_forecast ? 'too high' : bin.observed_interval_90[0] > bin.mean_forecast ? 'too low' : null);

/** One sentence on a curve: how many of its bins the intervals refute. */
export function curveWords(curve: readonly CurveBin[]): string {
  if (curve.length === 0) return 'Nothing is scored yet.';
  const wrong = curve.filter((bin) => offDiagonal(bin) !== null);
  if (wrong.length === 0) return 'Every interval touches the diagonal: nothing here says that its percentages are wrong.';
  const high = wrong.filter((bin) => offDiagonal(bin) === 'too high').length;
  const low = wrong.length - high;
  const parts = [...(high > 0 ? [`${high} said too much`] : []), ...(low > 0 ? [`${low} said too little`] : [])];
  return `${plural(wrong.length, 'interval')} of ${curve.length} ${wrong.length === 1 ? 'misses' : 'miss'} the diagonal: ${parts.join(', ')}.`;
}

/** The ratios of cost to loss at which a forecast is worth more than the base rate, as one range; null where at none. */
export function worthBetween(values: ForecasterScore['economic_value']): Range | null {
  const good = values.filter(({ value }) => value !== null && value > 0).map(({ cost_loss }) => cost_loss);
  return good.length === 0 ? null : [Math.min(...good), Math.max(...good)];
}

/** The line of a value chart: segments of neighbours that both have a value, cut off below `floor`. */
export function valueSegments(values: ForecasterScore['economic_value'], floor: number): readonly (readonly (readonly [x: number, y: number])[])[] {
  const segments: (readonly [number, number])[][] = [];
  let open: (readonly [number, number])[] | null = null;
  for (const { cost_loss, value } of values) {
    if (value === null) {
      open = null;
      continue;
    }
    if (!open) segments.push((open = []));
    open.push([cost_loss, Math.max(floor, value)]);
  }
  return segments.filter((segment) => segment.length > 0);
}
