/** The numbered cases on aisstream's client. It is a stream: failures end in a new connection, not in a rejected call. */
import assert from 'node:assert/strict';
import { silentLogger } from '../../kernel/logging/types.ts';
import { ManualTimers } from '../../kernel/timers/index.ts';
import { ManualClock } from '../../model/time.ts';
import { venueMatrix, type MatrixRig } from '../matrix.ts';
import type { TwinFaultInput } from '../twin/index.ts';
import { createAisStream, startAisStreamTwin } from './index.ts';
import type { VesselReport } from '../../flow/reality/ports.ts';
import { expectedReports, FRAMES, HORMUZ, START, until } from './test-support/fleet.ts';

const HOUR_MS = 3_600_000;
/** Unlike the others it is far ahead of the clock: only a stand-in whose clock is ahead sends it. */
const TOMORROW = { ...FRAMES[0]!, at: START + 24 * HOUR_MS, frame: { ...FRAMES[0]!.frame, MetaData: { ...FRAMES[0]!.frame.MetaData, time_utc: '2026-02-21 00:00:00.0 +0000 UTC' } } };
const EXPECTED = expectedReports('aisstream', (i) => FRAMES[i]!.at).filter((report) => report.mmsi !== 244_660_274);
const byTime = (reports: readonly VesselReport[]): readonly VesselReport[] => [...reports].sort((a, b) => a.at - b.at);

interface Result {
  readonly reports: readonly VesselReport[];
  readonly connects: number;
  readonly unreadable: number;
  readonly ahead: number;
}

/** After the fault the client has connected so many times, and has everything. */
const again = (faults: readonly TwinFaultInput[], connects: number) => async (rig: MatrixRig<Result>): Promise<void> => {
  rig.twin.faults.set(faults);
  const result = await rig.act();
  assert.equal(result.connects, connects);
  assert.deepEqual(byTime(result.reports), EXPECTED);
};

venueMatrix<Result>({
  venue: 'aisstream',
  start: async () => {
    const clock = new ManualClock(START);
    const timers = new ManualTimers(clock);
    const twin = await startAisStreamTwin({ clock, timers, apiKey: 'key', frames: [...FRAMES, TOMORROW] });
    const act = async (): Promise<Result> => {
      clock.set(START);
      const reports: VesselReport[] = [];
      const stream = createAisStream({ url: twin.streamUrl, apiKey: 'key', boxes: HORMUZ, clock, timers, random: () => 0.5, logger: silentLogger, onReport: (report) => reports.push(report) });
      stream.start();
      const held = (): number => twin.counters().byOutcome['held'] ?? 0;
      const heldBefore = held();
      let waitedOut = false;
      await until('all frames', () => {
        if (stream.state === 'waiting') void timers.advance(1_000);
        // A peer that holds the upgrade back is given up when it has been silent for a minute.
        if (held() > heldBefore && !waitedOut) {
          waitedOut = true;
          void timers.advance(60_000);
        }
        const { unreadable, repeats, reports: told, ahead } = stream.counters();
        return told + unreadable >= EXPECTED.length && (twin.faults.peek('/', ['duplicated']) === undefined || repeats >= EXPECTED.length) && (twin.faults.peek('/', ['clock_skew']) === undefined || ahead > 0);
      });
      const { connects, unreadable, ahead } = stream.counters();
      stream.close();
      return { reports, connects, unreadable, ahead };
    };
    return { twin, act, [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: (result) => assert.deepEqual(byTime(result.reports), EXPECTED),
  ahead: (result) => {
    assert.equal(result.ahead, 1, 'tomorrow\'s frame was sent, counted and not told');
    assert.deepEqual(byTime(result.reports), EXPECTED);
  },
  without: { V01: 'a stream has no reply that could be late: silence is V05' },
  instead: {
    V02: again([{ kind: 'rate_limited', retry_after_s: 7, times: 1 }], 2),
    V03: again([{ kind: 'server_error', status: 503, times: 1 }], 2),
    V04: again([{ kind: 'dropped_socket', times: 1 }], 2),
    V05: again([{ kind: 'half_open', times: 1 }], 2),
    V06: async (rig) => {
      rig.twin.faults.set([{ kind: 'malformed_body', times: 1 }]);
      const result = await rig.act();
      assert.equal(result.unreadable, 1);
      assert.deepEqual(result.reports, EXPECTED.slice(1), 'the frames behind it are used');
    },
    V10: again([{ kind: 'dropped_socket', when: 'after', times: 1 }], 2),
  },
});
