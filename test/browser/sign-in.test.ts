/** Signing in on the console, in a real browser: by link, by password and by token. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { DESK, PHONE, seatBeforeTests, SHOTS, skip } from '../support/browser.ts';
import {
  asAdmin,
  PASSWORD,
  heading,
  listen,
  newUser,
  onDecisions,
  onPage,
  onSignInPage,
  sideways,
  stored,
  withoutRefusals,
} from './steps.ts';

const seat = seatBeforeTests();
const { openTab } = seat;
const run = promisify(execFile);

const MAIN = join(import.meta.dirname, '../../src/main.ts');

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
    const viewer = await newUser(seat.desk, 'viewer');
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
    const { email } = await newUser(seat.desk, 'trader');
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
  const { token } = await asAdmin<{ token: string }>(seat.desk, 'POST', '/api/v1/api-keys', {
    name: 'console',
    role: 'operator',
  });
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
