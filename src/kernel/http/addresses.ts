/** IP addresses: whether one is in a list of networks, is this machine's, or hides behind a trusted proxy. */
import { BlockList, isIP } from 'node:net';

const plain = (ip: string): string => (ip.startsWith('::ffff:') && isIP(ip.slice(7)) === 4 ? ip.slice(7) : ip);

export interface AddressList {
  contains(ip: string): boolean;
}

/**
 * @param networks `10.0.0.0/8`, `2001:db8::/32`, or single addresses
 * @throws RangeError naming the first that is neither
 */
export function addressList(networks: readonly string[]): AddressList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.trim().split('/');
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (version === 0 || length < 0 || length > longest) {
      throw new RangeError(`not an address or a network such as 10.0.0.0/8: ${JSON.stringify(network)}`);
    }
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    contains(ip) {
      const address = plain(ip);
      const version = isIP(address);
      return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

const loopback = addressList(['127.0.0.0/8', '::1']);

export const isLoopback = (ip: string | undefined): boolean => ip !== undefined && loopback.contains(ip);

/**
 * The caller's address: the nearest one in `X-Forwarded-For` that is not a trusted proxy, as fastify's `request.ip`.
 * @param remote address of the connection
 */
export function forwardedAddress(remote: string, forwardedFor: string | undefined, trusted: AddressList | null): string {
  if (!trusted || forwardedFor === undefined) return remote;
  const chain = [...forwardedFor.split(',').map((part) => part.trim()), remote];
  let at = chain.length - 1;
  while (at > 0 && trusted.contains(chain[at]!)) at -= 1;
  return chain[at]!;
}

/** The host of a `Host` header without its port, in lower case: `localhost:8000` → `localhost`, `[::1]:8000` → `::1`. */
export function hostName(host: string): string {
  if (host.startsWith('[')) return host.slice(1, Math.max(1, host.indexOf(']'))).toLowerCase();
  const colon = host.indexOf(':');
  return (colon === -1 ? host : host.slice(0, colon)).toLowerCase();
}
