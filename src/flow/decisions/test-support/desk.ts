/** The stage on a real database, with the stages above it held still: risks that a test sets, two sea routes, an audit that can be read. */
import { appendAudit } from '../../../kernel/audit/index.ts';
import type { Database, Transaction } from '../../../kernel/database/types.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { ManualClock, type Millis } from '../../../model/time.ts';
import { usd } from '../../../model/money.ts';
import { upsertCustomersAndShipments, type AuditEntry, type Customer, type RoutePlanner, type SeaRoute, type Shipment } from '../../shipping/index.ts';
import type { EventRisk } from '../inputs.ts';
import type { SeenReader } from '../outcomes/settle.ts';
import type { MadeDecision } from '../ports.ts';
import { createDecisions, type DecisionService } from '../service.ts';
import { testMetrics } from '../../../../test/support/test-metrics.ts';
import { europeRoutes, gulfRoutes } from './hormuz.ts';

export const CUSTOMER: Customer = {
  id: 'cus_a', name: 'Harbour & Vale Trading', language: 'en', timezone: 'Europe/London', contacts: [{ channel: 'whatsapp', address: '+447700900101' }], quietHours: { from: '22:00', to: '07:00' },
  minExposureMicros: usd(100_000), minProbability: 0.02, riskTolerance: 'balanced',
};

const PORTS: Readonly<Record<string, string>> = { CNSHA: 'Shanghai', AEJEA: 'Jebel Ali', NLRTM: 'Rotterdam' };

export const planner: RoutePlanner = {
  portName: (port) => PORTS[port] ?? null,
  route(from, to, { closed }): SeaRoute | null {
    if (from !== 'CNSHA' || (to !== 'AEJEA' && to !== 'NLRTM')) return null;
    const { usual, avoiding } = to === 'AEJEA' ? gulfRoutes : europeRoutes;
    return usual.passages.some((p) => closed.includes(p.id)) ? avoiding : usual;
  },
};

export interface Desk {
  readonly decisions: DecisionService;
  readonly metrics: ReturnType<typeof testMetrics>;
  readonly audited: AuditEntry[];
  readonly told: MadeDecision[];
  readonly published: string[];
  setRisks(risks: readonly EventRisk[]): void;
  load(customers: readonly Customer[], shipments: readonly Shipment[], knownAt?: Millis): Promise<void>;
  evaluate(asOf: Millis, only?: { chokepoints?: readonly ChokepointId[]; shipmentIds?: readonly string[] }): ReturnType<DecisionService['evaluate']>;
}

export function testDesk(db: Database, onDecision: (tx: Transaction, d: MadeDecision) => Promise<void> = async () => undefined, seen?: SeenReader): Desk {
  let risks: readonly EventRisk[] = [];
  const [audited, told, published, metrics]: [AuditEntry[], MadeDecision[], string[], ReturnType<typeof testMetrics>] = [[], [], [], testMetrics()];
  const decisions = createDecisions({
    db, metrics, planner, freight: null, clock: new ManualClock('2026-03-01T00:00:00Z'),
    events: { publish: async (_on, name) => void published.push(name), subscribe: () => () => undefined, subscribeAll: () => () => undefined },
    risks: { eventRisks: async () => risks },
    ...(seen && { seen }),
    audit: async (tx, entry) => {
      audited.push(entry);
      await appendAudit(tx, entry);
    },
    onDecision: async (tx, d) => {
      await onDecision(tx, d);
      told.push(d);
    },
  });
  return {
    decisions, metrics, audited, told, published,
    setRisks: (next) => void (risks = next),
    load: async (customers, shipments, knownAt = 0) =>
      db.transaction(async (tx) => void (await upsertCustomersAndShipments(tx, { customers, shipments: shipments.map((s) => ({ ...s, knownAt })) }, planner))),
    evaluate: (asOf, only = {}) => db.transaction((tx) => decisions.evaluate(tx, { asOf, cause: 'test', chokepoints: only.chokepoints ?? null, shipmentIds: only.shipmentIds ?? null })),
  };
}
