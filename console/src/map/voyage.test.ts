import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chokepoint, DecisionSummary, SeaRoute, Shipment } from '../api/types.ts';
import { along, asksForAct, detourPart, isExposed, sailedBy, voyagesOf, type LonLat } from './voyage.ts';

const NOW = Date.parse('2026-03-03T18:00:00Z');
const shipment = (id: string, etd: string, eta: string, facts: Partial<Shipment> = {}): Shipment => ({ id, etd, eta, status: 'booked', ...facts }) as Shipment;
const decision = (shipment_id: string, facts: Partial<DecisionSummary>): DecisionSummary => ({ shipment_id, action: 'proceed', status: 'active', chokepoint: 'hormuz', ...facts }) as DecisionSummary;

test('a schedule says how much of the way is behind', () => {
  assert.equal(sailedBy('2026-03-01T18:00:00Z', '2026-03-05T18:00:00Z', NOW), 0.5);
  assert.equal(sailedBy('2026-03-04T00:00:00Z', '2026-03-05T18:00:00Z', NOW), 0);
  assert.equal(sailedBy('2026-02-01T00:00:00Z', '2026-02-05T18:00:00Z', NOW), 1);
  assert.equal(sailedBy('2026-03-05T00:00:00Z', '2026-03-05T00:00:00Z', NOW), 0, 'a schedule without a length divides by nothing');
});

test('what needs a person comes first, what has arrived or was called off not at all', () => {
  const voyages = voyagesOf(
    [
      shipment('calm', '2026-03-01T00:00:00Z', '2026-03-09T00:00:00Z'),
      shipment('weighed', '2026-03-05T00:00:00Z', '2026-03-09T00:00:00Z'),
      shipment('act', '2026-03-06T00:00:00Z', '2026-03-09T00:00:00Z'),
      shipment('arrived', '2026-02-01T00:00:00Z', '2026-03-03T00:00:00Z'),
      shipment('off', '2026-03-01T00:00:00Z', '2026-03-09T00:00:00Z', { status: 'cancelled' }),
    ],
    [decision('weighed', {}), decision('act', {}), decision('act', { action: 'reroute', chokepoint: 'suez' })],
    NOW,
  );
  assert.deepEqual(voyages.map(({ shipment: { id }, phase }) => [id, phase]), [['act', 'ahead'], ['weighed', 'ahead'], ['calm', 'sailing']]);
  assert.deepEqual(voyages.map((voyage) => asksForAct(voyage)), [true, false, false]);
  assert.deepEqual(voyages[0]!.around, ['suez']);
  assert.equal(voyages[1]!.around, null);
});

test('a passage that is behind the ship does not expose it', () => {
  const passages = new Map([['suez', { status: 'CONFIRMED' } as Chokepoint]]);
  const route = { passages: [{ id: 'suez', fraction: 0.4 }] } as unknown as SeaRoute;
  const at = (sailed: number) => ({ shipment: shipment('s', '', ''), decision: undefined, phase: 'sailing' as const, sailed, around: null });
  assert.equal(isExposed(at(0.3), route, passages), true);
  assert.equal(isExposed(at(0.5), route, passages), false);
  assert.equal(isExposed(at(0.3), undefined, passages), false, 'not yet known is not exposed');
});

test('half way along a path is half its length, across the antimeridian too', () => {
  const { at, ahead } = along([[170, 0], [180, 0], [190, 0]], 0.75);
  assert.ok(Math.abs(((at[0] + 360) % 360) - 185) < 1e-9 && Math.abs(at[1]) < 1e-9, String(at));
  assert.deepEqual(ahead, [[190, 0]]);
  assert.deepEqual(along([[5, 5]], 0.5).at, [5, 5]);
  assert.deepEqual(along([[5, 5], [5, 5], [6, 5]], 1).ahead, [[6, 5]]);
  assert.deepEqual(along([[0, 0], [10, 0]], 2).ahead, [[10, 0]]);
});

test('a detour is drawn from where it parts to where it meets', () => {
  const usual: LonLat[] = [[0, 0], [1, 0], [2, 0], [3, 0], [4, 0]];
  assert.deepEqual(detourPart(usual, [[0, 0], [1, 0], [1, 5], [3, 5], [3, 0], [4, 0]]), [[1, 0], [1, 5], [3, 5], [3, 0]]);
  assert.deepEqual(detourPart(usual, [[0, 0], [0, 9], [4, 0]]), [[0, 0], [0, 9], [4, 0]]);
  assert.ok(detourPart(usual, usual).length <= 2, 'the same way is no detour');
});
