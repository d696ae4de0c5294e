/** Customers and shipments written down: the way by sea is found once, when a shipment comes or changes. */
import type { Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import type { Customer } from './customer.ts';
import { errors } from './errors.ts';
import type { Shipment } from './shipment.ts';
import type { RoutePlanner } from './ports.ts';
import { findCustomer, saveCustomer } from './store/customers.ts';
import { saveShipment, type StoredShipment } from './store/shipments.ts';

/** What a scenario or an import brings. */
export interface ShippingData {
  readonly customers: readonly Customer[];
  /** `knownAt`: from when the desk knows of it. */
  readonly shipments: readonly (Shipment & { readonly knownAt: Millis })[];
}

export interface ShippingReport {
  readonly customers: { readonly created: number; readonly updated: number };
  readonly shipments: { readonly created: number; readonly updated: number };
}

/**
 * Writes all or nothing; repeating it changes nothing.
 * @throws CodedError SHIPMENT_NO_SEA_ROUTE, CUSTOMER_UNKNOWN with the shipment's place in the list
 */
export async function upsertCustomersAndShipments(tx: Transaction, data: ShippingData, planner: RoutePlanner): Promise<ShippingReport> {
  const routed = data.shipments.map((s, i) => ({ ...routeShipment(s, planner, `shipments[${i}]`), knownAt: s.knownAt }));
  const customers = { created: 0, updated: 0 };
  for (const customer of data.customers) customers[(await saveCustomer(tx, customer)) ? 'created' : 'updated'] += 1;
  const shipments = { created: 0, updated: 0 };
  for (const [i, stored] of routed.entries()) {
    await requireCustomer(tx, stored.shipment.customerId, `shipments[${i}].customer_id`);
    shipments[(await saveShipment(tx, stored)) ? 'created' : 'updated'] += 1;
  }
  return { customers, shipments };
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
  if (!customer) throw errors.CUSTOMER_UNKNOWN({ field, detail: `There is no customer ${id}`, fix: 'Create it first with POST /api/v1/customers' });
  return customer;
}
