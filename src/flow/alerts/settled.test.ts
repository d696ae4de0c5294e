/** What ends while a message waits, and what goes wrong beside it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { HOUR_MS } from '../../model/time.ts';
import type { ReplyEvent, WhySettled } from './ports.ts';
import { CHAT, MAIL, PHONE, scriptedChannel } from './test-support/channels.ts';
import { startWorld } from './test-support/world.ts';

const LOST = Object.freeze({ kind: 'unknown', code: 'VENUE_TIMEOUT', message: 'no answer' } as const);

test('a lost reply is not sent again once the decision is acknowledged', async () => {
  await using db = await freshDatabase();
  const phone = scriptedChannel('telegram', 'read');
  let settled: string | null = null;
  await using world = await startWorld(db, {}, {}, { others: [phone], whySettled: async () => settled });
  phone.outcomes.push(LOST);
  const id = await world.ask({ contacts: [CHAT] });
  await world.work();
  settled = 'acknowledged by user:usr_1';
  world.clock.advance(HOUR_MS);
  await world.work();
  assert.equal(phone.calls.length, 1);
  const row = await world.row(id);
  assert.deepEqual([row['status'], row['reason']], ['suppressed', 'settled: acknowledged by user:usr_1']);
});

test('a lost reply is not sent again once newer advice has gone out', async () => {
  await using db = await freshDatabase();
  const phone = scriptedChannel('telegram', 'read');
  await using world = await startWorld(db, { pairIntervalMs: 0 }, {}, { others: [phone] });
  const contacts = [CHAT];
  phone.outcomes.push(LOST);
  const old = await world.ask({ contacts });
  await world.work();
  const newer = await world.ask({ decisionId: 'dec_2', action: 'insure', contacts });
  await world.work();
  world.clock.advance(HOUR_MS);
  await world.work();
  assert.deepEqual(phone.calls.map((c) => c.opaque.split(':')[0]), [old, newer]);
  assert.deepEqual([(await world.row(old))['status'], (await world.row(old))['reason']], ['suppressed', `superseded_by:${newer}`]);
});

test('an alert that cannot be looked at does not hide those behind it', async () => {
  await using db = await freshDatabase();
  const email = scriptedChannel('email');
  const whySettled: WhySettled = async (_tx, decision) => {
    if (decision === 'dec_broken' && broken) throw new Error('this decision cannot be read');
    return null;
  };
  let broken = false;
  await using world = await startWorld(db, { pairIntervalMs: 0 }, {}, { others: [email], whySettled });
  world.twin.script.set({ lose: ['sent', 'delivered', 'read'] });
  await world.ask({ decisionId: 'dec_broken', eventKey: 'hormuz/shp_0', contacts: [PHONE, MAIL] });
  await world.work();
  world.clock.advance(1_000);
  const sound = await world.ask({ contacts: [PHONE, MAIL] });
  await world.work();
  broken = true;
  world.clock.advance(4 * HOUR_MS);
  await assert.rejects(world.watch(), /cannot be read/);
  await world.work();
  assert.deepEqual(email.calls.map((c) => c.opaque.split(':')[0]), [sound]);
});

test('two answers to one alert at one moment: neither waits for the other in a circle', async () => {
  await using db = await freshDatabase();
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let inside = 0;
  const onReply = async (): Promise<void> => {
    inside += 1;
    if (inside === 2) resolve();
    await both;
  };
  await using world = await startWorld(db, {}, {}, { onReply });
  const id = await world.ask();
  await world.work();
  const wamid = world.twin.messages()[0]!.wamid;
  const answer = (n: number): ReplyEvent => ({ kind: 'reply', id: `answer-${n}`, from: PHONE.address, text: String(n), inReplyTo: wamid, at: world.clock.now(), payload: {} });
  await Promise.all([1, 2].map((n) => world.alerts.intake.receive('whatsapp', [answer(n)])));
  const { rows } = await db.query('select meaning from alert_replies where alert_id = $1 order by meaning', [id]);
  assert.deepEqual(rows.map((r) => r['meaning']), ['acted', 'declined']);
  assert.equal(inside, 2, 'no transaction was run again');
});
