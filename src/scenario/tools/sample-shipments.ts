/** Invented shipments as rows, and books of regular departures. Ports, distances and carriers' SCAC codes are real; the rest is made up. */
import { DAY_MS, HOUR_MS, iso, parseInstant, startOfDay, type IsoDay } from '../../model/time.ts';
import { csvField } from '../../model/csv.ts';
import { shipmentColumns } from '../files.ts';
import type { ScenarioContainer, ScenarioGoods } from '../types.ts';

/** What a box holds, and what is owed when it comes late. */
export interface SampleCargo {
  readonly cargo: string;
  readonly valueUsd: number;
  readonly containers: number;
  readonly type: ScenarioContainer;
  readonly goods: ScenarioGoods;
  /** Dollars a day, free days, cap in dollars. */
  readonly penalty: readonly [perDayUsd: number, freeDays: number, capUsd: number];
}

export interface SampleShipment extends SampleCargo {
  readonly reference: string;
  readonly customer: string;
  readonly booked: string;
  readonly from: string;
  readonly to: string;
  readonly etd: string;
  /** Over the marnet sea network (Eurostat), Northwest Passage closed. */
  readonly distanceNm: number;
  readonly knots: number;
  readonly carrier: string;
  readonly vessel: string;
}

const seconds = (at: number): string => iso(at).replace('.000Z', 'Z');

/** A line of shipments.csv. The arrival follows from distance and speed, rounded up to the hour. */
export function shipmentRow(s: SampleShipment, id: string): string {
  const eta = Math.ceil((parseInstant(s.etd) + (s.distanceNm / s.knots / 24) * DAY_MS) / HOUR_MS) * HOUR_MS;
  const row: Record<keyof typeof shipmentColumns, string | number> = {
    id,
    reference: s.reference,
    customer_id: s.customer,
    known_at: s.booked,
    from: s.from,
    to: s.to,
    etd: s.etd,
    eta: seconds(eta),
    cargo: s.cargo,
    cargo_value_usd: s.valueUsd,
    containers: s.containers,
    container_type: s.type,
    goods_class: s.goods,
    carrier_scac: s.carrier,
    vessel: s.vessel,
    booking_reference: `${s.carrier}${s.reference.replaceAll('-', '')}`,
    penalty_per_day_usd: s.penalty[0],
    penalty_free_days: s.penalty[1],
    penalty_cap_usd: s.penalty[2],
  };
  return Object.keys(shipmentColumns).map((c) => csvField(String(row[c as keyof typeof row]))).join(',');
}

/** A regular service: a departure every so many days, its cargoes and ships in turn. */
export interface SampleLane {
  readonly customer: string;
  /** Before the number: `TB-23`. */
  readonly reference: string;
  readonly from: string;
  readonly to: string;
  readonly distanceNm: number;
  readonly knots: number;
  readonly carrier: string;
  readonly firstEtd: IsoDay;
  readonly everyDays: number;
  readonly bookedDaysAhead: number;
  readonly cargoes: readonly SampleCargo[];
  readonly vessels: readonly string[];
}

/** Every departure up to and with the day `until`, by ETD; each customer's references count up in that order. */
export function departures(lanes: readonly SampleLane[], until: IsoDay): readonly SampleShipment[] {
  const numbers = new Map<string, number>();
  return lanes
    .flatMap((lane, order) => {
      const sailings = Math.floor((startOfDay(until) - startOfDay(lane.firstEtd)) / DAY_MS / lane.everyDays) + 1;
      return Array.from({ length: Math.max(0, sailings) }, (_, n) => ({ lane, order, n, etd: startOfDay(lane.firstEtd) + n * lane.everyDays * DAY_MS + 18 * HOUR_MS }));
    })
    .sort((a, b) => a.etd - b.etd || a.order - b.order)
    .map(({ lane, n, etd }) => {
      const number = (numbers.get(lane.reference) ?? 0) + 1;
      numbers.set(lane.reference, number);
      return {
        ...lane.cargoes[n % lane.cargoes.length]!,
        reference: `${lane.reference}-${String(number).padStart(4, '0')}`,
        customer: lane.customer,
        // Nine in the morning of the booking day.
        booked: seconds(etd - lane.bookedDaysAhead * DAY_MS - 9 * HOUR_MS),
        from: lane.from,
        to: lane.to,
        etd: seconds(etd),
        distanceNm: lane.distanceNm,
        knots: lane.knots,
        carrier: lane.carrier,
        vessel: lane.vessels[n % lane.vessels.length]!,
      };
    });
}
