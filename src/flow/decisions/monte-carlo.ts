/**
 * The 90 % interval: the expected cost at every point of a lattice over what is uncertain: link, closing, coefficients.
 * Computed only for what is shown, and only for a decision that is stored. Not here: where the points lie (`uncertain.ts`).
 */
import { DAY_MS } from '../../model/time.ts';
import { assessOption, type Assessment, type AssessedOption } from './assess.ts';
import type { RiskDraw } from './hit-probability.ts';
import { COMPONENTS, isOpen, lossIfHit, type ComponentName } from './options/index.ts';
import { shown } from './shown.ts';
import { worldOf, type World } from './situation.ts';
import { POINTS, type Point } from './uncertain.ts';
import { news, outlook } from './waiting.ts';

/** 5 % and 95 % quantiles. */
export type Interval90 = readonly [low: number, high: number];

export interface OptionUncertainty {
  readonly expected: Interval90;
  /** Each component's amount when hit. */
  readonly components: ReadonlyMap<ComponentName, Interval90>;
}

export interface Uncertainty {
  readonly probability: Interval90;
  /** Days late if hit while proceeding. */
  readonly daysIfHit: Interval90;
  /** Cost if hit while proceeding. */
  readonly lossIfHit: Interval90;
  /** Of the options that are shown with a price. */
  readonly options: ReadonlyMap<AssessedOption, OptionUncertainty>;
  /** Expected cost of the waiting plan, where there is one. */
  readonly wait: Interval90 | null;
}

/**
 * By linear interpolation between the order statistics (type 7 of Hyndman & Fan 1996, American Statistician 50).
 * @param point the figure at the medians, which the interval always holds
 */
export function interval90(values: Float64Array, point: number): Interval90 {
  return [Math.min(tail(values, 1), point), Math.max(-tail(values, -1), point)];
}

const TAIL = 0.05;

/** The 5 % quantile of sign·values. Only the few least are kept in order: fifty short columns a decision are not worth a sort each. */
function tail(values: Float64Array, sign: 1 | -1): number {
  const x = TAIL * (values.length - 1);
  const i = Math.floor(x);
  const least = new Float64Array(i + 2).fill(Infinity);
  for (let n = 0; n < values.length; n++) {
    const value = sign * values[n]!;
    let at = i + 1;
    if (value >= least[at]!) continue;
    for (; at > 0 && value < least[at - 1]!; at--) least[at] = least[at - 1]!;
    least[at] = value;
  }
  const [below, above] = [least[i]!, least[Math.min(i + 1, values.length - 1)]!];
  return below + (x - i) * (above - below);
}

/** The columns of one option: expected cost, and the components that it has at the medians when hit. */
class OptionColumns {
  readonly point: AssessedOption;
  readonly #expected: Float64Array;
  readonly #names: readonly ComponentName[];
  readonly #components: readonly Float64Array[];
  constructor(point: AssessedOption, n: number) {
    this.point = point;
    this.#expected = new Float64Array(n);
    this.#names = COMPONENTS.filter((name) => point.costs.hit[name] > 0);
    this.#components = this.#names.map(() => new Float64Array(n));
  }
  set(draw: number, o: AssessedOption): void {
    this.#expected[draw] = o.expected;
    for (let i = 0; i < this.#names.length; i++) this.#components[i]![draw] = o.costs.hit[this.#names[i]!];
  }
  summary(): OptionUncertainty {
    const components = this.#names.map((name, i) => [name, interval90(this.#components[i]!, this.point.costs.hit[name])] as const);
    return { expected: interval90(this.#expected, this.point.expected), components: new Map(components) };
  }
}

/** @param draws of the risks, one a point of the lattice */
export function uncertainty(a: Assessment, draws: readonly (readonly RiskDraw[])[], points: readonly Point[] = POINTS()): Uncertainty {
  const n = points.length;
  const [p, days, lost, wait] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const columns = shown(a).filter((o) => o.priced).map((o) => new OptionColumns(o.option, n));
  for (let i = 0; i < n; i++) {
    const { k, overlandU, backtrackU } = points[i]!;
    const world = worldOf(a.situation, a.prepared, draws[i]!, k, overlandU, backtrackU);
    for (const c of columns) c.set(i, assessOption(c.point.option, world));
    const loss = lossIfHit(a.situation, world);
    p[i] = world.p;
    days[i] = loss.days;
    lost[i] = assessOption(a.options[0]!.option, world).hit;
    if (a.wait) wait[i] = waitCost(a, a.wait.until, world);
  }
  return {
    probability: interval90(p, a.world.p),
    daysIfHit: interval90(days, lossIfHit(a.situation, a.world).days),
    lossIfHit: interval90(lost, a.options[0]!.hit),
    options: new Map(columns.map((c) => [c.point, c.summary()])),
    wait: a.wait ? interval90(wait, a.wait.outlook.cost) : null,
  };
}

function waitCost(a: Assessment, until: number, world: World): number {
  const branches = news(a.situation, world, a.prepared, (until - a.situation.asOf) / DAY_MS);
  return outlook(branches, a.options.filter((o) => isOpen(o.option, until)).map((o) => assessOption(o.option, world)), a.by).cost;
}
