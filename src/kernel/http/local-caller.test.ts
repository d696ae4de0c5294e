import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { forwardingHeader, peerBelongsToUs, socketOwner } from './local-caller.ts';

// Rows as a Linux 6.1 kernel prints them: a listener, a connection seen from both ends, one that its program has closed.
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 31338 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:C350 0100007F:1F40 01 00000000:00000000 00:00000000 00000000    33        0 31339 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:C351 0100007F:1F40 06 00000000:00000000 03:00000A2B 00000000     0        0 0 3 0000000000000000
   4: 0100007F:C352 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:C350 00000000000000000000000001000000:1F40 01 00000000:00000000 00:00000000 00000000   501        0 41 1 0
   1: 0000000000000000FFFF00000100007F:C360 0000000000000000FFFF00000100007F:1F40 01 00000000:00000000 00:00000000 00000000   502        0 42 1 0`;

test('the owner of a connection’s other end, from the kernel’s table', () => {
  const desk = { address: '127.0.0.1', port: 8000 };
  const at = (port: number, address = '127.0.0.1') => ({ address, port });
  assert.equal(socketOwner(TCP, at(50_000), desk), 33, 'the end that is not ours');
  assert.equal(socketOwner(TCP, desk, at(50_000)), 1000);
  assert.equal(socketOwner(TCP, at(50_001), desk), null, 'TIME_WAIT belongs to no one');
  assert.equal(socketOwner(TCP, at(50_002), desk), null, 'no inode: closed by its program, and only seems to be root’s');
  assert.equal(socketOwner(TCP, at(50_009), desk), null);
  assert.equal(socketOwner(TCP6, at(50_000, '::1'), { address: '::1', port: 8000 }), 501);
  assert.equal(socketOwner(TCP6, at(50_016, '::ffff:127.0.0.1'), { address: '::ffff:127.0.0.1', port: 8000 }), 502, 'an IPv4 address in an IPv6 socket');
  assert.equal(socketOwner('', at(50_000), desk), null);
});

test('every proxy’s header is known by its name', () => {
  for (const name of ['x-forwarded-for', 'x-forwarded-ssl', 'forwarded', 'via', 'x-real-ip', 'cf-connecting-ip', 'x-amz-cf-id', 'x-azure-clientip', 'ngrok-skip-browser-warning']) {
    assert.equal(forwardingHeader({ host: 'x', [name]: '1' }), name);
  }
  assert.equal(forwardingHeader({ host: 'x', accept: '*/*', 'user-agent': 'curl', traceparent: '00', 'x-request-id': '1', viaduct: '1' }), null);
});

/** Another user of this machine, who exists on every Linux. */
const NOBODY = 65_534;
const canSwitchUser = process.platform === 'linux' && process.geteuid?.() === 0 && spawnSync('curl', ['--version']).status === 0;

test('a curl of our own user is ours, one of another user is not', { skip: canSwitchUser ? false : 'needs Linux, root and curl' }, async () => {
  const seen: (boolean | null)[] = [];
  const server = createServer((request, reply) => {
    void peerBelongsToUs(request.socket).then((ours) => {
      seen.push(ours);
      reply.end('ok');
    });
  });
  for (const host of ['127.0.0.1', '::1']) {
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as { port: number };
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
    for (const uid of [undefined, NOBODY]) {
      const curl = spawn('curl', ['-s', '--max-time', '10', url], { ...(uid === undefined ? {} : { uid, gid: uid }), stdio: 'ignore' });
      assert.deepEqual(await once(curl, 'exit'), [0, null]);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  assert.deepEqual(seen, [true, false, true, false]);
});
