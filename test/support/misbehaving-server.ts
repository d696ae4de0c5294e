/** A real HTTP server on this machine whose reply to each request is told beforehand: for what venues do on bad days. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Behaviour = (request: IncomingMessage, response: ServerResponse, socket: Socket) => void;

export const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
/** The connection is cut before a word is said. */
export const drop: Behaviour = (_request, _response, socket) => void socket.destroy();
/** The connection stays open and nothing ever comes. */
export const silence: Behaviour = () => undefined;
/** Half of the promised body, then the connection is cut. */
export const cutBody: Behaviour = (_request, response, socket) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"half":', () => socket.destroy());
};
/** The head and half of the body, then nothing. */
export const stall: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"half":');
};
/** More than anyone asked for, without saying how much. */
export const flood: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = `"${'x'.repeat(65_536)}",`;
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  response.write('[');
  more();
};

export interface MisbehavingServer extends AsyncDisposable {
  readonly url: string;
  /** What comes next, in order; the last one stays. */
  plan(...behaviours: Behaviour[]): void;
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
}

export async function misbehavingServer(): Promise<MisbehavingServer> {
  let planned: Behaviour[] = [reply(200, {})];
  const requests: MisbehavingServer['requests'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const behaviour = planned.length > 1 ? planned.shift()! : planned[0]!;
      behaviour(request, response, request.socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    plan: (...behaviours) => void (planned = behaviours),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
