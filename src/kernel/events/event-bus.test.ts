import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { until } from '../../../test/support/jobs.ts';
import { isCodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/types.ts';
import { createEventBus } from './event-bus.ts';

type Events = { 'thing.made': { readonly id: string }; 'thing.gone': { readonly id: string } };

function started(url: string) {
  const bus = createEventBus<Events>({ url, logger: silentLogger });
  return Object.assign(bus, { [Symbol.asyncDispose]: () => bus.stop() });
}

test('an event is heard in every process after the commit, and never when it is rolled back', async () => {
  await using db = await freshDatabase();
  await using here = started(db.directUrl);
  await using there = started(db.directUrl);
  await Promise.all([here.start(), there.start()]);
  const heard: string[] = [];
  const every: string[] = [];
  here.subscribe('thing.made', ({ id }) => heard.push(id));
  there.subscribeAll((name, payload) => every.push(`${name} ${JSON.stringify(payload)}`));
  await assert.rejects(
    db.transaction(async (tx) => {
      await here.publish(tx, 'thing.made', { id: 'never' });
      throw new Error('stop');
    }),
  );
  await db.transaction(async (tx) => {
    await here.publish(tx, 'thing.made', { id: 'é1' });
    await here.publish(tx, 'thing.gone', { id: '2' });
  });
  await until(() => every.length === 2 && heard.length === 1);
  assert.deepEqual(heard, ['é1']);
  assert.deepEqual(every, ['thing.made {"id":"é1"}', 'thing.gone {"id":"2"}']);
});

test('an ended subscription hears nothing more, and a listener that throws harms no other', async () => {
  await using db = await freshDatabase();
  await using bus = started(db.directUrl);
  await bus.start();
  const heard: string[] = [];
  bus.subscribe('thing.made', () => {
    throw new Error('broken listener');
  });
  const end = bus.subscribe('thing.made', ({ id }) => heard.push(`ended ${id}`));
  bus.subscribe('thing.made', ({ id }) => heard.push(id));
  end();
  await bus.publish(db, 'thing.made', { id: '1' });
  await until(() => heard.length > 0);
  assert.deepEqual(heard, ['1']);
});

test('an event that is too large is refused with its size, and aborts nothing by itself', async () => {
  await using db = await freshDatabase();
  await using bus = started(db.directUrl);
  await db.transaction(async (tx) => {
    await assert.rejects(bus.publish(tx, 'thing.made', { id: 'x'.repeat(8_000) }), (e) => isCodedError(e) && e.code === 'EVENT_TOO_LARGE');
    await bus.publish(tx, 'thing.made', { id: 'x'.repeat(7_000) });
  });
});

test('after a cut connection the bus listens again, and tells that there was a gap', async () => {
  await using db = await freshDatabase();
  await using bus = started(db.directUrl);
  await bus.start();
  const heard: string[] = [];
  let gaps = 0;
  bus.subscribe('thing.made', ({ id }) => heard.push(id));
  bus.onGap(() => gaps++);
  await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bellwether events' and datname = current_database()`);
  await until(() => gaps === 1 && bus.listening());
  await bus.publish(db, 'thing.made', { id: 'after' });
  await until(() => heard.length === 1);
  assert.deepEqual(heard, ['after']);
});
