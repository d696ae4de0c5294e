/**
 * `fetch` for addresses that others gave us: it connects to public addresses only. The check is on the address that the socket
 * gets, after the name was resolved, so a name that resolves to another address the second time gains nothing. Not here: redirects
 * (never followed), reading the reply.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { VenueFault } from './types.ts';

/** What IANA's special-purpose registries (RFC 6890, read 2026) do not hand out as globally reachable, and multicast. */
const NOT_PUBLIC = Object.freeze({
  ipv4: ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // All but 2000::/3 is left out below. Of it, tunnels that carry an IPv4 address (6to4, Teredo), benchmarks and documentation.
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
});

const reserved = new BlockList();
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
for (const [family, networks] of Object.entries(NOT_PUBLIC)) {
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string];
    reserved.addSubnet(address, Number(bits), family as 'ipv4' | 'ipv6');
  }
}

/** True for an address of the open internet. @param ip an IPv4 or IPv6 address; anything else is not public */
export function isPublicAddress(ip: string): boolean {
  const version = isIP(ip);
  if (version === 4) return !reserved.check(ip, 'ipv4');
  return version === 6 && global6.check(ip, 'ipv6') && !reserved.check(ip, 'ipv6');
}

/** For the fault and for what tells of it. */
export const NOT_PUBLIC_CODE = 'ADDRESS_NOT_PUBLIC';

const notPublic = (): VenueFault =>
  new VenueFault('the address is not on the open internet: loopback, private and link-local networks are not called', { venueCode: NOT_PUBLIC_CODE, retryable: false, countsForBreaker: false });

/** Resolves as the system does; one address that is not public refuses the whole name, since which is taken is not ours to say. */
const lookupOf = (allowed: (ip: string) => boolean): LookupFunction => (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    if (addresses.length === 0 || addresses.some(({ address }) => !allowed(address))) return callback(notPublic(), '', 0);
    if (options.all) return callback(null, addresses);
    return callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

/**
 * As `fetch` for what outbound sends: a URL, method, headers, a text body, a signal. A status outside 200 to 599 comes as 502.
 * @param allowed whether an address may be connected to
 * @throws VenueFault ADDRESS_NOT_PUBLIC before anything is sent
 */
export const guardedFetch = (allowed: (ip: string) => boolean): typeof fetch => {
  const lookup = lookupOf(allowed);
  return async (input, init = {}) => {
    const url = new URL(String(input));
    // A name that is an address is not looked up by the socket, so it is checked here. `URL` has made 0x7f.1 into 127.0.0.1.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !allowed(host)) throw notPublic();
    const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
    const headers = { ...(init.headers as Record<string, string>), ...(body ? { 'content-length': String(body.length) } : {}) };
    // A connection of its own each: one that is kept open would have been checked for another name.
    const options: RequestOptions = { method: init.method ?? 'GET', headers, lookup, agent: false, ...(init.signal ? { signal: init.signal } : {}) };
    const response = await new Promise<IncomingMessage>((done, failed) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, done);
      request.on('error', failed);
      request.end(body);
    });
    const status = response.statusCode ?? 0;
    const [empty, known] = [status === 204 || status === 205 || status === 304, status >= 200 && status <= 599];
    // What has no body to read is hung up on: a body that comes all the same may never end.
    if (empty || !known) response.destroy();
    const pairs = Object.entries(response.headersDistinct).flatMap(([name, values]) => (values ?? []).map((value): [string, string] => [name, value]));
    return new Response(empty || !known ? null : (Readable.toWeb(response) as ReadableStream), { status: known ? status : 502, headers: pairs });
  };
};

export const publicFetch = guardedFetch(isPublicAddress);
