/**
 * Web pages of other sites, in a real browser on the machine of the desk: of another port, of another name, and of a
 * name that is made to resolve to 127.0.0.1 after it was loaded (DNS rebinding). None may read, write or listen.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, skip } from '../support/browser.ts';
import { freshDatabase } from '../support/database.ts';
import { deskHome, freePort, startDesk, type DeskProcess } from '../support/desk.ts';
import { rowCounts, settled } from '../support/rows.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { played } from '../support/story.ts';
import { ATTACKING_PAGE, type Attempt, type Target } from './attacking-page.ts';

const NAME = 'evil.example';

const folder = deskHome();
const scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
let db: Awaited<ReturnType<typeof freshDatabase>>;
let desk: DeskProcess;
let browser: Browser;
/** Serves the attacking page. */
let site: Server;
let ports: Readonly<Record<Door, number>>;

type Door = 'api' | 'gate' | 'trace' | 'twin';

before(async () => {
  if (skip) return;
  db = await freshDatabase();
  const [api, gate, trace] = [await freePort(), await freePort(), await freePort()];
  desk = await startDesk({
    home: folder.home,
    args: ['--scenario', scenario.path, '--seconds-per-day', '0'],
    ports: { api, gate },
    env: {
      DATABASE_URL: db.url,
      TRACE_PORT: String(trace),
      RATE_LIMIT_GLOBAL: '1000000',
      RATE_LIMIT_PER_CALLER: '1000000',
    },
  });
  await played(desk);
  await settled(db);
  ports = { api, gate, trace, twin: Number(new URL(phones().url).port) };
  // Newer versions of Chromium refuse some of these requests themselves. The desk must hold where the browser does not.
  browser = await launchBrowser([
    `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
    '--disable-features=LocalNetworkAccessChecks',
  ]);
  site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(ATTACKING_PAGE));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  await browser?.close();
  site?.close();
  await desk?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
  scenario[Symbol.dispose]();
});

/** Address of the twin's phones as the start prints it, with the key of that page. */
function phones(): { readonly url: string; readonly key: string } {
  const url = /phones\s+(\S+)/.exec(desk.output())![1]!;
  return { url, key: new URL(url).searchParams.get('key')! };
}
/** The code of the link that the start printed: still good, so a redemption by a page would succeed. */
const linkCode = (): string => /#sign-in=(\S+)/.exec(desk.output())![1]!;

/** @param at origin of a door, as the page writes it */
function targets(at: (door: Door) => string): readonly Target[] {
  const reads: readonly (readonly [Door, string])[] = [
    ['api', '/'],
    ['api', '/health'],
    ['api', '/health/components'],
    ['api', '/metrics'],
    ['api', '/openapi.json'],
    ['api', '/docs'],
    ['api', '/api/v1/status'],
    ['api', '/api/v1/replay'],
    ['api', '/api/v1/decisions'],
    ['api', '/api/v1/customers'],
    ['api', '/api/v1/auth/me'],
    ['api', '/api/v1/events'],
    ['api', '/ws/events'],
    ['api', '/admin/alerts/queue'],
    ['api', '/no/such/route'],
    ['gate', '/status'],
    ['gate', '/check/polymarket'],
    ['gate', '/health'],
    ['gate', '/metrics'],
    ['trace', '/project/bellwether/traces'],
    ['trace', '/api/public/traces'],
    ['trace', '/api/public/health'],
    ['twin', '/health'],
    ['twin', '/twin/messages'],
    ['twin', '/twin/phone'],
    ['twin', '/__twin/faults'],
    ['twin', '/__twin/counters'],
  ];
  const writes: readonly (readonly [Door, string, object | string])[] = [
    ['api', '/api/v1/auth/link', { code: linkCode() }],
    ['api', '/api/v1/auth/login', { email: 'owner@bellwether.local', password: 'a password of a stranger' }],
    ['api', '/api/v1/replay', { action: 'restart' }],
    ['api', '/api/v1/customers', { name: 'Stranger' }],
    ['api', '/api/v1/signals', { source: 'x' }],
    ['api', '/api/v1/users', { email: 'stranger@example.org', password: 'a password of a stranger', role: 'admin' }],
    ['api', '/admin/signals/refresh', {}],
    ['api', '/webhooks/whatsapp', { object: 'whatsapp_business_account', entry: [] }],
    ['api', '/webhooks/telegram', { update_id: 1 }],
    ['gate', '/check/polymarket', ''],
    ['gate', '/consume/polymarket?weight=1000', ''],
    ['gate', '/reset', { force: true, reason: 'x' }],
    ['trace', '/v1/traces', { resourceSpans: [] }],
    ['twin', '/__twin/faults', [{ kind: 'server_error' }]],
    ['twin', '/twin/script', { refuse: [130_429] }],
    ['twin', '/twin/reply', 'from=84901234567&text=1'],
    ['twin', '/v23.0/1/messages', { messaging_product: 'whatsapp' }],
  ];
  // Few: a browser slows down handshakes that keep failing.
  const sockets: readonly (readonly [Door, string])[] = [
    ['api', '/ws/events'],
    ['api', '/'],
    ['gate', '/status'],
    ['trace', '/'],
    ['twin', '/'],
  ];
  return [
    ...sockets.map(([door, path]): Target => ({ method: 'WS', url: at(door) + path })),
    ...reads.map(([door, path]): Target => ({ method: 'GET', url: at(door) + path })),
    ...writes.map(([door, path, body]): Target => ({
      method: 'POST',
      url: at(door) + path,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  ];
}

const attack = (page: Page, list: readonly Target[]): Promise<readonly Attempt[]> =>
  page.evaluate(`window.attack(${JSON.stringify(list)})`);

/** Everything that a page could have changed: rows, quotas, and the twin's phones and faults. */
async function deskState(): Promise<object> {
  const gate = await (await fetch(`${desk.gateUrl}/metrics`)).text();
  const headers = { 'x-twin-key': phones().key };
  const ofTwin = async (path: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${ports.twin}${path}`, { headers })).text();
  const status = (await (await fetch(`${desk.gateUrl}/status`)).json()) as Record<string, { used: number }>;
  return {
    rows: await rowCounts(db),
    gate: gate.split('\n').filter((line) => line.startsWith('rate_gate_requests_total')),
    used: Object.entries(status).map(([name, quota]) => [name, quota.used]),
    twin: [await ofTwin('/twin/messages'), await ofTwin('/__twin/counters'), await ofTwin('/__twin/faults')],
    replay: (await desk.get('/api/v1/replay')).body,
  };
}

/** Requests that the desk has logged since `from`, as `status route`. */
const logged = (from: number): readonly string[] =>
  desk
    .output()
    .slice(from)
    .split('\n')
    .filter((line) => line.startsWith('{') && /"(http_request|websocket_refused)"/.test(line))
    .map((line) => JSON.parse(line) as { status: number; route: string; method?: string })
    .map(({ status, route, method = 'WS' }) => `${status} ${method} ${route}`);

const seenBy = (attempts: readonly Attempt[]): readonly Attempt[] => attempts.filter(({ seen }) => seen !== null);

for (const [what, host] of [
  ['another port', '127.0.0.1'],
  ['another name', NAME],
] as const) {
  test(`a page of ${what} reads nothing, changes nothing and opens no connection`, { skip }, async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://${host}:${(site.address() as AddressInfo).port}/`);
    const before = await deskState();
    const from = desk.output().length;
    const attempts = await attack(
      page,
      targets((door) => `http://127.0.0.1:${ports[door]}`),
    );
    assert.deepEqual(seenBy(attempts), []);
    const log = logged(from);
    for (const route of [
      'POST /check/:provider',
      'POST /api/v1/auth/link',
      'POST /webhooks/whatsapp',
      'POST /v1/traces',
      'WS /ws/events',
    ]) {
      assert.ok(
        log.some((line) => line.endsWith(` ${route}`)),
        `${route} was never reached, so this test shows nothing`,
      );
    }
    const accepted = log.filter((line) => /^[12]\d\d (POST|WS) /.test(line));
    assert.deepEqual(accepted, []);
    assert.deepEqual(await deskState(), before);
    await page.context().close();
  });
}

test('a page whose name is made to resolve to this machine gets 421 for everything', { skip }, async () => {
  const before = await deskState();
  for (const door of ['api', 'gate', 'trace', 'twin'] as const) {
    const origin = `http://${NAME}:${ports[door]}`;
    const page = await (await browser.newContext()).newPage();
    // The first answer is the attacker's own; from then on the name is this machine.
    await page.route(`${origin}/first`, (route) => route.fulfill({ contentType: 'text/html', body: ATTACKING_PAGE }), {
      times: 1,
    });
    await page.goto(`${origin}/first`);
    const from = desk.output().length;
    const own = targets((one) => `http://${NAME}:${ports[one]}`).filter(({ url }) => url.startsWith(`${origin}/`));
    const attempts = await attack(page, own);
    // Of its own origin a page reads each reply: nothing but the refusal is in it.
    const refusal = door === 'twin' ? /^403 \{"error":"a twin answers to/ : /^421 \{.*"code":"HOST_NOT_ALLOWED"/;
    const wrong = seenBy(attempts).filter(
      ({ how, seen }) => !(how.startsWith('form') ? /HOST_NOT_ALLOWED|a twin answers to/ : refusal).test(seen!),
    );
    assert.deepEqual(wrong, []);
    const readable = attempts.filter(({ how, seen }) => how === 'fetch' && seen !== null);
    assert.equal(
      readable.length,
      own.filter(({ method }) => method === 'GET').length,
      'each request has reached the server',
    );
    if (door !== 'twin') assert.deepEqual([...new Set(logged(from).map((line) => line.slice(0, 3)))], ['421']);
    await page.context().close();
  }
  assert.deepEqual(await deskState(), before);
});

test('the link that no page could use still signs in', { skip }, async () => {
  const reply = await fetch(`${desk.url}/api/v1/auth/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: linkCode() }),
  });
  assert.equal(reply.status, 200);
  assert.equal(typeof ((await reply.json()) as { access_token: unknown }).access_token, 'string');
});
