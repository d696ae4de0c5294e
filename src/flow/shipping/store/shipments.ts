/** The SQL of shipments and of the passages on their way. */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import { deterministicId } from '../../../model/ids.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { iso, type Millis } from '../../../model/time.ts';
import type { ContainerType, GoodsClass, SeaRoute, Shipment, ShipmentStatus } from '../shipment.ts';
import type { Written } from './customers.ts';

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

const WRITTEN = `reference, customer_id, from_port, to_port, from_name, to_name, etd, eta, cargo_value_micros, containers, container_type, goods_class, carrier, vessel,
  booking_reference, status, penalty_per_day_micros, penalty_free_days, penalty_cap_micros, distance_nm`.split(',').map((column) => column.trim());
const each = (prefix: string): string => WRITTEN.map((column) => `${prefix}.${column}`).join(', ');

/** Rows a statement: a thousand are about 600 KB. */
const BATCH = 1_000;

/**
 * Writes shipments whole, their passages with them. A known id keeps its first `known_at`; one that is as it was is not touched.
 * @param shipments each id once
 * @returns by id
 */
export async function saveShipments(tx: Transaction, shipments: readonly StoredShipment[]): Promise<ReadonlyMap<string, Written>> {
  const written = new Map<string, Written>(shipments.map((s) => [s.shipment.id, 'unchanged']));
  for (let at = 0; at < shipments.length; at += BATCH) {
    const batch = shipments.slice(at, at + BATCH);
    const { rows } = await tx.query<{ id: string; fresh: boolean }>(
      `insert into shipments as k (id, ${WRITTEN.join(', ')}, known_at)
       select id, ${WRITTEN.join(', ')}, known_at from jsonb_populate_recordset(null::shipments, $1::jsonb) order by id
       on conflict (id) do update set (${WRITTEN.join(', ')}) = row(${each('excluded')}), known_at = least(k.known_at, excluded.known_at), updated_at = now()
       where (${each('k')}) is distinct from (${each('excluded')}) or excluded.known_at < k.known_at
       returning id, (xmax = 0) as fresh`,
      [JSON.stringify(batch.map(toRow))],
    );
    for (const { id, fresh } of rows) written.set(id, fresh ? 'created' : 'updated');
    const moved = batch.filter((s) => written.get(s.shipment.id) !== 'unchanged');
    await tx.query('delete from shipment_passages where shipment_id = any($1::text[])', [moved.map((s) => s.shipment.id)]);
    await tx.query(
      `insert into shipment_passages (shipment_id, chokepoint, fraction, passes_at)
       select shipment_id, chokepoint, fraction, passes_at from jsonb_populate_recordset(null::shipment_passages, $1::jsonb) on conflict do nothing`,
      [JSON.stringify(moved.flatMap(passageRows))],
    );
  }
  return written;
}

/** @returns what the write did */
export async function saveShipment(tx: Transaction, shipment: StoredShipment): Promise<Written> {
  return (await saveShipments(tx, [shipment])).get(shipment.shipment.id)!;
}

function toRow({ shipment: s, route, fromName, toName, knownAt }: StoredShipment): Record<string, unknown> {
  return {
    id: s.id, reference: s.reference, customer_id: s.customerId, from_port: s.from, to_port: s.to, from_name: fromName, to_name: toName, etd: iso(s.etd), eta: iso(s.eta),
    cargo_value_micros: String(s.cargoValueMicros), containers: s.containers, container_type: s.containerType, goods_class: s.goodsClass, carrier: s.carrier, vessel: s.vessel,
    booking_reference: s.bookingReference, status: s.status, penalty_per_day_micros: String(s.penalty.perDayMicros), penalty_free_days: s.penalty.freeDays,
    penalty_cap_micros: String(s.penalty.capMicros), distance_nm: route.distanceNm, known_at: iso(knownAt),
  };
}

const passageRows = ({ shipment: s, route }: StoredShipment): readonly object[] =>
  route.passages.map((p) => ({ shipment_id: s.id, chokepoint: p.id, fraction: p.fraction, passes_at: iso(Math.round(s.etd + p.fraction * (s.eta - s.etd))) }));

/**
 * The ids under which shipments are kept, or will be: customer and reference are what people know them by, and a scenario gives ids of its own.
 * @returns in the order given
 */
export async function shipmentIds(on: Executor, keys: readonly { readonly customerId: string; readonly reference: string }[]): Promise<readonly string[]> {
  const { rows } = await on.query<{ id: string; customer_id: string; reference: string }>(
    `select s.id, s.customer_id, s.reference from unnest($1::text[], $2::text[]) as k(customer_id, reference) join shipments s using (customer_id, reference)`,
    [keys.map((k) => k.customerId), keys.map((k) => k.reference)],
  );
  const kept = new Map(rows.map((r) => [`${r.customer_id} ${r.reference}`, r.id]));
  return keys.map((k) => kept.get(`${k.customerId} ${k.reference}`) ?? deterministicId('shp', k.customerId, k.reference));
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
