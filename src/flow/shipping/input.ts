/** What a caller may say of shipments and customers, by API or file: zod schemas whose output is the stage's own. */
import { z } from 'zod';
import { common } from '../../kernel/errors/index.ts';
import { body, id, instant, real, text, whole } from '../../kernel/http/index.ts';
import { addressProblem, CONTACT_CHANNELS, type Contact } from '../../model/contact.ts';
import { parseUsd } from '../../model/money.ts';
import { parseUnLocode } from '../../model/place.ts';
import { RISK_TOLERANCES, type Customer } from './customer.ts';
import { CONTAINER_TYPES, GOODS_CLASSES, SHIPMENT_STATUSES, type ContainerType, type Shipment } from './shipment.ts';

/**
 * More than a full ship carries. The decisions stage adds value, penalty and freight of a shipment, and their sum
 * must stay below
 * `MAX_EXACT_MICROS`.
 */
const USD_MAX = 2_000_000_000;

/** `"12500.50"`: dollars with at most six decimals, not negative, at most {@link USD_MAX}. */
export const usdInput = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,6})?$/, {
    error: 'must be dollars as text with at most six decimals, as in "12500.50"',
    abort: true,
  })
  .refine((dollars) => Number(dollars) <= USD_MAX, 'must be at most 2,000,000,000 dollars')
  .transform((dollars) => parseUsd(dollars));

const locode = z.string().max(20).transform((given, context) => {
  try {
    return parseUnLocode(given);
  } catch (e) {
    context.issues.push({ code: 'custom', message: (e as Error).message, input: given });
    return z.NEVER;
  }
});
const name = text(200);

export const SHIPMENT = {
  reference: text(100),
  customer_id: id(),
  from: locode,
  to: locode,
  etd: instant(),
  eta: instant(),
  cargo_value_usd: usdInput,
  containers: whole(1, 100_000),
  container_type: z.enum(CONTAINER_TYPES as [ContainerType, ...ContainerType[]]),
  goods_class: z.enum(GOODS_CLASSES),
  carrier: name.nullable().default(null),
  vessel: name.nullable().default(null),
  booking_reference: name.nullable().default(null),
  status: z.enum(SHIPMENT_STATUSES).default('booked'),
  penalty_per_day_usd: usdInput.default(0n),
  penalty_free_days: whole(0, 365).default(0),
  penalty_cap_usd: usdInput.default(0n),
};

/** A shipment whole; what contradicts itself is told at its field. */
export const shipmentInput = body(SHIPMENT)
  // A time that could not be read has its own issue, and is no number yet.
  .refine((s) => typeof s.etd !== 'number' || typeof s.eta !== 'number' || s.eta > s.etd, { path: ['eta'], message: 'must be later than etd' })
  .refine((s) => s.from !== s.to, { path: ['to'], message: 'must be another port than from' });
export type ShipmentInput = z.output<typeof shipmentInput>;

export const shipmentOf = (b: ShipmentInput, id: string): Shipment => ({
  id, reference: b.reference, customerId: b.customer_id, from: b.from, to: b.to, etd: b.etd, eta: b.eta, cargoValueMicros: b.cargo_value_usd, containers: b.containers,
  containerType: b.container_type, goodsClass: b.goods_class, carrier: b.carrier, vessel: b.vessel, bookingReference: b.booking_reference, status: b.status,
  penalty: { perDayMicros: b.penalty_per_day_usd, freeDays: b.penalty_free_days, capMicros: b.penalty_cap_usd },
});

const wall = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as in 22:00');

/** Addresses are in an index (`alert_deliveries`), whose rows hold 2,704 bytes with the other columns. */
const fitsIndex = (address: string): boolean => Buffer.byteLength(address) <= 2_000;

/** An address of a channel; its form depends on the channel. Without an address the stored one is kept. */
const contactInput = body({
  channel: z.enum(CONTACT_CHANNELS),
  address: text(1_000).refine(fitsIndex, 'must be at most 2,000 bytes in UTF-8').optional(),
}).superRefine(({ channel, address }, context) => {
  const wanted = address === undefined ? null : addressProblem({ channel, address });
  if (wanted !== null) context.addIssue({ code: 'custom', path: ['address'], message: `must be ${wanted}` });
});
type ContactInput = z.output<typeof contactInput>;

export const CUSTOMER = {
  name,
  language: z.string().max(35).regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag, as in en or zh-CN'),
  timezone: z.string().max(64).refine(isTimezone, 'must be an IANA time zone, as in Europe/Amsterdam'),
  contacts: z.array(contactInput).max(CONTACT_CHANNELS.length).default([]).describe('In the order in which they are tried; at most one a channel'),
  whatsapp: z.string().max(16).optional().describe('Short for a contact with channel whatsapp, tried first'),
  min_exposure_usd: usdInput.default(0n),
  min_probability: real(0, 1).default(0.02),
  risk_tolerance: z.enum(RISK_TOLERANCES).default('balanced'),
  quiet_hours: body({ from: wall, to: wall }).nullable().default(null),
};
export const customerId = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be lower-case letters, digits, _ and -, at most 64');

/** @throws nothing: each fault is an issue at its field */
function checkContacts(c: { readonly contacts: readonly ContactInput[]; readonly whatsapp?: string | undefined }, context: z.RefinementCtx): void {
  const wanted = c.whatsapp === undefined ? null : addressProblem({ channel: 'whatsapp', address: c.whatsapp });
  if (wanted !== null) context.addIssue({ code: 'custom', path: ['whatsapp'], message: `must be ${wanted}` });
  const seen = new Set<string>(c.whatsapp === undefined ? [] : ['whatsapp']);
  for (const [i, { channel }] of c.contacts.entries()) {
    if (seen.has(channel)) context.addIssue({ code: 'custom', path: ['contacts', i, 'channel'], message: `must be another channel: ${channel} is given already` });
    seen.add(channel);
  }
  if (seen.size === 0) context.addIssue({ code: 'custom', path: ['contacts'], message: 'must hold at least one way to reach the customer' });
}

export const customerInput = body(CUSTOMER).superRefine(checkContacts);
export const newCustomerInput = body({ id: customerId.optional(), ...CUSTOMER }).superRefine(checkContacts);
export type CustomerInput = z.output<typeof customerInput>;

/**
 * @param before what is kept of the customer: a contact without an address keeps it
 * @throws CodedError VALIDATION_FAILED when there is nothing to keep
 */
export function customerOf(b: CustomerInput, id: string, before: Customer | null = null): Customer {
  const contacts = b.contacts.map(({ channel, address }, i): Contact => {
    const kept = address ?? before?.contacts.find((c) => c.channel === channel)?.address;
    if (kept === undefined) throw common.VALIDATION_FAILED({ field: `contacts[${i}].address`, detail: `There is no ${channel} address yet that could be kept`, fix: 'Give the address' });
    return { channel, address: kept };
  });
  return {
    id, name: b.name, language: b.language, timezone: b.timezone,
    contacts: [...(b.whatsapp === undefined ? [] : [{ channel: 'whatsapp' as const, address: b.whatsapp }]), ...contacts],
    quietHours: b.quiet_hours, minExposureMicros: b.min_exposure_usd, minProbability: b.min_probability, riskTolerance: b.risk_tolerance,
  };
}

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
