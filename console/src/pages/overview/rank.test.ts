import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chokepoint, DecisionSummary } from '../../api/types.ts';
import { byConcern, byDeadline, byDistance } from './rank.ts';

const passage = (id: string, facts: Partial<Chokepoint>): Chokepoint => ({ id, name: id, status: 'NORMAL', as_of: '', transits: null, probability: null, alarm: null, exposed_shipments: 0, ...facts });
const decision = (id: string, facts: Partial<DecisionSummary>): DecisionSummary => ({ id, action: 'reroute', deadline: null, saving_usd: '0', escalated: null, status: 'active', ...facts }) as DecisionSummary;

test('a confirmed closure comes before a busy but quiet passage', () => {
  const order = byConcern([passage('suez', { exposed_shipments: 9 }), passage('hormuz', { status: 'CONFIRMED' }), passage('malacca', {}), passage('bab', { status: 'PREDICTED_NOT_OBSERVED' })]);
  assert.deepEqual(order.map(({ id }) => id), ['hormuz', 'bab', 'suez', 'malacca']);
});

test('decisions come by deadline, without one last, the dearer first of two; those that need nothing stand apart', () => {
  const { act, rest } = byDeadline([
    decision('none', {}),
    decision('late', { deadline: '2026-03-02T00:00:00Z' }),
    decision('small', { deadline: '2026-03-01T00:00:00Z', saving_usd: '9.00' }),
    decision('large', { deadline: '2026-03-01T00:00:00Z', saving_usd: '1000.00' }),
    decision('calm', { action: 'proceed', deadline: '2026-02-01T00:00:00Z' }),
    decision('none-dear', { saving_usd: '5.00' }),
  ]);
  assert.deepEqual(act.map(({ id }) => id), ['large', 'small', 'late', 'none-dear', 'none']);
  assert.deepEqual(rest.map(({ id }) => id), ['calm']);
});

test('of what proceeds, the nearest to its break-even comes first, and what has no other choice last', () => {
  const order = byDistance([decision('far', { probability: 0.02, break_even: 0.4 }), decision('closed', { probability: 0.9, break_even: null }), decision('near', { probability: 0.2, break_even: 0.25 })]);
  assert.deepEqual(order.map(({ id }) => id), ['near', 'far', 'closed']);
  const looked = byDistance([decision('near', { probability: 0.2, break_even: 0.25 }), decision('eyes', { probability: 0.01, break_even: 0.4, escalated: 'record too short' }), decision('seen', { probability: 0.1, break_even: 0.4, escalated: 'record too short', status: 'acknowledged' })]);
  assert.deepEqual(looked.map(({ id }) => id), ['eyes', 'near', 'seen'], 'what a person is to look at comes first until one has');
});
