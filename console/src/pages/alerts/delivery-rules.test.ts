import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertDelivery } from '../../api/types.ts';
import { escalationWords, storyOf, worthLines } from './delivery-rules.ts';

const delivery = (over: Partial<AlertDelivery>): AlertDelivery => ({
  position: 0, role: 'customer', channel: 'whatsapp', recipient: '+44•••0217', status: 'sent', proof: 'Accepted by WhatsApp, not yet confirmed', reason: null, held_until: null, attempts: 1,
  sent_at: null, delivered_at: null, read_at: null, lapsed_at: null, error: null, ...over,
});

test('why the next contact was tried is said only when it was, and because of this one', () => {
  const failed = delivery({ status: 'failed', proof: 'Not told', error: { code: 'RECIPIENT_INVALID', message: 'No such number.' } });
  const mail = delivery({ position: 1, channel: 'email', status: 'sent' });
  assert.equal(storyOf(failed, mail), 'No such number (RECIPIENT_INVALID), so e-mail was tried.');
  assert.equal(storyOf(failed, { ...mail, status: 'planned' }), 'No such number (RECIPIENT_INVALID).');
  assert.equal(storyOf(delivery({ status: 'read', proof: 'Read' }), mail), 'Read.');
  assert.equal(storyOf(delivery({ lapsed_at: '2026-03-01T00:00:00.000Z', proof: 'Not confirmed in time' }), { ...mail, role: 'operators' }), 'Not confirmed in time, so the operators were told.');
});

test('one contact that was reached needs no lines of its own', () => {
  assert.equal(worthLines({ deliveries: [delivery({ status: 'read' }), delivery({ position: 1, status: 'cancelled' })] }), false);
  assert.equal(worthLines({ deliveries: [delivery({ status: 'failed' }), delivery({ position: 1 })] }), true);
});

test('an unknown cause is told as it came', () => {
  assert.equal(escalationWords(null), null);
  assert.match(escalationWords('exhausted')!, /^Every contact/);
  assert.equal(escalationWords('solar_flare'), 'The operators were called: solar flare.');
});
