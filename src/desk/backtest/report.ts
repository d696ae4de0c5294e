/** A backtest's report: the schema that the command line writes, the API serves and the console reads. docs/backtest.md explains it. */
import { z } from 'zod';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';

const chokepoint = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
const day = z.iso.date();
const instant = z.iso.datetime();
const usd = z.string().regex(/^-?\d+(\.\d+)?$/).describe('US dollars, a decimal as text');
const interval = z.tuple([usd, usd]).describe('90 % interval over the cost coefficients');
const share = z.number().min(0).max(1);

const alarm = z.object({
  chokepoint,
  series: z.string(),
  direction: z.enum(['down', 'up']).describe('`down`: traffic fell away; `up`: it came from elsewhere'),
  alarmed_for: day.describe('The day whose count crossed the chart'),
  known_at: instant.describe('The look at which the desk saw it'),
  days_late: z.number().describe('Days from the end of that day to the look: the publication lag'),
  level: z.number().describe('Recent mean ÷ baseline mean at the alarm'),
  changed_on: day.nullable().describe('When the level changed, as seen afterwards: the split of the days from the baseline on into two means with the least squared error; null where the scenario holds no counts of the series'),
  event: z.object({ day, title: z.string() }).nullable().describe('The event of the scenario that explains it'),
  days_after_event: z.object({ alarmed_for: z.int(), known: z.number() }).nullable(),
  before_start: z.boolean().describe('Raised for days before the first day played: not counted as false'),
  false_alarm: z.boolean().describe('Outside every event window that the scenario states'),
});

const event = z.object({
  day,
  title: z.string(),
  source: z.string(),
  affects: z.array(chokepoint).describe('Passages whose alarms it explains, from its day to `until`'),
  until: day.nullable(),
  first_alarm: z.object({ series: z.string(), alarmed_for: day, known_at: instant, days_after_event: z.number() }).nullable(),
});

const score = z
  .object({
    n: z.int(),
    clusters: z.int().describe('Passages: rows of one share their event and are not independent evidence'),
    brier: z.number(),
    brier_interval_90: z.tuple([z.number(), z.number()]).nullable().describe('Drawn over passages; null below two'),
    log_loss: z.number().describe('In nats'),
    ece: z.number().describe('Expected calibration error, over bins of equal count'),
    murphy: z.object({ reliability: z.number(), resolution: z.number(), uncertainty: z.number(), within_bin: z.number() }).describe('Brier = reliability − resolution + uncertainty + within_bin'),
    reliability: z.array(
      z.object({ from: z.number(), to: z.number(), forecasts: z.int(), mean_forecast: z.number(), hit_rate: z.number(), hit_rate_interval_90: z.tuple([z.number(), z.number()]).describe('By the number of passages, not of rows') }),
    ),
  })
  .nullable()
  .describe('Null where there is nothing to score');

const costs = { ours_usd: usd, proceed_usd: usd, reroute_usd: usd, hindsight_usd: usd };

const exposure = z.object({
  shipment_id: z.string(),
  shipment_reference: z.string(),
  passages: z.array(chokepoint).describe('Passages that one way round avoids together, in sailing order'),
  passes_at: instant.describe('When the ship comes to the first of them, by its schedule'),
  hit: z.boolean().describe('One of them was closed when the ship came to it'),
  closed_days: z.number().nullable().describe('For how long it stayed closed after'),
  still_closed_at_record_end: z.boolean().describe('Then `closed_days` is the least that it was'),
  ours: z.array(z.object({ option: z.string(), at: instant, decision_id: z.string().nullable() })).describe('What was done on our decisions; empty: proceeded'),
  in_hindsight: z.array(z.string()).describe('What would have been cheapest'),
  ...costs,
  regret_usd: usd.describe('ours − hindsight'),
});

const regret = z.object({
  closed_share: share.describe('A passage is closed to a ship when the seven days around its passing see less than this share of the usual traffic'),
  book: z.object({
    shipments: z.int(),
    exposures: z.int().describe('Shipment × passages that one way round avoids'),
    hit: z.int(),
    still_closed_at_record_end: z.int(),
    left_out: z.object({ before_first_look: z.int(), after_last_look: z.int(), not_recorded: z.int() }),
  }),
  policies: z.array(
    z.object({
      policy: z.enum(['ours', 'proceed', 'reroute', 'hindsight']),
      total_usd: usd,
      interval_90_usd: interval,
      acts: z.record(z.string(), z.int()).describe('How often each option was chosen'),
      regret_usd: usd.describe('total − that of perfect hindsight'),
    }),
  ),
  ours_saves: z.array(z.object({ than: z.enum(['proceed', 'reroute', 'hindsight']), saved_usd: usd, interval_90_usd: interval })).describe('What the other policy cost more than our decisions; negative: less'),
  by_passages: z.array(z.object({ passages: z.array(z.string()), exposures: z.int(), hit: z.int(), ...costs })),
  exposures: z.array(exposure).describe('Those that were hit or acted on; the rest cost nothing under our decisions'),
  sensitivity: z.array(z.object({ closed_share: share, hit: z.int(), ...costs })).describe('The same book where another share of traffic counts as closed'),
});

export const backtestReport = z.object({
  format: z.literal(1),
  id: z.string().describe('Of the scenario, the rules and the result: the same run has the same id'),
  scenario: z.object({ name: z.string(), title: z.string(), from: day, to: day, days: z.int(), hash: z.string().describe('SHA-256 of the figures played') }),
  rules: z.object({ signals: z.string(), links: z.string(), reality: z.string(), decisions: z.string() }),
  events: z.array(event),
  alarms: z.array(alarm),
  false_alarms: z.object({ years: z.number(), total: z.int(), per_year: z.number(), by_series: z.array(z.object({ series: z.string(), count: z.int(), per_year: z.number() })) }),
  decisions: z.object({
    made: z.int(),
    shipments: z.int().describe('Shipments about which something was decided'),
    alert_worthy: z.int().describe('Decisions that cross their customer’s thresholds or ask for more than proceeding'),
    alert_worthy_actions: z.int().describe('Of those, the ones that ask for more than proceeding'),
    by_action: z.record(z.string(), z.int()),
    first: z.array(z.object({ chokepoint, action: z.string(), as_of: instant, decision_id: z.string() })).describe('The first decision of each action at each passage'),
  }),
  forecasts: z.object({
    rows: z.int().describe('Decisions whose outcome is recorded: P(hit) against hit or not'),
    not_recorded: z.int(),
    hits: z.int(),
    ours: score,
    climatology: score.describe('How often the passage had been closed on the days known by then'),
    where_a_market_speaks: z.object({ rows: z.int(), ours: score, market: score.describe('The highest price of yes among the decision’s markets, taken as it stands') }),
    silent: z.object({ passages: z.int(), hit: z.int() }).describe('Ships about whose passage nothing was ever said, and how many of them were hit'),
  }),
  regret,
});
export type BacktestReport = z.output<typeof backtestReport>;
