/** All breakers of a process by name: made on first use, listed, reset, logged and measured. */
import type { Clock } from '../../model/time.ts';
import type { Logger } from '../logging/types.ts';
import type { Metrics } from '../metrics/types.ts';
import { Breaker, type BreakerState, type BreakerView } from './breaker.ts';
import { errors } from './errors.ts';
import { BREAKER_POLICIES, DEFAULT_BREAKER_POLICY, type BreakerPolicy } from './policies.ts';

export interface Breakers {
  /** The breaker of that name; made closed when there is none. Names are constants of the code, never input. */
  get(name: string): Breaker;
  /** Lists these before their first call. */
  register(names: readonly string[]): void;
  /** Every breaker by name, in the order of names. */
  view(): Readonly<Record<string, BreakerView>>;
  /** Closes one by hand. @returns what it was @throws CodedError BREAKER_UNKNOWN, naming those that there are */
  reset(name: string): BreakerView;
}

export interface BreakersDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly policies?: Readonly<Record<string, BreakerPolicy>>;
}

const GAUGE: Readonly<Record<BreakerState, number>> = Object.freeze({ closed: 0, half_open: 1, open: 2 });
const EVENT: Readonly<Record<BreakerState, string>> = Object.freeze({ closed: 'circuit_closed', half_open: 'circuit_half_opened', open: 'circuit_opened' });

export function createBreakers({ clock, logger, metrics, policies = BREAKER_POLICIES }: BreakersDependencies): Breakers {
  const breakers = new Map<string, Breaker>();
  const gauge = metrics.gauge('riskcast_circuit_breaker_state', 'Circuit breaker: 0 closed, 1 half open, 2 open', ['breaker']);

  const onChange = (breaker: Breaker, to: BreakerState): void => {
    gauge.set({ breaker: breaker.name }, GAUGE[to]);
    const fields = { breaker: breaker.name, failures_max: breaker.policy.failures, open_ms: breaker.policy.openMs, last_error: breaker.lastError };
    if (to === 'open') logger.warn(EVENT[to], fields);
    else logger.info(EVENT[to], fields);
  };

  const get = (name: string): Breaker => {
    let breaker = breakers.get(name);
    if (!breaker) {
      const policy = Object.hasOwn(policies, name) ? policies[name]! : DEFAULT_BREAKER_POLICY;
      breaker = new Breaker(name, policy, clock, onChange);
      breakers.set(name, breaker);
      gauge.set({ breaker: name }, GAUGE.closed);
    }
    return breaker;
  };

  return {
    get,
    register: (names) => names.forEach(get),
    view: () => Object.fromEntries([...breakers.keys()].sort().map((name) => [name, breakers.get(name)!.view()])),
    reset(name) {
      const breaker = breakers.get(name);
      if (!breaker) throw errors.BREAKER_UNKNOWN({ detail: `There is no breaker ${JSON.stringify(name)}`, field: 'name', fix: `One of: ${[...breakers.keys()].sort().join(', ')}` });
      const before = breaker.view();
      breaker.reset();
      logger.warn('circuit_reset', { breaker: name, was: before.state });
      return before;
    },
  };
}
