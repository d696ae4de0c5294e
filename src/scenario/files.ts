/** The columns and members of each file of a scenario: the format itself, as docs/scenarios.md tells it. */
import { z } from 'zod';
import { chokepoint, csvNumber, day, instant, lane, locode, orNull, page, pageSlug, slug, text, usdAmount } from './fields.ts';
import { SCENARIO_CONTAINERS, SCENARIO_GOODS } from './types.ts';

export const FILES = Object.freeze({
  scenario: 'scenario.json',
  transits: 'transits.csv',
  freight: 'freight.csv',
  markets: 'markets.json',
  prices: 'prices.csv',
  customers: 'customers.json',
  shipments: 'shipments.csv',
} as const);

export const scenarioFile = z.strictObject({
  /** The version of this format. */
  format: z.literal(1),
  name: slug,
  title: text(120),
  description: text(2_000),
  from: day,
  to: day,
  seconds_per_day: z.number().min(0.01).max(3_600).default(2),
  attributions: z.array(z.strictObject({ source: text(200), licence: text(300), url: page, retrieved: day })).min(1).max(50),
  events: z.array(z.strictObject({ day, title: text(200), source: page, affects: z.array(chokepoint).max(20).default([]), until: day.nullable().default(null) })).max(500),
});

const vessels = orNull(csvNumber(0, 10_000, true));
export const transitColumns = {
  chokepoint,
  observed_for: day,
  known_at: instant,
  total: vessels,
  container: vessels,
  dry_bulk: vessels,
  general_cargo: vessels,
  roro: vessels,
  tanker: vessels,
};

export const freightColumns = {
  lane,
  observed_for: day,
  known_at: instant,
  usd_per_feu: csvNumber(1, 1_000_000, false),
  source: slug,
};

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/);
const token = z.string().regex(/^\d{1,80}$/);

export const marketsFile = z.array(
  z.strictObject({
    id,
    source: slug,
    question: text(500),
    url: page,
    slug: pageSlug,
    tags: z.array(slug).max(20).default([]),
    opens: instant,
    closes: instant,
    token_ids: z.strictObject({ yes: token, no: token }),
    liquidity_usd: z.number().min(0).max(1e12).nullable().default(null),
    resolution: z.strictObject({ outcome: z.enum(['yes', 'no']), known_at: instant }).nullable(),
  }),
);

export const priceColumns = {
  market_id: id,
  observed_for: instant,
  known_at: instant,
  price: csvNumber(0, 1, false),
};

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** Every name of the IANA list, older and newer ones alike (Asia/Ho_Chi_Minh is Asia/Saigon to some). */
const isTimezone = (name: string): boolean => {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
const timezone = z.string().refine(isTimezone, { message: 'is not a time zone', params: { fix: 'a name of the IANA list such as Asia/Singapore' } });

export const customersFile = z.array(
  z.strictObject({
    id: slug,
    name: text(120),
    whatsapp: z.string().regex(/^\+[1-9]\d{7,14}$/),
    language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
    timezone,
    min_exposure_usd: usdAmount,
    min_probability: z.number().min(0).max(1),
    quiet_hours: z.strictObject({ from: wallTime, to: wallTime }).nullable(),
  }),
);

export const shipmentColumns = {
  id: slug,
  reference: z.string().regex(/^[A-Z0-9][A-Z0-9-]{2,39}$/),
  customer_id: slug,
  known_at: instant,
  from: locode,
  to: locode,
  etd: instant,
  eta: instant,
  cargo: text(120),
  cargo_value_usd: usdAmount,
  containers: csvNumber(1, 10_000, true),
  container_type: z.enum(SCENARIO_CONTAINERS),
  goods_class: z.enum(SCENARIO_GOODS),
  carrier_scac: z.string().regex(/^[A-Z]{2,4}$/),
  vessel: orNull(text(60)),
  booking_reference: orNull(text(40)),
  penalty_per_day_usd: usdAmount,
  penalty_free_days: csvNumber(0, 365, true),
  penalty_cap_usd: usdAmount,
};
