/** When recorded figures could be known, and the rows that follow: PortWatch's transits and Drewry's freight rates, as every converter writes them. */
import { addDays, startOfDay, type IsoDay } from '../../model/time.ts';

/** IMF PortWatch as it was recorded: days by passage. */
export interface PortWatch {
  readonly chokepoints: Readonly<Record<string, { readonly history: readonly Readonly<Record<string, number | string>>[] }>>;
}

/** The passages of the record, by our names. */
const PASSAGES = { hormuz: 'hormuz_strait', bab_el_mandeb: 'bab_el_mandeb', suez: 'suez', cape_of_good_hope: 'cape_of_good_hope' } as const;
export type Passage = keyof typeof PASSAGES;
const ALL = Object.keys(PASSAGES) as readonly Passage[];
const LANES = ['shanghai_rotterdam', 'shanghai_genoa', 'shanghai_la', 'shanghai_ny', 'rotterdam_shanghai'] as const;

export const PORTWATCH_FILE = 'risk/portwatch/chokepoint-transits-2022-2026.json';
export const DREWRY_FILE = 'risk/freight/drewry_wci_wayback_2021-05_2026-09.csv';

/**
 * When PortWatch publishes a day: on the Tuesday after the Sunday that ends the day's week, at 9:00 in Washington (14:00 UTC in winter),
 * so 2 to 8 days after the day, 5 on average. The record bears it out: taken on Monday 2026-07-27, its last day is Sunday 2026-07-19.
 */
export function portwatchPublished(day: IsoDay): string {
  const weekday = (new Date(startOfDay(day)).getUTCDay() + 6) % 7;
  return `${addDays(day, 6 - weekday + 2)}T14:00:00Z`;
}

/**
 * Days `from` to `until` of these passages of the record, both included.
 * Days that became known after the last day played are never seen by a desk: they tell a backtest what happened to the ships.
 */
export function transitRows(portwatch: PortWatch, from: IsoDay, until: IsoDay, passages: readonly Passage[] = ALL): readonly string[] {
  return passages.flatMap((id) =>
    portwatch.chokepoints[PASSAGES[id]]!.history
      .map((r) => ({ r, day: String(r['date']) }))
      .filter(({ day }) => day >= from && day <= until)
      .map(({ r, day }) => [id, day, portwatchPublished(day), r['total'], r['container'], r['dryBulk'], r['generalCargo'], r['roro'], r['tanker']].join(',')),
  );
}

/** Drewry publishes on the Thursday that a row is dated; the hour is not recorded, so it is known from that day's end. @param before first day left out */
export function freightRows(text: string, from: IsoDay, before: IsoDay): readonly string[] {
  const [header, ...rows] = text.trim().split('\n').map((line) => line.trim().split(','));
  return rows.flatMap((row) => {
    const day = row[0]!;
    if (day < from || day >= before) return [];
    return LANES.flatMap((lane) => {
      const value = row[header!.indexOf(lane)];
      return value ? [[lane, day, `${addDays(day, 1)}T00:00:00Z`, String(Number(value)), 'drewry-wci'].join(',')] : [];
    });
  });
}
