/** A real redis-server for tests, on a port of its own, that can be stopped and started again in mid-run. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, type RedisConnection, type RedisConnectionOptions } from '../../src/kernel/cache/index.ts';
import { silentLogger } from '../../src/kernel/logging/types.ts';
import { findServer } from './servers.ts';

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** SIGKILL: what a crash or a cut cable looks like. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** The process stands still and its connections stay open: what a hang looks like. */
  freeze(): void;
  thaw(): void;
}

export async function startRedis(): Promise<TestRedis> {
  const { path } = findServer('redis');
  if (path === null) throw new Error('call startRedis only in tests that skip without redis');
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = spawn(path, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'], { stdio: 'ignore' });
    for (let i = 0; !(await answers(port)); i++) {
      if (i > 400 || child.exitCode !== null) throw new Error('redis-server did not start');
      await sleep(10);
    }
  };
  const stop = async (): Promise<void> => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, start, stop, freeze: () => void child?.kill('SIGSTOP'), thaw: () => void child?.kill('SIGCONT'), [Symbol.asyncDispose]: stop };
}

/** A connection that answers, closed by `await using`: one left open would keep a failed test's process alive. */
export async function connectedRedis(url: string, options: Partial<RedisConnectionOptions> = {}): Promise<RedisConnection & AsyncDisposable> {
  const connection = connectRedis({ url, logger: silentLogger, ...options });
  if (!(await connection.whenReady(5_000))) throw new Error('redis does not answer');
  return { ...connection, [Symbol.asyncDispose]: () => connection.close() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
