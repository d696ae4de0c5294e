import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, contentHash, deterministicId, type Json } from './ids.ts';

test('the order of keys does not change the text', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      return canonicalJson(object as Json) === canonicalJson(reversed as Json);
    }),
  );
});

test('canonical text is JSON and means the same', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(JSON.parse(canonicalJson(value as Json)), JSON.parse(JSON.stringify(value)))));
});

test('what JSON cannot say is refused rather than changed', () => {
  assert.throws(() => canonicalJson(Number.NaN), RangeError);
  assert.equal(canonicalJson({ amount: 12n, left: undefined }), '{"amount":"12"}');
});

test('an id depends on its parts and nothing else', () => {
  assert.equal(deterministicId('sig', 'polymarket', '0x79', 5), deterministicId('sig', 'polymarket', '0x79', 5));
  assert.notEqual(deterministicId('sig', 'a', 'b'), deterministicId('sig', 'ab'));
  assert.match(deterministicId('dec', 1), /^dec_[0-9a-f]{24}$/);
  // SHA-256 of the two bytes {}: a change of the canonical form must not go unnoticed.
  assert.equal(contentHash({}), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
});
