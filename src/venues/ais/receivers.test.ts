import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { sharedData } from '../../../test/support/shared-data.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { ManualTimers } from '../../kernel/timers/index.ts';
import { ManualClock } from '../../model/time.ts';
import { createNmeaReceiver, parseNmeaSource, startNmeaFeeder, type NmeaReceiver } from './index.ts';
import type { VesselReport } from '../../flow/reality/ports.ts';
import { LineSplitter } from './line-splitter.ts';
import { checksum } from './nmea/test-support/encode.ts';
import { expectedReports, LINES, START, until } from './test-support/fleet.ts';

interface Rig {
  readonly receiver: NmeaReceiver;
  readonly reports: VesselReport[];
  readonly timers: ManualTimers;
}

function rig(source: string): Rig {
  const clock = new ManualClock(START);
  const timers = new ManualTimers(clock);
  const reports: VesselReport[] = [];
  const receiver = createNmeaReceiver({ source, clock, timers, random: () => 1, logger: silentLogger, onReport: (report) => reports.push(report) });
  return { receiver, reports, timers };
}

test('sentences by UDP, several in a datagram or one, become reports', async () => {
  const free = createSocket('udp4');
  await new Promise<void>((done) => free.bind(0, '127.0.0.1', done));
  const { port } = free.address();
  await new Promise<void>((done) => free.close(done));
  const { receiver, reports } = rig(`udp://127.0.0.1:${port}`);
  await receiver.start();
  assert.equal(receiver.port, port);
  const sender = createSocket('udp4');
  sender.send(`${LINES[0]!}\r\n${LINES[1]!}\r\n${LINES[2]!}`, port, '127.0.0.1');
  for (const line of LINES.slice(3)) sender.send(`${line}\r\n`, port, '127.0.0.1');
  await until('five reports', () => reports.length === 5);
  sender.close();
  assert.deepEqual([...reports].sort((a, b) => a.mmsi - b.mmsi), [...expectedReports(`udp://127.0.0.1:${port}`, () => START)].sort((a, b) => a.mmsi - b.mmsi));
  await receiver.close();
  assert.equal(receiver.state, 'closed');
});

test('an address that is not of this machine is told, with what to do', async () => {
  const { receiver } = rig('udp://203.0.113.1:10110');
  await assert.rejects(receiver.start(), { code: 'AIS_RECEIVER_FAILED', message: /udp:\/\/203\.0\.113\.1:10110: EADDRNOTAVAIL/ });
  await receiver.close();
});

test('sentences by TCP, cut anywhere, become reports', async () => {
  await using feeder = await startNmeaFeeder({ lines: LINES, chunkBytes: 7 });
  const { receiver, reports } = rig(feeder.url);
  await receiver.start();
  await until('five reports', () => reports.length === 5);
  assert.deepEqual(reports, expectedReports(feeder.url, () => START));
  const { lines, sentences, badChecksum, connects } = receiver.counters();
  assert.deepEqual([lines, sentences, badChecksum, connects], [6, 6, 0, 1]);
  await receiver.close();
});

test('a TCP feeder that resets, falls silent or stops in the middle is connected again', async () => {
  await using feeder = await startNmeaFeeder({ lines: LINES });
  const { receiver, reports, timers } = rig(feeder.url);
  feeder.faults.set([{ kind: 'dropped_socket', times: 1 }]);
  await receiver.start();
  await until('reset', () => receiver.state === 'waiting');
  feeder.faults.set([{ kind: 'half_open', times: 1 }]);
  await timers.advance(1_000);
  await until('connected to silence', () => receiver.state === 'open');
  await timers.advance(120_000);
  assert.equal(receiver.state, 'waiting');
  feeder.faults.set([{ kind: 'malformed_body', times: 1 }, { kind: 'dropped_socket', when: 'after', times: 1 }]);
  await timers.advance(2_000);
  await until('half of it, then the end', () => receiver.state === 'waiting' && receiver.counters().connects === 2);
  assert.ok(reports.length >= 1 && reports.length < 5);
  const before = reports.length;
  assert.equal(receiver.counters().truncated + receiver.counters().malformed + receiver.counters().badChecksum, 1, 'the line that was cut');
  await timers.advance(4_000);
  await until('all of it', () => reports.length === before + 5);
  await receiver.close();
  assert.equal(timers.size, 0);
});

test('a peer that is not there is waited for', async () => {
  const gone = await startNmeaFeeder({ lines: LINES });
  await gone.close();
  const { receiver, timers } = rig(gone.url);
  await receiver.start();
  await until('refused', () => receiver.state === 'waiting');
  await receiver.close();
  assert.equal(timers.size, 0);
});

test('a file is read once, to its end, at the times of its TAG blocks', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ais-')), 'log.nmea');
  const tag = `c:${START / 1_000 - 60}`;
  writeFileSync(path, `# a remark\n\\${tag}*${checksum(tag)}\\${LINES[0]!}\n${LINES[3]!}`);
  const { receiver, reports } = rig(pathToFileURL(path).href);
  await receiver.start();
  await until('the end', () => receiver.state === 'ended');
  assert.deepEqual(reports.map((r) => [r.mmsi, r.at]), [[351_759_000, START - 60_000], [538_003_913, START]]);
  assert.equal(receiver.counters().malformed, 1, 'the remark');
  await receiver.close();
  await assert.rejects(rig(`${pathToFileURL(path).href}.none`).receiver.start(), { code: 'AIS_RECEIVER_FAILED', message: /ENOENT/ });
});

test('a recorded day of a receiver goes through without a loss', async (t) => {
  const path = sharedData('risk/ais/risky_ais.txt');
  if (!path) return t.skip('absent: shared/data/risk/ais/risky_ais.txt');
  const { receiver, reports } = rig(pathToFileURL(path).href);
  await receiver.start();
  await until('the end', () => receiver.state === 'ended');
  const { lines, sentences, messages, other, truncated, badChecksum, malformed, tooShort, unknownType, overlong } = receiver.counters();
  assert.equal(lines, sentences + other + truncated + badChecksum + malformed);
  assert.deepEqual([lines, sentences, messages, other, truncated, badChecksum, malformed, tooShort, unknownType, overlong], [44_687, 34_013, 33_985, 10_658, 13, 3, 0, 23, 1, 0]);
  assert.ok(reports.length > 27_000);
});

test('any cut of any text gives the same lines; one without an end is dropped, and only that one', () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '!', ',', ' '), minLength: 1, maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(lines, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }), (wanted, sizes) => {
      const text = wanted.map((line) => `${line}\r\n`).join('');
      const splitter = new LineSplitter();
      const got: string[] = [];
      for (let at = 0, i = 0; at < text.length; i++) {
        const size = sizes[i % sizes.length]!;
        splitter.push(text.slice(at, at + size), (line) => got.push(line));
        at += size;
      }
      assert.deepEqual(got, wanted);
    }),
  );
  const splitter = new LineSplitter();
  const got: string[] = [];
  for (let i = 0; i < 100; i++) splitter.push('x'.repeat(500), (line) => got.push(line));
  splitter.push('tail\ngood\n', (line) => got.push(line));
  splitter.push(`${'y'.repeat(2_000)}\nfine\n`, (line) => got.push(line));
  assert.deepEqual([got, splitter.overlong], [['good', 'fine'], 2]);
});

test('addresses of receivers are read, and a wrong one is told with what would be right', () => {
  assert.deepEqual(parseNmeaSource('udp://0.0.0.0:10110'), { kind: 'udp', host: '0.0.0.0', port: 10_110 });
  assert.deepEqual(parseNmeaSource('tcp://[::1]:4001'), { kind: 'tcp', host: '::1', port: 4_001 });
  assert.deepEqual(parseNmeaSource('file:///var/log/ais.nmea'), { kind: 'file', path: '/var/log/ais.nmea' });
  for (const wrong of ['', 'udp://0.0.0.0', 'http://host:1', 'tcp://host:0', 'file:///', '10110']) assert.throws(() => parseNmeaSource(wrong), { code: 'AIS_SOURCE_INVALID' }, wrong);
});
