/** The console in a real browser on a real desk that has played a window of Hormuz 2026: shared by the browser tests. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { deskHome, startDesk, type DeskProcess } from './desk.ts';
import { findServer } from './servers.ts';
import { shortScenario } from './short-scenario.ts';
import { played } from './story.ts';

const ROOT = join(import.meta.dirname, '../..');
const found = findServer('chromium');
const built = existsSync(join(ROOT, 'console/dist/index.html'));
if (!built && process.env['BELLWETHER_TEST_ALL'] === '1') throw new Error('console/dist is not built: run `npm run console`');

/** Where pictures are kept. */
export const SHOTS = join(ROOT, 'test-results');
/** For `test(…, { skip })`: why there is no browser or no console, or false. */
export const skip = found.skip ?? (built ? false : 'the console is not built: `npm run console`');

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 375, height: 812 };
// Chromium looks for its maker's hosts in the background; a test on this machine alone has no use for that.
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export interface Seat {
  readonly desk: DeskProcess;
  readonly browser: Browser;
  /** A page whose errors are collected: a script that failed or was refused by the content policy shows there. */
  open(path: string, viewport?: typeof DESK, colorScheme?: 'light' | 'dark'): Promise<Page & { readonly faults: string[] }>;
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
    browser = await chromium.launch({ executablePath: found.path!, args: ARGS });
  });
  after(async () => {
    await browser?.close();
    await desk?.kill();
    folder[Symbol.dispose]();
    scenario[Symbol.dispose]();
  });
  return {
    get desk() {
      return desk;
    },
    get browser() {
      return browser;
    },
    async open(path, viewport = DESK, colorScheme = 'light') {
      const page = await (await browser.newContext({ viewport, colorScheme })).newPage();
      const faults: string[] = [];
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(desk.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return Object.assign(page, { faults });
    },
  };
}
