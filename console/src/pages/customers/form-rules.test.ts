import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Customer } from '../../api/customers.ts';
import { bodyOf, formOf, freeChannels, moved, pageErrors, plainAmount, refusedFields, type CustomerForm } from './form-rules.ts';
import { readerOf } from '../decision/languages.ts';

const TERN: Customer = {
  id: 'tern', name: 'Tern & Tide', language: 'zh-CN', timezone: 'Asia/Shanghai', min_exposure_usd: '100000.00', min_probability: 0.071, risk_tolerance: 'conservative',
  contacts: [{ channel: 'whatsapp', address: '+86•••0001' }, { channel: 'email', address: 'd•••@example.com' }], quiet_hours: { from: '22:00', to: '06:30' },
};

describe('the form of a customer', () => {
  test('opened and saved without a change says what is stored, and no address', () => {
    const body = bodyOf(formOf(TERN));
    assert.deepEqual(body, { name: 'Tern & Tide', language: 'zh-CN', timezone: 'Asia/Shanghai', contacts: [{ channel: 'whatsapp' }, { channel: 'email' }], min_exposure_usd: '100000', min_probability: 0.071, risk_tolerance: 'conservative', quiet_hours: { from: '22:00', to: '06:30' } });
    assert.ok(!JSON.stringify(body).includes('•'), 'a mask is never sent as an address');
  });
  test('of every per cent with two decimals the share is the nearest double', () => {
    for (let hundredths = 0; hundredths <= 10_000; hundredths += 7) {
      const form: CustomerForm = { ...formOf(TERN), minProbability: String(hundredths / 100) };
      assert.equal(bodyOf(form)['min_probability'], hundredths / 10_000);
    }
  });
  test('amounts are read as people write them; what is none is left for the refusal to name', () => {
    assert.deepEqual(['$100,000', '1,250.50', ' 50000 ', '1.234,50', 'much'].map(plainAmount), ['100000', '1250.50', '50000', '1.234,50', 'much']);
  });
  test('a new customer needs an address, a stored one keeps its own', () => {
    const form = formOf(null);
    assert.ok('contacts[0].address' in pageErrors({ ...form, name: 'A', timezone: 'Europe/London' }, new Set()));
    assert.deepEqual(pageErrors(formOf(TERN), new Set(['whatsapp', 'email'])), {});
    assert.ok('contacts' in pageErrors({ ...formOf(TERN), contacts: [] }, new Set()));
    assert.deepEqual(Object.keys(pageErrors({ ...formOf(TERN), minExposure: '1.234,50', minProbability: '101' }, new Set(['whatsapp', 'email']))), ['min_exposure_usd', 'min_probability']);
  });
  test('refusals find their field, once; others are told apart', () => {
    const error = { message: 'body: two', field: 'timezone', fix: null, issues: [
      { field: 'timezone', message: 'must be an IANA time zone: "Mars" was given', fix: 'It must be an IANA time zone' },
      { field: 'contacts[0].address', message: 'There is no email address yet that could be kept', fix: 'Give the address' },
      { field: 'colour', message: 'is not a field that is known here' },
    ] };
    const { fields, rest } = refusedFields(error, (field) => field !== 'colour');
    assert.deepEqual(fields, { timezone: 'Must be an IANA time zone: "Mars" was given', 'contacts[0].address': 'There is no email address yet that could be kept. Give the address' });
    assert.deepEqual(rest, ['colour: Is not a field that is known here']);
    assert.deepEqual(refusedFields({ message: 'No', field: 'name', fix: 'Say it', issues: [] }, () => true).fields, { name: 'No. Say it' });
  });
  test('each channel is offered once, and rows move within their list', () => {
    assert.deepEqual(freeChannels([{ channel: 'email', address: '' }, { channel: 'slack', address: '' }], 'slack'), ['whatsapp', 'slack', 'teams', 'webhook', 'telegram']);
    assert.deepEqual(moved(['a', 'b', 'c'], 2, -1), ['a', 'c', 'b']);
    assert.deepEqual(moved(['a', 'b'], 0, -1), ['a', 'b']);
  });
});

test('a reader’s language is one of four, English for anything else', () => {
  assert.deepEqual(['vi', 'zh-CN', 'ES', 'fr', null, undefined].map(readerOf), ['vi', 'zh', 'es', 'en', 'en', 'en']);
});
