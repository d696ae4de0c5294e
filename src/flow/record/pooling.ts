/**
 * The desk's pooled probability of a question, from the opinions on its event. Pure.
 * The same arithmetic as the decisions stage's: `app/record.test.ts` holds the two together.
 */
import { extremize, freshness, hazardRate, poolLogOdds, probabilityWithin } from '../../model/probability.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { PARAMETERS } from '../decisions/index.ts';

/** One priced question on the event, as it stood. */
export interface Opinion {
  readonly source: string;
  /** As told: of a yes within `days`. */
  readonly probability: number;
  /** From the forming of the price to the end of its question. */
  readonly days: number;
  /** How old the price was. */
  readonly ageDays: number;
}

/** How opinions are weighed and pushed. */
export interface PoolingParameters {
  /** a of the logit pool, applied to each opinion: 1 leaves them. */
  readonly extremizing: number;
  reliabilityOf(source: string): number;
}

/** A price of this age weighs half: as the decisions stage has it. */
const HALF_LIFE: Millis = 14 * DAY_MS;
/** Within its last hour a price is an outcome coming in, not a hazard. */
const LEAST_DAYS = 1 / 24;

/**
 * Each opinion is extremised, put at the common horizon through its hazard, pooled in log-odds with weights reliability × freshness, and the
 * pooled hazard is put into the question's own window. One opinion alone needs no common horizon: it is only extremised, and with a = 1 it is
 * the raw price to the bit.
 * @param days the question's own window @returns null without opinions
 */
export function poolQuestion(opinions: readonly Opinion[], days: number, { extremizing, reliabilityOf }: PoolingParameters): number | null {
  if (opinions.length === 1) return extremize(opinions[0]!.probability, extremizing);
  const horizon = PARAMETERS.poolingHorizonDays;
  const pooled = poolLogOdds(
    opinions.map((o) => ({
      probability: probabilityWithin(hazardRate(extremize(o.probability, extremizing), Math.max(o.days, LEAST_DAYS)), horizon),
      weight: Math.max(1e-9, reliabilityOf(o.source) * freshness(o.ageDays * DAY_MS, HALF_LIFE)),
    })),
    PARAMETERS.extremizing,
  );
  return pooled === null ? null : probabilityWithin(hazardRate(pooled, horizon), Math.max(days, LEAST_DAYS));
}
