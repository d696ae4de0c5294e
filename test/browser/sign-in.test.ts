/** Signing in and out on the console, in a real browser: by link, password and token, over tabs, after a session's end. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { DESK, PHONE, seatBeforeTests, SHOTS, skip, type WatchedPage } from '../support/browser.ts';
import { until } from '../support/desk.ts';

const seat = seatBeforeTests();
const { openTab } = seat;
const run = promisify(execFile);

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const PASSWORD = 'correct horse battery staple';

/** The code of a new link, as `bellwether sign-in` prints it beside the running desk. */
async function newCode(...options: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    BELLWETHER_HOME: seat.home,
    BELLWETHER_ENV_FILE: '/nonexistent',
    PORT: new URL(seat.desk.url).port,
  };
  const { stdout } = await run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'sign-in', '--json', ...options],
    { env },
  );
  const { url } = JSON.parse(stdout) as { url: string };
  assert.ok(url.startsWith(`${seat.desk.url}/#sign-in=bwl_`), url.replace(/=.*/, '=…'));
  return url.split('=')[1]!;
}

async function asAdmin<T>(method: string, path: string, body: object): Promise<T> {
  const headers = { authorization: `Bearer ${seat.desk.token}`, 'content-type': 'application/json' };
  const reply = await fetch(seat.desk.url + path, {
    method,
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status}`);
  return (await reply.json()) as T;
}

interface Person {
  readonly id: string;
  readonly email: string;
}
const newUser = (role: string): Promise<Person> =>
  asAdmin('POST', '/api/v1/users', { email: `${randomUUID()}@example.org`, password: PASSWORD, role });

async function withPassword(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const onSignInPage = (page: Page): Promise<void> => heading(page, 'Sign in').waitFor();
/** The content policy forbids waitForFunction, so the title is asked for. */
const onPage = (page: Page, name: string): Promise<void> =>
  until(async () => (await page.title()) === `${name} · Bellwether`, { what: `the page ${name}` });
const onDecisions = (page: Page): Promise<void> => onPage(page, 'Decisions');
const stored = (page: Page): Promise<Record<string, unknown> | null> =>
  page.evaluate("JSON.parse(sessionStorage.getItem('bellwether.session'))");

const store = (page: Page, session: object): Promise<unknown> =>
  page.evaluate(`sessionStorage.setItem('bellwether.session', ${JSON.stringify(JSON.stringify(session))})`);

/** Paths of the interface that a page has asked, and the WebSockets that it has opened. */
function listen(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/(api|admin|health|ws|webhooks)\b/.test(pathname)) asked.push(`${request.method()} ${pathname}`);
  });
  page.on('websocket', (socket) => asked.push(`WS ${new URL(socket.url()).pathname}`));
  return asked;
}

const sideways = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Chromium reports each reply of 401 as an error of the page; these are expected where a sign-in is refused. */
const withoutRefusals = ({ faults }: WatchedPage): readonly string[] =>
  faults.filter((fault) => !/status of 401/.test(fault));

test('signed out, every address shows the sign-in page and asks for nothing but health', { skip }, async () => {
  const context = await seat.browser.newContext();
  const page = await openTab('/', { context });
  const asked = listen(page);
  for (const path of ['/', '/decisions?show=all', '/customers/import?what=customers', '/no/such/page']) {
    await page.goto(seat.desk.url + path);
    await onSignInPage(page);
    assert.equal(await page.title(), 'Sign in · Bellwether');
    assert.equal(page.url(), seat.desk.url + path, 'the address stays for later');
    await page.waitForLoadState('networkidle');
    assert.equal(await page.getByRole('alert').filter({ hasText: /\w/ }).count(), 0);
  }
  assert.deepEqual([...new Set(asked)], ['GET /health']);
  assert.match(await page.locator('main').innerText(), /npm run bellwether -- sign-in/);
  assert.deepEqual(page.faults, []);
  await context.close();
});

test('a link signs in once and leaves no code in the address, the history or the storage', { skip }, async () => {
  const code = await newCode();
  const context = await seat.browser.newContext();
  const page = await context.newPage();
  const asked = listen(page);
  await page.goto(`${seat.desk.url}/decisions?show=all#sign-in=${code}`);
  await onDecisions(page);
  await page.getByTitle('Changes appear here by themselves.').waitFor();
  assert.equal(page.url(), `${seat.desk.url}/decisions?show=all`);
  await page.reload();
  await onDecisions(page);
  assert.equal(asked.filter((one) => one === 'POST /api/v1/auth/link').length, 1, 'redeemed once, reload included');

  const cdp = await context.newCDPSession(page);
  const { entries } = (await cdp.send('Page.getNavigationHistory')) as { entries: { url: string }[] };
  assert.ok(!JSON.stringify(entries.map(({ url }) => url)).includes('sign-in='));
  const kept = await page.evaluate(
    `JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, document.cookie,
      performance.getEntriesByType('navigation').map((one) => one.name)])`,
  );
  assert.ok(!String(kept).includes(code));
  assert.equal((await stored(page))?.['role'], 'admin');
  await context.close();

  const second = await openTab(`/signals#sign-in=${code}`);
  await onSignInPage(second);
  await second.getByText('This sign-in link was used, has expired or never existed', { exact: false }).waitFor();
  assert.equal(second.url(), `${seat.desk.url}/signals`);
  assert.equal(await stored(second), null);
  assert.deepEqual(withoutRefusals(second), []);
  await second.screenshot({ path: join(SHOTS, 'sign-in-used-link.png') });
  await second.context().close();
});

test('the link that the first start printed opens the console', { skip }, async () => {
  const printed = /http:\/\/\S+#sign-in=\S+/.exec(seat.desk.output())?.[0];
  assert.ok(printed, 'the start prints a link');
  const page = await (await seat.browser.newContext()).newPage();
  await page.goto(printed);
  await heading(page, 'What needs a decision now?').waitFor();
  assert.equal(page.url(), `${seat.desk.url}/`);
  await page.context().close();
});

test(
  'in a tab of the console a link replaces the session once it is accepted; a bad one changes nothing',
  { skip },
  async () => {
    const page = await seat.open('/decisions');
    const before = await stored(page);
    // As when a link is pasted into the address bar of the open console: no page is loaded.
    await page.evaluate("location.hash = '#sign-in=bwl_nonsense'");
    await page.getByText('You are still signed in as before.', { exact: false }).waitFor();
    assert.deepEqual(await stored(page), before);
    await onDecisions(page);
    const viewer = await newUser('viewer');
    await page.evaluate(`location.hash = '#sign-in=${await newCode('--email', viewer.email)}'`);
    await page.getByRole('button', { name: `Signed in as user:${viewer.id}, role viewer` }).waitFor();
    assert.equal(page.url(), `${seat.desk.url}/decisions`);
    assert.deepEqual(withoutRefusals(page), []);
    await page.context().close();
  },
);

test('while the desk does not answer, a link can be tried again', { skip }, async () => {
  const code = await newCode();
  const page = await (await seat.browser.newContext()).newPage();
  await page.route('**/api/v1/auth/link', (route) => route.abort(), { times: 1 });
  await page.goto(`${seat.desk.url}/#sign-in=${code}`);
  await page.getByText('The link did not sign you in.').waitFor();
  assert.equal(page.url(), `${seat.desk.url}/`);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await heading(page, 'What needs a decision now?').waitFor();
  await page.context().close();
});

test(
  'by password, with the keyboard alone: a wrong one is told, the right one opens the page that was asked for',
  { skip },
  async () => {
    const { email } = await newUser('trader');
    const page = await openTab('/shipments');
    const tabTo = async (name: string): Promise<void> => {
      for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate("document.activeElement?.getAttribute('name')")) === name) return;
      }
      assert.fail(`Tab does not reach ${name}`);
    };
    await tabTo('email');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('The e-mail or the password is wrong.').waitFor();
    await page.getByLabel('Password', { exact: true }).press('Control+A');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await onPage(page, 'Shipments');
    assert.equal(await page.evaluate('document.activeElement?.tagName'), 'H1', 'the keyboard goes on at the page');
    await page.getByRole('button', { name: /role trader/ }).waitFor();
    assert.deepEqual(withoutRefusals(page), []);
    await page.context().close();
  },
);

test('by token: one that is wrong is told, one that is right signs in', { skip }, async () => {
  const { token } = await asAdmin<{ token: string }>('POST', '/api/v1/api-keys', { name: 'console', role: 'operator' });
  const page = await openTab('/alerts');
  await page.getByText('Access token', { exact: true }).click();
  const field = page.locator('input[name=token]');
  await field.fill('two words');
  await field.press('Enter');
  await page.getByText('This is not a token', { exact: false }).waitFor();
  await field.fill('bw_aaaaaaaaaaaaaaaa_bbbbbbbbbbbbbbbbbbbb');
  await field.press('Enter');
  await page.getByText('The desk does not accept this token', { exact: false }).waitFor();
  await field.fill(`  ${token}\n`);
  await field.press('Enter');
  await page.getByRole('button', { name: /role operator/ }).waitFor();
  await onPage(page, 'Alerts');
  assert.deepEqual(withoutRefusals(page), []);
  await page.context().close();
});

test(
  'a second tab has the session of the first; signing out ends both, also at the desk and after a reload',
  { skip },
  async () => {
    const { email } = await newUser('viewer');
    const context = await seat.browser.newContext();
    const first = await openTab('/decisions', { context });
    await withPassword(first, email);
    await onDecisions(first);
    const second = await openTab('/signals', { context });
    await onPage(second, 'Signals');
    const tokens = (await stored(second)) as { accessToken: string; refreshToken: string };

    await first.getByRole('button', { name: /^Signed in as / }).press('Enter');
    await first.getByRole('menuitem', { name: 'Sign out' }).click();
    for (const page of [first, second]) {
      await onSignInPage(page);
      await page.getByText('You are signed out.').waitFor();
      assert.equal(await stored(page), null);
      assert.ok(
        !(await page.locator('body').innerText()).includes('REPLAY'),
        'nothing of the desk is left on the page',
      );
    }
    const asked = [listen(first), listen(second)];
    await until(
      async () =>
        (await seat.desk.get('/api/v1/auth/me', { authorization: `Bearer ${tokens.accessToken}` })).status === 401,
      { what: 'the end of the session at the desk' },
    );
    const refreshed = await fetch(`${seat.desk.url}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: tokens.refreshToken }),
    });
    assert.equal(refreshed.status, 401);
    await Promise.all(
      [first, second].map((page) => page.waitForRequest((request) => new URL(request.url()).pathname === '/health')),
    );
    assert.deepEqual([...new Set(asked.flat())], ['GET /health'], 'nothing else is asked while signed out');

    // As a browser does that opens a closed tab again: its storage comes back.
    await store(second, tokens);
    await second.reload();
    await onSignInPage(second);
    assert.deepEqual([...first.faults, ...second.faults], []);
    await withPassword(second, email);
    await onPage(second, 'Signals');
    await onDecisions(first);
    await context.close();
  },
);

test(
  'a session that the desk has ended leads to the sign-in page, and from there back to the same page',
  { skip },
  async () => {
    const { id, email } = await newUser('operator');
    const page = await openTab('/decisions?show=all');
    await withPassword(page, email);
    await onDecisions(page);
    await page.getByTitle('Changes appear here by themselves.').waitFor();
    await asAdmin('PATCH', `/api/v1/users/${id}`, { disabled: true });
    await page.keyboard.press('g');
    await page.keyboard.press('y');
    await page.getByText('Your session has ended.').waitFor();
    await onSignInPage(page);
    assert.equal(page.url(), `${seat.desk.url}/system`);
    assert.equal(await stored(page), null);
    await page.screenshot({ path: join(SHOTS, 'sign-in-ended.png') });
    await asAdmin('PATCH', `/api/v1/users/${id}`, { disabled: false });
    await withPassword(page, email);
    await heading(page, 'Can the desk be trusted right now?').waitFor();
    await page.getByRole('region', { name: 'Sources' }).waitFor();
    assert.deepEqual(withoutRefusals(page), []);
    await page.context().close();
  },
);

test('an act in an ended session does nothing, shows the sign-in page and no error beside it', { skip }, async () => {
  const { id, email } = await newUser('operator');
  const page = await openTab('/backtests');
  await withPassword(page, email);
  await page.getByTitle('Changes appear here by themselves.').waitFor();
  await page.getByLabel('Scenario').selectOption('hormuz-2026');
  await asAdmin('PATCH', `/api/v1/users/${id}`, { disabled: true });
  await page.getByRole('button', { name: 'Walk it' }).press('Enter');
  await page.getByText('Your session has ended.').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Notices' }).getByRole('alert').count(), 0);
  const { items } = (await seat.desk.get('/api/v1/backtests')).body as { items: unknown[] };
  assert.equal(items.length, 0);
  await page.context().close();
});

test('an access token that has ended is renewed once, for all requests of all tabs', { skip }, async () => {
  const { email } = await newUser('viewer');
  const context = await seat.browser.newContext();
  const first = await openTab('/decisions', { context });
  await withPassword(first, email);
  await onDecisions(first);
  const second = await openTab('/decisions', { context });
  await onDecisions(second);
  const pages = [first, second];
  const asked = pages.map(listen);
  for (const page of pages) await store(page, { ...(await stored(page)), expiresAt: 1 });
  await Promise.all(pages.map((page) => page.reload()));
  for (const page of pages) {
    await onDecisions(page);
    await page.getByTitle('Changes appear here by themselves.').waitFor();
  }
  assert.equal(asked.flat().filter((one) => one === 'POST /api/v1/auth/refresh').length, 1);
  assert.deepEqual(await stored(first), await stored(second));
  assert.deepEqual([...first.faults, ...second.faults], [], 'no request was refused');
  await context.close();
});

test('a tab with an old session takes the new one from a tab that is busy, and does not use the old one again', { skip }, async () => {
  const { email } = await newUser('viewer');
  const context = await seat.browser.newContext();
  const first = await openTab('/decisions', { context });
  await withPassword(first, email);
  await onDecisions(first);
  const second = await openTab('/decisions', { context });
  await onDecisions(second);
  const old = { ...(await stored(first)), expiresAt: 1 };
  // As a tab that the browser has put to sleep: it keeps its storage and hears nothing.
  await store(second, old);
  await second.goto('about:blank');
  await store(first, old);
  // Busy: it hears of a question a second late.
  await first.addInitScript(`const listen = BroadcastChannel.prototype.addEventListener;
    BroadcastChannel.prototype.addEventListener = function (type, hear) {
      listen.call(this, type, (event) => setTimeout(() => hear(event), 1000));
    };`);
  await first.reload();
  await onDecisions(first);
  await first.getByTitle('Changes appear here by themselves.').waitFor();
  const asked = listen(second);
  await second.goto(`${seat.desk.url}/decisions`);
  await onDecisions(second);
  await second.getByTitle('Changes appear here by themselves.').waitFor();
  assert.ok(!asked.includes('POST /api/v1/auth/refresh'), asked.join('\n'));
  assert.deepEqual(await stored(second), await stored(first));
  await context.close();
});

test('a file is downloaded with the token', { skip }, async () => {
  const page = await seat.open('/customers/import?what=shipments');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Template to fill in' }).press('Enter'),
  ]);
  assert.equal(download.suggestedFilename(), 'shipments.csv');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  assert.match(Buffer.concat(chunks).toString(), /reference,/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

for (const [size, viewport] of [
  ['desk', DESK],
  ['phone', PHONE],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the sign-in page fits (${size}, ${colorScheme})`, { skip }, async () => {
      const page = await openTab('/', { viewport, colorScheme });
      await onSignInPage(page);
      await page.waitForLoadState('networkidle');
      assert.equal(await sideways(page), 0, 'nothing scrolls sideways');
      const button = (await page.getByRole('button', { name: 'Sign in', exact: true }).boundingBox())!;
      assert.ok(button.y + button.height <= viewport.height, 'all of the form is on the first screen');
      await page.screenshot({ path: join(SHOTS, `sign-in-${size}-${colorScheme}.png`) });
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
}
