/** Opens an address in the user's browser, where there is a screen. Never fails: the address is printed as well. */
import { spawn } from 'node:child_process';

/** The program that opens an address, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Whether a browser could show anything: a desktop session, and not over SSH. */
export const hasScreen = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean =>
  env['SSH_CONNECTION'] === undefined && (platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined);

export function openBrowser(url: string): void {
  const opener = OPENERS[process.platform];
  if (!opener) return;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
