import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { testHttp } from '../../../test/support/http.ts';
import { isDeeperThan } from './body-parser.ts';
import { body, publicAccess } from './index.ts';

const deep = (text: string, limit = 64): boolean => isDeeperThan(Buffer.from(text), limit);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('the depth of any JSON text is found from its bytes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8, depthSize: 'large' }), fc.nat(9), (text, limit) => {
      assert.equal(deep(text, limit), depthOf(JSON.parse(text)) > limit);
    }),
    { numRuns: 500 },
  );
});

test('brackets in strings and behind escapes do not count', () => {
  assert.equal(deep(JSON.stringify({ text: '['.repeat(100) + '\\"{{{' }), 1), false);
  assert.equal(deep('{"a\\\\":[[1]]}', 2), true, 'an escaped backslash ends no string');
  assert.equal(deep('['.repeat(64) + ']'.repeat(64)), false);
  assert.equal(deep('['.repeat(65) + ']'.repeat(65)), true);
  assert.equal(deep('{"a":'.repeat(65) + '1' + '}'.repeat(65)), true);
});

test('a deep body is refused before anything walks it', async () => {
  await using http = await testHttp();
  http.app.post('/things', { config: { access: publicAccess('a test') }, schema: { body: body({ name: z.unknown() }) } }, async () => ({}));
  await http.start();
  for (const levels of [65, 6_000, 30_000]) {
    const text = '['.repeat(levels) + ']'.repeat(levels);
    const reply = await http.ask('/things', { method: 'POST', headers: { 'content-type': 'application/json' }, body: text });
    assert.deepEqual([reply.status, reply.json['code'], reply.json['limit_levels']], [400, 'BODY_TOO_DEEP', 64]);
  }
  const nested = JSON.stringify({ name: JSON.parse('['.repeat(60) + ']'.repeat(60)) });
  assert.equal((await http.ask('/things', { method: 'POST', headers: { 'content-type': 'application/json' }, body: nested })).status, 200);
});

test('a text that Postgres cannot store is found at its place, however wide the body', async () => {
  await using http = await testHttp();
  http.app.post('/things', { config: { access: publicAccess('a test') }, schema: { body: body({ list: z.array(z.unknown()) }) } }, async () => ({}));
  await http.start();
  const ask = (value: unknown) => http.ask('/things', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
  const wide = Array.from({ length: 5_000 }, (_, i) => (i === 4_321 ? { note: 'a\u0000b' } : [i]));
  assert.equal((await ask({ list: wide })).json['field'], 'list[4321].note');
  assert.equal((await ask({ list: [{ '\ud800': 1 }] })).status, 400);
});
