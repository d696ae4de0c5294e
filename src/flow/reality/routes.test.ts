import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { addDays, iso, startOfDay } from '../../model/time.ts';
import { freightSeries } from './ports.ts';
import { realityRoutes } from './routes.ts';
import { calm, observation, playing, realityDesk } from './test-support/desk.ts';

const NOW = startOfDay('2026-02-20');

test('passages with their state, and one passage over time', async () => {
  await using db = await freshDatabase();
  const rates = Array.from({ length: 30 }, (_, i) => observation(addDays('2025-08-01', i * 7), 2_000 + (i > 26 ? 500 : 0), { series: freightSeries('shanghai_rotterdam'), unit: 'USD/FEU', source: 'drewry-wci' }));
  const { reality } = realityDesk(db, [playing('portwatch', calm('2025-08-01', 200)), playing('drewry-wci', rates)]);
  await reality.sweep(NOW, 'test');
  await using http = await testHttp({ auth: { byToken: async () => ({ subject: 'user:u', role: 'viewer', scopes: [] }), bySignature: async () => assert.fail() } });
  realityRoutes({ db, now: () => NOW, exposedShipments: async () => new Map([['hormuz', 5]]) })(http.app);
  await http.start();
  const ask = (path: string) => http.ask(path, { headers: { authorization: 'Bearer t' } });

  const { items } = (await ask('/api/v1/chokepoints')).json as { items: Record<string, never>[] };
  assert.equal(items.length, 9);
  const hormuz = items.find((c) => c['id'] === 'hormuz')! as unknown as { status: string; transits: { ratio: number; observed_for: string; baseline_mean: number }; freight: { premium: number }; exposed_shipments: number; alarm: null };
  assert.deepEqual([hormuz.status, hormuz.transits.observed_for, hormuz.exposed_shipments, hormuz.alarm], ['NORMAL', '2026-02-14', 5, null]);
  assert.ok(Math.abs(hormuz.transits.baseline_mean - 70) < 1 && Math.abs(hormuz.freight.premium - 0.25) < 0.02, JSON.stringify(hormuz));
  const empty = items.find((c) => c['id'] === 'dover')! as Record<string, unknown>;
  assert.deepEqual([empty['status'], empty['transits'], empty['probability'], empty['exposed_shipments']], ['NORMAL', null, null, 0]);

  const history = (await ask('/api/v1/chokepoints/hormuz/history?from=2026-02-01')).json as { transits: { known_at: string }[]; freight: { lane: string }[] };
  assert.equal(history.transits.length, 14);
  assert.ok(history.transits.every((t) => t.known_at <= iso(NOW)));
  assert.equal(history.freight[0]!.lane, 'shanghai_rotterdam');

  assert.deepEqual((await ask('/api/v1/chokepoints/atlantis/history')).json['code'], 'CHOKEPOINT_UNKNOWN');
  assert.deepEqual((await ask('/api/v1/chokepoints/hormuz/history?from=2026-02-31')).json['code'], 'VALIDATION_FAILED');
  assert.deepEqual((await ask('/api/v1/chokepoints/hormuz/history?from=2026-02-10&to=2026-02-01')).json['code'], 'VALIDATION_FAILED');
  assert.deepEqual((await ask('/api/v1/chokepoints/hormuz/history?from=1990-01-01')).json['code'], 'VALIDATION_FAILED');
});
