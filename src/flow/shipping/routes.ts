/** Customers and shipments over HTTP. A write is by id or reference, so that a repeat changes nothing; a change is weighed at once. */
import { z } from 'zod';
import type { Database, Transaction } from '../../kernel/database/types.ts';
import { common } from '../../kernel/errors/index.ts';
import { body, decodeCursor, listQuery, page, readAccess, roleAccess, type HttpApp } from '../../kernel/http/index.ts';
import { deterministicId } from '../../model/ids.ts';
import { CHOKEPOINT_IDS, parseUnLocode, type ChokepointId } from '../../model/place.ts';
import { iso, parseInstant, type Millis } from '../../model/time.ts';
import type { Customer } from './customer.ts';
import { errors } from './errors.ts';
import type { Audit, OnShipments, RoutePlanner } from './ports.ts';
import { CONTAINER_TYPES, GOODS_CLASSES, SHIPMENT_STATUSES, type ContainerType, type Shipment } from './shipment.ts';
import { requireCustomer, routeShipment } from './register.ts';
import { customersById, findCustomer, listCustomers, saveCustomer } from './store/customers.ts';
import { findShipment, listShipments, saveShipment, type StoredShipment } from './store/shipments.ts';
import { customerSchema, shipmentSchema, usdInput, viewCustomer, viewShipment, type CustomerView, type ShipmentView } from './views.ts';

export interface ShippingRoutesDeps {
  readonly db: Database;
  readonly planner: RoutePlanner;
  readonly audit: Audit;
  readonly onShipments: OnShipments;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
}

const chokepointSchema = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
const idParams = z.object({ id: z.string().min(1).max(100) });
const CURSOR = z.tuple([z.string()]).transform(([id]) => id);
const locode = z.string().transform((text, context) => {
  try {
    return parseUnLocode(text);
  } catch (e) {
    context.issues.push({ code: 'custom', message: (e as Error).message, input: text });
    return z.NEVER;
  }
});
const time = z.iso.datetime({ offset: true }).transform(parseInstant);
const name = z.string().trim().min(1).max(200);

const SHIPMENT = {
  reference: z.string().trim().min(1).max(100),
  customer_id: z.string().min(1).max(100),
  from: locode,
  to: locode,
  etd: time,
  eta: time,
  cargo_value_usd: usdInput,
  containers: z.int().min(1).max(100_000),
  container_type: z.enum(CONTAINER_TYPES as [ContainerType, ...ContainerType[]]),
  goods_class: z.enum(GOODS_CLASSES),
  carrier: name.nullable().default(null),
  vessel: name.nullable().default(null),
  booking_reference: name.nullable().default(null),
  status: z.enum(SHIPMENT_STATUSES).default('booked'),
  penalty_per_day_usd: usdInput.default(0n),
  penalty_free_days: z.int().min(0).max(365).default(0),
  penalty_cap_usd: usdInput.default(0n),
};
const shipmentBody = body(SHIPMENT);

const wall = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as in 22:00');
const CUSTOMER = {
  name,
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag, as in en or pt-BR'),
  timezone: z.string().refine(isTimezone, 'must be an IANA time zone, as in Europe/Amsterdam'),
  whatsapp: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164, as in +15550100'),
  min_exposure_usd: usdInput.default(0n),
  min_probability: z.number().min(0).max(1).default(0.02),
  quiet_hours: body({ from: wall, to: wall }).nullable().default(null),
};
const newCustomer = body({ id: z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be lower-case letters, digits, _ and -, at most 64').optional(), ...CUSTOMER });
const customerBody = body(CUSTOMER);

const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const shippingRoutes = (deps: ShippingRoutesDeps) => (app: HttpApp): void => {
  shipmentReads(app, deps);
  shipmentWrites(app, deps);
  customerRoutes(app, deps);
};

function shipmentReads(app: HttpApp, { db }: ShippingRoutesDeps): void {
  app.get('/api/v1/shipments', {
    config: { access: readAccess },
    schema: { summary: 'Shipments, by id', tags: ['shipments'], querystring: listQuery({ customer_id: z.string().max(100).optional(), chokepoint: chokepointSchema.optional() }), response: { 200: listOf(shipmentSchema) } },
    async handler({ query }) {
      const after = query.cursor === undefined ? null : decodeCursor(query.cursor, CURSOR);
      const rows = await listShipments(db, { customerId: query.customer_id, chokepoint: query.chokepoint, after, limit: query.limit + 1 });
      const { items, next_cursor } = page(rows, query.limit, (s) => [s.shipment.id]);
      const customers = await customersById(db, [...new Set(items.map((s) => s.shipment.customerId))]);
      return { items: items.map((s) => viewShipment(s, customers.get(s.shipment.customerId)?.name ?? '')), next_cursor };
    },
  });

  app.get('/api/v1/shipments/:id', {
    config: { access: readAccess },
    schema: { summary: 'One shipment', tags: ['shipments'], params: idParams, response: { 200: shipmentSchema } },
    async handler({ params }) {
      const stored = await findShipment(db, params.id);
      if (!stored) throw shipmentUnknown(params.id);
      return viewShipment(stored, (await findCustomer(db, stored.shipment.customerId))?.name ?? '');
    },
  });
}

function shipmentWrites(app: HttpApp, deps: ShippingRoutesDeps): void {
  app.post('/api/v1/shipments', {
    config: { access: roleAccess('trader'), idempotent: true },
    schema: { summary: 'Adds a shipment, or updates the one of the same customer and reference', tags: ['shipments'], body: shipmentBody, response: { 200: shipmentSchema, 201: shipmentSchema } },
    async handler({ body: given, identity }, reply) {
      const shipment = shipmentOf(given, deterministicId('shp', given.customer_id, given.reference));
      const { view, fresh } = await writeShipment(deps, shipment, identity?.subject ?? 'unknown');
      return reply.code(fresh ? 201 : 200).send(view);
    },
  });

  app.put('/api/v1/shipments/:id', {
    config: { access: roleAccess('trader') },
    schema: { summary: 'Updates a shipment whole', tags: ['shipments'], params: idParams, body: shipmentBody, response: { 200: shipmentSchema } },
    async handler({ params, body: given, identity }) {
      const before = await findShipment(deps.db, params.id);
      if (!before) throw shipmentUnknown(params.id);
      if (before.shipment.customerId !== given.customer_id || before.shipment.reference !== given.reference) {
        throw common.CONFLICT({ field: 'reference', detail: 'Customer and reference are what a shipment is known by, and stay', fix: 'Cancel this one (status cancelled) and add another' });
      }
      return (await writeShipment(deps, shipmentOf(given, params.id), identity?.subject ?? 'unknown')).view;
    },
  });
}

/** In one transaction: the shipment, its audit row, and what weighs it. */
async function writeShipment(deps: ShippingRoutesDeps, shipment: Shipment, actor: string): Promise<{ view: ShipmentView; fresh: boolean }> {
  const asOf = await deps.now();
  const stored: StoredShipment = { ...routeShipment(shipment, deps.planner), knownAt: asOf };
  return deps.db.transaction(async (tx) => {
    const customer = await requireCustomer(tx, shipment.customerId, 'customer_id');
    const fresh = await saveShipment(tx, stored);
    await deps.audit(tx, { actor, action: fresh ? 'shipment.create' : 'shipment.update', target: shipment.id, reason: null, before: null, after: { reference: shipment.reference, status: shipment.status, etd: iso(shipment.etd), eta: iso(shipment.eta) } });
    await deps.onShipments(tx, { asOf, ids: [shipment.id] });
    return { view: viewShipment(stored, customer.name), fresh };
  });
}

function shipmentOf(b: z.infer<typeof shipmentBody>, id: string): Shipment {
  if (b.eta <= b.etd) throw common.VALIDATION_FAILED({ field: 'eta', detail: 'eta is not after etd', fix: 'Give an eta later than etd' });
  if (b.from === b.to) throw common.VALIDATION_FAILED({ field: 'to', detail: 'to is the port of departure', fix: 'Give another port' });
  return {
    id, reference: b.reference, customerId: b.customer_id, from: b.from, to: b.to, etd: b.etd, eta: b.eta, cargoValueMicros: b.cargo_value_usd, containers: b.containers,
    containerType: b.container_type, goodsClass: b.goods_class, carrier: b.carrier, vessel: b.vessel, bookingReference: b.booking_reference, status: b.status,
    penalty: { perDayMicros: b.penalty_per_day_usd, freeDays: b.penalty_free_days, capMicros: b.penalty_cap_usd },
  };
}

function customerRoutes(app: HttpApp, deps: ShippingRoutesDeps): void {
  app.get('/api/v1/customers', {
    config: { access: readAccess },
    schema: { summary: 'Customers, by id', tags: ['customers'], querystring: listQuery({}), response: { 200: listOf(customerSchema) } },
    async handler({ query }) {
      const rows = await listCustomers(deps.db, query.cursor === undefined ? null : decodeCursor(query.cursor, CURSOR), query.limit + 1);
      const { items, next_cursor } = page(rows, query.limit, (c) => [c.id]);
      return { items: items.map(viewCustomer), next_cursor };
    },
  });

  app.get('/api/v1/customers/:id', {
    config: { access: readAccess },
    schema: { summary: 'One customer', tags: ['customers'], params: idParams, response: { 200: customerSchema } },
    async handler({ params }) {
      const customer = await findCustomer(deps.db, params.id);
      if (!customer) throw customerUnknown(params.id);
      return viewCustomer(customer);
    },
  });

  app.post('/api/v1/customers', {
    config: { access: roleAccess('operator'), idempotent: true },
    schema: { summary: 'Adds a customer, or updates the one of the same id', tags: ['customers'], body: newCustomer, response: { 200: customerSchema, 201: customerSchema } },
    async handler({ body: { id, ...given }, identity }, reply) {
      const { view, fresh } = await deps.db.transaction((tx) => writeCustomer(deps, tx, customerOf(given, id ?? deterministicId('cus', given.name)), identity?.subject ?? 'unknown'));
      return reply.code(fresh ? 201 : 200).send(view);
    },
  });

  app.put('/api/v1/customers/:id', {
    config: { access: roleAccess('operator') },
    schema: { summary: 'Updates a customer whole', tags: ['customers'], params: idParams, body: customerBody, response: { 200: customerSchema } },
    handler: ({ params, body: given, identity }) =>
      deps.db.transaction(async (tx) => {
        if (!(await findCustomer(tx, params.id))) throw customerUnknown(params.id);
        return (await writeCustomer(deps, tx, customerOf(given, params.id), identity?.subject ?? 'unknown')).view;
      }),
  });
}

async function writeCustomer(deps: ShippingRoutesDeps, tx: Transaction, customer: Customer, actor: string): Promise<{ view: CustomerView; fresh: boolean }> {
  const fresh = await saveCustomer(tx, customer);
  await deps.audit(tx, { actor, action: fresh ? 'customer.create' : 'customer.update', target: customer.id, reason: null, before: null, after: { language: customer.language, timezone: customer.timezone, min_probability: customer.minProbability } });
  return { view: viewCustomer(customer), fresh };
}

const customerOf = (b: z.infer<typeof customerBody>, id: string): Customer => ({
  id, name: b.name, language: b.language, timezone: b.timezone, whatsapp: b.whatsapp, quietHours: b.quiet_hours, minExposureMicros: b.min_exposure_usd, minProbability: b.min_probability,
});

const shipmentUnknown = (id: string): Error => errors.SHIPMENT_UNKNOWN({ field: 'id', detail: `There is no shipment ${id}`, fix: 'List them at GET /api/v1/shipments' });
const customerUnknown = (id: string): Error => errors.CUSTOMER_UNKNOWN({ field: 'id', detail: `There is no customer ${id}`, fix: 'List them at GET /api/v1/customers' });

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
