/**
 * The 90 % interval: the expected cost under every draw of what is uncertain: link, closing, coefficients.
 * Coefficients are drawn once a version of the rules and shared by all decisions; a decision's own risks are drawn from its inputs' hash.
 */
import { contentHash } from '../../model/ids.ts';
import { DAY_MS } from '../../model/time.ts';
import { assessOption, type Assessment, type AssessedOption } from './assess.ts';
import { riskDraw } from './hit-probability.ts';
import { quantile } from './interval.ts';
import { COMPONENTS, isOpen, lossIfHit, type ComponentName } from './options/index.ts';
import { seededUniform } from './random.ts';
import { COEFFICIENT_NAMES, COEFFICIENTS, PARAMETERS, RULE_VERSION, type Coefficients } from './settings.ts';
import { worldOf, type World } from './situation.ts';
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
  /** As `assessment.options`. */
  readonly options: readonly OptionUncertainty[];
  /** Expected cost of the waiting plan, where there is one. */
  readonly wait: Interval90 | null;
}

let drawn: readonly Coefficients[] | undefined;

function coefficientDraws(): readonly Coefficients[] {
  if (drawn) return drawn;
  const uniform = seededUniform(contentHash(RULE_VERSION));
  drawn = Array.from({ length: PARAMETERS.draws }, () =>
    Object.freeze(Object.fromEntries(COEFFICIENT_NAMES.map((name) => [name, quantile(COEFFICIENTS[name], uniform())])) as Coefficients),
  );
  return drawn;
}

const column = (): Float64Array => new Float64Array(PARAMETERS.draws);

/** @param point the figure at the medians, which the interval always holds */
function interval90(values: Float64Array, point: number): Interval90 {
  const sorted = values.toSorted();
  const at = (u: number): number => sorted[Math.round(u * (sorted.length - 1))] ?? point;
  return [Math.min(at(0.05), point), Math.max(at(0.95), point)];
}

/** The columns of one option: expected cost, cost when hit, and the components that it has at the medians. */
class OptionColumns {
  readonly #expected = column();
  readonly #components: readonly (readonly [ComponentName, Float64Array])[];
  readonly #point: AssessedOption;
  constructor(point: AssessedOption) {
    this.#point = point;
    this.#components = COMPONENTS.filter((name) => point.costs.hit[name] > 0).map((name) => [name, column()] as const);
  }
  set(draw: number, o: AssessedOption): void {
    this.#expected[draw] = o.expected;
    for (const [name, values] of this.#components) values[draw] = o.costs.hit[name];
  }
  summary(): OptionUncertainty {
    const components = this.#components.map(([name, values]) => [name, interval90(values, this.#point.costs.hit[name])] as const);
    return { expected: interval90(this.#expected, this.#point.expected), components: new Map(components) };
  }
}

/** @param seed the inputs' hash */
export function uncertainty(a: Assessment, seed: string): Uncertainty {
  const uniform = seededUniform(seed);
  const [p, days, lost, wait] = [column(), column(), column(), column()];
  const columns = a.options.map((o) => new OptionColumns(o));
  for (const [i, k] of coefficientDraws().entries()) {
    const draws = a.prepared.map((risk) => riskDraw(risk.risk, [uniform(), uniform(), uniform()]));
    const world = worldOf(a.situation, a.prepared, draws, k, uniform(), uniform());
    const options = a.options.map((o) => assessOption(o.option, world));
    options.forEach((o, n) => columns[n]!.set(i, o));
    p[i] = world.p;
    days[i] = lossIfHit(a.situation, world).days;
    lost[i] = options[0]!.hit;
    if (a.wait) wait[i] = waitCost(a, a.wait.until, world, options);
  }
  return {
    probability: interval90(p, a.world.p),
    daysIfHit: interval90(days, lossIfHit(a.situation, a.world).days),
    lossIfHit: interval90(lost, a.options[0]!.hit),
    options: columns.map((c) => c.summary()),
    wait: a.wait ? interval90(wait, a.wait.outlook.cost) : null,
  };
}

function waitCost(a: Assessment, until: number, world: World, options: readonly AssessedOption[]): number {
  const branches = news(a.situation, world, a.prepared, (until - a.situation.asOf) / DAY_MS);
  return outlook(branches, options.filter((o) => isOpen(o.option, until))).cost;
}
