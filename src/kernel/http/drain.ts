/** How a server stops taking connections without dropping one that was accepted. */
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** Turns of the event loop in which we wait for one that is short and without a new connection. */
const QUIET_TURNS_MAX = 500;
/**
 * Whoever connects between the last look at the queue and the close is reset, so the turn in which we close must be short:
 * an empty one takes a few µs. A desk that is never idle has no such turn: what is taken for short grows up to a millisecond.
 */
const SHORT_TURN_MS = 0.01;
const SHORT_TURN_GROWTH_MS = 0.002;

/**
 * Closes the listening socket right after a turn of the event loop in which nobody connected: the kernel resets what
 * still waits in its queue, so the queue must be empty at that moment. Done here and not by fastify, whose close
 * runs hooks in between, in which the queue fills again.
 * @returns `ended`: when the last connection has ended (wrapped, so that awaiting this does not wait for that)
 */
export async function stopAccepting(server: Server): Promise<{ readonly ended: Promise<void> }> {
  if (!server.listening) return { ended: Promise.resolve() };
  let connected = false;
  const note = (): void => void (connected = true);
  server.on('connection', note);
  for (let turn = 0; turn < QUIET_TURNS_MAX; turn++) {
    connected = false;
    const from = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    if (!connected && performance.now() - from < SHORT_TURN_MS + turn * SHORT_TURN_GROWTH_MS) break;
  }
  // The bare close: http's own looks for idle connections first, which takes half a millisecond. `app.close()` does that after.
  const ended = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  server.off('connection', note);
  return { ended };
}

/** A browser opens connections ahead of need, and those are not idle to Node: once nothing has been under way for half a second they go. */
export function closeWhenQuiet(server: Server, flow: { readonly inFlight: number }): NodeJS.Timeout {
  let quiet = 0;
  return setInterval(() => {
    quiet = flow.inFlight === 0 ? quiet + 1 : 0;
    if (quiet === 10) server.closeAllConnections();
  }, 50);
}
