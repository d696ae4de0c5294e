/** Shipments over HTTP. A write is by id or reference, so that a repeat changes nothing; a change is weighed at once. */
import { z } from 'zod';
import { common } from '../../kernel/errors/index.ts';
import {
  decodeCursor,
  id,
  idParams,
  listQuery,
  page,
  readAccess,
  roleAccess,
  type HttpApp,
} from '../../kernel/http/index.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import { iso } from '../../model/time.ts';
import { errors } from './errors.ts';
import { shipmentInput, shipmentOf } from './input.ts';
import { requireCustomer, routeShipment } from './register.ts';
import { CURSOR, listOf, type ShippingRoutesDeps } from './route-parts.ts';
import type { Shipment } from './shipment.ts';
import { customersById, findCustomer, type Written } from './store/customers.ts';
import { findShipment, listShipments, saveShipment, shipmentIds, type StoredShipment } from './store/shipments.ts';
import { shipmentSchema, viewShipment, type ShipmentView } from './views.ts';

const chokepointSchema = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);

export function shipmentRoutes(app: HttpApp, deps: ShippingRoutesDeps): void {
  shipmentReads(app, deps);
  shipmentWrites(app, deps);
}

function shipmentReads(app: HttpApp, { db }: ShippingRoutesDeps): void {
  app.get('/api/v1/shipments', {
    config: { access: readAccess },
    schema: { summary: 'Shipments, by id', tags: ['shipments'], querystring: listQuery({ customer_id: id().optional(), chokepoint: chokepointSchema.optional() }), response: { 200: listOf(shipmentSchema) } },
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
    schema: { summary: 'Adds a shipment, or updates the one of the same customer and reference', tags: ['shipments'], body: shipmentInput, response: { 200: shipmentSchema, 201: shipmentSchema } },
    async handler({ body: given, identity }, reply) {
      const [known] = await shipmentIds(deps.db, [{ customerId: given.customer_id, reference: given.reference }]);
      const { view, written } = await writeShipment(deps, shipmentOf(given, known!), identity?.subject ?? 'unknown');
      return reply.code(written === 'created' ? 201 : 200).send(view);
    },
  });

  app.put('/api/v1/shipments/:id', {
    config: { access: roleAccess('trader') },
    schema: { summary: 'Updates a shipment whole', tags: ['shipments'], params: idParams, body: shipmentInput, response: { 200: shipmentSchema } },
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
async function writeShipment(deps: ShippingRoutesDeps, shipment: Shipment, actor: string): Promise<{ view: ShipmentView; written: Written }> {
  const asOf = await deps.now();
  const stored: StoredShipment = { ...routeShipment(shipment, deps.planner), knownAt: asOf };
  return deps.db.transaction(async (tx) => {
    const customer = await requireCustomer(tx, shipment.customerId, 'customer_id');
    const written = await saveShipment(tx, stored);
    if (written === 'unchanged') return { view: viewShipment(stored, customer.name), written };
    await deps.audit(tx, { actor, action: written === 'created' ? 'shipment.create' : 'shipment.update', target: shipment.id, reason: null, before: null, after: { reference: shipment.reference, status: shipment.status, etd: iso(shipment.etd), eta: iso(shipment.eta) } });
    await deps.onShipments(tx, { asOf, ids: [shipment.id] });
    return { view: viewShipment(stored, customer.name), written };
  });
}

const shipmentUnknown = (id: string): Error => errors.SHIPMENT_UNKNOWN({ field: 'id', detail: `There is no shipment ${id}`, fix: 'List them at GET /api/v1/shipments' });
