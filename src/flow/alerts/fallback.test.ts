import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, parseInstant } from '../../model/time.ts';
import type { Delivery } from './deliveries-store.ts';
import { DELIVERY_STATES, type DeliveryState } from './delivery-rules.ts';
import { dueAt, marginMs, planNext, standingOf, type Confirms, type EscalationCause, type Situation } from './fallback.ts';
import type { ChannelName } from './ports.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const NOW = parseInstant('2026-03-02T09:00:00Z');
const confirms: Confirms = (channel) => (channel === 'whatsapp' ? 'read' : channel === 'teams' ? 'delivered' : 'accepted');
const CHANNELS: readonly ChannelName[] = ['whatsapp', 'email', 'telegram', 'teams'];

const delivery = (position: number, status: DeliveryState, change: Partial<Delivery> = {}): Delivery => {
  const left = status !== 'planned' && status !== 'cancelled';
  const accepted = status === 'sent' || status === 'delivered' || status === 'read';
  return {
    alertId: 'alr_1', position, role: 'customer', channel: CHANNELS[position] ?? 'slack', address: `a${position}`, status, reason: null, heldUntil: null, notBefore: null,
    tries: 0, lastAttempt: left && status !== 'queued' ? position + 1 : null, providerId: null, errorCode: null, errorMessage: null, queuedAt: left ? NOW : null, queuedAsOf: left ? NOW : null,
    sentAt: accepted ? NOW : null, deliveredAt: null, readAt: null, failedAt: status === 'failed' ? NOW : null, lapsedAt: null, coveredBy: null, ...change,
  };
};
const situation = (deliveries: readonly Delivery[], change: Partial<Situation> = {}): Situation => ({ deadline: NOW + 8 * HOUR_MS, severity: 'high', escalated: null, settled: null, deliveries, ...change });
const steps = (s: Situation, at = NOW): readonly string[] => planNext(s, confirms, at, DEFAULT_SETTINGS).steps.map((step) => ('position' in step ? `${step.kind} ${step.position}` : 'why' in step ? `${step.kind} ${step.why}` : ''));

test('the time to be read is a quarter of what is left, between ten minutes and four hours', () => {
  const margin = (left: number | null): number => marginMs(left, DEFAULT_SETTINGS, DEFAULT_SETTINGS.unreadCeilingMs) / MINUTE_MS;
  assert.deepEqual([8 * HOUR_MS, 4 * HOUR_MS, 20 * MINUTE_MS, 0, -HOUR_MS, 30 * HOUR_MS, null].map(margin), [120, 60, 10, 10, 10, 240, 240]);
  assert.equal(dueAt(delivery(0, 'sent'), NOW + 8 * HOUR_MS, confirms, DEFAULT_SETTINGS), NOW + 2 * HOUR_MS);
  assert.equal(dueAt(delivery(0, 'sent', { sentAt: NOW + HOUR_MS }), NOW + 9 * HOUR_MS, confirms, DEFAULT_SETTINGS), NOW + 3 * HOUR_MS, 'what waiting has used up is not there twice');
});

test('in a replay the length of time to the deadline counts, not the dates', () => {
  const years = { queuedAsOf: NOW - 800 * 24 * HOUR_MS };
  assert.equal(dueAt(delivery(0, 'sent', years), years.queuedAsOf + 8 * HOUR_MS, confirms, DEFAULT_SETTINGS), NOW + 2 * HOUR_MS);
});

test('what happens next: known answers', () => {
  const later = NOW + 2 * HOUR_MS;
  const lapsed = { lapsedAt: NOW };
  assert.deepEqual(steps(situation([delivery(0, 'sent'), delivery(1, 'planned')])), [], 'its time is not over');
  assert.deepEqual(steps(situation([delivery(0, 'sent'), delivery(1, 'planned')]), later), ['lapse 0']);
  assert.deepEqual(steps(situation([delivery(0, 'sent', lapsed), delivery(1, 'planned')]), later), ['start 1']);
  assert.deepEqual(steps(situation([delivery(0, 'delivered'), delivery(1, 'planned')]), later), ['lapse 0'], 'on the phone is not read');
  assert.deepEqual(steps(situation([delivery(3, 'delivered')]), later), [], 'a channel that cannot say `read` has said all it can');
  assert.deepEqual(steps(situation([delivery(0, 'failed'), delivery(1, 'planned'), delivery(2, 'planned')])), ['start 1']);
  assert.deepEqual(steps(situation([delivery(0, 'failed'), delivery(1, 'failed')])), ['call_operators exhausted']);
  assert.deepEqual(steps(situation([delivery(0, 'failed'), delivery(1, 'failed')], { escalated: 'exhausted' })), [], 'once');
  assert.deepEqual(steps(situation([delivery(0, 'queued'), delivery(1, 'planned')]), NOW + 30 * MINUTE_MS), ['give_up 0', 'start 1'], 'held: half an hour at most');
  assert.deepEqual(steps(situation([delivery(0, 'queued')]), NOW + 30 * MINUTE_MS), ['call_operators held'], 'the only way left goes on waiting');
  assert.deepEqual(steps(situation([delivery(0, 'queued', { heldUntil: NOW + HOUR_MS }), delivery(1, 'planned')]), later), [], 'quiet hours are no hold');
  assert.deepEqual(steps(situation([delivery(0, 'read'), delivery(1, 'planned')]), later), ['cancel_unsent read']);
  assert.deepEqual(steps(situation([delivery(0, 'delivered', lapsed)]), later), [], 'delivered is an end, where nobody is left to ask');
  assert.deepEqual(steps(situation([delivery(0, 'failed'), delivery(1, 'planned')], { settled: 'acknowledged' })), ['cancel_unsent acknowledged']);
});

test('a critical alert that stays unread goes to the last contact and to the operators at once', () => {
  const critical = { severity: 'critical' as const };
  const lapsed = delivery(0, 'sent', { lapsedAt: NOW });
  assert.deepEqual(steps(situation([lapsed, delivery(1, 'planned'), delivery(2, 'planned'), delivery(3, 'planned')], critical)), ['start 1', 'start 3', 'call_operators unread']);
  assert.deepEqual(steps(situation([lapsed, delivery(1, 'queued'), delivery(2, 'planned'), delivery(3, 'queued')], { ...critical, escalated: 'unread' })), [], 'those between come in their turn');
  assert.deepEqual(steps(situation([delivery(0, 'delivered', { lapsedAt: NOW })], critical)), ['call_operators unread']);
});

const state = fc.constantFrom<DeliveryState>(...DELIVERY_STATES);
const anyDelivery = (position: number): fc.Arbitrary<Delivery> =>
  fc.record({ status: state, lapsed: fc.boolean(), age: fc.integer({ min: 0, max: 30 * HOUR_MS }), held: fc.boolean() }).map(({ status, lapsed, age, held }) => {
    const accepted = status === 'sent' || status === 'delivered';
    return delivery(position, status, { lapsedAt: lapsed && accepted ? NOW : null, ...(accepted ? { sentAt: NOW - age } : {}), ...(status === 'queued' ? { queuedAt: NOW - age, heldUntil: held ? NOW : null } : {}) });
  });
const anySituation = fc
  .record({
    deliveries: fc.tuple(anyDelivery(0), anyDelivery(1), anyDelivery(2), anyDelivery(3)),
    severity: fc.constantFrom('low' as const, 'high' as const, 'critical' as const),
    escalated: fc.constantFrom<EscalationCause | null>(null, 'unread', 'call_me'),
    left: fc.option(fc.integer({ min: -5 * HOUR_MS, max: 90 * HOUR_MS })),
  })
  .map(({ deliveries, severity, escalated, left }) => situation(deliveries, { severity, escalated, deadline: left === null ? null : NOW + left }));

/** What `progress.ts` does with the steps, without a database. */
function settle(s: Situation): Situation {
  let now = s;
  for (let round = 0; round < 50; round++) {
    const { steps: todo } = planNext(now, confirms, NOW, DEFAULT_SETTINGS);
    if (todo.length === 0) return now;
    for (const step of todo) {
      const change = (position: number, to: Partial<Delivery>): Situation => ({ ...now, deliveries: now.deliveries.map((d) => (d.position === position ? { ...d, ...to } : d)) });
      if (step.kind === 'call_operators') now = { ...now, escalated: step.why };
      else if (step.kind === 'cancel_unsent') now = { ...now, deliveries: now.deliveries.map((d) => (d.status === 'planned' || d.status === 'queued' ? { ...d, status: 'cancelled' as const } : d)) };
      else if (step.kind === 'start') now = change(step.position, { status: 'queued', queuedAt: NOW, queuedAsOf: NOW });
      else if (step.kind === 'lapse') now = change(step.position, { lapsedAt: NOW });
      else now = change(step.position, { status: 'failed', failedAt: NOW });
    }
  }
  throw new Error('the plan has no end');
}

test('whatever state the deliveries are in: the plan ends, nothing starts after a proof of reading, and only planned contacts start', () => {
  fc.assert(
    fc.property(anySituation, (s) => {
      const end = settle(s);
      if (s.deliveries.some((d) => d.status === 'read')) {
        assert.ok(end.deliveries.every((d) => d.status !== 'queued' && d.status !== 'planned'));
        assert.equal(standingOf(end.deliveries)?.status, 'read');
      }
      for (const [i, d] of end.deliveries.entries()) if (d.status === 'queued' && s.deliveries[i]!.status !== 'queued') assert.equal(s.deliveries[i]!.status, 'planned');
    }),
    { numRuns: 2_000 },
  );
});

test('whatever state: afterwards somebody is told, or on the way, or the failure is in sight and the operators are called', () => {
  fc.assert(
    fc.property(anySituation, (s) => {
      const end = settle(s);
      const { watchAt } = planNext(end, confirms, NOW, DEFAULT_SETTINGS);
      const told = end.deliveries.some((d) => d.status === 'read' || d.status === 'delivered');
      const going = end.deliveries.some((d) => d.status === 'sending' || d.status === 'queued') || watchAt !== null;
      const meant = end.deliveries.some((d) => d.status !== 'cancelled');
      if (told || going || !meant) return;
      assert.equal(standingOf(end.deliveries)?.status, 'failed', JSON.stringify(end.deliveries.map((d) => d.status)));
      assert.notEqual(end.escalated, null);
    }),
    { numRuns: 2_000 },
  );
});
