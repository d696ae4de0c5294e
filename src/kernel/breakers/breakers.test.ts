import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { ManualClock } from '../../model/time.ts';
import { isCodedError } from '../errors/index.ts';
import { createBreakers } from './index.ts';

function setUp() {
  const clock = new ManualClock('2026-03-01T00:00:00Z');
  const logger = recordingLogger();
  const metrics = testMetrics();
  return { clock, logger, metrics, breakers: createBreakers({ clock, logger, metrics }) };
}

const boom = async (): Promise<never> => {
  throw Object.assign(new Error('socket closed'), { code: 'ECONNRESET' });
};

test('opens after so many failures in a row, lets one probe through, and closes when it succeeds', async () => {
  const { clock, logger, metrics, breakers } = setUp();
  const breaker = breakers.get('polymarket');
  await assert.rejects(breaker.run(boom));
  await breaker.run(async () => 1);
  for (let i = 0; i < 2; i++) await assert.rejects(breaker.run(boom), /socket closed/);
  assert.equal(breaker.state, 'closed', 'a success in between starts the count anew');
  await assert.rejects(breaker.run(boom));
  assert.equal(breaker.state, 'open');
  assert.equal(await metrics.value('riskcast_circuit_breaker_state', { breaker: 'polymarket' }), 2);

  clock.advance(59_999);
  await assert.rejects(
    breaker.run(async () => assert.fail('it is open')),
    (e) => isCodedError(e) && e.code === 'BREAKER_OPEN' && e.occurrence.retryAfterSeconds === 1,
  );
  assert.deepEqual(breakers.view()['polymarket'], {
    state: 'open',
    failures: 3,
    opened_at: '2026-03-01T00:00:00.000Z',
    next_attempt_at: '2026-03-01T00:01:00.000Z',
    last_error: 'ECONNRESET: socket closed',
    calls: 5,
    rejected: 1,
  });
  clock.advance(1);
  const tickets = [breaker.enter(), breaker.enter(), breaker.enter()];
  assert.deepEqual(
    tickets.map((t) => t > 0),
    [true, false, false],
  );
  breaker.succeed(tickets[0]!);
  assert.equal(breaker.state, 'closed');
  assert.equal(breakers.view()['polymarket']?.opened_at, null);
  assert.equal(await metrics.value('riskcast_circuit_breaker_state', { breaker: 'polymarket' }), 0);
  assert.deepEqual(logger.events(), ['circuit_opened', 'circuit_half_opened', 'circuit_closed']);
});

test('a probe that fails opens it for as long again; one that is abandoned or never returns makes room for another', () => {
  const { clock, breakers } = setUp();
  const breaker = breakers.get('redis');
  for (let i = 0; i < 3; i++) breaker.fail(breaker.enter(), new Error('down'));
  clock.advance(10_000);
  breaker.fail(breaker.enter(), new Error('still down'));
  assert.equal(breaker.waitMs(), 10_000);
  clock.advance(10_000);
  breaker.abandon(breaker.enter());
  const lost = breaker.enter();
  assert.ok(lost > 0, 'the abandoned probe left its place');
  clock.advance(9_999);
  assert.equal(breaker.enter(), 0);
  clock.advance(1);
  const second = breaker.enter();
  assert.ok(second > 0, 'the lost probe is given up after openMs');
  breaker.fail(lost, new Error('late'));
  assert.equal(breaker.state, 'half_open', 'what the lost one says later is not heard');
  breaker.succeed(second);
  assert.equal(breaker.state, 'closed');
});

test('a call that began before it opened neither closes it nor counts', () => {
  const { breakers } = setUp();
  const breaker = breakers.get('redis');
  const early = breaker.enter();
  const doomed = [breaker.enter(), breaker.enter(), breaker.enter(), breaker.enter()];
  for (const ticket of doomed.slice(0, 3)) breaker.fail(ticket, new Error('down'));
  breaker.succeed(early);
  breaker.fail(doomed[3]!, new Error('down'));
  assert.equal(breaker.state, 'open');
  assert.equal(breaker.view().failures, 3);
});

test('an error of ours does not count, and proves that the other side answers', async () => {
  const { breakers } = setUp();
  const breaker = breakers.get('whatsapp');
  for (let i = 0; i < 20; i++) await assert.rejects(breaker.run(boom, () => false));
  assert.equal(breaker.state, 'closed');
  assert.equal(breaker.policy.openMs, 120_000);
  assert.deepEqual(breakers.get('constructor').policy, { failures: 5, openMs: 30_000 });
});

test('a reset closes it; an unknown name is told with those that there are', () => {
  const { breakers, logger } = setUp();
  breakers.register(['whatsapp', 'database']);
  const breaker = breakers.get('database');
  for (let i = 0; i < 5; i++) breaker.fail(breaker.enter(), new Error('down'));
  assert.equal(breakers.reset('database').state, 'open');
  assert.equal(breaker.state, 'closed');
  assert.ok(breaker.enter() > 0);
  assert.deepEqual(Object.keys(breakers.view()), ['database', 'whatsapp']);
  assert.throws(() => breakers.reset('databse'), (e) => isCodedError(e) && e.code === 'BREAKER_UNKNOWN' && e.status === 404 && e.occurrence.fix === 'One of: database, whatsapp');
  assert.ok(logger.events().includes('circuit_reset'));
});

test('whatever happens in whatever order: never a second probe at a time, and open never lets a call through early', () => {
  type Step = 'enter' | 'succeed' | 'fail' | 'abandon' | 'tick';
  const steps = fc.array(fc.constantFrom<Step>('enter', 'succeed', 'fail', 'abandon', 'tick'), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (script) => {
      const { clock, breakers } = setUp();
      const breaker = breakers.get('redis');
      let open: number[] = [];
      let probe = 0;
      let probeAt = 0;
      for (const step of script) {
        if (step === 'tick') clock.advance(2_500);
        else if (step === 'enter') {
          const [before, waitMs] = [breaker.state, breaker.waitMs()];
          const ticket = breaker.enter();
          assert.equal(ticket === 0, waitMs > 0);
          if (before === 'half_open' && ticket > 0) assert.ok(probe === 0 || clock.now() - probeAt >= 10_000);
          if (before !== 'closed' && ticket > 0) [probe, probeAt] = [ticket, clock.now()];
          if (ticket > 0) open.push(ticket);
        } else {
          const ticket = open.shift();
          if (ticket === undefined) continue;
          if (step === 'fail') breaker.fail(ticket, 'x');
          else breaker[step](ticket);
          if (ticket === probe) probe = 0;
        }
      }
      open = [];
    }),
  );
});
