/** Freightos' stand-in: a scenario's freight lanes as a calculator's ranges, as known at the clock. */
import { newestKnown, type Scenario } from '../../scenario/index.ts';
import type { Clock } from '../../model/time.ts';
import { startTwin, type TwinReply, type TwinServer } from '../twin/index.ts';
import { FREIGHTOS_PATH } from './freightos.ts';
import { lanesOf } from './quoted-lanes.ts';

export interface FreightosTwinOptions {
  readonly scenario: Pick<Scenario, 'freight'>;
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
}

/** The record holds one rate a week: a range of this share to each side of it. */
const SPREAD = 0.1;

/** @throws CodedError TWIN_NOT_STARTED */
export function startFreightosTwin({ scenario, clock, port }: FreightosTwinOptions): Promise<TwinServer> {
  const answer = (origin: string, destination: string, now: number, arrange: (modes: readonly object[]) => readonly object[]): TwinReply => {
    const lane = lanesOf(origin, destination)[0]?.lane;
    const row = newestKnown(scenario.freight, now, (r) => r.lane).find((r) => r.lane === lane);
    if (!row) return { json: { response: { estimatedFreightRates: { numQuotes: 0 } } } };
    const money = (share: number): object => ({ moneyAmount: { amount: Number((row.usdPerFeu * share).toFixed(2)), currency: 'USD' } });
    const modes = arrange([{ mode: 'FCL', price: { min: money(1 - SPREAD), max: money(1 + SPREAD) }, transitTimes: { unit: 'days', min: 28, max: 41 } }]);
    return { json: { response: { estimatedFreightRates: { numQuotes: modes.length, mode: modes.length === 1 ? modes[0] : modes } } } };
  };
  return startTwin({
    name: 'freightos',
    clock,
    routes: [{ method: 'GET', path: FREIGHTOS_PATH, handle: ({ query }, context) => answer(query.get('origin') ?? '', query.get('destination') ?? '', context.now(), (modes) => context.arrange(modes)) }],
    ...(port === undefined ? {} : { port }),
  });
}
