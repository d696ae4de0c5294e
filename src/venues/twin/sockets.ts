/** The WebSocket side of a twin: upgrades, faults on frames. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { CounterBook } from './counters.ts';
import { arrange, type TwinFaults } from './faults.ts';
import { refuseForeign } from './guard.ts';
import { splitTarget } from './routing.ts';
import type { TwinContext, TwinSocket, TwinSocketRoute } from './types.ts';

export interface SocketSide {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export function socketSide(routes: readonly TwinSocketRoute[], faults: TwinFaults, book: CounterBook, contextFor: (path: string) => TwinContext): SocketSide {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1 << 20, perMessageDeflate: false });
  return {
    upgrade(request, socket, head) {
      // Node removes its own listener before `upgrade`. Without one, a client that resets would end the process.
      socket.on('error', () => socket.destroy());
      if (refuseForeign(request)) {
        return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      }
      const { path } = splitTarget(request.url);
      const route = routes.find((r) => r.path === path);
      book.request(route ? `WS ${route.path}` : 'unmatched');
      const refusal = faults.take(path, ['dropped_socket', 'rate_limited', 'server_error', 'half_open'], 'before');
      if (refusal?.kind === 'half_open') return book.outcome('held');
      if (refusal?.kind === 'dropped_socket') {
        book.outcome('dropped');
        return void socket.destroy();
      }
      const status = !route ? '404 Not Found' : refusal?.kind === 'rate_limited' ? `429 Too Many Requests\r\nRetry-After: ${refusal.retry_after_s}` : refusal ? `${refusal.status} Failed` : null;
      if (status !== null || !route) {
        book.outcome((status ?? '404').slice(0, 3));
        return void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      }
      server.handleUpgrade(request, socket, head, (ws) => {
        book.outcome('101');
        book.socketOpened();
        ws.once('close', () => book.socketClosed());
        // A peer that resets is the point of some cases; without a listener the error would end the process.
        ws.on('error', () => ws.terminate());
        route.open(twinSocket(ws, path, faults), contextFor(path));
      });
    },
    close() {
      for (const ws of server.clients) ws.terminate();
      server.close();
    },
  };
}

function twinSocket(ws: WebSocket, path: string, faults: TwinFaults): TwinSocket {
  const silent = (): boolean => faults.peek(path, ['half_open'], 'after') !== undefined;
  return {
    deliver(frames) {
      if (faults.take(path, ['dropped_socket'], 'after')) return ws.terminate();
      if (silent()) return;
      for (const frame of arrange(faults, path, frames)) {
        const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
        ws.send(faults.take(path, ['malformed_body']) ? text.slice(0, text.length / 2) : text);
      }
    },
    onText(listener) {
      ws.on('message', (data, isBinary) => {
        if (!isBinary && !silent()) listener(String(data));
      });
    },
    onClose(listener) {
      ws.once('close', () => listener());
    },
    close(code, reason) {
      ws.close(code, reason);
    },
  };
}
