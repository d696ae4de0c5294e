/** The console in a real browser, on the real desk: what a person sees, at both widths and in both themes, and by keyboard alone. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { DESK, PHONE, seatBeforeTests, SHOTS, skip } from '../support/browser.ts';

const seat = seatBeforeTests();
const { open } = seat;

const overview = 'What needs a decision now?';

for (const [size, viewport] of [['desk', DESK], ['phone', PHONE]] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`the overview shows the decision, its dollars and its deadline (${size}, ${theme})`, { skip }, async () => {
      const page = await open('/', viewport, theme);
      for (const part of [/REPLAY/, /\$9,\d{3}/, /^Read$/]) await page.getByText(part).first().waitFor();
      const text = await page.locator('body').innerText();
      assert.match(text, new RegExp(overview.replace('?', '\\?')));
      assert.match(text, /REPLAY/);
      assert.match(text, /\$9,\d{3}/, 'what it saves');
      assert.match(text, /\d d( \d+ h)? left/, 'how long one has');
      assert.match(text, /Read/, 'the state of an alert');
      for (const picture of ['[data-mark=ship]', 'canvas']) await page.locator(picture).first().waitFor();
      const sideways = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(sideways, 0, 'nothing scrolls sideways');
      const file = join(SHOTS, `overview-${size}-${theme}.png`);
      const pixels = await page.screenshot({ path: file });
      assert.ok(statSync(file).size > 20_000 && pixels.length > 20_000, 'a page with something on it');
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      const [red] = /\d+/.exec(String(background))!.map(Number);
      assert.equal(red! < 100, theme === 'dark', `${String(background)} in the ${theme} theme`);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
}

test('by keyboard alone: from the overview to the decision, with its seven answers', { skip }, async () => {
  const page = await open('/');
  await page.getByText('BF-26-0109').first().waitFor();
  let reached = false;
  for (let i = 0; i < 60 && !reached; i++) {
    await page.keyboard.press('Tab');
    reached = Boolean(await page.evaluate("document.activeElement?.getAttribute('href')?.startsWith('/decisions/')"));
  }
  assert.ok(reached, 'Tab reaches a decision');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/decisions\/dec_/);
  for (const question of ['What is happening?', 'When?', 'How bad is it?', 'Why?', 'What to do?', 'How sure is this?']) await page.getByText(question, { exact: true }).first().waitFor();
  await page.getByText(/if nothing is done/i).first().waitFor();
  await page.screenshot({ path: join(SHOTS, 'decision-desk-light.png') });
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('every page answers its question without an error, on a phone too', { skip }, async () => {
  const page = await open('/', PHONE);
  for (const path of ['/map', '/decisions', '/signals', '/chokepoints', '/chokepoints/hormuz', '/shipments', '/alerts', '/system']) {
    await page.goto(seat.desk.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    assert.deepEqual(await page.getByRole('alert').allInnerTexts(), [], path);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, `${path} scrolls sideways`);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

const mapped = 'Where is it, and what does it touch?';
const marks = (page: Page, kind: 'passage' | 'ship') => page.locator(`[aria-label="World map"] [data-mark=${kind}]`);

for (const [size, viewport, theme] of [['desk', DESK, 'light'], ['phone', PHONE, 'dark']] as const) {
  test(`the map shows each passage with its state, in words too, and does not move while it loads (${size}, ${theme})`, { skip }, async () => {
    const page = await open('/map', viewport, theme);
    assert.match(await page.getByRole('heading', { level: 1 }).innerText(), new RegExp(mapped.replace('?', '\\?')));
    await marks(page, 'passage').first().waitFor();
    assert.equal(await marks(page, 'passage').count(), 9);
    assert.match((await marks(page, 'passage').first().getAttribute('aria-label'))!, /^Strait of Hormuz: (Confirmed|Surprise).*vessels\/day on \d+ \w+ 2026/, 'what is the matter comes first, with unit and day');
    const frame = (await page.getByRole('group', { name: 'World map' }).boundingBox())!;
    assert.ok(frame.y + frame.height <= viewport.height, 'the whole map is on the first screen');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, 'nothing scrolls sideways');
    // The same as tables, for who cannot see it.
    for (const table of ['Passages on the map', 'Shipments on the map']) assert.ok((await page.getByRole('region', { name: table }).innerText()).length > 100, table);
    const shifts = await page.evaluate("new Promise((done) => new PerformanceObserver((list, seen) => { seen.disconnect(); done(list.getEntries().reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0)); }).observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(() => done(0), 300))");
    assert.ok(Number(shifts) < 0.1, `cumulative layout shift ${String(shifts)}`);
    await page.screenshot({ path: join(SHOTS, `map-${size}-${theme}.png`) });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test('the map by keyboard alone: every mark is reached with Tab, keys zoom, Enter opens the page', { skip }, async () => {
  const page = await open('/map');
  await marks(page, 'ship').first().waitFor();
  const ships = await marks(page, 'ship').count();
  assert.ok(ships > 0, 'ships are on their way on the last day');
  const reached = new Set<string>();
  for (let i = 0; i < 60 && reached.size < 9 + ships; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate("document.activeElement?.dataset?.mark ? document.activeElement.getAttribute('aria-label') : null");
    if (label !== null) reached.add(String(label));
  }
  assert.equal(reached.size, 9 + ships, [...reached].join('\n'));
  const zoomed = (): Promise<unknown> => page.evaluate("document.querySelector('[aria-label=\"World map\"] g').getAttribute('transform')");
  const home = await zoomed();
  await page.keyboard.press('+');
  assert.notEqual(await zoomed(), home, '+ comes nearer');
  await page.keyboard.press('0');
  assert.equal(await zoomed(), home, '0 goes back');
  await marks(page, 'passage').first().focus();
  await page.getByText(/vessels\/day on/).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/chokepoints\/hormuz/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('at its end the replay offers to be played again, and asks before it forgets the run', { skip }, async () => {
  const page = await open('/');
  await page.getByRole('button', { name: /play again/i }).first().click();
  await page.getByRole('dialog', { name: /^Play again from / }).getByRole('button', { name: 'Cancel' }).press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(((await seat.desk.get('/api/v1/replay')).body as { status: string }).status, 'ended', 'nothing has happened');
  await page.context().close();
});
