/** Field by field against what gpsd and libais recorded for the same sentences; every difference is named, and that it is one is asserted. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { createAisDecoder, type AisMessage } from './index.ts';
import { gpsdForm, type GpsdForm } from './test-support/gpsd-form.ts';
import { LIBAIS_FRAME, libaisValue } from './test-support/libais-form.ts';
import { gpsdScaled } from './test-support/gpsd-scaled.ts';

const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').split(/\r?\n/).filter((line) => line !== '');

function decoded(path: string): readonly AisMessage[] {
  const decoder = createAisDecoder();
  return linesOf(path).flatMap((line) => decoder.line(line, 0) ?? []);
}

interface Entry {
  readonly message: AisMessage;
  readonly form: GpsdForm;
}

/** gpsd tells type 24 once, when part B has found its part A. */
function asGpsd(messages: readonly AisMessage[]): readonly Entry[] {
  const names = new Map<number, GpsdForm>();
  return messages.flatMap((message): Entry[] => {
    const form = gpsdForm(message);
    if (message.type !== 24) return [{ message, form }];
    if (message.part === 'A') return (names.set(message.mmsi, form), []);
    const name = names.get(message.mmsi);
    names.delete(message.mmsi);
    return name ? [{ message, form: { ...name, ...form } }] : [];
  });
}

const recorded = (path: string): readonly GpsdForm[] => linesOf(path).filter((line) => line.startsWith('{"class":"AIS"')).map((line) => JSON.parse(line) as GpsdForm);

/** gpsd prints whole bytes: behind the last bit it leaves what follows in the message. Only the bits that it counts are compared. */
function cutData(value: unknown): unknown {
  const found = typeof value === 'string' ? /^(\d+):([0-9a-f]+)$/.exec(value) : null;
  if (!found) return value;
  const bits = Number(found[1]);
  const bytes = Buffer.from(found[2]!, 'hex');
  if (bits % 8 > 0) bytes[bytes.length - 1]! &= 0xff << (8 - (bits % 8));
  return `${bits}:${bytes.toString('hex')}`;
}

interface Comparison {
  readonly messages: number;
  readonly fields: number;
  readonly differing: readonly string[];
}

function compare(ours: readonly Entry[], theirs: readonly GpsdForm[]): Comparison {
  assert.equal(ours.length, theirs.length);
  let fields = 0;
  const differing: string[] = [];
  for (const [i, their] of theirs.entries()) {
    const our = ours[i]!.form;
    for (const key of new Set([...Object.keys(our), ...Object.keys(their)])) {
      if (key === 'device') continue;
      fields += 1;
      if (!isDeepStrictEqual(cutData(our[key]), cutData(their[key]))) differing.push(`type ${String(their['type'])} ${key}${typeof their[key] === 'number' ? ` ${their[key]}` : ''}`);
    }
  }
  return { messages: theirs.length, fields, differing };
}

/** gpsd knows ERI's names of inland ships, and prints 0 for the communication state of type 26, which it does not read. */
const INLAND_LABEL = 'type 8 shiptype_text';
const RADIO_26 = 'type 26 radio 0';

test('gpsd sample.aivdm: 97 messages of types 1 to 27, all fields as integers', (t) => {
  const [input, check] = [sharedData('risk/ais/gpsd_sample.aivdm'), sharedData('risk/ais/gpsd_sample.aivdm.ju.chk')];
  if (!input || !check) return t.skip('absent: shared/data/risk/ais/gpsd_sample.aivdm and .ju.chk');
  const ours = asGpsd(decoded(input));
  const result = compare(ours, recorded(check));
  t.diagnostic(`${result.messages} messages, ${result.fields} fields, ${result.differing.length} differ`);
  assert.deepEqual([result.messages, result.fields], [97, 1_640]);
  assert.deepEqual(result.differing, [INLAND_LABEL, RADIO_26, RADIO_26, RADIO_26, RADIO_26, RADIO_26]);
  assert.deepEqual([...new Set(ours.map((e) => e.message.type))].sort((a, b) => a - b), Array.from({ length: 27 }, (_, i) => i + 1));
});

test('gpsd ais-nmea.log: AIS among GPS sentences, all fields as integers', (t) => {
  const [input, check] = [sharedData('risk/ais/gpsd_ais-nmea.log'), sharedData('risk/ais/gpsd_ais-nmea.log.chk')];
  if (!input || !check) return t.skip('absent: shared/data/risk/ais/gpsd_ais-nmea.log and .chk');
  // gpsd tells its last AIS object again after other sentences.
  const theirs = recorded(check).filter((form, i, all) => !isDeepStrictEqual(form, all[i - 1]));
  const result = compare(asGpsd(decoded(input)), theirs);
  t.diagnostic(`${result.messages} messages, ${result.fields} fields, ${result.differing.length} differ`);
  assert.deepEqual([result.messages, result.fields, result.differing.length], [166, 3_049, 6]);
  assert.deepEqual([...new Set(result.differing)], [INLAND_LABEL]);
});

test('gpsd sample.aivdm in units: our values where gpsd has them, null where they are not available', (t) => {
  const [input, check] = [sharedData('risk/ais/gpsd_sample.aivdm'), sharedData('risk/ais/gpsd_sample.aivdm.js.chk')];
  if (!input || !check) return t.skip('absent: shared/data/risk/ais/gpsd_sample.aivdm and .js.chk');
  const ours = asGpsd(decoded(input));
  const theirs = recorded(check);
  assert.equal(theirs.length, ours.length);
  let values = 0;
  let unavailable = 0;
  for (const [i, their] of theirs.entries()) {
    for (const [key, value] of Object.entries(gpsdScaled(ours[i]!.message))) {
      assert.ok(Object.hasOwn(their, key), `${i}: gpsd has no ${key}`);
      if (value === null) {
        unavailable += 1;
        continue;
      }
      const told = String(their[key]);
      const decimals = told.split('.')[1]?.length ?? 0;
      values += 1;
      assert.ok(Math.abs(value - Number(told)) <= 0.5001 * 10 ** -decimals, `${i}: type ${String(their['type'])} ${key}: ours ${value}, gpsd ${told}`);
    }
  }
  t.diagnostic(`${values} values in units equal, ${unavailable} null`);
  assert.deepEqual([values, unavailable], [235, 154]);
});

/** Line and member where libais differs from the standard or from gpsd, and why. */
const LIBAIS_DIFFERS: Readonly<Record<string, string>> = {
  '5 duration_minutes': 'libais tells the minute of the start; the start that we read is the minute of reception, 01-01T05:02Z',
  '5 notice_type_str': 'a label that we have not',
  '8 retransmit': 'libais inverts the bit of type 6; gpsd does not',
  '8 spare2': 'the filling of its text',
  '8 text': 'filling, @@@; text ends at the first @',
  '11 gnss': 'libais inverts the bit of type 27; gpsd does not',
  '13 spare2': 'the filling of its text',
  '14 offset2_2': 'the standard has no second request to the second station',
  '14 type2_2': 'the same',
  '14 slot_offset_2': 'the same',
  '14 msg_2': 'the same',
  '20 name': 'libais writes - and ` for _ and \'',
  '21 status_text': 'status 14 had no meaning yet',
};

test('libais type examples: one of each type but 19, all members', (t) => {
  const [input, check] = [sharedData('risk/ais/libais_typeexamples.nmea'), sharedData('risk/ais/libais_typeexamples.json')];
  if (!input || !check) return t.skip('absent: shared/data/risk/ais/libais_typeexamples.nmea and .json');
  const ours = decoded(input);
  const theirs = linesOf(check).map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(ours.length, 26);
  assert.equal(theirs.length, 26);
  let fields = 0;
  const differing: string[] = [];
  for (const [i, their] of theirs.entries()) {
    for (const [key, value] of Object.entries(their)) {
      if (LIBAIS_FRAME.includes(key)) continue;
      fields += 1;
      const our = libaisValue(ours[i]!, key);
      // libais computes in single precision, in more than one step.
      const near = typeof our === 'number' && typeof value === 'number' && Math.abs(our - value) <= 2 ** -22 * Math.abs(value);
      if (!near && !isDeepStrictEqual(our, value)) differing.push(`${i + 1} ${key}`);
    }
  }
  t.diagnostic(`26 messages, ${fields} fields, ${differing.length} differ`);
  assert.equal(fields, 340);
  assert.deepEqual(differing.sort(), Object.keys(LIBAIS_DIFFERS).sort());
});
