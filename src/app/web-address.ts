/** The address at which a server of ours is reached on this machine. */

/** @param host the address that it listens on; one that stands for all of the machine's is none to connect to */
export function webAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
