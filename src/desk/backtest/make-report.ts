/** Puts the report together from what the walk stored and what the scenario says happened. */
import { RULE_VERSION, type FreightRate } from '../../flow/decisions/index.ts';
import { MONITORS, REALITY_RULES_VERSION } from '../../flow/reality/index.ts';
import type { RoutePlanner, ShippingData } from '../../flow/shipping/index.ts';
import { LINKS_VERSION, RULES_VERSION } from '../../flow/signals/index.ts';
import type { Executor } from '../../kernel/database/types.ts';
import { contentHash, deterministicId, type Json } from '../../model/ids.ts';
import { CHOKEPOINT_IDS, type ChokepointId, type UnLocode } from '../../model/place.ts';
import { iso, type Millis } from '../../model/time.ts';
import type { Scenario } from '../../scenario/index.ts';
import { lookAt } from '../replay/index.ts';
import { alarmsOf } from './alarms.ts';
import { bookOf } from './book.ts';
import { storedAlarms, storedDecisions, type DecisionTold } from './collect.ts';
import { forecastsOf } from './forecasts.ts';
import { passageRecord, type PassageRecord } from './outcome.ts';
import { CLOSED_SHARE, regretOf } from './regret.ts';
import type { BacktestReport } from './report.ts';
import { daysOf } from './walk.ts';

export interface ReportDeps {
  /** The database of the walk. */
  readonly db: Executor;
  readonly planner: RoutePlanner;
  /** What the walk was told of: as it stood at the first look. */
  readonly shipping: ShippingData;
  laneRate(from: UnLocode, to: UnLocode, asOf: Millis): Promise<FreightRate | null>;
}

/** A ship at the Cape has gone round already: it is no passage that closes. */
const WAY_ROUND: ChokepointId = 'cape_of_good_hope';

export async function makeReport(deps: ReportDeps, scenario: Scenario): Promise<BacktestReport> {
  const [firstLook, lastLook] = [lookAt(scenario.from), lookAt(scenario.to)];
  const alarms = await storedAlarms(deps.db, lastLook);
  const decisions = await storedDecisions(deps.db, new Map(deps.shipping.customers.map((c) => [c.id, c])));
  const records = recordsOf(scenario);
  const book = bookOf(deps.shipping.shipments, { planner: deps.planner, records, firstLook, lastLook });
  const freight: (FreightRate | null)[] = [];
  for (const { shipment, bookedAt } of book.exposures) freight.push(await deps.laneRate(shipment.from, shipment.to, bookedAt));
  const body: Omit<BacktestReport, 'id'> = {
    format: 1,
    scenario: { name: scenario.name, title: scenario.title, from: scenario.from, to: scenario.to, days: daysOf(scenario), hash: scenarioHash(scenario) },
    rules: rulesNow(),
    ...alarmsOf(alarms, scenario, watched(scenario), firstLook),
    decisions: decisionsView(decisions),
    forecasts: forecastsOf({ scenario, forecasts: decisions, book, records, share: CLOSED_SHARE }),
    regret: regretOf({ book, advice: decisions, freight }),
  };
  return { ...body, id: deterministicId('bt', contentHash(body as unknown as Json)) };
}

/** The figures played, wherever the folder lies. */
export const scenarioHash = (scenario: Scenario): string => contentHash({ ...scenario, path: null } as unknown as Json);

/** The versions of everything that decides what a walk tells. */
export const rulesNow = (): BacktestReport['rules'] => ({ signals: RULES_VERSION, links: LINKS_VERSION, reality: REALITY_RULES_VERSION, decisions: RULE_VERSION });

function recordsOf(scenario: Scenario): ReadonlyMap<ChokepointId, PassageRecord> {
  const records = new Map<ChokepointId, PassageRecord>();
  for (const id of CHOKEPOINT_IDS) {
    const record = id === WAY_ROUND ? null : passageRecord(scenario, id);
    if (record) records.set(id, record);
  }
  return records;
}

/** The charts that had something to watch. */
function watched(scenario: Scenario): readonly string[] {
  const recorded = new Set(scenario.transits.map((r) => r.chokepoint));
  return MONITORS.filter((m) => recorded.has(m.chokepoint)).map((m) => m.series);
}

function decisionsView(decisions: readonly DecisionTold[]): BacktestReport['decisions'] {
  const count = (keys: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const key of keys.toSorted()) counts[key] = (counts[key] ?? 0) + 1;
    return counts;
  };
  const firsts = new Map<string, DecisionTold>();
  for (const d of decisions) if (!firsts.has(`${d.chokepoint} ${d.action}`)) firsts.set(`${d.chokepoint} ${d.action}`, d);
  return {
    made: decisions.length,
    shipments: new Set(decisions.map((d) => d.shipmentId)).size,
    alert_worthy: decisions.filter((d) => d.alertWorthy).length,
    alert_worthy_actions: decisions.filter((d) => d.alertWorthy && d.action !== 'proceed').length,
    by_action: count(decisions.map((d) => d.action)),
    first: [...firsts.values()].map((d) => ({ chokepoint: d.chokepoint, action: d.action, as_of: iso(d.asOf), decision_id: d.decisionId })),
  };
}
