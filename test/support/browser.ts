/** The console in a real browser on a real desk that has played a window of Hormuz 2026: shared by the browser tests. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { systemClock } from '../../src/model/time.ts';
import { deskHome, startDesk, type DeskProcess } from './desk.ts';
import { findServer } from './servers.ts';
import { shortScenario } from './short-scenario.ts';
import { played } from './story.ts';

const ROOT = join(import.meta.dirname, '../..');
const found = findServer('chromium');
const built = existsSync(join(ROOT, 'console/dist/index.html'));
if (!built && process.env['BELLWETHER_TEST_ALL'] === '1')
  throw new Error('console/dist is not built: run `npm run console`');

/** Where pictures are kept. */
export const SHOTS = join(ROOT, 'test-results');
/** For `test(…, { skip })`: why there is no browser or no console, or false. */
export const skip = found.skip ?? (built ? false : 'the console is not built: `npm run console`');

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 375, height: 812 };
// Chromium looks for its maker's hosts in the background; a test on this machine alone has no use for that.
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: found.path!, args: [...ARGS, ...args] });

/** Collects the errors of a page: a script that failed or was refused by the content policy shows there. */
export type WatchedPage = Page & { readonly faults: string[] };

export interface Seat {
  readonly desk: DeskProcess;
  readonly browser: Browser;
  /** BELLWETHER_HOME of the desk, for commands beside it. */
  readonly home: string;
  /** A page in a browser context of its own, signed in with the admin token. */
  open(path: string, viewport?: typeof DESK, colorScheme?: 'light' | 'dark'): Promise<WatchedPage>;
  /** A page in a context of its own, where nobody has signed in; or another tab of `context`. */
  openTab(
    path: string,
    options?: {
      readonly context?: BrowserContext;
      readonly viewport?: typeof DESK;
      readonly colorScheme?: 'light' | 'dark';
    },
  ): Promise<WatchedPage>;
  /** Puts a session for a token into every new tab of the context, as a sign-in does. */
  signIn(context: BrowserContext, token: string): Promise<void>;
}

/** Starts a desk and a browser before the file's tests and ends both after them. @returns what is there once they run */
export function seatBeforeTests(): Seat {
  let browser: Browser;
  let desk: DeskProcess;
  const folder = deskHome();
  const scenario = shortScenario('hormuz-2026', '2026-02-25', '2026-03-20');
  before(async () => {
    if (skip) return;
    mkdirSync(SHOTS, { recursive: true });
    desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '0'] });
    await played(desk);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await desk?.kill();
    folder[Symbol.dispose]();
    scenario[Symbol.dispose]();
  });
  const seat: Seat = {
    get desk() {
      return desk;
    },
    get browser() {
      return browser;
    },
    home: folder.home,
    async open(path, viewport = DESK, colorScheme = 'light') {
      const context = await browser.newContext({ viewport, colorScheme });
      await seat.signIn(context, desk.token!);
      return seat.openTab(path, { context });
    },
    async openTab(path, { context, viewport = DESK, colorScheme = 'light' } = {}) {
      const page = await (context ?? (await browser.newContext({ viewport, colorScheme }))).newPage();
      const faults: string[] = [];
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(desk.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return Object.assign(page, { faults });
    },
    async signIn(context, token) {
      const { subject, role } = (await desk.get('/api/v1/auth/me', { authorization: `Bearer ${token}` })).body as {
        subject: string;
        role: string;
      };
      const session = {
        accessToken: token,
        refreshToken: null,
        subject,
        role,
        issuedAt: systemClock.now(),
        expiresAt: null,
      };
      // Once for each tab: after a sign-out a reload must not sign in again.
      await context.addInitScript(`if (sessionStorage.getItem('test.signed-in') === null) {
        sessionStorage.setItem('test.signed-in', 'yes');
        sessionStorage.setItem('bellwether.session', ${JSON.stringify(JSON.stringify(session))});
      }`);
    },
  };
  return seat;
}
