import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCursor } from '../../kernel/http/index.ts';
import { countAhead, forgetShipping } from './store/shipments.ts';
import { FEB14, itemsOf, world } from './test-support/world.ts';

const BODY = {
  reference: 'NEW-1', customer_id: 'cus_a', from: 'cnsha', to: 'AEJEA', etd: '2026-02-20T00:00:00Z', eta: '2026-03-12T00:00:00Z', cargo_value_usd: '1250000.50', containers: 10, container_type: '40HC',
  goods_class: 'general', carrier: 'MAEU', penalty_per_day_usd: '2000', penalty_free_days: 3, penalty_cap_usd: '40000',
};

test('a shipment is added, updated by its reference, weighed at once, and refused whole when anything is wrong', async () => {
  await using w = await world();
  const made = await w.as('trader', '/api/v1/shipments', 'POST', BODY);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.json['from'], made.json['feu'], made.json['cargo_value_usd'], made.json['chokepoints']], ['CNSHA', 10, '1250000.50', ['malacca', 'hormuz']]);
  assert.deepEqual(w.changed, [{ asOf: FEB14, ids: [made.json['id']] }]);
  assert.deepEqual([...(await countAhead(w.db, FEB14))], [['hormuz', 1], ['malacca', 1]]);
  const again = await w.as('trader', '/api/v1/shipments', 'POST', { ...BODY, containers: 12 });
  assert.deepEqual([again.status, again.json['id'], again.json['containers']], [200, made.json['id'], 12]);
  const put = await w.as('trader', `/api/v1/shipments/${String(made.json['id'])}`, 'PUT', { ...BODY, status: 'cancelled' });
  assert.equal(put.json['status'], 'cancelled', put.text);
  const wrong: [object, string, string][] = [
    [{ ...BODY, reference: 'X', eta: BODY.etd }, 'VALIDATION_FAILED', 'eta'],
    [{ ...BODY, reference: 'X', from: 'Shanghai' }, 'VALIDATION_FAILED', 'from'],
    [{ ...BODY, reference: 'X', to: 'CHBSL' }, 'SHIPMENT_NO_SEA_ROUTE', 'to'],
    [{ ...BODY, reference: 'X', customer_id: 'cus_z' }, 'CUSTOMER_UNKNOWN', 'customer_id'],
    [{ ...BODY, reference: 'X', cargo_value_usd: 1_000 }, 'VALIDATION_FAILED', 'cargo_value_usd'],
    [{ ...BODY, reference: 'X', cargo_value_usd: '-5' }, 'VALIDATION_FAILED', 'cargo_value_usd'],
    [{ ...BODY, reference: 'X', colour: 'red' }, 'VALIDATION_FAILED', 'colour'],
  ];
  for (const [body, code, field] of wrong) {
    const reply = await w.as('trader', '/api/v1/shipments', 'POST', body);
    assert.deepEqual([reply.json['code'], reply.json['field']], [code, field], reply.text);
  }
  const list = await w.as('viewer', '/api/v1/shipments?chokepoint=hormuz');
  assert.equal(itemsOf(list.json).length, 1);
  assert.equal((await w.as('viewer', '/api/v1/shipments', 'POST', BODY)).status, 403);
});

test('customers are kept without showing their numbers', async () => {
  await using w = await world();
  const body = { id: 'cus_b', name: 'Tern & Tide', language: 'en', timezone: 'Europe/Amsterdam', whatsapp: '+31970100101', min_exposure_usd: '50000', min_probability: 0.1, quiet_hours: { from: '21:00', to: '06:30' } };
  const made = await w.as('operator', '/api/v1/customers', 'POST', body);
  assert.equal(made.status, 201, made.text);
  assert.ok(!made.text.includes('970100101'));
  assert.equal((await w.as('operator', '/api/v1/customers', 'POST', body)).status, 200);
  const { id: _id, ...rest } = body;
  assert.equal((await w.as('operator', '/api/v1/customers/cus_b', 'PUT', { ...rest, name: 'Tern and Tide' })).json['name'], 'Tern and Tide');
  assert.equal((await w.as('operator', '/api/v1/customers', 'POST', { ...body, timezone: 'Mars/Olympus' })).json['field'], 'timezone');
  assert.equal((await w.as('operator', '/api/v1/customers', 'POST', { ...body, whatsapp: '0612345678' })).json['field'], 'whatsapp');
  assert.equal((await w.as('trader', '/api/v1/shipments', 'POST', BODY)).status, 201);
  assert.deepEqual(itemsOf((await w.as('viewer', '/api/v1/customers')).json).map((c) => [c.id, c['shipments']]), [['cus_a', 1], ['cus_b', 0]]);
  assert.equal((await w.as('viewer', '/api/v1/customers/none')).status, 404);
});

test('a restart of a replay forgets who ships what', async () => {
  await using w = await world();
  await w.as('trader', '/api/v1/shipments', 'POST', BODY);
  await w.db.transaction((tx) => forgetShipping(tx));
  assert.equal((await countAhead(w.db, FEB14)).size, 0);
  assert.equal(itemsOf((await w.as('viewer', '/api/v1/customers')).json).length, 0);
});

test('the largest shipment and the longest addresses are accepted; anything past them is refused with its field', async () => {
  await using w = await world();
  const post = (path: string, body: object) =>
    w.as(path.endsWith('customers') ? 'operator' : 'trader', path, 'POST', body);
  const large = {
    ...BODY,
    reference: 'L-1',
    cargo_value_usd: '2000000000',
    containers: 100_000,
    penalty_per_day_usd: '2000000000',
    penalty_free_days: 365,
    penalty_cap_usd: '2000000000',
    etd: '1970-01-01T00:00:00Z',
    eta: '2200-01-01T00:00:00Z',
  };
  assert.equal((await post('/api/v1/shipments', large)).status, 201);
  const wrong: [string, unknown][] = [
    ['etd', '0000-01-01T00:00:00Z'],
    ['etd', '1969-12-31T23:59:59Z'],
    ['eta', '2200-01-01T00:00:00.001Z'],
    ['cargo_value_usd', '2000000000.000001'],
    ['penalty_cap_usd', '9999999999'],
    ['containers', 100_001],
    ['containers', 2 ** 31],
    ['penalty_free_days', 1e308],
    ['reference', 'x'.repeat(101)],
    ['customer_id', 'x'.repeat(101)],
    ['from', `CNSHA${' '.repeat(16)}`],
  ];
  for (const [field, value] of wrong)
    assert.deepEqual(
      ((r) => [r.status, r.json['code'], r.json['field']])(
        await post('/api/v1/shipments', { ...BODY, [field]: value }),
      ),
      [400, 'VALIDATION_FAILED', field],
      `${field} ${String(value)}`,
    );
  const customer = { id: 'cus_l', name: 'L', language: 'en', timezone: 'UTC' };
  const hook = (tail: string) =>
    post('/api/v1/customers', {
      ...customer,
      contacts: [{ channel: 'webhook', address: `https://example.com/${tail}` }],
    });
  assert.equal((await hook('x'.repeat(980))).status, 201);
  // Within 1,000 characters and past what a row of an index holds.
  assert.equal((await hook('語'.repeat(700))).json['field'], 'contacts[0].address');
  assert.equal(
    (
      await post('/api/v1/customers', {
        ...customer,
        contacts: [],
        whatsapp: '+15550100',
        language: `en${'-abcdefgh'.repeat(100)}`,
      })
    ).json['field'],
    'language',
  );
});

test('a forged cursor is refused, whatever it holds', async () => {
  await using w = await world();
  for (const parts of [['a\0b'], ['\ud800'], ['x'.repeat(101)], [''], [1], [null], []]) {
    const { status, json } = await w.as('viewer', `/api/v1/shipments?cursor=${encodeCursor(parts)}`);
    assert.deepEqual([status, json['code']], [400, 'CURSOR_INVALID'], JSON.stringify(parts));
  }
});
