import assert from 'node:assert/strict';
import type { Observation } from '../../flow/reality/ports.ts';
import { DAY_MS, ManualClock, startOfDay } from '../../model/time.ts';
import { venueMatrix } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createPortWatch, startPortWatchTwin } from './index.ts';

const scenario = hormuz();
const clock = new ManualClock('2026-03-11T18:00:00Z');

venueMatrix<readonly Observation[]>({
  venue: 'portwatch',
  start: async (deadlineMs) => {
    const twin = await startPortWatchTwin({ scenario, clock });
    const source = createPortWatch({ outbound: directOutbound(), url: twin.url, kind: 'twin', deadlineMs });
    return { twin, act: () => source.fetch(clock.now(), null, new AbortController().signal), [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: (observations) => {
    const known = scenario.transits.filter((r) => r.knownAt <= clock.now());
    assert.equal(observations.length, known.length * 6);
    assert.equal(new Set(observations.map((o) => `${o.series} ${o.observedFor}`)).size, observations.length);
    assert.equal(observations.find((o) => o.series === 'hormuz.transits.total' && o.observedFor === '2026-03-02')?.value, 6);
  },
  ahead: (observations) => assert.ok(observations.every((o) => startOfDay(o.observedFor) + DAY_MS <= clock.now() && o.knownAt === clock.now())),
});
