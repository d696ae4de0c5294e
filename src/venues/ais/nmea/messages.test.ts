/** Messages and applications that the recorded vectors show little of, by known bits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAisDecoder, type AisMessage } from './index.ts';
import { epfdText, navigationStatusText, shipTypeText } from './legends.ts';
import { bitsOf, sentences, textBits, type Field } from './test-support/encode.ts';
import { monthDayTime, rateOfTurn, utcTime } from './values.ts';

function decode(bits: string): AisMessage {
  const decoder = createAisDecoder();
  const [message] = sentences(bits).flatMap((line) => decoder.line(line, 0) ?? []);
  assert.ok(message, JSON.stringify(decoder.counters()));
  return message;
}

/** Header of a broadcast binary message. */
const broadcast = (dac: number, fid: number): readonly Field[] => [[8, 6], [0, 2], [3_669_739, 30], [0, 2], [dac, 10], [fid, 6]];
const minutes = (degrees: number): number => Math.round(degrees * 60_000);

test('an area notice has its shapes, each with its own members', () => {
  const circle: readonly Field[] = [[0, 3], [1, 2], [minutes(-69.865), 25], [minutes(42.083), 24], [4, 3], [926, 12], [0, 18]];
  const rectangle: readonly Field[] = [[1, 3], [2, 2], [minutes(56.25), 25], [minutes(26.5), 24], [4, 3], [12, 8], [34, 8], [45, 9], [0, 5]];
  const sector: readonly Field[] = [[2, 3], [0, 2], [minutes(56.25), 25], [minutes(26.5), 24], [4, 3], [500, 12], [10, 9], [170, 9]];
  const polygon: readonly Field[] = [[4, 3], [1, 2], [180, 10], [50, 10], [360, 10], [60, 10], [540, 10], [70, 10], [0, 10], [0, 10], [0, 2]];
  const head: readonly Field[] = [...broadcast(1, 22), [10, 10], [23, 7], [3, 4], [1, 5], [18, 5], [30, 6], [262_143, 18]];
  const m = decode(bitsOf([...head, ...circle, ...rectangle, ...sector, ...polygon]) + bitsOf([[5, 3]]) + textBits('KEEP CLEAR', 14));
  assert.ok(m.type === 8 && m.content?.kind === 'area-notice');
  const { link, notice, from, durationMinutes, shapes } = m.content;
  assert.deepEqual([link, notice, from, durationMinutes], [10, 23, '03-01T18:30Z', null]);
  assert.deepEqual(shapes.map((s) => s.shape), ['circle', 'rectangle', 'sector', 'polygon', 'text']);
  assert.deepEqual([shapes[0]!.longitude, shapes[0]!.latitude, shapes[0]!.radiusM], [-69.865, 42.083, 9_260]);
  assert.deepEqual([shapes[1]!.eastM, shapes[1]!.northM, shapes[1]!.orientationDegrees, shapes[1]!.radiusM], [1_200, 3_400, 45, null]);
  assert.deepEqual([shapes[2]!.radiusM, shapes[2]!.leftDegrees, shapes[2]!.rightDegrees], [500, 10, 170]);
  assert.deepEqual(shapes[3]!.points?.slice(0, 3), [{ degrees: 90, distanceM: 500 }, { degrees: 180, distanceM: 600 }, { degrees: 270, distanceM: 700 }]);
  assert.equal(shapes[4]!.text, 'KEEP CLEAR');
  assert.equal(m.data.bits, 55 + 5 * 87);
});

test('an application that is not read keeps its data bit for bit, and so does one that is', () => {
  const m = decode(bitsOf([...broadcast(366, 56), [0xdeadbeef, 32], [5, 3]]));
  assert.ok(m.type === 8);
  assert.deepEqual([m.content, m.data.bits, Buffer.from(m.data.bytes).toString('hex')], [null, 35, 'deadbeefa0']);
  const text = decode(bitsOf([...broadcast(1, 29), [77, 10]]) + textBits('CLOSED', 6));
  assert.ok(text.type === 8 && text.content?.kind === 'text');
  assert.deepEqual([text.content.link, text.content.text, text.data.bits], [77, 'CLOSED', 46]);
});

test('an auxiliary craft has its mother ship where others have their dimensions', () => {
  const partB = (mmsi: number): AisMessage => decode(bitsOf([[24, 6], [0, 2], [mmsi, 30], [1, 2], [52, 8]]) + textBits('ABC', 7) + textBits('CALL', 7) + bitsOf([[351_759_000, 30], [3, 4], [0, 2]]));
  const auxiliary = partB(983_517_590);
  assert.ok(auxiliary.type === 24 && auxiliary.part === 'B');
  assert.deepEqual([auxiliary.mothershipMmsi, auxiliary.toBow, auxiliary.toStarboard, auxiliary.epfd], [351_759_000, 0, 0, 3]);
  const other = partB(351_759_001);
  assert.ok(other.type === 24 && other.part === 'B');
  assert.equal(other.mothershipMmsi, null);
  assert.ok(other.toBow > 0);
});

test('types 25 and 26 have a destination and an application id when they say so', () => {
  const both = decode(bitsOf([[26, 6], [0, 2], [1, 30], [1, 1], [1, 1], [244_660_274, 30], [0xabcd, 16], [0x1234, 16], [1, 1], [7, 19]]));
  assert.ok(both.type === 26);
  assert.deepEqual([both.destinationMmsi, both.applicationId, both.data.bits, both.radio], [244_660_274, 0xabcd, 16, (1 << 19) | 7]);
  const neither = decode(bitsOf([[25, 6], [0, 2], [1, 30], [0, 1], [0, 1], [0xff, 8]]));
  assert.ok(neither.type === 25);
  assert.deepEqual([neither.destinationMmsi, neither.applicationId, Buffer.from(neither.data.bytes).toString('hex')], [null, null, 'ff']);
});

test('an assignment to one station has no second; one interrogation of a short message no more than it says', () => {
  const one = decode(bitsOf([[16, 6], [0, 2], [1, 30], [0, 2], [244_660_274, 30], [200, 12], [5, 10], [15, 4]]));
  assert.ok(one.type === 16);
  assert.deepEqual([one.mmsi1, one.offset1, one.increment1, one.mmsi2, one.spare2], [244_660_274, 200, 5, 0, 15]);
  const short = decode(bitsOf([[15, 6], [0, 2], [1, 30], [0, 2], [244_660_274, 30], [5, 6], [300, 12], [0, 2]]));
  assert.ok(short.type === 15);
  assert.deepEqual([short.mmsi1, short.type1_1, short.offset1_1, short.type1_2, short.mmsi2], [244_660_274, 5, 300, 0, 0]);
});

test('values: turn rates, times and legends', () => {
  assert.deepEqual([0, 127, -127, -128].map(rateOfTurn), [0, null, null, null]);
  assert.ok(Math.abs(rateOfTurn(126)! - 708.7) < 0.1, 'M.1371: 126 is 708° a minute');
  assert.ok(Math.abs(rateOfTurn(-20)! + 17.86) < 0.01);
  assert.equal(monthDayTime(5, 15, 14, 0), '05-15T14:00Z');
  assert.equal(monthDayTime(5, 15, 24, 60), '05-15');
  assert.equal(monthDayTime(0, 0, 24, 60), null);
  assert.equal(utcTime(2007, 5, 14, 19, 57, 39), '2007-05-14T19:57:39Z');
  assert.equal(utcTime(0, 5, 14, 19, 57, 39), null);
  assert.deepEqual([navigationStatusText(1), epfdText(15), shipTypeText(71), shipTypeText(89), shipTypeText(37), shipTypeText(0), shipTypeText(230)], ['At anchor', 'Internal GNSS', 'Cargo - Hazardous category A', 'Tanker - No additional information', 'Pleasure Craft', 'Not available', 'Regional use']);
});
