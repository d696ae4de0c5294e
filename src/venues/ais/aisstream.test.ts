import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import type { Gate } from '../../kernel/gate/index.ts';
import { ManualTimers } from '../../kernel/timers/index.ts';
import { ManualClock } from '../../model/time.ts';
import { readFrame, readGoTime } from './aisstream-messages.ts';
import { reconnectPauseMs } from './backoff.ts';
import { createAisStream, startAisStreamTwin, type AisStream, type AisStreamOptions, type AisStreamTwin } from './index.ts';
import type { VesselReport } from '../../flow/reality/ports.ts';
import { expectedReports, FRAMES, framesFrom, HORMUZ, START, until } from './test-support/fleet.ts';

const KEY = 'k-5f3a9c-not-for-logs';

interface Rig extends AsyncDisposable {
  readonly twin: AisStreamTwin;
  readonly clock: ManualClock;
  readonly timers: ManualTimers;
  readonly stream: AisStream;
  readonly reports: VesselReport[];
  readonly logger: ReturnType<typeof recordingLogger>;
}

async function rig(more: Partial<AisStreamOptions> = {}, frames = FRAMES): Promise<Rig> {
  const clock = new ManualClock(START);
  const timers = new ManualTimers(clock);
  const twin = await startAisStreamTwin({ clock, timers, apiKey: KEY, frames });
  const reports: VesselReport[] = [];
  const logger = recordingLogger();
  const stream = createAisStream({ url: twin.streamUrl, apiKey: KEY, boxes: HORMUZ, clock, timers, random: () => 1, logger, onReport: (report) => reports.push(report), ...more });
  return { twin, clock, timers, stream, reports, logger, [Symbol.asyncDispose]: async () => (stream.close(), twin.close()) };
}

test('a subscription gives the reports of its box, as the decoder of raw sentences has them', async () => {
  await using r = await rig();
  r.stream.start();
  await until('four reports', () => r.reports.length === 4);
  const all = expectedReports('aisstream', (i) => FRAMES[i]!.at);
  assert.deepEqual(r.reports, all.filter((report) => report.mmsi !== 244_660_274), 'not the one off Rotterdam');
  assert.equal(r.reports[1]!.destination, 'JEBEL ALI');
  assert.equal(r.reports[1]!.eta, '03-02T14:00Z');
  assert.deepEqual([r.reports[3]!.latitude, r.reports[3]!.longitude], [null, null], '91 and 181 are no place');
});

test('what the clock passes later comes then, and a repeat is told once', async () => {
  await using r = await rig({}, framesFrom(START + 1_000));
  r.stream.start();
  await until('open', () => r.stream.state === 'open' && r.twin.counters().socketsOpen === 1);
  r.twin.tick();
  r.clock.set(START + 30_000);
  r.twin.faults.set([{ kind: 'duplicated', times: 1 }]);
  await until('the first frame twice', () => (r.twin.tick(), r.stream.counters().repeats === 1));
  assert.equal(r.reports.length, 1, 'the others are of later minutes');
  r.clock.set(START + 600_000);
  r.twin.tick();
  await until('the rest', () => r.reports.length === 4);
  assert.deepEqual(r.reports.map((report) => report.at), [0, 1, 2, 3].map((minute) => START + 1_000 + minute * 60_000));
});

test('a half-open connection is found by its silence and opened again after a jittered, growing pause', async () => {
  await using r = await rig();
  r.stream.start();
  await until('reports', () => r.reports.length === 4);
  r.twin.faults.set([{ kind: 'half_open', when: 'after' }]);
  await r.timers.advance(59_999);
  assert.equal(r.stream.state, 'open');
  await r.timers.advance(1);
  assert.equal(r.stream.state, 'waiting');
  r.twin.faults.set([{ kind: 'server_error', times: 1 }]);
  await r.timers.advance(1_000);
  await until('refused upgrade', () => r.twin.counters().byOutcome['503'] === 1 && r.stream.state === 'waiting');
  await r.timers.advance(1_999);
  assert.equal(r.stream.state, 'waiting', 'two seconds the second time');
  await r.timers.advance(1);
  await until('all told again, and known as repeats', () => r.stream.counters().repeats === 4);
  assert.equal(r.reports.length, 4);
  assert.deepEqual([0, 1, 2, 9].map((n) => [reconnectPauseMs(n, () => 0), reconnectPauseMs(n, () => 1)]), [[500, 1_000], [1_000, 2_000], [2_000, 4_000], [30_000, 60_000]]);
});

test('a wrong key is told without showing it, and tried again hourly', async () => {
  await using r = await rig({ apiKey: 'k-wrong-but-secret' });
  r.stream.start();
  await until('refused', () => r.stream.state === 'refused');
  assert.deepEqual(r.logger.lines.find(([event]) => event === 'aisstream_refused')?.[1], { said: 'Api Key Is Not Valid' });
  await r.timers.advance(3_599_999);
  assert.equal(r.stream.counters().connects, 1);
  await r.timers.advance(1);
  await until('second try', () => r.stream.counters().connects === 2);
  assert.ok(!JSON.stringify(r.logger.lines).includes('secret'));
});

test('429 keeps its Retry-After, and the key is in no log of any failure', async () => {
  await using r = await rig();
  r.twin.faults.set([{ kind: 'rate_limited', retry_after_s: 7, times: 1 }, { kind: 'dropped_socket', times: 1 }]);
  r.stream.start();
  await until('limited', () => r.stream.state === 'waiting');
  await r.timers.advance(6_999);
  assert.equal(r.stream.counters().connects, 1);
  await r.timers.advance(1);
  await until('dropped', () => r.twin.counters().byOutcome['dropped'] === 1 && r.stream.state === 'waiting');
  await r.timers.advance(2_000);
  await until('reports', () => r.reports.length === 4);
  assert.ok(r.logger.lines.length > 2);
  assert.ok(!JSON.stringify(r.logger.lines).includes(KEY));
});

test('however long a 429 asks to wait, the next try is within the hour', async () => {
  await using r = await rig();
  r.twin.faults.set([{ kind: 'rate_limited', retry_after_s: 86_400, times: 1 }]);
  r.stream.start();
  await until('limited', () => r.stream.state === 'waiting');
  await r.timers.advance(3_600_000);
  await until('reports', () => r.reports.length === 4);
});

test('the gate is asked before each connection; one that refuses is a pause', async () => {
  const asked: unknown[] = [];
  const gate: Pick<Gate, 'acquire'> = {
    acquire: (request) => {
      if (asked.push(request) === 1) throw new Error('no such quota');
      return asked.length === 2 ? Promise.reject(new Error('quota exhausted')) : undefined;
    },
  };
  await using r = await rig({ gate });
  r.stream.start();
  assert.equal(r.stream.state, 'waiting');
  await r.timers.advance(1_000);
  await until('waiting again', () => r.stream.state === 'waiting');
  await r.timers.advance(2_000);
  await until('reports', () => r.reports.length === 4);
  assert.deepEqual(asked, Array.from({ length: 3 }, () => ({ provider: 'aisstream', operation: 'subscribe' })));
  assert.equal(r.stream.counters().connects, 1);
});

test('a closed stream stays closed, also when it is closed while it waits or connects', async () => {
  await using r = await rig();
  r.stream.start();
  r.stream.close();
  await r.timers.advance(120_000);
  assert.equal(r.stream.state, 'closed');
  assert.equal(r.timers.size, 0, 'no timer is left');
});

test('the stand-in closes who does not subscribe in three seconds', async () => {
  await using r = await rig();
  const ws = new WebSocket(r.twin.streamUrl);
  let code = 0;
  ws.on('close', (c) => void (code = c));
  await until('open', () => ws.readyState === WebSocket.OPEN && r.twin.counters().socketsOpen === 1);
  await r.timers.advance(3_000);
  await until('closed', () => code !== 0);
  assert.equal(code, 1008);
});

test('frames of another form are null, and times are Go\'s', () => {
  assert.equal(readGoTime('2022-12-29 18:22:32.318353 +0000 UTC'), Date.parse('2022-12-29T18:22:32.318Z'));
  assert.equal(readGoTime('2022-12-29T18:22:32Z'), null);
  assert.equal(readGoTime('0001-01-01 00:00:00 +0000 UTC'), null, 'the zero time is no time: the report is of when it came');
  const body = { UserID: 259_000_420, Latitude: 66.02695, Longitude: 12.253821, Sog: 102.3, Cog: 308.2, TrueHeading: 235, NavigationalStatus: 15 };
  const frame = readFrame({ MessageType: 'PositionReport', MetaData: { MMSI: 259_000_420 }, Message: { PositionReport: body } }, 5);
  assert.ok(frame?.kind === 'report');
  assert.deepEqual([frame.report.at, frame.report.speedKnots, frame.report.courseDegrees, frame.report.navigationStatus], [5, null, 308.2, null]);
  for (const wrong of [null, 7, [], {}, { MessageType: 'SafetyBroadcastMessage', MetaData: {}, Message: {} }, { MessageType: 'PositionReport', MetaData: {}, Message: { PositionReport: { ...body, Latitude: '66' } } }]) {
    assert.equal(readFrame(wrong, 0), null, JSON.stringify(wrong));
  }
});
