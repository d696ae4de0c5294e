/** The real server as a child process, for tests that span parts: started, asked over HTTP, killed, started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

export interface DeskProcess extends AsyncDisposable {
  readonly url: string;
  readonly gateUrl: string;
  readonly pid: number;
  /** The admin token that the first start on this folder printed, also on later starts; null until it is printed. */
  readonly token: string | null;
  /** What it wrote so far, logs included. */
  output(): string;
  /** A GET with the admin token, once there is one; `headers` win. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; body: never }>;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  kill(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface DeskStart {
  /** Folder of the embedded database: give the same one to start again on it. */
  readonly home: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Give it to keep the address over a restart. */
  readonly ports?: { readonly api: number; readonly gate: number };
  /** Resolve as soon as the process runs, without waiting for /health. */
  readonly wait?: boolean;
}

/** Admin tokens by the database that they belong to: a later start on the same one prints none. */
const tokens = new Map<string, string>();

/** A folder of its own for one test's desk. */
export function deskHome(): Disposable & { readonly home: string } {
  const home = mkdtempSync(join(tmpdir(), 'bw-desk-'));
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startDesk(start: DeskStart): Promise<DeskProcess> {
  const ports = start.ports ?? { api: await freePort(), gate: await freePort() };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', MAIN, 'start', ...(start.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...withoutTestVariables(process.env),
      BELLWETHER_HOME: start.home,
      BELLWETHER_ENV_FILE: '/nonexistent',
      PORT: String(ports.api),
      GATE_PORT: String(ports.gate),
      TRACE_PORT: '0',
      LOG_FORMAT: 'json',
      ...start.env,
    },
  });
  // A live and a replayed desk on one folder have a database each.
  const database = start.env?.['DATABASE_URL'] ?? `${start.home} ${start.args?.includes('--live') === true ? 'live' : 'replay'}`;
  let output = '';
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    // Kept at once: whoever starts on this database after a kill needs it.
    if (!tokens.has(database)) {
      const printed = /\b(bw_[A-Za-z0-9_-]{20,})\s/.exec(output)?.[1];
      if (printed !== undefined) tokens.set(database, printed);
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<number | string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)));
  const url = `http://127.0.0.1:${ports.api}`;
  const desk: DeskProcess = {
    url,
    gateUrl: `http://127.0.0.1:${ports.gate}`,
    pid: child.pid!,
    get token() {
      return tokens.get(database) ?? null;
    },
    output: () => output,
    ended,
    async get(path, headers = {}) {
      const { token } = desk;
      const response = await fetch(url + path, { headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers }, signal: AbortSignal.timeout(15_000) });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: (isJson(response) ? JSON.parse(text) : text) as never };
    },
    kill: (signal = 'SIGTERM') => end(child, ended, signal),
    [Symbol.asyncDispose]: async () => void (await end(child, ended, 'SIGTERM')),
  };
  if (start.wait !== false) await until(() => desk.get('/health').then((r) => r.status === 200), { ended, output: () => output, limitMs: 60_000 });
  return desk;
}

const isJson = (response: Response): boolean => /\bjson\b/.test(response.headers.get('content-type') ?? '');

async function end(child: ChildProcess, ended: Promise<number | string>, signal: NodeJS.Signals): Promise<number | string> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const outcome = await Promise.race([ended, sleep(45_000, null, { ref: false })]);
  if (outcome !== null) return outcome;
  child.kill('SIGKILL');
  return ended;
}

/**
 * Asks until the answer is yes. A test that waits this way fails with what the server wrote.
 * @throws Error when the limit passes or the process ends first
 */
export async function until(ask: () => Promise<boolean>, options: { readonly ended?: Promise<number | string>; readonly output?: () => string; readonly limitMs?: number; readonly what?: string }): Promise<void> {
  let over: number | string | undefined;
  void options.ended?.then((outcome) => (over = outcome));
  const limit = performance.now() + (options.limitMs ?? 30_000);
  while (performance.now() < limit) {
    if (await ask().catch(() => false)) return;
    if (over !== undefined) throw new Error(`the server ended (${over}) before ${options.what ?? 'it was ready'}\n${options.output?.() ?? ''}`);
    await sleep(50);
  }
  throw new Error(`not in time: ${options.what ?? 'ready'}\n${options.output?.().slice(-4_000) ?? ''}`);
}

/** Whatever a test runner or a developer has in the environment must not reach the desk under test. */
function withoutTestVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'LOGNAME'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.includes(name)));
}
