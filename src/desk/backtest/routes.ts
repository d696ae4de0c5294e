/** `/api/v1/backtests`: the reports that there are, one report, and asking for one. */
import { z } from 'zod';
import { appendAudit } from '../../kernel/audit/index.ts';
import type { Database } from '../../kernel/database/types.ts';
import {
  body,
  decodeCursor,
  id,
  idParams,
  listQuery,
  millis,
  page,
  readAccess,
  roleAccess,
  type HttpApp,
} from '../../kernel/http/index.ts';
import type { JobQueue } from '../../kernel/jobs/types.ts';
import { deterministicId } from '../../model/ids.ts';
import { iso, type Clock } from '../../model/time.ts';
import type { Scenario } from '../../scenario/index.ts';
import { errors } from './errors.ts';
import { backtestRun } from './jobs.ts';
import { rulesNow, scenarioHash } from './make-report.ts';
import { backtestReport } from './report.ts';
import { assertMayBacktest } from './right.ts';
import { BACKTEST_STATUSES, findBacktest, listBacktests, requestBacktest, type Backtest } from './store.ts';
import { daysOf } from './walk.ts';

const usd = z.string();

const summary = z.object({
  id: z.string(),
  scenario: z.string(),
  title: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  status: z.enum(BACKTEST_STATUSES),
  days: z.int(),
  days_done: z.int().describe('Days walked so far'),
  requested_by: z.string(),
  requested_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  headline: z
    .object({ alarms: z.int(), false_alarms: z.int(), false_alarms_per_year: z.number(), decisions: z.int(), ours_usd: usd, proceed_usd: usd, reroute_usd: usd, hindsight_usd: usd })
    .nullable()
    .describe('Null until it is done'),
});
const whole = summary.extend({ report: backtestReport.nullable() });

const LIST = listQuery({});
/** When the last of a page was asked for, in milliseconds, and its id. */
const CURSOR = z.tuple([millis(), id()]).transform(([requestedAt, last]) => ({ requestedAt, id: last }));
const REQUEST = body({ scenario: id(120).describe('A name of GET /api/v1/scenarios') });

export interface BacktestRoutesDeps {
  readonly db: Database;
  readonly queue: Pick<JobQueue, 'enqueue' | 'pending'>;
  /** Wall clock: when it was asked for. */
  readonly clock: Clock;
  /** A shipped scenario by its name. @throws CodedError SCENARIO_UNKNOWN, SCENARIO_INVALID */
  load(name: string): Scenario;
}

export const backtestRoutes =
  ({ db, queue, clock, load }: BacktestRoutesDeps) =>
  (app: HttpApp): void => {
    app.get(
      '/api/v1/backtests',
      { config: { access: readAccess }, schema: { tags: ['backtest'], summary: 'Backtests, the newest first', querystring: LIST, response: { 200: z.object({ items: z.array(summary), next_cursor: z.string().nullable() }) } } },
      async ({ query }) => {
        const rows = await listBacktests(db, query.limit + 1, query.cursor === undefined ? null : decodeCursor(query.cursor, CURSOR));
        const { items, next_cursor } = page(rows, query.limit, (b) => [b.requestedAt, b.id]);
        return { items: items.map(summaryOf), next_cursor };
      },
    );

    app.get('/api/v1/backtests/:id', { config: { access: readAccess }, schema: { tags: ['backtest'], summary: 'One backtest with its report', params: idParams, response: { 200: whole } } }, async ({ params }) => {
      const backtest = await findBacktest(db, params.id);
      if (!backtest) throw errors.BACKTEST_UNKNOWN({ field: 'id', detail: `There is no backtest ${JSON.stringify(params.id)}`, fix: 'List them at GET /api/v1/backtests' });
      return { ...summaryOf(backtest), report: backtest.report };
    });

    app.post(
      '/api/v1/backtests',
      { config: { access: roleAccess('operator'), idempotent: true }, schema: { tags: ['backtest'], summary: 'Walk a scenario and report; a repeat under the same rules gives the report that there is', body: REQUEST, response: { 200: summary, 202: summary } } },
      async (request, reply) => {
        const scenario = load(request.body.scenario);
        const { name, title, from, to } = scenario;
        const id = deterministicId('btr', scenarioHash(scenario), { ...rulesNow() });
        const by = request.identity!.subject;
        const begun = await db.transaction(async (tx) => {
          const fresh = await requestBacktest(tx, { id, scenario: name, title, from, to, requestedBy: by, requestedAt: clock.now() }, (await queue.pending(tx, [backtestRun])) > 0);
          if (!fresh) return false;
          await assertMayBacktest(tx);
          await queue.enqueue(tx, backtestRun, { backtest_id: id, scenario: name }, { key: `${backtestRun.name}:${id}` });
          await appendAudit(tx, { actor: by, action: 'backtest.request', target: id, after: { scenario: name }, traceId: request.traceId });
          return true;
        });
        return reply.code(begun ? 202 : 200).send(summaryOf((await findBacktest(db, id))!));
      },
    );
  };

function summaryOf(b: Backtest): z.output<typeof summary> {
  const { id, scenario, title, from, to, status, report, error } = b;
  const cost = (policy: string): string => report?.regret.policies.find((p) => p.policy === policy)?.total_usd ?? '0';
  return {
    id, scenario, title, from, to, status, error,
    days: daysOf(b),
    days_done: b.daysDone,
    requested_by: b.requestedBy,
    requested_at: iso(b.requestedAt),
    finished_at: b.finishedAt === null ? null : iso(b.finishedAt),
    headline: report && {
      alarms: report.alarms.length,
      false_alarms: report.false_alarms.total,
      false_alarms_per_year: report.false_alarms.per_year,
      decisions: report.decisions.made,
      ours_usd: cost('ours'),
      proceed_usd: cost('proceed'),
      reroute_usd: cost('reroute'),
      hindsight_usd: cost('hindsight'),
    },
  };
}
