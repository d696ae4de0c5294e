/** The SQL of shipments and of the passages on their way. */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { iso, type Millis } from '../../../model/time.ts';
import type { ContainerType, GoodsClass, SeaRoute, Shipment, ShipmentStatus } from '../shipment.ts';

/** A shipment with what was found out about its way. */
export interface StoredShipment {
  readonly shipment: Shipment;
  readonly fromName: string;
  readonly toName: string;
  readonly route: SeaRoute;
  readonly knownAt: Millis;
}

interface Row {
  id: string;
  reference: string;
  customer_id: string;
  from_port: string;
  to_port: string;
  from_name: string;
  to_name: string;
  etd: Date;
  eta: Date;
  cargo_value_micros: bigint;
  containers: number;
  container_type: ContainerType;
  goods_class: GoodsClass;
  carrier: string | null;
  vessel: string | null;
  booking_reference: string | null;
  status: ShipmentStatus;
  penalty_per_day_micros: bigint;
  penalty_free_days: number;
  penalty_cap_micros: bigint;
  distance_nm: number;
  known_at: Date;
  passages: { id: ChokepointId; fraction: number }[];
}

const COLUMNS = `s.id, s.reference, s.customer_id, s.from_port, s.to_port, s.from_name, s.to_name, s.etd, s.eta, s.cargo_value_micros, s.containers, s.container_type,
  s.goods_class, s.carrier, s.vessel, s.booking_reference, s.status, s.penalty_per_day_micros, s.penalty_free_days, s.penalty_cap_micros, s.distance_nm, s.known_at,
  coalesce((select jsonb_agg(jsonb_build_object('id', p.chokepoint, 'fraction', p.fraction) order by p.fraction, p.chokepoint) from shipment_passages p where p.shipment_id = s.id), '[]') as passages`;

function fromRow(r: Row): StoredShipment {
  return {
    shipment: {
      id: r.id,
      reference: r.reference,
      customerId: r.customer_id,
      from: r.from_port,
      to: r.to_port,
      etd: r.etd.getTime(),
      eta: r.eta.getTime(),
      cargoValueMicros: r.cargo_value_micros,
      containers: r.containers,
      containerType: r.container_type,
      goodsClass: r.goods_class,
      carrier: r.carrier,
      vessel: r.vessel,
      bookingReference: r.booking_reference,
      status: r.status,
      penalty: { perDayMicros: r.penalty_per_day_micros, freeDays: r.penalty_free_days, capMicros: r.penalty_cap_micros },
    },
    fromName: r.from_name,
    toName: r.to_name,
    route: { distanceNm: r.distance_nm, passages: r.passages },
    knownAt: r.known_at.getTime(),
  };
}

/** Writes a shipment whole, its passages with it. A known id keeps its first `known_at`. @returns whether it is new */
export async function saveShipment(tx: Transaction, { shipment: s, route, fromName, toName, knownAt }: StoredShipment): Promise<boolean> {
  const { rows } = await tx.query<{ fresh: boolean }>(
    `insert into shipments (id, reference, customer_id, from_port, to_port, from_name, to_name, etd, eta, cargo_value_micros, containers, container_type, goods_class, carrier, vessel,
       booking_reference, status, penalty_per_day_micros, penalty_free_days, penalty_cap_micros, distance_nm, known_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
     on conflict (id) do update set reference = $2, customer_id = $3, from_port = $4, to_port = $5, from_name = $6, to_name = $7, etd = $8, eta = $9, cargo_value_micros = $10, containers = $11,
       container_type = $12, goods_class = $13, carrier = $14, vessel = $15, booking_reference = $16, status = $17, penalty_per_day_micros = $18, penalty_free_days = $19,
       penalty_cap_micros = $20, distance_nm = $21, known_at = least(shipments.known_at, excluded.known_at), updated_at = now()
     returning (xmax = 0) as fresh`,
    [
      s.id, s.reference, s.customerId, s.from, s.to, fromName, toName, iso(s.etd), iso(s.eta), s.cargoValueMicros, s.containers, s.containerType, s.goodsClass, s.carrier, s.vessel,
      s.bookingReference, s.status, s.penalty.perDayMicros, s.penalty.freeDays, s.penalty.capMicros, route.distanceNm, iso(knownAt),
    ],
  );
  await tx.query('delete from shipment_passages where shipment_id = $1', [s.id]);
  const passages = route.passages.map((p) => ({ shipment_id: s.id, chokepoint: p.id, fraction: p.fraction, passes_at: iso(Math.round(s.etd + p.fraction * (s.eta - s.etd))) }));
  await tx.query(
    `insert into shipment_passages (shipment_id, chokepoint, fraction, passes_at)
     select shipment_id, chokepoint, fraction, passes_at from jsonb_populate_recordset(null::shipment_passages, $1::jsonb) on conflict do nothing`,
    [JSON.stringify(passages)],
  );
  return rows[0]?.fresh ?? false;
}

export async function findShipment(on: Executor, id: string): Promise<StoredShipment | null> {
  const { rows } = await on.query<Row>(`select ${COLUMNS} from shipments s where s.id = $1`, [id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export interface ShipmentFilter {
  readonly customerId?: string | undefined;
  readonly chokepoint?: ChokepointId | undefined;
  /** Exclusive. */
  readonly after: string | null;
  readonly limit: number;
}

/** By id. */
export async function listShipments(on: Executor, { customerId, chokepoint, after, limit }: ShipmentFilter): Promise<readonly StoredShipment[]> {
  const { rows } = await on.query<Row>(
    `select ${COLUMNS} from shipments s where ($1::text is null or s.id > $1) and ($2::text is null or s.customer_id = $2)
       and ($3::text is null or exists (select 1 from shipment_passages p where p.shipment_id = s.id and p.chokepoint = $3)) order by s.id limit $4`,
    [after, customerId ?? null, chokepoint ?? null, limit],
  );
  return rows.map(fromRow);
}

/** A shipment and a passage that lies ahead of it. */
export interface Ahead extends StoredShipment {
  readonly chokepoint: ChokepointId;
}

/**
 * Shipments that have one of these passages still ahead at `asOf`, known by then and not over.
 * @param shipmentIds only these; null: all
 */
export async function shipmentsAhead(on: Executor, chokepoints: readonly ChokepointId[], asOf: Millis, shipmentIds: readonly string[] | null): Promise<readonly Ahead[]> {
  if (chokepoints.length === 0) return [];
  const { rows } = await on.query<Row & { chokepoint: ChokepointId }>(
    `select ${COLUMNS}, a.chokepoint from shipment_passages a join shipments s on s.id = a.shipment_id
      where a.chokepoint = any($1::text[]) and a.passes_at >= $2 and s.known_at <= $2 and s.eta > $2 and s.status not in ('delivered', 'cancelled')
        and ($3::text[] is null or s.id = any($3::text[])) order by s.id, a.chokepoint`,
    [chokepoints, iso(asOf), shipmentIds],
  );
  return rows.map((row) => ({ ...fromRow(row), chokepoint: row.chokepoint }));
}

/** How many shipments have each passage ahead at `asOf`. */
export async function countAhead(on: Executor, asOf: Millis): Promise<ReadonlyMap<ChokepointId, number>> {
  const { rows } = await on.query<{ chokepoint: ChokepointId; n: number }>(
    `select a.chokepoint, count(*)::int as n from shipment_passages a join shipments s on s.id = a.shipment_id
      where a.passes_at >= $1 and s.known_at <= $1 and s.status not in ('delivered', 'cancelled') group by a.chokepoint`,
    [iso(asOf)],
  );
  return new Map(rows.map((r) => [r.chokepoint, r.n]));
}

/** Who ships what: a replay starts again from its first day. Decisions are forgotten first. */
export async function forgetShipping(tx: Transaction): Promise<void> {
  await tx.query('delete from shipments');
  await tx.query('delete from customers');
}
