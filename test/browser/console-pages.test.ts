/** The console's pages for people who keep the desk: customers and their files, the record, backtests. In a real browser, on the real desk. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DESK, PHONE, seatBeforeTests, SHOTS, skip } from '../support/browser.ts';
import { all } from '../support/story.ts';

const seat = seatBeforeTests();
const { open } = seat;

const asAdmin = (path: string, init: RequestInit = {}): Promise<Response> => fetch(seat.desk.url + path, { ...init, headers: { authorization: `Bearer ${seat.desk.token}`, 'content-type': 'application/json' }, signal: AbortSignal.timeout(15_000) });

// First: it walks while the tests below run, and the last but one reads its report.
test('a scenario is asked for from an honest empty page', { skip }, async () => {
  const page = await open('/backtests');
  await page.getByText('None has been walked on this desk yet.').waitFor();
  await page.getByLabel('Scenario').selectOption('hormuz-2026');
  await page.getByRole('button', { name: 'Walk it' }).press('Enter');
  await page.getByText(/^Hormuz 2026.*: on its way\.$/).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

const HEADER = 'reference,customer_id,from,to,etd,eta,cargo_value_usd,containers,container_type,goods_class,remark';
const row = (reference: string, eta: string): string => `${reference},cust_quillmark,CNSHA,NLRTM,2026-04-01,${eta},250000,4,40HC,general,urgent`;
const file = (name: string, ...rows: readonly string[]) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([HEADER, ...rows].join('\n')) });
const references = async (): Promise<readonly unknown[]> => (await all(seat.desk, '/api/v1/shipments')).map((one) => one['reference']);

test('a wrong file is told row by row and changes nothing; the corrected one comes in, once', { skip }, async () => {
  const page = await open('/customers/import?what=shipments', PHONE);
  const before = await references();
  const choose = page.locator('input[type=file]');
  await choose.setInputFiles(file('april.csv', row('T-1', '2026-05-01'), row('T-2', '03/05/2026')));
  const wrong = page.getByRole('row', { name: 'Row 3, eta' });
  await wrong.waitFor();
  const told = await wrong.innerText();
  assert.match(told, /03\/05\/2026/, 'what is there');
  assert.match(told, /no day or time that is understood/);
  assert.match(told, /as in 2026-12-30/, 'what would be right');
  assert.match(await page.locator('body').innerText(), /1 place must be put right first\. Nothing was written\./);
  assert.equal(await page.getByRole('button', { name: /^Import / }).count(), 0, 'nothing to press while it is wrong');
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, 'nothing scrolls sideways');
  await page.screenshot({ path: join(SHOTS, 'import-problems-phone.png') });

  await choose.setInputFiles(file('april.csv', row('T-1', '2026-05-01'), row('T-2', '2026-05-03')));
  await page.getByText('2 rows read, nothing wrong.').waitFor();
  assert.match(await page.locator('body').innerText(), /remark/, 'a column that means nothing is named');
  assert.deepEqual(await references(), before, 'looking writes nothing');
  await page.getByRole('button', { name: 'Import 2 rows' }).press('Enter');
  await page.getByText('Imported: 2 new shipments.').waitFor();
  assert.deepEqual([...(await references())].sort(), [...before, 'T-1', 'T-2'].sort());

  await choose.setInputFiles(file('april.csv', row('T-1', '2026-05-01'), row('T-2', '2026-05-03')));
  await page.getByText('Nothing to import: all of it is on file as it is here.').waitFor();
  await choose.setInputFiles({ name: 'april.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
  await page.getByText('april.pdf is not a CSV or .xlsx file.').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a role that may not import is told which one may', { skip }, async () => {
  const made = (await (await asAdmin('/api/v1/api-keys', { method: 'POST', body: JSON.stringify({ name: 'reader', role: 'viewer' }) })).json()) as { token: string };
  const context = await seat.browser.newContext();
  await seat.signIn(context, made.token);
  const page = await seat.openTab('/customers/import?what=customers', { context });
  await page.locator('input[type=file]').setInputFiles({ name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from('name,language,timezone,email\nTern,en,Europe/London,desk@example.com\n') });
  await page.getByText('Your role may not import customers.').waitFor();
  assert.match(await page.locator('main').innerText(), /needs the role operator; you are signed in as viewer\. Nothing was written/);
  await page.context().close();
});

test('a customer is changed by keyboard: the wrong field takes the focus, a stored address stays', { skip }, async () => {
  const page = await open('/customers');
  await page.getByRole('link', { name: 'Quillmark Devices' }).press('Enter');
  await page.waitForURL(/cust_quillmark\/edit/);
  const zone = page.getByLabel('Time zone');
  await zone.fill('Mars/Olympus');
  await page.getByRole('button', { name: 'Add a way' }).press('Enter');
  await page.getByLabel('E-mail address').fill('not a mailbox');
  await page.getByLabel('Time zone').press('Enter');
  await page.getByText(/must be an IANA time zone/i).waitFor();
  await page.getByText(/must be one mailbox/i).waitFor();
  assert.equal(await zone.getAttribute('aria-invalid'), 'true');
  await zone.fill('Europe/Lisbon');
  await page.getByLabel('E-mail address').fill('desk@example.com');
  await page.getByRole('button', { name: 'Try E-mail earlier' }).press('Enter');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.waitForURL(/\/customers$/);
  const { contacts, timezone } = (await seat.desk.get('/api/v1/customers/cust_quillmark')).body as { contacts: unknown; timezone: string };
  assert.equal(timezone, 'Europe/Lisbon');
  assert.deepEqual(contacts, [{ channel: 'email', address: 'd•••@example.com' }, { channel: 'whatsapp', address: '+44•••0217' }]);
  await page.getByText('Europe/Lisbon').waitFor();
  await page.context().close();
});

test('the record shows the figures of the API, and says when they are too few', { skip }, async () => {
  const { forecasters, why } = (await seat.desk.get('/api/v1/calibration')).body as { forecasters: { n: number; clusters: number; brier: number; log_loss: number }[]; why: string };
  assert.ok(forecasters.length >= 3 && forecasters.every(({ n }) => n > 0), 'something is scored in these weeks');
  for (const viewport of [DESK, PHONE]) {
    const page = await open('/record', viewport);
    await page.getByRole('heading', { name: 'Who forecasts best?' }).waitFor();
    const text = await page.locator('main').innerText();
    for (const f of forecasters) assert.ok(text.includes(f.brier.toFixed(3)) && text.includes(`${f.log_loss.toFixed(3)} nats`), text);
    assert.ok(text.includes(why), 'why this forecaster is in use');
    assert.match(text, /too few to tell a good forecaster from a lucky one/);
    const picture = page.getByRole('img', { name: /Said .* of \d+ forecasts? came true/ });
    assert.match((await picture.getAttribute('aria-label')) ?? '', /90 % interval/);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, 'nothing scrolls sideways');
    await page.screenshot({ path: join(SHOTS, `record-${viewport.width}.png`), fullPage: true });
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test('a decision is read in another language, which is kept for the next one', { skip }, async () => {
  const [decision] = await all(seat.desk, '/api/v1/decisions?status=all');
  const told = async (language: string): Promise<string> => ((await seat.desk.get(`/api/v1/decisions/${decision!['id'] as string}?language=${language}`)).body as { answers: { what: string } }).answers.what;
  const page = await open(`/decisions/${decision!['id'] as string}`, PHONE);
  await page.getByText(await told('en')).first().waitFor();
  await page.getByText('Español', { exact: true }).click();
  await page.getByText('¿Qué está pasando?').waitFor();
  const words = await page.locator('dl[lang=es]').innerText();
  assert.ok(words.includes(await told('es')) && (await told('es')) !== (await told('en')));
  await page.reload();
  await page.locator('dl[lang=es]').waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, 'nothing scrolls sideways');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the report of a walked scenario says what each way to decide would have cost', { skip }, async () => {
  const page = await open('/backtests');
  await page.getByRole('link', { name: /^Hormuz 2026/ }).press('Enter', { timeout: 60_000 });
  await page.waitForURL(/\/backtests\/btr_/);
  const { report } = (await seat.desk.get(`/api/v1${new URL(page.url()).pathname}`)).body as { report: { regret: { policies: { total_usd: string }[] } } };
  await page.getByRole('heading', { name: 'Which alarms came, and how late?' }).waitFor();
  const text = await page.locator('main').innerText();
  assert.equal(report.regret.policies.length, 4);
  for (const { total_usd } of report.regret.policies) assert.ok(text.includes(`$${Math.round(Number(total_usd)).toLocaleString('en-US')}`), total_usd);
  assert.match((await page.getByRole('img', { name: /counted 2 Mar 2026, known 10 Mar/ }).getAttribute('aria-label')) ?? '', /Strait of Hormuz/);
  await page.setViewportSize(PHONE);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, 'nothing scrolls sideways');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('every new page is reached by keyboard and answers without an error', { skip }, async () => {
  const page = await open('/');
  for (const [key, path] of [['u', '/customers'], ['r', '/record'], ['b', '/backtests']] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await page.waitForURL(new RegExp(`${path}$`));
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  await page.getByRole('button', { name: /More pages/ }).press('Enter');
  await page.getByRole('menuitem', { name: /Customers/ }).press('Enter');
  await page.waitForURL(/\/customers$/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
