/** What the vectors do not show: round trips of any position, parts in any order, what is counted, and that nothing throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { communicationState, createAisDecoder } from './index.ts';
import { bitsOf, checksum, line, positionBits, sentences, textBits, type PositionFields } from './test-support/encode.ts';

const position: fc.Arbitrary<PositionFields> = fc.record({
  type: fc.constantFrom(1, 2, 3),
  mmsi: fc.integer({ min: 0, max: 2 ** 30 - 1 }),
  status: fc.integer({ min: 0, max: 15 }),
  turn: fc.integer({ min: -128, max: 127 }),
  speed: fc.integer({ min: 0, max: 1_023 }),
  accuracy: fc.integer({ min: 0, max: 1 }),
  lon: fc.integer({ min: -(2 ** 27), max: 2 ** 27 - 1 }),
  lat: fc.integer({ min: -(2 ** 26), max: 2 ** 26 - 1 }),
  course: fc.integer({ min: 0, max: 4_095 }),
  heading: fc.integer({ min: 0, max: 511 }),
  second: fc.integer({ min: 0, max: 63 }),
  radio: fc.integer({ min: 0, max: 2 ** 19 - 1 }),
});

test('a position report comes back as it was encoded, and its values are those of its integers', () => {
  const decoder = createAisDecoder();
  fc.assert(
    fc.property(position, (p) => {
      const m = decoder.line(sentences(positionBits(p))[0]!, 0);
      assert.ok(m?.type === 1 || m?.type === 2 || m?.type === 3);
      const { status, turn, speed, lon, lat, course, heading, second } = p;
      assert.deepEqual(m.raw, { status, turn, speed, lon, lat, course, heading, second });
      assert.deepEqual([m.type, m.mmsi, Number(m.accurate), m.radio], [p.type, p.mmsi, p.accuracy, p.radio]);
      assert.equal(m.longitude, Math.abs(lon) > 180 * 600_000 ? null : lon / 600_000);
      assert.equal(m.latitude, Math.abs(lat) > 90 * 600_000 ? null : lat / 600_000);
      assert.equal(m.speedKnots, speed === 1_023 ? null : speed / 10);
      assert.equal(m.courseDegrees, course >= 3_600 ? null : course / 10);
      assert.equal(m.headingDegrees, heading > 359 ? null : heading);
    }),
    { numRuns: 500 },
  );
});

test('what is not available is null, and its integer can still be seen', () => {
  const decoder = createAisDecoder();
  const none: PositionFields = { type: 1, mmsi: 235_000_001, status: 15, turn: -128, speed: 1_023, accuracy: 0, lon: 108_600_000, lat: 54_600_000, course: 3_600, heading: 511, second: 60, radio: 0 };
  const m = decoder.line(sentences(positionBits(none))[0]!, 0);
  assert.ok(m?.type === 1);
  const { navigationStatus, rateOfTurn, speedKnots, longitude, latitude, courseDegrees, headingDegrees, second } = m;
  assert.deepEqual([navigationStatus, rateOfTurn, speedKnots, longitude, latitude, courseDegrees, headingDegrees, second], Array.from({ length: 8 }, () => null));
  assert.deepEqual(m.raw, { status: 15, turn: -128, speed: 1_023, lon: 108_600_000, lat: 54_600_000, course: 3_600, heading: 511, second: 60 });
  const fast = decoder.line(sentences(positionBits({ ...none, turn: -127, speed: 1_022 }))[0]!, 0);
  assert.ok(fast?.type === 1);
  assert.deepEqual([fast.rateOfTurn, fast.raw.turn, fast.speedKnots], [null, -127, 102.2]);
});

const voyage = (mmsi: number, destination: string): string =>
  bitsOf([[5, 6], [0, 2], [mmsi, 30], [0, 2], [9_134_270, 30]]) + textBits('3FOF8', 7) + textBits('EVER DIADEM', 20)
  + bitsOf([[70, 8], [225, 9], [70, 9], [1, 6], [31, 6], [1, 4], [5, 4], [15, 5], [14, 5], [0, 6], [122, 8]]) + textBits(destination, 20) + bitsOf([[0, 1], [0, 1]]);

test('parts come in any order, with others between them, and make one message', () => {
  const parts = fc.record({ size: fc.integer({ min: 9, max: 40 }), order: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }) });
  fc.assert(
    fc.property(parts, ({ size, order }) => {
      const decoder = createAisDecoder();
      const lines = ['1', '2'].flatMap((sequence) => sentences(voyage(Number(`35175900${sequence}`), `PORT ${sequence}`), { charactersMax: size, sequence }));
      const shuffled = lines.map((text, i) => ({ text, key: order[i % order.length]! * 31 + i })).sort((a, b) => a.key % 97 - (b.key % 97));
      const got = shuffled.flatMap(({ text }) => decoder.line(text, 0) ?? []);
      assert.deepEqual(got.map((m) => (m.type === 5 ? [m.mmsi, m.destination, m.name, m.draughtM, m.eta] : null)).sort(), [
        [351_759_001, 'PORT 1', 'EVER DIADEM', 12.2, '05-15T14:00Z'],
        [351_759_002, 'PORT 2', 'EVER DIADEM', 12.2, '05-15T14:00Z'],
      ]);
      assert.equal(decoder.counters().incomplete, 0);
    }),
    { numRuns: 100 },
  );
});

test('an unfinished message is given up by age, by number, and when its id begins anew; each is counted', () => {
  const decoder = createAisDecoder({ ageMsMax: 10_000, pendingMax: 2 });
  const [first, second] = sentences(voyage(1, 'OLD'), { sequence: '1' }) as [string, string];
  const [fresh, rest] = sentences(voyage(2, 'NEW'), { sequence: '1' }) as [string, string];
  decoder.line(first, 0);
  assert.equal(decoder.line(second, 10_001), null, 'the first is too old by then');
  assert.equal(decoder.counters().incomplete, 1);
  decoder.line(first, 20_002);
  decoder.line(fresh, 20_003);
  assert.equal(decoder.counters().incomplete, 3, 'the lone second part, and the message whose id was taken');
  decoder.line(fresh, 20_004);
  assert.equal(decoder.counters().repeatedParts, 1);
  assert.deepEqual(decoder.line(rest, 20_005), { ...decoder.line(fresh, 20_006), ...decoder.line(rest, 20_007) });
  for (const sequence of ['2', '3', '4']) decoder.line(sentences(voyage(3, 'X'), { sequence })[0]!, 20_008);
  assert.equal(decoder.counters().incomplete, 4, 'two may wait');
});

test('what cannot be used is counted by its reason', () => {
  const decoder = createAisDecoder();
  const good = sentences(positionBits({ type: 1, mmsi: 1, status: 0, turn: 0, speed: 0, accuracy: 0, lon: 0, lat: 0, course: 0, heading: 0, second: 0, radio: 0 }))[0]!;
  const given: Readonly<Record<string, readonly string[]>> = {
    badChecksum: [good.replace(/..$/, '00'), good.replace(/..$/, 'ZZ')],
    truncated: [good.slice(0, 20), good.slice(0, -3), good.slice(0, -1), `\\s:r1,c:1`],
    malformed: ['', 'hello', line('0', 0, { total: 2, number: 3 }), line('', 0), line('0', 6), line('15R,x', 0)].slice(1),
    other: ['$GPGGA,1*00', '!AIVSI,x*00'],
    badArmour: [line('15R}gt0PAso;90TKcjM8h6g208CQ', 0), line('15Rügt0', 0)],
    tooShort: [line('15RTgt0', 0), line('1', 5)],
    unknownType: [line('0000000', 0), line('w000000', 0)],
  };
  for (const lines of Object.values(given)) for (const text of lines) assert.equal(decoder.line(text, 0), null, text);
  const counters = { ...decoder.counters() } as unknown as Record<string, number>;
  for (const [reason, lines] of Object.entries(given)) assert.equal(counters[reason], lines.length, reason);
  assert.equal(counters['messages'], 0);
});

test('a TAG block is read when its checksum holds; without that the sentence still counts', () => {
  const decoder = createAisDecoder();
  const good = sentences(positionBits({ type: 1, mmsi: 7, status: 0, turn: 0, speed: 0, accuracy: 0, lon: 0, lat: 0, course: 0, heading: 0, second: 0, radio: 0 }), { channel: 'B' })[0]!;
  const tag = 's:r003669945,g:1-2-73874,c:1325394060';
  assert.equal(decoder.line(`\\${tag}*${checksum(tag)}\\${good}`, 0)?.mmsi, 7);
  assert.deepEqual(decoder.sentence.tag, { source: 'r003669945', at: 1_325_394_060_000, group: '1-2-73874', text: null });
  assert.deepEqual([decoder.sentence.talker, decoder.sentence.channel, decoder.sentence.own], ['AI', 'B', false]);
  assert.equal(decoder.line(`\\${tag}*00\\${good}`, 0)?.mmsi, 7);
  assert.equal(decoder.sentence.tag, null);
  assert.equal(decoder.counters().badTagBlock, 1);
});

test('the communication state says how slots are kept', () => {
  assert.deepEqual(communicationState(1, 34_017), { kind: 'sotdma', syncState: 0, slotTimeout: 2, slotNumber: 1_249 }, 'the annotation of the first sentence of gpsd\'s sample');
  assert.deepEqual(communicationState(1, 33_274), { kind: 'sotdma', syncState: 0, slotTimeout: 2, slotNumber: 506 });
  assert.equal(communicationState(3, 0).kind, 'itdma');
  assert.equal(communicationState(18, 917_510).kind, 'itdma');
  assert.deepEqual(communicationState(1, (1 << 14) | (13 << 9) | (37 << 2)), { kind: 'sotdma', syncState: 0, slotTimeout: 1, utcHour: 13, utcMinute: 37 });
});

test('no line makes the decoder throw, and a line that it has refused does not spoil the next', () => {
  const decoder = createAisDecoder();
  const good = sentences(positionBits({ type: 3, mmsi: 9, status: 0, turn: 0, speed: 1, accuracy: 0, lon: 2, lat: 3, course: 4, heading: 5, second: 6, radio: 7 }))[0]!;
  const expected = decoder.line(good, 0);
  const armour = fc.string({ unit: fc.constantFrom(...'0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw'), minLength: 1, maxLength: 400 });
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.tuple(armour, fc.integer({ min: 0, max: 5 })).map(([payload, pad]) => line(payload, pad)),
    fc.tuple(armour, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })).map(([payload, total, number]) => line(payload, 0, { total, number, sequence: '4' })),
    fc.uint8Array({ maxLength: 100 }).map((bytes) => `!AIVDM,${Buffer.from(bytes).toString('latin1')}`),
  );
  fc.assert(
    fc.property(anything, (text) => {
      decoder.line(text, 0);
      assert.deepEqual(decoder.line(good, 0), expected);
    }),
    { numRuns: 2_000 },
  );
});

test('a message longer than any may be is refused', () => {
  const decoder = createAisDecoder();
  assert.equal(decoder.line(line('8'.repeat(2_000), 0), 0), null);
  assert.equal(decoder.counters().badArmour, 1);
});
