/** IP addresses: who is this machine itself, and who is within a list of networks. */
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
    if (version === 0 || length < 0 || length > longest) throw new RangeError(`not an address or a network such as 10.0.0.0/8: ${JSON.stringify(network)}`);
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

/** The host of a `Host` header or an origin, without its port: `localhost:8000` → `localhost`. */
export function hostName(host: string): string {
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1);
  const colon = host.indexOf(':');
  return (colon === -1 ? host : host.slice(0, colon)).toLowerCase();
}
