/** What was known of a passage over time: traffic, odds, freight and alarms, for charts. */
import type { Executor } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, startOfDay, type IsoDay, type Millis } from '../../model/time.ts';
import { signalHistory } from '../signals/index.ts';
import { freightSeriesOf } from './charts/monitors.ts';
import { transitSeries } from './ports.ts';
import { knownAlarms, knownValues, type Alarm, type KnownValue } from './store.ts';

export interface ChokepointHistory {
  /** All classes of ships. */
  readonly transits: readonly KnownValue[];
  /** Prices as told, step by step; context questions left out. `at` is when the price was known. */
  readonly odds: readonly { readonly at: Millis; readonly value: number; readonly question: string; readonly source: string }[];
  readonly freight: readonly (KnownValue & { readonly lane: string })[];
  readonly alarms: readonly Alarm[];
}

/** @param from, to days, both included; nothing known after `asOf` is in it */
export async function chokepointHistory(on: Executor, id: ChokepointId, from: IsoDay, to: IsoDay, asOf: Millis): Promise<ChokepointHistory> {
  const total = transitSeries(id);
  const freight = freightSeriesOf(id);
  const values = await knownValues(on, freight === null ? [total] : [total, freight], from, to, asOf);
  const told = await signalHistory(on, id, startOfDay(from), startOfDay(to) + DAY_MS - 1, asOf);
  return {
    transits: values.get(total) ?? [],
    odds: told.filter((s) => s.relation !== 'context').map((s) => ({ at: s.knownAt, value: s.probability, question: s.claim, source: s.source })),
    freight: freight === null ? [] : (values.get(freight) ?? []).map((v) => ({ ...v, lane: freight.slice('freight.'.length) })),
    alarms: await knownAlarms(on, id, from, to, asOf),
  };
}
