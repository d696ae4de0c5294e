/** Reads what a walk stored, by the stages' own faces: alarms and decisions, as little of each as the report needs. */
import { findRecord, isAlertWorthy, listDecisions, type Action, type DecisionContent, type ListedDecision } from '../../flow/decisions/index.ts';
import { knownAlarms, type Alarm } from '../../flow/reality/index.ts';
import type { Customer } from '../../flow/shipping/index.ts';
import type { Executor } from '../../kernel/database/types.ts';
import type { Json } from '../../model/ids.ts';
import { CHOKEPOINT_IDS, isChokepointId, type ChokepointId } from '../../model/place.ts';
import { parseInstant, type Millis } from '../../model/time.ts';
import type { Forecast } from './forecasts.ts';
import type { Advice } from './plans.ts';

/** One decision, as advice and as a forecast. */
export type DecisionTold = Advice & Forecast;

/** All alarms, whenever they were raised. */
export async function storedAlarms(on: Executor, asOf: Millis): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = [];
  for (const id of CHOKEPOINT_IDS) alarms.push(...(await knownAlarms(on, id, '0001-01-01', '9999-12-31', asOf)));
  return alarms;
}

/** By id: below what each does not want to hear. */
export type Customers = ReadonlyMap<string, Pick<Customer, 'minExposureMicros' | 'minProbability'>>;

const PAGE = 100;

/** Every decision, oldest first. Read page by page: a decision is some 15 KB, and a year may hold thousands. */
export async function storedDecisions(on: Executor, customers: Customers): Promise<readonly DecisionTold[]> {
  const told: DecisionTold[] = [];
  for (let after: { asOf: Millis; id: string } | undefined; ; ) {
    const page: readonly ListedDecision[] = await listDecisions(on, { status: 'all', after, limit: PAGE });
    for (const decision of page) told.push(await toldBy(on, decision, customers));
    const last = page.at(-1);
    if (page.length < PAGE || !last) return told.sort((a, b) => a.asOf - b.asOf || (a.decisionId < b.decisionId ? -1 : 1));
    after = { asOf: last.asOf, id: last.id };
  }
}

async function toldBy(on: Executor, { id, asOf, content }: ListedDecision, customers: Customers): Promise<DecisionTold> {
  const record = await findRecord(on, id);
  const customer = customers.get(content.customer_id);
  return {
    decisionId: id,
    shipmentId: content.shipment_id,
    chokepoint: chokepointOf(content.chokepoint),
    asOf,
    passages: (content.passages ?? [content]).map((p) => ({ chokepoint: chokepointOf(p.chokepoint), passesAt: parseInstant(p.passes_at) })),
    action: content.action,
    optionId: optionOf(content.action, record?.content.options ?? []),
    probability: content.probability,
    market: marketOf(record?.inputs ?? null),
    alertWorthy: customer !== undefined && isAlertWorthy(content, customer),
  };
}

function chokepointOf(text: string): ChokepointId {
  if (!isChokepointId(text)) throw new RangeError(`not a passage: ${text}`);
  return text;
}

/** A delay is one of several; the advised one is the cheapest that was open. */
function optionOf(action: Action, options: DecisionContent['options']): string {
  if (action !== 'delay') return action;
  const cheapest = options.filter((o) => o.action === 'delay' && o.feasible).toSorted((a, b) => Number(a.expected_cost_usd) - Number(b.expected_cost_usd))[0];
  return `delay:${cheapest?.extra_days ?? 0}`;
}

interface KeptRisks {
  readonly risks?: readonly { readonly basis: { readonly kind: string }; readonly evidence: readonly { readonly kind: string; readonly probability: number | null }[] }[];
}

/** The highest price of yes among the markets that the risks forecast by, as told: claims hold it as the pool took it. Null where there is none. */
export function marketOf(inputs: Json): number | null {
  const risks = (inputs as unknown as KeptRisks | null)?.risks ?? [];
  const prices = risks.flatMap((r) => (r.basis.kind === 'forecast' ? r.evidence.flatMap((e) => (e.kind === 'signal' ? (e.probability ?? []) : [])) : []));
  return prices.length === 0 ? null : Math.max(...prices);
}
