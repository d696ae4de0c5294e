/** Customers and shipments written down: the way by sea is found once, when a shipment comes or changes. */
import type { Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import type { Customer } from './customer.ts';
import { errors } from './errors.ts';
import type { Shipment } from './shipment.ts';
import type { RoutePlanner } from './ports.ts';
import { customersById, findCustomer, saveCustomer, type Written } from './store/customers.ts';
import { saveShipments, type StoredShipment } from './store/shipments.ts';

/** What a scenario or an import brings. */
export interface ShippingData {
  readonly customers: readonly Customer[];
  /** `knownAt`: from when the desk knows of it. */
  readonly shipments: readonly (Shipment & { readonly knownAt: Millis })[];
}

export interface Tally {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface ShippingReport {
  readonly customers: Tally;
  readonly shipments: Tally;
}

/**
 * Writes all or nothing; repeating it changes nothing.
 * @throws CodedError SHIPMENT_NO_SEA_ROUTE, CUSTOMER_UNKNOWN with the shipment's place in the list
 */
export async function upsertCustomersAndShipments(tx: Transaction, data: ShippingData, planner: RoutePlanner): Promise<ShippingReport> {
  const routed = data.shipments.map((s, i) => ({ ...routeShipment(s, planner, `shipments[${i}]`), knownAt: s.knownAt }));
  const customers: Written[] = [];
  for (const customer of data.customers) customers.push(await saveCustomer(tx, customer));
  const known = await customersById(tx, [...new Set(routed.map((r) => r.shipment.customerId))]);
  for (const [i, { shipment }] of routed.entries()) if (!known.has(shipment.customerId)) throw customerUnknown(shipment.customerId, `shipments[${i}].customer_id`);
  const shipments = await saveShipments(tx, routed);
  return { customers: tally(customers), shipments: tally([...shipments.values()]) };
}

export function tally(written: readonly Written[]): Tally {
  const count = (kind: Written): number => written.filter((w) => w === kind).length;
  return { created: count('created'), updated: count('updated'), unchanged: count('unchanged') };
}

/** @param field of the shipment in what was given: the error names `to` under it @throws CodedError SHIPMENT_NO_SEA_ROUTE */
export function routeShipment(s: Shipment, planner: RoutePlanner, field = ''): Omit<StoredShipment, 'knownAt'> {
  const route = planner.route(s.from, s.to, { closed: [] });
  const at = (name: string): string => (field === '' ? name : `${field}.${name}`);
  if (!route) {
    const unknown = [s.from, s.to].find((port) => planner.portName(port) === null);
    throw errors.SHIPMENT_NO_SEA_ROUTE({
      field: at(unknown === s.from ? 'from' : 'to'),
      detail: unknown ? `${unknown} is not a sea port that is known here` : `no way by sea from ${s.from} to ${s.to}`,
      fix: 'Give the UN/LOCODE of a sea port, as in CNSHA',
    });
  }
  // Only the fields of a shipment: what else the caller's object holds stays out of hashes.
  const { id, reference, customerId, from, to, etd, eta, cargoValueMicros, containers, containerType, goodsClass, carrier, vessel, bookingReference, status, penalty } = s;
  const shipment: Shipment = { id, reference, customerId, from, to, etd, eta, cargoValueMicros, containers, containerType, goodsClass, carrier, vessel, bookingReference, status, penalty };
  return { shipment, route, fromName: planner.portName(from) ?? from, toName: planner.portName(to) ?? to };
}

/** @throws CodedError CUSTOMER_UNKNOWN */
export async function requireCustomer(tx: Transaction, id: string, field: string): Promise<Customer> {
  const customer = await findCustomer(tx, id);
  if (!customer) throw customerUnknown(id, field);
  return customer;
}

const customerUnknown = (id: string, field: string): Error => errors.CUSTOMER_UNKNOWN({ field, detail: `There is no customer ${id}`, fix: 'Create it first with POST /api/v1/customers' });
