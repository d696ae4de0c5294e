/** The stage behind real HTTP on a real database; the way by sea is held still, what it hands on is written down. */
import type { Role } from '../../../kernel/auth/types.ts';
import { usd } from '../../../model/money.ts';
import { parseInstant } from '../../../model/time.ts';
import { freshDatabase } from '../../../../test/support/database.ts';
import { testHttp } from '../../../../test/support/http.ts';
import type { Customer } from '../customer.ts';
import type { AuditEntry, RoutePlanner } from '../ports.ts';
import { upsertCustomersAndShipments } from '../register.ts';
import { shippingRoutes } from '../routes.ts';

export const FEB14 = parseInstant('2026-02-14T00:00:00Z');

export const CUSTOMER: Customer = {
  id: 'cus_a', name: 'Harbour & Vale Trading', language: 'en', timezone: 'Europe/London', contacts: [{ channel: 'whatsapp', address: '+447700900101' }], quietHours: null, minExposureMicros: usd(100_000), minProbability: 0.02, riskTolerance: 'balanced',
};

const PORTS: Readonly<Record<string, string>> = { CNSHA: 'Shanghai', AEJEA: 'Jebel Ali' };
export const planner: RoutePlanner = {
  portName: (port) => PORTS[port] ?? null,
  route: (from, to) => (from === 'CNSHA' && to === 'AEJEA' ? { distanceNm: 5_800, passages: [{ id: 'malacca', fraction: 0.4 }, { id: 'hormuz', fraction: 0.95 }] } : null),
};

export async function world() {
  const db = await freshDatabase();
  const changed: unknown[] = [];
  const audited: AuditEntry[] = [];
  const http = await testHttp({
    db,
    auth: { byToken: async (token) => ({ subject: `user:${token}`, role: token as Role, scopes: [] }), bySignature: async () => Promise.reject(new Error('unsigned')) },
  });
  shippingRoutes({ db, planner, now: () => FEB14, audit: async (_tx, entry) => void audited.push(entry), onShipments: async (_tx, which) => void changed.push(which) })(http.app);
  await http.start();
  await db.transaction((tx) => upsertCustomersAndShipments(tx, { customers: [CUSTOMER], shipments: [] }, planner));
  const as = (role: Role, path: string, method = 'GET', json?: unknown) =>
    http.ask(path, { method, headers: { authorization: `Bearer ${role}`, ...(json === undefined ? {} : { 'content-type': 'application/json' }) }, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
  const upload = (role: Role, path: string, type: string, bytes: Uint8Array | string) => http.ask(path, { method: 'POST', headers: { authorization: `Bearer ${role}`, 'content-type': type }, body: bytes as never });
  return {
    db, changed, audited, as, upload,
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

export type Item = Record<string, unknown> & { id: string };
export const itemsOf = (json: Record<string, unknown>): Item[] => json['items'] as Item[];
