import assert from 'node:assert/strict';
import type { Observation } from '../../flow/reality/ports.ts';
import { ManualClock, startOfDay } from '../../model/time.ts';
import { venueMatrix } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createFreightIndex, startFreightTwin } from './index.ts';

const scenario = hormuz();
const clock = new ManualClock('2026-03-06T18:00:00Z');

venueMatrix<readonly Observation[]>({
  venue: 'scfi',
  start: async (deadlineMs) => {
    const twin = await startFreightTwin({ scenario, clock });
    const source = createFreightIndex({ outbound: directOutbound(), url: twin.url, kind: 'twin', deadlineMs });
    return { twin, act: () => source.fetch(clock.now(), null, new AbortController().signal), [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: (observations) => {
    const rates = observations.filter((o) => o.series === 'freight.shanghai_rotterdam').map((o) => [o.observedFor, o.value, o.source]);
    assert.deepEqual(rates, [['2026-02-26', 2094, 'drewry-wci'], ['2026-03-05', 2052, 'drewry-wci']]);
    assert.equal(observations.length, 8);
  },
  ahead: (observations) => assert.ok(observations.every((o) => startOfDay(o.observedFor) <= clock.now() && o.knownAt === clock.now())),
});
