/** Where raw NMEA comes from, as one address: `udp://0.0.0.0:10110`, `tcp://host:port`, `file:///path`. */
import { fileURLToPath } from 'node:url';
import { aisErrors } from './errors.ts';

export type NmeaSource =
  | { readonly kind: 'udp' | 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'file'; readonly path: string };

/** @throws CodedError AIS_SOURCE_INVALID */
export function parseNmeaSource(text: string): NmeaSource {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'file:' && url.host === '' && url.pathname.length > 1) return { kind: 'file', path: fileURLToPath(url) };
  const kind = url?.protocol === 'udp:' ? 'udp' : url?.protocol === 'tcp:' ? 'tcp' : null;
  const port = Number(url?.port);
  if (!url || !kind || url.hostname === '' || !(port >= 1 && port <= 65_535)) {
    throw aisErrors.AIS_SOURCE_INVALID({ field: 'AIS_NMEA', detail: `The AIS receiver's address is ${JSON.stringify(text)}`, fix: 'Give udp://0.0.0.0:10110, tcp://host:port or file:///path' });
  }
  return { kind, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}
