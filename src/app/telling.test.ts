import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../test/support/database.ts';
import { at, gulfShipment, strikeRisk } from '../flow/decisions/test-support/hormuz.ts';
import { CUSTOMER, testDesk } from '../flow/decisions/test-support/desk.ts';
import { alertOf } from './telling.ts';

test('each customer is told in its own language, what to do first', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  const languages = ['en-GB', 'vi', 'zh-CN', 'es-PE', 'de'] as const;
  const customers = languages.map((language) => ({ ...CUSTOMER, id: `cus_${language}`, language, minExposureMicros: 0n, minProbability: 0 }));
  await desk.load(customers, customers.map((c) => gulfShipment({ id: `shp_${c.id}`, reference: `BW-${c.language}`, customerId: c.id })));
  desk.setRisks([strikeRisk()]);
  const { made } = await desk.evaluate(at('2026-02-14T00:00'));
  const told = new Map(made.map((d) => [d.customer.language, alertOf(d)]));
  assert.deepEqual([...told.keys()].sort(), [...languages].sort());
  const begins = (language: string): readonly string[] => [told.get(language)!.headline.slice(0, 40), told.get(language)!.body[0]!.slice(0, 25)];
  assert.deepEqual(begins('en-GB'), ['BW-en-GB: proceed as planned. 3.3% risk ', 'Proceed as planned. The o']);
  assert.deepEqual(begins('vi'), ['BW-vi: giữ nguyên kế hoạch. Rủi ro tại e', 'Giữ nguyên kế hoạch. Xác ']);
  assert.deepEqual(begins('zh-CN'), ['BW-zh-CN：按原计划走。霍尔木兹海峡风险3.3%，盈亏平衡概率25%。', '按原计划走。目前概率为3.3%；改港转陆运从25%']);
  assert.match(begins('es-PE')[0]!, /^BW-es-PE: seguir según lo previsto\. Ries/);
  assert.deepEqual(begins('de'), ['BW-de: proceed as planned. 3.3% risk at ', 'Proceed as planned. The o']);
  assert.equal(new Set(made.map((d) => d.content.headline.replace(d.content.shipment_reference, ''))).size, 1, 'what is kept is the same for all of them');
});
