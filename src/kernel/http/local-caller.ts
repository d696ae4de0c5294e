/**
 * Decides whether a request comes from a program or a person at this machine. A reverse proxy with its default settings sends
 * the same headers as curl, so headers alone cannot tell (docs/adr/0016): on Linux the kernel says which user owns the other
 * end of the connection; elsewhere, and for other users, a secret from a file that only the desk's user can read does.
 */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Logger } from '../logging/types.ts';
import { isSameSecret } from '../secrets/same-secret.ts';
import { hostName, isLoopback, type AddressList } from './addresses.ts';
import { isForeignPage } from './site-check.ts';
import type { Caller } from './types.ts';

/** Header of the secret in `.bellwether/curlrc`. */
export const LOCAL_TOKEN_HEADER = 'x-bellwether-local';

export interface LocalCallers {
  isLocal(caller: Caller): Promise<boolean>;
}

export interface LocalCallerOptions {
  readonly logger: Logger;
  /** Proxies that are named already: their requests are no news. */
  readonly trusted: AddressList | null;
  /** The secret of the token file; null: there is none. */
  readonly token: string | null;
  /** For tests: whether the process at the other end belongs to the desk's user; null when the system cannot tell. */
  readonly ownsPeer?: (socket: Socket) => Promise<boolean | null>;
}

/** Headers that a proxy adds, whatever its vendor: with one of them the caller is somewhere else. */
const FORWARDING =
  /^(x-forwarded($|-)|forwarded$|via$|x-real-ip$|x-client-ip$|x-cluster-client-ip$|x-original-|x-envoy-|x-proxy|proxy-|cf-|cdn-|true-client-ip$|fastly-|fly-|x-vercel-|x-azure-|x-arr-|x-amz-cf-|x-appengine-|x-nginx-|ngrok-)/;

export const forwardingHeader = (headers: Caller['headers']): string | null =>
  Object.keys(headers).find((name) => FORWARDING.test(name)) ?? null;

const isLocalName = (host: string | undefined): boolean => {
  if (host === undefined) return false;
  const name = hostName(host);
  return name === 'localhost' || isLoopback(name);
};

export function createLocalCallers({ logger, trusted, token, ownsPeer = peerBelongsToUs }: LocalCallerOptions): LocalCallers {
  // A connection does not change its owner: it is asked for once.
  const owners = new WeakMap<Socket, Promise<boolean | null>>();
  let proxySeen = false;

  function noteProxy(address: string, how: string): void {
    if (proxySeen || trusted?.contains(address)) return;
    proxySeen = true;
    logger.warn('proxy_seen', {
      how,
      message: 'A proxy forwards requests from this machine: its callers need a token. Name it in TRUST_PROXY, so that limits and addresses are those of the callers.',
    });
  }

  return {
    async isLocal(caller) {
      const { socket, headers } = caller;
      if (!isLoopback(socket.remoteAddress)) return false;
      const forwarding = forwardingHeader(headers);
      if (forwarding !== null) {
        noteProxy(socket.remoteAddress!, `header ${forwarding}`);
        return false;
      }
      if (!isLocalName(headers.host) || isForeignPage(caller)) return false;
      const given = headers[LOCAL_TOKEN_HEADER];
      if (given !== undefined) return token !== null && isSameSecret(String(given), token);
      let owned = owners.get(socket);
      if (!owned) owners.set(socket, (owned = ownsPeer(socket)));
      const ours = await owned;
      if (ours === false) noteProxy(socket.remoteAddress!, 'a connection from another user of this machine');
      return ours === true;
    },
  };
}

/**
 * Linux: finds the peer's socket in /proc/net/tcp and compares its owner with this process's user.
 * @returns null where the system does not say
 */
export async function peerBelongsToUs(socket: Socket): Promise<boolean | null> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  const uid = process.geteuid?.();
  if (process.platform !== 'linux' || uid === undefined) return null;
  if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) return false;
  const tables = await Promise.all(['/proc/self/net/tcp', '/proc/self/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => '')));
  if (tables.every((table) => table === '')) return null;
  // In a user namespace every user that is not mapped looks like this one, so it proves nothing.
  if (uid === (await overflowUid())) return null;
  const owner = tables.map((table) => socketOwner(table, { address: remoteAddress, port: remotePort }, { address: localAddress, port: localPort })).find((o) => o !== null);
  // A connection that is gone already says nothing about who opened it.
  return owner === undefined ? null : owner === uid;
}

let overflow: Promise<number> | undefined;

/** The user id that stands for users without a mapping (user_namespaces(7)); 65534 unless it was changed. */
const overflowUid = (): Promise<number> =>
  (overflow ??= readFile('/proc/sys/kernel/overflowuid', 'latin1').then(Number, () => 65_534));

interface End {
  readonly address: string;
  readonly port: number;
}

const ESTABLISHED = '01';

/**
 * The user id that owns an established connection, from the text of /proc/net/tcp or tcp6 (proc_net_tcp.txt of the Linux kernel).
 * @param local the end that belongs to the owner
 * @returns null when the table does not have it
 */
export function socketOwner(table: string, local: End, remote: End): number | null {
  const wantedLocal = new Set(endForms(local));
  const wantedRemote = new Set(endForms(remote));
  for (const line of table.split('\n')) {
    const [, localEnd, remoteEnd, state, , , , owner, , inode] = line.trim().split(/\s+/);
    // A connection that its program has closed has no inode, and seems to belong to root.
    if (state !== ESTABLISHED || inode === '0' || owner === undefined) continue;
    if (wantedLocal.has(localEnd!) && wantedRemote.has(remoteEnd!)) return Number(owner);
  }
  return null;
}

/** How the kernel writes an address: each 32-bit word in the machine's byte order, in hex. An IPv4 address may stand mapped in tcp6. */
function endForms({ address, port }: End): readonly string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const v4 = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(v4)) {
    const word = wordOf(v4.split('.').map(Number));
    return [`${word}:${hexPort}`, `0000000000000000${wordOf([0, 0, 0xff, 0xff])}${word}:${hexPort}`];
  }
  if (address !== '::1') return [];
  return [`${'0'.repeat(24)}${wordOf([0, 0, 0, 1])}:${hexPort}`];
}

/** Linux on every supported processor is little-endian. */
const wordOf = (bytes: readonly number[]): string => bytes.toReversed().map((b) => b.toString(16).toUpperCase().padStart(2, '0')).join('');
