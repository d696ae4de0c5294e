import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualTimers, TimerWheel, pause } from './index.ts';

test('the wheel fires each timer once, never early, in the order in which they fall due', async () => {
  const wheel = new TimerWheel(5);
  const from = performance.now();
  const fired: { name: string; atMs: number }[] = [];
  const note = (name: string) => () => void fired.push({ name, atMs: performance.now() - from });
  wheel.after(40, note('later'));
  wheel.after(0, note('at once'));
  wheel.after(20, note('soon'));
  const cancelled = wheel.after(10, note('cancelled'));
  cancelled.cancel();
  cancelled.cancel();
  assert.equal(wheel.size, 3);
  await pause(wheel, 60);
  assert.deepEqual(
    fired.map((f) => f.name),
    ['at once', 'soon', 'later'],
  );
  assert.ok(fired[1]!.atMs >= 20 && fired[2]!.atMs >= 40, JSON.stringify(fired));
  assert.equal(wheel.size, 0);
});

test('a timer of more than one turn waits for its own turn, and one cancelled by another that fires with it stays silent', async () => {
  const wheel = new TimerWheel(0.05); // one turn: 51 ms
  let fired = '';
  const from = performance.now();
  let longAtMs = 0;
  wheel.after(120, () => (longAtMs = performance.now() - from));
  const victim = wheel.after(10, () => (fired += 'victim'));
  wheel.after(9.9, () => {
    fired += 'first';
    victim.cancel();
  });
  await pause(wheel, 130);
  assert.equal(fired, 'first');
  assert.ok(longAtMs >= 120, `${longAtMs}`);
});

test('a blocked event loop delays timers but loses none', async () => {
  const wheel = new TimerWheel(0.05);
  let fired = 0;
  for (let ms = 1; ms <= 150; ms++) wheel.after(ms, () => fired++);
  const until = performance.now() + 200;
  while (performance.now() < until);
  await pause(wheel, 1);
  assert.equal(fired, 150);
});

test('manual timers move with their clock only', async () => {
  const timers = new ManualTimers();
  const seen: number[] = [];
  timers.after(10, () => {
    seen.push(timers.clock.now());
    timers.after(5, () => seen.push(timers.clock.now()));
  });
  await timers.advance(9);
  assert.deepEqual(seen, []);
  await timers.advance(100);
  assert.deepEqual(seen, [10, 15]);
  assert.equal(timers.clock.now(), 109);
});
