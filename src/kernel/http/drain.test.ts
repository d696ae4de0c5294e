import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';

const SERVER = join(import.meta.dirname, '../../../test/support/drain-server.ts');

type Outcome = 'answered' | 'refused' | `dropped ${string}`;

/** A request is dropped when its connection was accepted and its reply did not come whole. A refused connection was not accepted. */
function ask(url: string, agent: Agent | false): Promise<{ outcome: Outcome; status: number }> {
  return new Promise((resolve) => {
    const request = get(url, agent === false ? { agent: false } : { agent }, (reply) => {
      reply.on('end', () => resolve({ outcome: reply.complete ? 'answered' : 'dropped incomplete', status: reply.statusCode ?? 0 }));
      reply.on('error', (e) => resolve({ outcome: `dropped ${e.message}`, status: 0 }));
      reply.resume();
    });
    request.on('error', (e: NodeJS.ErrnoException) => resolve({ outcome: e.code === 'ECONNREFUSED' ? 'refused' : `dropped ${e.code ?? e.message}`, status: 0 }));
  });
}

for (const keepAlive of [true, false]) {
  test(`a SIGTERM under 200 requests a second drops no accepted request (${keepAlive ? 'kept' : 'new'} connections)`, async () => {
    const child = fork(SERVER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const exited = once(child, 'exit');
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const agent = keepAlive ? new Agent({ keepAlive: true, maxSockets: 16 }) : false;
    const pending: Promise<{ outcome: Outcome; status: number }>[] = [];
    const state = { ended: false };
    let notReady = 0;
    void exited.then(() => (state.ended = true));
    for (let tick = 0; !state.ended; tick++) {
      pending.push(ask(`${url}/work`, agent));
      if (tick === 200) child.kill('SIGTERM');
      if (tick > 200 && tick % 10 === 0) void ask(`${url}/health/ready`, false).then(({ status }) => (notReady += Number(status === 503)));
      await sleep(5);
    }
    const outcomes = await Promise.all(pending);
    const tally = Object.groupBy(outcomes, ({ outcome }) => outcome);
    const dropped = outcomes.filter(({ outcome }) => outcome.startsWith('dropped'));
    assert.deepEqual(dropped, []);
    assert.ok((tally['answered']?.length ?? 0) > 200, 'traffic was served while readiness said no');
    assert.ok(outcomes.every(({ outcome, status }) => outcome !== 'answered' || status === 200));
    assert.ok(notReady > 0, 'readiness said 503 before the end');
    assert.deepEqual(await exited, [0, null]);
    if (agent) agent.destroy();
  });
}
