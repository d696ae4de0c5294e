import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressProblem, CONTACT_CHANNELS, maskAddress, type Contact } from './contact.ts';

const GOOD: readonly Contact[] = [
  { channel: 'whatsapp', address: '+447700900123' },
  { channel: 'email', address: 'desk.one@ops.example.com' },
  { channel: 'telegram', address: '-1001234567890' },
  { channel: 'slack', address: 'https://hooks.example.com/services/T0/B0/s3cret' },
  { channel: 'teams', address: 'https://prod.example.com/workflows/abc?sig=s3cret' },
  { channel: 'webhook', address: 'http://erp.example.com/in/s3cret' },
];

test('each channel takes its own form of address and no other', () => {
  for (const contact of GOOD) assert.equal(addressProblem(contact), null, contact.channel);
  const bad: readonly Contact[] = [
    { channel: 'whatsapp', address: '07700900123' },
    { channel: 'email', address: 'desk@localhost' },
    { channel: 'email', address: 'a@example.com\r\nBcc: b@example.com' },
    { channel: 'email', address: 'A <a@example.com>' },
    { channel: 'telegram', address: 'somebody' },
    { channel: 'slack', address: 'http://hooks.example.com/x' },
    { channel: 'webhook', address: 'ftp://erp.example.com/in' },
  ];
  for (const contact of bad) assert.notEqual(addressProblem(contact), null, `${contact.channel} ${contact.address}`);
});

test('a masked address never holds the secret of the whole', () => {
  assert.deepEqual(GOOD.map(maskAddress), ['+44•••0123', 'd•••@ops.example.com', '•••890', 'hooks.example.com/•••', 'prod.example.com/•••', 'erp.example.com/•••']);
  fc.assert(
    fc.property(fc.constantFrom(...CONTACT_CHANNELS), fc.string({ maxLength: 60 }), (channel, address) => {
      assert.equal(maskAddress({ channel, address: `\n${address}` }), '•••', 'what is no address shows nothing');
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...GOOD), fc.stringMatching(/^[0-9]{0,4}$/), (contact, digits) => {
      const address = contact.channel === 'email' ? `${digits}${contact.address}` : `${contact.address}${digits}`;
      assert.ok(!maskAddress({ ...contact, address }).includes(address));
    }),
  );
});
