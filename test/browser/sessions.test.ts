/** The session of the console in a real browser: shared by tabs, renewed, ended by a sign-out or by the desk. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { seatBeforeTests, SHOTS, skip, type WatchedPage } from '../support/browser.ts';
import { until } from '../support/desk.ts';
import {
  asAdmin,
  heading,
  listen,
  newUser,
  onDecisions,
  onPage,
  onSignInPage,
  store,
  stored,
  withPassword,
  withoutRefusals,
} from './steps.ts';

const seat = seatBeforeTests();
const { openTab } = seat;

/** Signs in at one tab; the second has the session from it. */
async function twoTabs(
  context: BrowserContext,
  email: string,
  [path, name] = ['/decisions', 'Decisions'],
): Promise<readonly [WatchedPage, WatchedPage]> {
  const first = await openTab('/decisions', { context });
  await withPassword(first, email);
  await onDecisions(first);
  const second = await openTab(path!, { context });
  await onPage(second, name!);
  return [first, second];
}

test(
  'a second tab has the session of the first; signing out ends both, also at the desk and after a reload',
  { skip },
  async () => {
    const { email } = await newUser(seat.desk, 'viewer');
    const context = await seat.browser.newContext();
    const [first, second] = await twoTabs(context, email, ['/signals', 'Signals']);
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
    const { id, email } = await newUser(seat.desk, 'operator');
    const page = await openTab('/decisions?show=all');
    await withPassword(page, email);
    await onDecisions(page);
    await page.getByTitle('Changes appear here by themselves.').waitFor();
    await asAdmin(seat.desk, 'PATCH', `/api/v1/users/${id}`, { disabled: true });
    await page.keyboard.press('g');
    await page.keyboard.press('y');
    await page.getByText('Your session has ended.').waitFor();
    await onSignInPage(page);
    assert.equal(page.url(), `${seat.desk.url}/system`);
    assert.equal(await stored(page), null);
    await page.screenshot({ path: join(SHOTS, 'sign-in-ended.png') });
    await asAdmin(seat.desk, 'PATCH', `/api/v1/users/${id}`, { disabled: false });
    await withPassword(page, email);
    await heading(page, 'Can the desk be trusted right now?').waitFor();
    await page.getByRole('region', { name: 'Sources' }).waitFor();
    assert.deepEqual(withoutRefusals(page), []);
    await page.context().close();
  },
);

test('an act in an ended session does nothing, shows the sign-in page and no error beside it', { skip }, async () => {
  const { id, email } = await newUser(seat.desk, 'operator');
  const page = await openTab('/backtests');
  await withPassword(page, email);
  await page.getByTitle('Changes appear here by themselves.').waitFor();
  await page.getByLabel('Scenario').selectOption('hormuz-2026');
  await asAdmin(seat.desk, 'PATCH', `/api/v1/users/${id}`, { disabled: true });
  await page.getByRole('button', { name: 'Walk it' }).press('Enter');
  await page.getByText('Your session has ended.').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Notices' }).getByRole('alert').count(), 0);
  const { items } = (await seat.desk.get('/api/v1/backtests')).body as { items: unknown[] };
  assert.equal(items.length, 0);
  await page.context().close();
});

test('an access token that has ended is renewed for all requests of all tabs, and no tab is refused', { skip }, async () => {
  const { email } = await newUser(seat.desk, 'viewer');
  const context = await seat.browser.newContext();
  const [first, second] = await twoTabs(context, email);
  const pages = [first, second];
  const asked = pages.map(listen);
  for (const page of pages) await store(page, { ...(await stored(page)), expiresAt: 1 });
  await Promise.all(pages.map((page) => page.reload()));
  for (const page of pages) {
    await onDecisions(page);
    await page.getByTitle('Changes appear here by themselves.').waitFor();
  }
  // One renewal serves both tabs. On a machine so busy that a tab answers too late, each renews within the desk's grace.
  const renewals = asked.flat().filter((one) => one === 'POST /api/v1/auth/refresh').length;
  assert.ok(renewals >= 1 && renewals <= 2, `${renewals} renewals`);
  const same = async (): Promise<boolean> => isDeepStrictEqual(await stored(first), await stored(second));
  await until(same, { what: 'one session in both tabs' });
  assert.deepEqual([...first.faults, ...second.faults], [], 'no request was refused');
  await context.close();
});

test(
  'a tab with an old session takes the new one from a tab that is busy, and does not use the old one again',
  { skip },
  async () => {
    const { email } = await newUser(seat.desk, 'viewer');
    const context = await seat.browser.newContext();
    const [first, second] = await twoTabs(context, email);
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
  },
);
