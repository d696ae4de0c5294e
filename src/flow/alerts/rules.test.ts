import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, iso, MINUTE_MS, parseInstant } from '../../model/time.ts';
import { afterRefusal, DELIVERY_STATES, mayFail, statusAfter, type DeliveryState } from './delivery-rules.ts';
import { composeMessage, parseOpaque } from './message.ts';
import { localText, localTime, quietUntil } from './quiet-hours.ts';
import { maskAddress, parseContact } from './contacts.ts';
import { alertId, fingerprint, replyMeaning } from './rules.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { request } from './test-support/world.ts';

const ZONES = ['UTC', 'Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/St_Johns'];
const clockText = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

test('quiet hours end where the local clock says so, in any zone and over any change of the clock', () => {
  const instant = fc.integer({ min: parseInstant('2024-01-01'), max: parseInstant('2028-01-01') });
  fc.assert(
    fc.property(instant, fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 1_439 }), (at, zone, from, to) => {
      const end = quietUntil(at, zone, { from: clockText(from), to: clockText(to) });
      const { minutes } = localTime(at, zone);
      const inside = from === to ? false : from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
      assert.equal(end !== null, inside);
      if (end === null) return;
      assert.ok(end > at && end - at <= DAY_MS + 2 * HOUR_MS, `${iso(at)} → ${iso(end)}`);
      // A local time that the clock jumps over does not exist: then the end is at most the jump later.
      const off = (localTime(end, zone).minutes - to + 1_440) % 1_440;
      assert.ok(off === 0 || off <= 60 || off >= 1_380, `${zone} ${clockText(to)}: ends at ${clockText(localTime(end, zone).minutes)}`);
    }),
    { numRuns: 2_000 },
  );
});

test('quiet hours: known answers', () => {
  const quiet = { from: '22:00', to: '07:00' };
  const ends = (at: string, zone: string): string | null => {
    const end = quietUntil(parseInstant(at), zone, quiet);
    return end === null ? null : iso(end);
  };
  assert.equal(ends('2026-03-02T15:00:00Z', 'Asia/Ho_Chi_Minh'), '2026-03-03T00:00:00.000Z');
  assert.equal(ends('2026-03-02T14:59:59Z', 'Asia/Ho_Chi_Minh'), null);
  assert.equal(ends('2026-03-03T00:00:00Z', 'Asia/Ho_Chi_Minh'), null, 'seven o’clock is awake');
  assert.equal(ends('2026-03-29T00:30:00Z', 'Europe/Berlin'), '2026-03-29T05:00:00.000Z', 'the night that lacks an hour');
  assert.equal(ends('2026-10-24T21:00:00Z', 'Europe/Berlin'), '2026-10-25T06:00:00.000Z', 'the night that has one more');
  assert.equal(quietUntil(0, 'UTC', { from: '24:00', to: '07:00' }), null, 'what is no time of day is no quiet hours');
  assert.equal(localText(parseInstant('2026-03-01T23:30:00Z'), 'Asia/Ho_Chi_Minh'), 'Mon 2 Mar 2026, 06:30 (Asia/Ho_Chi_Minh)');
  assert.equal(localText(parseInstant('2026-03-01T23:30:00Z'), 'Mars/Olympus'), 'Sun 1 Mar 2026, 23:30 (UTC)');
  assert.equal(localText(parseInstant('2026-03-01T23:30:00Z'), 'Asia/Ho_Chi_Minh', 'vi-VN'), '06:30 Thứ Hai, 02/03/2026 (Asia/Ho_Chi_Minh)');
  assert.equal(localText(parseInstant('2026-03-01T23:30:00Z'), 'Asia/Shanghai', 'zh-CN'), '2026年3月2日（周一）07:30（Asia/Shanghai）');
  assert.equal(localText(parseInstant('2026-03-01T23:30:00Z'), 'America/Lima', 'es-PE'), 'dom 1 mar 2026, 18:30 (America/Lima)');
});

test('whatever the order of reports, the end is the furthest of them', () => {
  const reports = fc.array(fc.constantFrom('sent' as const, 'delivered' as const, 'read' as const), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(reports, (order) => {
      const end = order.reduce<DeliveryState>((status, report) => statusAfter(status, null, report), 'sending');
      const furthest = (['read', 'delivered', 'sent'] as const).find((s) => order.includes(s));
      assert.equal(end, furthest);
    }),
  );
});

test('a failure yields to proof only, and what arrived never fails', () => {
  assert.equal(statusAfter('failed', '131026', 'sent'), 'failed');
  assert.equal(statusAfter('failed', 'OUTCOME_UNKNOWN', 'sent'), 'sent');
  assert.equal(statusAfter('failed', '131026', 'delivered'), 'delivered');
  assert.deepEqual(DELIVERY_STATES.filter(mayFail), ['queued', 'sending', 'sent']);
});

test('a refusal that may be tried again always comes later, never beyond the day', () => {
  const refusal = fc.record({
    code: fc.constant('130429'),
    message: fc.constant('busy'),
    reaction: fc.constantFrom('back_off' as const, 'delay_recipient' as const, 'hold_channel' as const),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 2 * DAY_MS })),
    counts: fc.boolean(),
  });
  fc.assert(
    fc.property(refusal, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 * DAY_MS }), (r, tries, waited) => {
      const now = parseInstant('2026-03-02');
      const next = afterRefusal(r, tries, now - waited, now, DEFAULT_SETTINGS, DEFAULT_SETTINGS.limits.whatsapp);
      if (next.kind === 'dead') return;
      assert.ok(next.notBefore >= now + DEFAULT_SETTINGS.backoffBaseMs);
      assert.ok(next.notBefore >= now + (r.retryAfterMs ?? 0));
      assert.ok(next.notBefore - (now - waited) <= DEFAULT_SETTINGS.giveUpAfterMs);
      assert.equal(next.hold?.until, r.reaction === 'back_off' ? undefined : next.notBefore);
    }),
  );
});

test('identity: one fingerprint a customer, event and action; one alert a decision of it', () => {
  const r = request();
  assert.equal(fingerprint(r), fingerprint(request({ decisionId: 'dec_2', headline: 'other words' })));
  assert.notEqual(fingerprint(r), fingerprint(request({ action: 'insure' })));
  assert.equal(alertId(r), alertId(request({ headline: 'other words' })));
  assert.notEqual(alertId(r), alertId(request({ decisionId: 'dec_2' })));
});

test('our mark on a message is read back, and nothing else is', () => {
  const id = alertId(request());
  const { opaque } = composeMessage({ id, decisionId: 'dec_1', language: 'en', timezone: 'UTC', headline: 'h', body: 'b', deadline: null, severity: 'high', createdAt: 7 }, '+84901234567', 12, null);
  assert.deepEqual(parseOpaque(opaque), { alertId: id, n: 12, createdAt: 7 });
  for (const other of [null, '', id, `${id}:`, `${id}:x`, `x${opaque}`, `${opaque}:1`, `${id}:1`]) assert.equal(parseOpaque(other), null);
});

test('answers and masks', () => {
  assert.deepEqual(['1', ' 2 ', '3.', '1)', 'one', '12', '', '4'].map(replyMeaning), ['acted', 'declined', 'call_me', 'acted', 'other', 'other', 'other', 'other']);
  assert.equal(quietUntil(5 * MINUTE_MS, 'UTC', { from: '00:00', to: '00:00' }), null);
});

test('each channel masks in its own way, and shows neither a secret path nor a whole name', () => {
  const shown = (channel: string, address: string): string => maskAddress(channel, address);
  assert.equal(shown('whatsapp', '+84901231234'), '+84•••1234');
  assert.equal(shown('whatsapp', '+123456'), '•••', 'too short to hide anything in');
  assert.equal(shown('email', 'lan.nguyen@saigon-textiles.vn'), 'l•••@saigon-textiles.vn');
  assert.equal(shown('slack', 'https://hooks.slack.com/services/T0/B0/secret'), 'hooks.slack.com/•••');
  assert.equal(shown('webhook', 'https://user:word@erp.company.com:8443/in?key=1'), 'erp.company.com:8443/•••');
  assert.equal(shown('telegram', '-1001234567890'), '•••890');
  assert.equal(shown('telegram', '12345'), '•••');
  assert.equal(shown('pager', 'anything'), '•••');
});

test('a contact of an operator is read as channel and address, or refused', () => {
  assert.deepEqual(parseContact(' email:ops@company.com '), { channel: 'email', address: 'ops@company.com' });
  assert.deepEqual(parseContact('slack:https://hooks.slack.com/services/T0/B0/x')?.channel, 'slack');
  assert.deepEqual(parseContact('telegram:-1001234567890')?.address, '-1001234567890');
  for (const wrong of ['', 'email', 'email:', 'email:ops', 'email:a@b.com,c@d.com', 'pager:1', 'whatsapp:0901234567', 'slack:hooks.slack.com/x', 'teams:ftp://x/y', 'telegram:@ab']) assert.equal(parseContact(wrong), null, wrong);
});
