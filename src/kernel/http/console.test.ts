import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testHttp } from '../../../test/support/http.ts';
import { publicAccess, serveConsole } from './index.ts';

const html = { headers: { accept: 'text/html,*/*' } };

async function served() {
  const folder = mkdtempSync(join(tmpdir(), 'bw-console-'));
  const http = await testHttp();
  http.app.get('/api/v1/thing', { config: { access: publicAccess('a test') } }, async () => ({ thing: 1 }));
  await serveConsole(http.app, folder);
  await http.start();
  const build = (): void => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><html><title>Console</title></html>');
    writeFileSync(join(folder, 'assets/index-BX3fQ2a1.js'), 'export {};');
    writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  };
  return { folder, http, build, [Symbol.asyncDispose]: async () => (await http.close(), rmSync(folder, { recursive: true })) };
}

test('says how to build the console when it is not there, and serves it once it is', async () => {
  await using c = await served();
  const before = await c.http.ask('/', html);
  assert.deepEqual([before.status, /npm run console/.test(before.text)], [503, true]);
  c.build();
  const after = await c.http.ask('/', html);
  assert.deepEqual([after.status, after.headers.get('cache-control')], [200, 'no-cache']);
  assert.match(after.headers.get('content-security-policy') ?? '', /script-src 'self';.*style-src 'self' 'unsafe-inline'.*connect-src 'self'/);
});

test('hashed assets are kept for ever, the page and other files are asked for again', async () => {
  await using c = await served();
  c.build();
  const asset = await c.http.ask('/assets/index-BX3fQ2a1.js');
  assert.deepEqual([asset.status, asset.headers.get('cache-control'), asset.headers.get('content-type')?.split(';')[0]], [200, 'public, max-age=31536000, immutable', 'application/javascript']);
  assert.equal((await c.http.ask('/favicon.svg')).headers.get('cache-control'), 'no-cache');
});

test('addresses that the console routes give its page; those of the interface and missing files do not', async () => {
  await using c = await served();
  c.build();
  assert.match((await c.http.ask('/decisions/dec_1', html)).text, /Console/);
  for (const path of ['/api/v1/none', '/admin/none', '/assets/none-12345678.js', '/health/none', '/%2e%2e/package.json', '/.env', '/.git/config.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd.txt']) {
    const reply = await c.http.ask(path, html);
    assert.ok(reply.status === 404 || reply.status === 403, `${path} ${reply.status}`);
    assert.equal(reply.headers.get('content-type'), 'application/problem+json; charset=utf-8', `${path} ${reply.text}`);
  }
  assert.equal((await c.http.ask('/decisions')).status, 404, 'a program that asks for no page gets none');
  assert.equal((await c.http.ask('/api/v1/thing', { method: 'POST' })).json['code'], 'METHOD_NOT_ALLOWED');
});

// A guard, not a measure: each of these once took the process a third of a second.
test('a long path costs no more than its length', { timeout: 20_000 }, async () => {
  await using c = await served();
  c.build();
  const path = `/${'-'.repeat(15_000)}!.js`;
  for (let i = 0; i < 100; i++) assert.equal((await c.http.ask(path)).status, 404);
});
