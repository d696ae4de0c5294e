/** Steps of the tests that sign in and out: users, the sign-in form, the stored session, and what a page asks for. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { WatchedPage } from '../support/browser.ts';
import { until, type DeskProcess } from '../support/desk.ts';

export const PASSWORD = 'correct horse battery staple';

export async function asAdmin<T>(desk: DeskProcess, method: string, path: string, body: object): Promise<T> {
  const headers = { authorization: `Bearer ${desk.token}`, 'content-type': 'application/json' };
  const reply = await fetch(desk.url + path, {
    method,
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status}`);
  return (await reply.json()) as T;
}

export interface Person {
  readonly id: string;
  readonly email: string;
}
export const newUser = (desk: DeskProcess, role: string): Promise<Person> =>
  asAdmin(desk, 'POST', '/api/v1/users', { email: `${randomUUID()}@example.org`, password: PASSWORD, role });

export async function withPassword(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
export const onSignInPage = (page: Page): Promise<void> => heading(page, 'Sign in').waitFor();
/** The content policy forbids waitForFunction, so the title is asked for. */
export const onPage = (page: Page, name: string): Promise<void> =>
  until(async () => (await page.title()) === `${name} · Bellwether`, { what: `the page ${name}` });
export const onDecisions = (page: Page): Promise<void> => onPage(page, 'Decisions');
export const stored = (page: Page): Promise<Record<string, unknown> | null> =>
  page.evaluate("JSON.parse(sessionStorage.getItem('bellwether.session'))");

export const store = (page: Page, session: object): Promise<unknown> =>
  page.evaluate(`sessionStorage.setItem('bellwether.session', ${JSON.stringify(JSON.stringify(session))})`);

/** Paths of the interface that a page has asked, and the WebSockets that it has opened. */
export function listen(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/(api|admin|health|ws|webhooks)\b/.test(pathname)) asked.push(`${request.method()} ${pathname}`);
  });
  page.on('websocket', (socket) => asked.push(`WS ${new URL(socket.url()).pathname}`));
  return asked;
}

export const sideways = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Chromium reports each reply of 401 as an error of the page; these are expected where a sign-in is refused. */
export const withoutRefusals = ({ faults }: WatchedPage): readonly string[] =>
  faults.filter((fault) => !/status of 401/.test(fault));
