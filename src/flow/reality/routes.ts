/** The stage's HTTP face. */
import * as z from 'zod';
import type { Database, Executor } from '../../kernel/database/types.ts';
import { common } from '../../kernel/errors/index.ts';
import { day, id, readAccess, type HttpApp } from '../../kernel/http/index.ts';
import { CHOKEPOINT_IDS, isChokepointId, type ChokepointId } from '../../model/place.ts';
import { addDays, dayOf, daysBetween, iso, MINUTE_MS, type Millis } from '../../model/time.ts';
import { chokepointStates, type ChokepointState } from './chokepoint-state.ts';
import { CHOKEPOINT_STATUSES } from './correlation.ts';
import { errors } from './errors.ts';
import { chokepointHistory, type ChokepointHistory } from './history.ts';
import type { Alarm } from './store.ts';
import { vesselCounts, type VesselCounts } from './vessels/index.ts';

export interface RealityRoutesDeps {
  readonly db: Database;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
  /** How many shipments use each passage; those that are missing have none. The stage that knows shipments tells. */
  readonly exposedShipments?: (on: Executor, asOf: Millis) => Promise<ReadonlyMap<ChokepointId, number>>;
  /** Keeps what was put together for the next reader. Default: every read computes. */
  readonly cached?: <T>(key: string, load: () => Promise<T>) => Promise<T>;
}

/** Readers within one minute of desk time see the same: the states are put together from days. */
const minuteOf = (asOf: Millis): number => Math.floor(asOf / MINUTE_MS);

const chokepointId = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
const ALARM = z.object({ series: z.string(), alarmed_for: z.string(), known_at: z.string(), direction: z.enum(['down', 'up']), statistic: z.number() });

const CHOKEPOINT = z.object({
  id: chokepointId,
  name: z.string(),
  status: z.enum(CHOKEPOINT_STATUSES),
  as_of: z.string(),
  transits: z
    .object({
      value: z.number(),
      unit: z.literal('vessels/day'),
      observed_for: z.string(),
      known_at: z.string(),
      baseline_mean: z.number().nullable(),
      baseline_sd: z.number().nullable(),
      ratio: z.number().nullable(),
      source: z.string(),
    })
    .nullable(),
  lost_traffic: z.object({ expected: z.number(), low: z.number(), high: z.number(), series: z.string(), from: z.string(), to: z.string() }).nullable(),
  freight: z.object({ lane: z.string(), value: z.number(), unit: z.literal('USD/FEU'), observed_for: z.string(), known_at: z.string(), baseline_mean: z.number().nullable(), premium: z.number().nullable(), source: z.string() }).nullable(),
  probability: z.object({ value: z.number(), question: z.string(), source: z.string(), url: z.string(), seen_at: z.string(), horizon_end: z.string(), signal_id: z.string() }).nullable(),
  alarm: ALARM.nullable(),
  vessels: z.object({ inside: z.int(), waiting: z.int(), diverted_7d: z.int(), entered_24h: z.int(), heard_at: z.string() }).nullable().describe('Heard over AIS; null where no receiver covers the passage'),
  exposed_shipments: z.number().int(),
});

const POINT = z.object({ observed_for: z.string(), known_at: z.string(), value: z.number() });
const HISTORY = z.object({
  id: chokepointId,
  transits: z.array(POINT),
  odds: z.array(z.object({ at: z.string(), value: z.number(), question: z.string(), source: z.string() })),
  freight: z.array(POINT.extend({ unit: z.literal('USD/FEU'), lane: z.string() })),
  alarms: z.array(ALARM),
});

const DEFAULT_DAYS = 180;
const MOST_DAYS = 1_100;

export const realityRoutes =
  ({ db, now, exposedShipments = async () => new Map(), cached = (_key, load) => load() }: RealityRoutesDeps) =>
  (app: HttpApp): void => {
    app.get('/api/v1/chokepoints', { config: { access: readAccess }, schema: { summary: 'The passages: state, traffic against its baseline, freight, odds, alarm', tags: ['chokepoints'], response: { 200: z.object({ items: z.array(CHOKEPOINT) }) } } }, async () => {
      const asOf = await now();
      return cached(`chokepoints:${minuteOf(asOf)}`, async () => {
        const exposed = await exposedShipments(db, asOf);
        const states = await chokepointStates(db, asOf);
        const vessels = new Map((await vesselCounts(db, asOf)).map((c) => [c.chokepoint, c]));
        return { items: states.map((state) => chokepointJson(state, exposed.get(state.id) ?? 0, vessels.get(state.id))) };
      });
    });

    app.get(
      '/api/v1/chokepoints/:id/history',
      { config: { access: readAccess }, schema: { summary: 'What was known of a passage over time', tags: ['chokepoints'], params: z.object({ id: id(60) }), querystring: z.strictObject({ from: day().optional(), to: day().optional() }), response: { 200: HISTORY } } },
      async (request) => {
        const { id } = request.params;
        if (!isChokepointId(id)) throw errors.CHOKEPOINT_UNKNOWN({ field: 'id', detail: `There is no chokepoint ${JSON.stringify(id)}`, fix: `One of ${CHOKEPOINT_IDS.join(', ')}` });
        const asOf = await now();
        const to = request.query.to ?? dayOf(asOf);
        const from = request.query.from ?? addDays(to, -DEFAULT_DAYS);
        const days = daysBetween(from, to);
        if (days < 0 || days > MOST_DAYS) throw common.VALIDATION_FAILED({ field: 'from', detail: `From ${from} to ${to} is ${days} days`, fix: `Ask for 0 to ${MOST_DAYS} days` });
        return cached(`chokepoint-history:${id}:${from}:${to}:${minuteOf(asOf)}`, async () => historyJson(id, await chokepointHistory(db, id, from, to, asOf)));
      },
    );
  };

const historyJson = (id: ChokepointId, history: ChokepointHistory): z.infer<typeof HISTORY> => ({
  id,
  transits: history.transits.map((v) => ({ observed_for: v.observedFor, known_at: iso(v.knownAt), value: v.value })),
  odds: history.odds.map((o) => ({ ...o, at: iso(o.at) })),
  freight: history.freight.map((v) => ({ observed_for: v.observedFor, known_at: iso(v.knownAt), value: v.value, unit: 'USD/FEU' as const, lane: v.lane })),
  alarms: history.alarms.map(alarmJson),
});

const alarmJson = (a: Alarm): z.infer<typeof ALARM> => ({ series: a.series, alarmed_for: a.alarmedFor, known_at: iso(a.knownAt), direction: a.direction, statistic: a.statistic });

function chokepointJson(state: ChokepointState, exposed: number, vessels: VesselCounts | undefined): z.infer<typeof CHOKEPOINT> {
  const { transits: t, lostTraffic, freight: f, lead, alarm } = state;
  return {
    id: state.id,
    name: state.name,
    status: state.status,
    as_of: iso(state.asOf),
    transits: t && { value: t.value, unit: 'vessels/day', observed_for: t.observedFor, known_at: iso(t.knownAt), baseline_mean: t.baselineMean, baseline_sd: t.baselineSd, ratio: t.ratio, source: t.source },
    lost_traffic: lostTraffic && { ...lostTraffic },
    freight: f && { lane: f.lane, value: f.value, unit: 'USD/FEU', observed_for: f.observedFor, known_at: iso(f.knownAt), baseline_mean: f.baseline, premium: f.premium, source: f.source },
    probability: lead && {
      value: lead.signal.probability,
      question: lead.signal.claim,
      source: lead.signal.source,
      url: lead.signal.evidence[0]?.url ?? '',
      seen_at: iso(lead.signal.knownAt),
      horizon_end: iso(lead.signal.horizonEnd),
      signal_id: lead.signal.id,
    },
    alarm: alarm && alarmJson(alarm),
    vessels: vessels?.heardAt == null ? null : { inside: vessels.inside, waiting: vessels.waiting, diverted_7d: vessels.diverted, entered_24h: vessels.entered, heard_at: iso(vessels.heardAt) },
    exposed_shipments: exposed,
  };
}
