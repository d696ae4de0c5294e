/** The API's shapes of shipments and customers, as zod schemas and the functions that fill them. */
import { z } from 'zod';
import { CONTACT_CHANNELS, maskAddress } from '../../model/contact.ts';
import { toDecimal } from '../../model/money.ts';
import { iso } from '../../model/time.ts';
import { RISK_TOLERANCES, type Customer } from './customer.ts';
import { CONTAINER_TYPES, feuOf, GOODS_CLASSES, SHIPMENT_STATUSES, teuOf, type ContainerType } from './shipment.ts';
import type { StoredShipment } from './store/shipments.ts';

const money = z.string().describe('US dollars, decimal');

export const shipmentSchema = z.object({
  id: z.string(), reference: z.string(), customer_id: z.string(), customer_name: z.string(), from: z.string(), from_name: z.string(), to: z.string(), to_name: z.string(),
  etd: z.string(), eta: z.string(), cargo_value_usd: money, containers: z.number(), container_type: z.enum(CONTAINER_TYPES as [ContainerType, ...ContainerType[]]), teu: z.number(), feu: z.number(),
  goods_class: z.enum(GOODS_CLASSES), carrier: z.string().nullable(), vessel: z.string().nullable(), booking_reference: z.string().nullable(), status: z.enum(SHIPMENT_STATUSES),
  penalty_per_day_usd: money, penalty_free_days: z.number(), penalty_cap_usd: money, chokepoints: z.array(z.string()).describe('In the order of the voyage'), distance_nm: z.number(),
});
export type ShipmentView = z.infer<typeof shipmentSchema>;

export function viewShipment({ shipment: s, route, fromName, toName }: StoredShipment, customerName: string): ShipmentView {
  return {
    id: s.id, reference: s.reference, customer_id: s.customerId, customer_name: customerName, from: s.from, from_name: fromName, to: s.to, to_name: toName,
    etd: iso(s.etd), eta: iso(s.eta), cargo_value_usd: toDecimal(s.cargoValueMicros), containers: s.containers, container_type: s.containerType, teu: teuOf(s), feu: feuOf(s),
    goods_class: s.goodsClass, carrier: s.carrier, vessel: s.vessel, booking_reference: s.bookingReference, status: s.status,
    penalty_per_day_usd: toDecimal(s.penalty.perDayMicros), penalty_free_days: s.penalty.freeDays, penalty_cap_usd: toDecimal(s.penalty.capMicros),
    chokepoints: route.passages.map((p) => p.id), distance_nm: Math.round(route.distanceNm),
  };
}

/** Addresses stay in the house: enough is shown to recognise them. */
export const customerSchema = z.object({
  id: z.string(), name: z.string(), language: z.string(), timezone: z.string(), min_exposure_usd: money, min_probability: z.number(),
  risk_tolerance: z.enum(RISK_TOLERANCES), contacts: z.array(z.object({ channel: z.enum(CONTACT_CHANNELS), address: z.string().describe('Masked') })),
  quiet_hours: z.object({ from: z.string(), to: z.string() }).nullable(), shipments: z.int().nonnegative().describe('How many the desk holds of them, of any status'),
});
export type CustomerView = z.infer<typeof customerSchema>;

export const viewCustomer = (c: Customer, shipments: number): CustomerView => ({
  id: c.id, name: c.name, language: c.language, timezone: c.timezone, min_exposure_usd: toDecimal(c.minExposureMicros), min_probability: c.minProbability,
  risk_tolerance: c.riskTolerance, contacts: c.contacts.map((contact) => ({ channel: contact.channel, address: maskAddress(contact) })), quiet_hours: c.quietHours, shipments,
});
