import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import type { Role } from '../../kernel/auth/types.ts';
import { decisionRoutes } from './routes.ts';
import { systemClock } from '../../model/time.ts';
import { at, gulfShipment, strikeRisk } from './test-support/hormuz.ts';
import { CUSTOMER, testDesk } from './test-support/desk.ts';
import type { ForecastBasis } from './inputs.ts';
import { interval } from './interval.ts';

const FEB14 = at('2026-02-14T00:00');
const surely = strikeRisk({ basis: { ...(strikeRisk().basis as ForecastBasis), harmGivenEvent: interval(0.7, 0.9, 1) } });

async function world() {
  const db = await freshDatabase();
  const desk = testDesk(db);
  const http = await testHttp({
    db,
    auth: { byToken: async (token) => ({ subject: `user:${token}`, role: token as Role, scopes: [] }), bySignature: async () => Promise.reject(new Error('unsigned')) },
  });
  decisionRoutes({ db, decisions: desk.decisions, now: () => at('2026-03-10T00:00'), alertsOf: async (_on, id) => [{ id: `alr_${id}`, status: 'read', createdAt: systemClock.now(), asOf: FEB14 }] })(http.app);
  await http.start();
  const as = (role: Role, path: string, method = 'GET', json?: unknown) =>
    http.ask(path, { method, headers: { authorization: `Bearer ${role}`, ...(json === undefined ? {} : { 'content-type': 'application/json' }) }, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
  return {
    db, desk, as,
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

type Item = Record<string, unknown> & { id: string };
const itemsOf = (json: Record<string, unknown>): Item[] => json['items'] as Item[];

test('decisions are listed, paged, filtered and shown whole', async () => {
  await using w = await world();
  await w.desk.load([CUSTOMER], ['a', 'b', 'c'].map((x) => gulfShipment({ id: `shp_${x}`, reference: `BW-${x}` })));
  w.desk.setRisks([strikeRisk()]);
  await w.desk.evaluate(FEB14);
  const first = await w.as('viewer', '/api/v1/decisions?limit=2');
  assert.equal(first.status, 200, first.text);
  assert.equal(itemsOf(first.json).length, 2);
  const second = await w.as('viewer', `/api/v1/decisions?limit=2&cursor=${encodeURIComponent(String(first.json['next_cursor']))}`);
  assert.equal(itemsOf(second.json).length, 1);
  assert.equal(second.json['next_cursor'], null);
  assert.equal(new Set([...itemsOf(first.json), ...itemsOf(second.json)].map((d) => d.id)).size, 3);
  assert.equal(itemsOf((await w.as('viewer', '/api/v1/decisions?status=expired')).json).length, 0);
  const { id } = itemsOf(first.json)[0]!;
  const one = await w.as('viewer', `/api/v1/decisions/${id}`);
  assert.equal(one.status, 200, one.text);
  assert.equal(one.json['customer_name'], CUSTOMER.name);
  assert.equal((one.json['history'] as unknown[]).length, 1);
  assert.deepEqual(Object.keys(one.json['answers'] as object), ['what', 'when', 'how_bad', 'why', 'what_to_do', 'how_sure', 'if_nothing']);
  const evidence = await w.as('viewer', `/api/v1/decisions/${id}/evidence`);
  assert.deepEqual(itemsOf(evidence.json).map((e) => e.id), ['sig_feb', 'sig_june']);
  assert.equal((await w.as('viewer', `/api/v1/decisions/${id}/replay`)).json['same'], true);
  assert.equal((await w.as('viewer', '/api/v1/decisions/dec_none')).json['code'], 'DECISION_UNKNOWN');
  assert.equal((await w.as('viewer', '/api/v1/decisions?status=open')).json['code'], 'VALIDATION_FAILED');
});

test('one decision is read in any language, a customer is told in its own, and the kept bytes are those of neither', async () => {
  await using w = await world();
  await w.desk.load([{ ...CUSTOMER, language: 'vi', minExposureMicros: 0n, minProbability: 0 }], [gulfShipment()]);
  w.desk.setRisks([surely]);
  const [made] = (await w.desk.evaluate(FEB14)).made;
  assert.match(made!.told!.headline, /chờ và quyết định chậm nhất/);
  assert.match(made!.content.headline, /wait and decide by/, 'kept in English');
  const url = `/api/v1/decisions/${made!.id}`;
  const read = async (query: string): Promise<Record<string, unknown>> => (await w.as('viewer', `${url}${query}`)).json;
  const english = await read('');
  assert.deepEqual([english['language'], english['headline']], ['en', made!.content.headline]);
  const vietnamese = await read('?language=vi-VN');
  assert.deepEqual([vietnamese['language'], vietnamese['headline'], vietnamese['answers']], ['vi', made!.told!.headline, made!.told!.answers]);
  assert.equal((await read('?language=zh-CN'))['language'], 'zh');
  assert.deepEqual(await read('?language=pt'), english, 'English where the desk has no words');
  assert.equal((await read('?language=not%20a%20tag'))['code'], 'VALIDATION_FAILED');
  assert.equal((await read('/replay'))['same'], true);
});

test('a decision is acknowledged and overridden by whom it may be, once, with an audit', async () => {
  await using w = await world();
  await w.desk.load([CUSTOMER], [gulfShipment()]);
  w.desk.setRisks([surely]);
  const [made] = (await w.desk.evaluate(FEB14)).made;
  const url = `/api/v1/decisions/${made!.id}`;
  assert.equal((await w.as('viewer', `${url}/acknowledge`, 'POST', {})).status, 403);
  const seen = await w.as('trader', `${url}/acknowledge`, 'POST', { note: 'on it' });
  assert.equal(seen.json['status'], 'acknowledged', seen.text);
  await w.as('trader', `${url}/acknowledge`, 'POST', { note: 'on it' });
  assert.equal(w.desk.audited.length, 1);
  assert.equal((await w.as('trader', `${url}/override`, 'POST', { action: 'divert', reason: 'carrier agreed' })).status, 403);
  const refused = await w.as('approver', `${url}/override`, 'POST', { action: 'reroute', reason: 'another way' });
  assert.equal(refused.json['code'], 'DECISION_ACTION_NOT_OFFERED', refused.text);
  const done = await w.as('approver', `${url}/override`, 'POST', { action: 'divert', reason: 'carrier agreed' });
  assert.equal(done.json['status'], 'overridden');
  assert.equal((done.json['overridden'] as Record<string, unknown>)['action'], 'divert');
  assert.deepEqual(w.desk.audited.map((a) => [a.actor, a.action]), [['user:trader', 'decision.acknowledge'], ['user:approver', 'decision.override']]);
  w.desk.setRisks([]);
  await w.desk.evaluate(FEB14 + 1);
  assert.equal((await w.as('trader', `${url}/acknowledge`, 'POST', {})).json['code'], 'DECISION_CLOSED');
});

test('what came of a decision is told by a trader, shown, listed, and stands in its audit with everything else', async () => {
  await using w = await world();
  await w.desk.load([CUSTOMER], [gulfShipment()]);
  w.desk.setRisks([strikeRisk()]);
  const [first] = (await w.desk.evaluate(FEB14)).made;
  w.desk.setRisks([surely]);
  const [second] = (await w.desk.evaluate(FEB14 + 86_400_000)).made;
  const url = `/api/v1/decisions/${first!.id}`;
  assert.deepEqual([(await w.as('viewer', url)).json['outcome'], itemsOf((await w.as('viewer', '/api/v1/decisions?status=all&outcome=known')).json)], [null, []]);
  assert.equal((await w.as('viewer', `${url}/outcome`, 'POST', { hit: true })).status, 403);
  const refused = await w.as('trader', `${url}/outcome`, 'POST', { hit: 'yes', cost_usd: '-5', action_taken: 'wait' });
  assert.deepEqual([refused.status, refused.json['code']], [400, 'VALIDATION_FAILED'], refused.text);
  const told = await w.as('trader', `${url}/outcome`, 'POST', { hit: true, delay_days: 9, cost_usd: '41000.50', note: 'nine days at anchor' });
  assert.equal(told.status, 200, told.text);
  const outcome = told.json['outcome'] as Record<string, unknown>;
  assert.deepEqual([outcome['source'], outcome['hit'], outcome['cost_usd'], outcome['by'], outcome['known_at']], ['reported', true, '41000.50', 'user:trader', '2026-03-10T00:00:00.000Z']);
  const corrected = await w.as('trader', `${url}/outcome`, 'POST', { hit: false });
  assert.deepEqual((corrected.json['outcomes'] as Record<string, unknown>[]).map((o) => o['hit']), [false, true]);
  const listed = async (outcomeIs: string) => itemsOf((await w.as('viewer', `/api/v1/decisions?status=all&outcome=${outcomeIs}`)).json).map((d) => d.id);
  assert.deepEqual([await listed('known'), await listed('unknown')], [[first!.id], [second!.id]]);
  assert.deepEqual(itemsOf((await w.as('viewer', '/api/v1/decisions?status=all&chokepoint=suez')).json), []);
  const audit = itemsOf((await w.as('viewer', `${url}/audit`)).json);
  assert.deepEqual(audit.map((e) => e['what']), ['decision.made', 'decision.superseded', 'decision.outcome', 'decision.outcome', 'alert.requested']);
  assert.deepEqual(audit[1]?.['after'], { superseded_by: second!.id });
  assert.deepEqual(audit.slice(2, 4).map((e) => (e['chain'] as { seq: number }).seq), [1, 2]);
  const [born] = itemsOf((await w.as('viewer', `/api/v1/decisions/${second!.id}/audit`)).json);
  assert.deepEqual((born!['after'] as { supersedes: string[] }).supersedes, [first!.id]);
  assert.equal((await w.as('viewer', '/api/v1/decisions/dec_none/audit')).json['code'], 'DECISION_UNKNOWN');
});
