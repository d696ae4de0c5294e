/** A receiver's stand-in: a TCP server that plays recorded sentences to whoever connects, and fails as told. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TwinFaults } from '../twin/index.ts';
import { arrange } from '../twin/faults.ts';

export interface NmeaFeederOptions {
  /** Sent to each connection as it is made. */
  readonly lines: readonly string[];
  readonly faults?: TwinFaults;
  /** Bytes of one write, so that lines are cut anywhere. Default: all at once. */
  readonly chunkBytes?: number;
}

export interface NmeaFeeder {
  /** `tcp://127.0.0.1:PORT`. */
  readonly url: string;
  readonly faults: TwinFaults;
  /** To every connection that is open. */
  send(lines: readonly string[]): void;
  connections(): { readonly made: number; readonly open: number };
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const PATH = '/nmea';

/** `dropped_socket`: reset before (or, with `when: 'after'`, behind) the sentences; `half_open`: silence; `malformed_body`: the last half is missing; `duplicated`, `reordered`. */
export async function startNmeaFeeder(options: NmeaFeederOptions): Promise<NmeaFeeder> {
  const faults = options.faults ?? new TwinFaults();
  const open = new Set<Socket>();
  let made = 0;
  const server = createServer((socket) => {
    made += 1;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    play(socket, options.lines);
  });
  const play = (socket: Socket, lines: readonly string[]): void => {
    if (faults.take(PATH, ['dropped_socket'], 'before')) return void socket.resetAndDestroy();
    if (faults.take(PATH, ['half_open'])) return;
    const text = arrange(faults, PATH, lines).map((line) => `${line}\r\n`).join('');
    write(socket, faults.take(PATH, ['malformed_body']) ? text.slice(0, text.length / 2) : text, options.chunkBytes);
    if (faults.take(PATH, ['dropped_socket'], 'after')) socket.destroySoon();
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    if (server.listening) await new Promise<void>((done) => server.close(() => done()));
  };
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    send: (lines) => open.forEach((socket) => play(socket, lines)),
    connections: () => ({ made, open: open.size }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function write(socket: Socket, text: string, chunkBytes: number | undefined): void {
  if (chunkBytes === undefined) return void socket.write(text, 'latin1');
  socket.setNoDelay(true);
  for (let at = 0; at < text.length; at += chunkBytes) socket.write(text.slice(at, at + chunkBytes), 'latin1');
}
