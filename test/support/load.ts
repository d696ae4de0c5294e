/** A steady stream of requests over kept connections, which tells a dropped request from a refused connection. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LoadRequest {
  readonly path: string;
  readonly token?: string;
  /** Sent by POST as JSON. */
  readonly json?: unknown;
}

/** Refused: nobody accepted the connection, so nothing was promised. Dropped: it was accepted, and no whole reply came. */
export interface LoadReply {
  readonly request: LoadRequest;
  readonly outcome: 'answered' | 'refused' | `dropped ${string}`;
  readonly status: number;
}

/**
 * @param perSecond requests, whether or not earlier ones were answered
 * @param next the nth request @param ended asked before each one
 */
export async function load(url: string, perSecond: number, next: (n: number) => LoadRequest, ended: () => boolean): Promise<readonly LoadReply[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const replies: Promise<LoadReply>[] = [];
  const from = performance.now();
  while (!ended()) {
    const due = ((performance.now() - from) / 1_000) * perSecond;
    while (replies.length < due) replies.push(send(url, next(replies.length), agent));
    await sleep(2);
  }
  const all = await Promise.all(replies);
  agent.destroy();
  return all;
}

function send(url: string, asked: LoadRequest, agent: Agent): Promise<LoadReply> {
  const body = asked.json === undefined ? null : JSON.stringify(asked.json);
  return new Promise((resolve) => {
    const done = (outcome: LoadReply['outcome'], status = 0): void => resolve({ request: asked, outcome, status });
    const sent = request(
      url + asked.path,
      {
        agent,
        method: body === null ? 'GET' : 'POST',
        headers: { ...(asked.token ? { authorization: `Bearer ${asked.token}` } : {}), ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) },
      },
      (reply) => {
        reply.on('end', () => done(reply.complete ? 'answered' : 'dropped incomplete', reply.statusCode));
        reply.on('error', (e) => done(`dropped ${e.message}`));
        reply.resume();
      },
    );
    sent.setTimeout(20_000, () => sent.destroy(new Error('no reply within 20 s')));
    sent.on('error', (e: NodeJS.ErrnoException) => done(e.code === 'ECONNREFUSED' ? 'refused' : `dropped ${e.code ?? e.message} (${sent.reusedSocket ? 'kept' : 'new'} connection)`));
    sent.end(body ?? undefined);
  });
}
