import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { testHttp } from '../../../test/support/http.ts';
import { body, publicAccess } from './index.ts';
import { isSecretField, secretField } from './secret-fields.ts';

const code = secretField(z.string().max(8));
const SECRET = 'bwl-what-nobody-may-read';

test('a mark is found through objects, arrays, unions and wrappers, and nowhere else', () => {
  const schema = body({
    code,
    plain: z.string(),
    list: z.array(body({ code: code.optional(), plain: z.string() })),
    either: z.union([z.number(), body({ code })]).nullish(),
    piped: code.transform((text) => text.length).default(0),
  });
  for (const path of [['code'], ['list', 3, 'code'], ['either', 'code'], ['piped'], [], ['list', 0], ['either']])
    assert.equal(isSecretField(schema, path), true, path.join('.'));
  for (const path of [['plain'], ['list', 3, 'plain'], ['unknown'], ['constructor'], ['plain', 'code']])
    assert.equal(isSecretField(schema, path), false, path.join('.'));
});

test('a refusal repeats no marked value, and still shows the others', async () => {
  await using http = await testHttp();
  const either = z.union([z.number(), body({ code })]).optional();
  const schema = { body: body({ code, either, name: z.string().max(3) }) };
  http.app.post('/x', { config: { access: publicAccess('a test') }, schema }, async () => ({}));
  await http.start();
  const post = (json: unknown) =>
    http.ask('/x', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });
  for (const json of [{ code: SECRET, name: 'long' }, { code: 'ok', either: { code: SECRET }, name: 'long' }]) {
    const { status, text } = await post(json);
    assert.equal(status, 400);
    assert.ok(!text.includes(SECRET.slice(0, 8)), text);
    assert.match(text, /must be at most 8 characters long: something else was given/);
    assert.match(text, /must be at most 3 characters long: \\"long\\" was given/);
  }
  const bare = await post(SECRET);
  assert.deepEqual([bare.status, bare.text.includes(SECRET.slice(0, 8))], [400, false], bare.text);
  assert.ok(!JSON.stringify(http.lines).includes(SECRET.slice(0, 8)));
});

test('the description of the interface tells that a field is secret', () => {
  assert.equal((z.toJSONSchema(body({ code })).properties!['code'] as { format?: string }).format, 'password');
});
