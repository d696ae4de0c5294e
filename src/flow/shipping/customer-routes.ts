/** Customers over HTTP: whom decisions are for, and how they are reached. Addresses go in and never come out whole. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import {
  decodeCursor,
  idParams,
  listQuery,
  page,
  readAccess,
  roleAccess,
  type HttpApp,
} from '../../kernel/http/index.ts';
import { deterministicId } from '../../model/ids.ts';
import type { Customer } from './customer.ts';
import { errors } from './errors.ts';
import { customerInput, customerOf, newCustomerInput } from './input.ts';
import { CURSOR, listOf, type ShippingRoutesDeps } from './route-parts.ts';
import { findCustomer, listCustomers, saveCustomer, shipmentCounts, type Written } from './store/customers.ts';
import { customerSchema, viewCustomer, type CustomerView } from './views.ts';

export function customerRoutes(app: HttpApp, deps: ShippingRoutesDeps): void {
  app.get('/api/v1/customers', {
    config: { access: readAccess },
    schema: { summary: 'Customers, by id', tags: ['customers'], querystring: listQuery({}), response: { 200: listOf(customerSchema) } },
    async handler({ query }) {
      const rows = await listCustomers(deps.db, query.cursor === undefined ? null : decodeCursor(query.cursor, CURSOR), query.limit + 1);
      const { items, next_cursor } = page(rows, query.limit, (c) => [c.id]);
      const counts = await shipmentCounts(deps.db, items.map((c) => c.id));
      return { items: items.map((c) => viewCustomer(c, counts.get(c.id) ?? 0)), next_cursor };
    },
  });

  app.get('/api/v1/customers/:id', {
    config: { access: readAccess },
    schema: { summary: 'One customer', tags: ['customers'], params: idParams, response: { 200: customerSchema } },
    async handler({ params }) {
      const customer = await findCustomer(deps.db, params.id);
      if (!customer) throw customerUnknown(params.id);
      return viewWhole(deps.db, customer);
    },
  });

  app.post('/api/v1/customers', {
    config: { access: roleAccess('operator'), idempotent: true },
    schema: { summary: 'Adds a customer, or updates the one of the same id', tags: ['customers'], body: newCustomerInput, response: { 200: customerSchema, 201: customerSchema } },
    async handler({ body: { id, ...given }, identity }, reply) {
      const { view, written } = await deps.db.transaction(async (tx) => {
        const key = id ?? deterministicId('cus', given.name);
        return writeCustomer(deps, tx, customerOf(given, key, await findCustomer(tx, key)), identity?.subject ?? 'unknown');
      });
      return reply.code(written === 'created' ? 201 : 200).send(view);
    },
  });

  app.put('/api/v1/customers/:id', {
    config: { access: roleAccess('operator') },
    schema: { summary: 'Updates a customer whole', tags: ['customers'], params: idParams, body: customerInput, response: { 200: customerSchema } },
    handler: ({ params, body: given, identity }) =>
      deps.db.transaction(async (tx) => {
        const before = await findCustomer(tx, params.id);
        if (!before) throw customerUnknown(params.id);
        return (await writeCustomer(deps, tx, customerOf(given, params.id, before), identity?.subject ?? 'unknown')).view;
      }),
  });
}

async function writeCustomer(deps: ShippingRoutesDeps, tx: Transaction, customer: Customer, actor: string): Promise<{ view: CustomerView; written: Written }> {
  const written = await saveCustomer(tx, customer);
  if (written !== 'unchanged') await deps.audit(tx, { actor, action: written === 'created' ? 'customer.create' : 'customer.update', target: customer.id, reason: null, before: null, after: { language: customer.language, timezone: customer.timezone, min_probability: customer.minProbability, risk_tolerance: customer.riskTolerance, channels: customer.contacts.map((c) => c.channel) } });
  return { view: await viewWhole(tx, customer), written };
}

const viewWhole = async (on: Executor, c: Customer): Promise<CustomerView> => viewCustomer(c, (await shipmentCounts(on, [c.id])).get(c.id) ?? 0);

const customerUnknown = (id: string): Error => errors.CUSTOMER_UNKNOWN({ field: 'id', detail: `There is no customer ${id}`, fix: 'List them at GET /api/v1/customers' });
