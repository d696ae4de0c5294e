/**
 * The Red Sea from November 2023 to January 2024, on recorded transits alone: no market priced Bab el-Mandeb. What the desk tells, each Tuesday,
 * a shipper from Shanghai to Rotterdam who can still change the booking, against what carriers did: they went around the Cape from mid-December.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { sharedData } from '../../../test/support/shared-data.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { usd } from '../../model/money.ts';
import { addDays, DAY_MS, HOUR_MS, parseInstant, startOfDay, systemClock, type IsoDay, type Millis } from '../../model/time.ts';
import { chokepointStates, createReality, createSeaRouter, transitSeries, type Observation, type ObservationSource } from '../reality/index.ts';
import { plannerOver, upsertCustomersAndShipments } from '../shipping/index.ts';
import type { DecisionContent } from './content.ts';
import { createRiskReader } from './risk-reader.ts';
import { createDecisions } from './service.ts';
import { listDecisions } from './store/decisions.ts';
import { CUSTOMER } from './test-support/desk.ts';
import { gulfShipment } from './test-support/hormuz.ts';

const FILE = 'risk/portwatch/chokepoint-transits-2022-2026.json';
const noEvents = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };
/** Counts of a day are public about this many days later. */
const LAG_DAYS = 6;
const PASSAGES = ['bab_el_mandeb', 'suez'] as const;
const TUESDAYS: readonly IsoDay[] = Array.from({ length: 12 }, (_, week) => addDays('2023-11-14', 7 * week));

interface PortWatch {
  readonly chokepoints: Readonly<Record<string, { readonly history: readonly { readonly date: IsoDay; readonly total: number; readonly container: number }[] }>>;
}

function counts(path: string): ObservationSource {
  const { chokepoints } = JSON.parse(readFileSync(path, 'utf8')) as PortWatch;
  const all = PASSAGES.flatMap((id) =>
    chokepoints[id]!.history.flatMap((row) =>
      (['total', 'container'] as const).map((ships): Observation => ({ series: transitSeries(id, ships), observedFor: row.date, knownAt: startOfDay(addDays(row.date, LAG_DAYS)), value: row[ships], unit: 'vessels/day', source: 'portwatch', url: 'https://portwatch.imf.org' })),
    ),
  );
  return { name: 'portwatch', kind: 'twin', fetch: async (asOf, since) => all.filter((o) => o.knownAt <= asOf && (since === null || o.observedFor >= since) && o.observedFor >= '2023-01-01') };
}

const noon = (day: IsoDay): Millis => parseInstant(`${day}T12:00:00Z`);

/** Forty boxes, booked on a ship that leaves in a week: the booking can be changed for four days yet. */
const booked = (tuesday: IsoDay) => {
  const etd = noon(tuesday) + 7 * DAY_MS;
  return { ...gulfShipment({ id: `shp_${tuesday}`, reference: `RS-${tuesday}`, to: 'NLRTM', etd, eta: etd + 30 * DAY_MS, goodsClass: 'general', cargoValueMicros: usd(2_000_000) }), knownAt: noon(tuesday) - HOUR_MS };
};

test('Red Sea 2023–24, without any market: calm until transits fall, then around the Cape', async (t) => {
  const path = sharedData(FILE);
  if (!path) return t.skip(`needs shared data: ${FILE}`);
  await using db = await freshDatabase();
  const common = { db, clock: systemClock, logger: silentLogger, metrics: testMetrics(), events: noEvents };
  const reality = createReality({ ...common, onChanged: async () => undefined, sources: [counts(path)] });
  const none = async () => [];
  const risks = createRiskReader({ liveSignals: none, occurredSignals: none, signalHistory: none, linksOf: () => [], reliabilityOf: () => 1, chokepointStates });
  const planner = plannerOver(createSeaRouter());
  const decisions = createDecisions({ ...common, risks, planner, freight: null, audit: async () => undefined, onDecision: async () => undefined });
  await db.transaction((tx) => upsertCustomersAndShipments(tx, { customers: [CUSTOMER], shipments: TUESDAYS.map(booked) }, planner));
  const told = new Map<IsoDay, readonly DecisionContent[]>();
  const keys = new Map<string, Set<string>>();
  for (const tuesday of TUESDAYS) {
    await reality.sweep(noon(tuesday), 'test');
    const { made } = await db.transaction((tx) => decisions.evaluate(tx, { asOf: noon(tuesday), cause: 'test', chokepoints: null, shipmentIds: null }));
    told.set(tuesday, made.map((d) => d.content));
    for (const { content, eventKey } of made) keys.set(content.shipment_id, (keys.get(content.shipment_id) ?? new Set()).add(eventKey));
    const standing = await listDecisions(db, { status: 'active', limit: 100 });
    assert.equal(new Set(standing.map((d) => d.content.shipment_id)).size, standing.length, `${tuesday}: one decision a shipment, and so never two that disagree`);
    for (const { id } of made) assert.equal((await decisions.replay(id)).same, true);
  }
  assert.ok([...keys.values()].every((of) => of.size === 1), 'told under one key, whichever passage leads');
  const both = [...told.values()].flat().filter((d) => d.passages !== undefined);
  assert.ok(both.length >= 5 && both.every((d) => d.one_cause === true), 'both passages emptied, of the same ships');
  for (const d of both) assert.equal(d.probability, Math.max(...d.passages!.map((p) => p.probability)), 'what is seen at both is not counted twice');
  const own = (tuesday: IsoDay): DecisionContent | undefined => told.get(tuesday)?.find((d) => d.shipment_reference === `RS-${tuesday}`);
  const actions = TUESDAYS.map((day) => own(day)?.action ?? 'none');
  // The first attack was on 19 November; container transits fell from the 30th, which was public on 6 December; half of them were gone by Christmas.
  assert.deepEqual(actions.slice(0, 4), ['none', 'none', 'none', 'none'], 'transits said nothing before December');
  assert.deepEqual(actions.slice(4, 7), ['proceed', 'proceed', 'proceed'], 'a fifth to a third lost: short of the break-even, and told so');
  assert.deepEqual(actions.slice(7), Array<string>(5).fill('reroute'), 'from 2 January around the Cape: two to three weeks after the carriers');
  for (const day of TUESDAYS) {
    const d = own(day);
    if (!d) continue;
    assert.equal(d.action === 'reroute', d.probability > d.break_even!, d.headline);
    assert.ok(d.deadline !== null && parseInstant(d.deadline) > noon(day));
    if (d.action === 'reroute') assert.equal(d.deadline, new Date(noon(day) + 4 * DAY_MS).toISOString(), 'the booking can be changed until 72 hours before departure');
    assert.equal(d.options.find((o) => o.action === 'reroute')?.extra_days, 7.6);
  }
});
