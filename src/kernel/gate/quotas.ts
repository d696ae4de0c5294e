/**
 * What each provider allows, by tier, as data. Read 2026 at the source named beside each; "ours" is a courtesy limit where a
 * provider publishes none. An id with dots is a part of its provider: a call `polymarket` / `gamma.events` counts against
 * `polymarket`, `polymarket.gamma` and `polymarket.gamma.events`.
 */

export interface Limit {
  /** Units in any window of that length. */
  readonly limit: number;
  readonly windowMs: number;
}

export interface QuotaSpec {
  /** All limits of a tier hold together. The first tier is the default. */
  readonly tiers: Readonly<Record<string, readonly Limit[]>>;
  /** Share of each limit that only the urgent lane may use. Default 0. */
  readonly urgentShare?: number;
  readonly source: string;
}

const per = (limit: number, windowMs: number): Limit => Object.freeze({ limit, windowMs });
const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const per10s = (limit: number): readonly Limit[] => [per(limit, 10 * SECOND)];

/** Every provider has this tier as well: a twin on this machine, played faster than the world runs. */
export const TWIN_TIER = Object.freeze({ name: 'twin', limits: Object.freeze([per(50_000, 10 * SECOND)]) });

const POLYMARKET = 'docs.polymarket.com/api-reference/rate-limits';

export const QUOTAS: Readonly<Record<string, QuotaSpec>> = Object.freeze({
  alphavantage: {
    tiers: { free: [per(5, MINUTE), per(25, DAY)], premium: [per(75, MINUTE)] },
    source: 'alphavantage.co/support: 25 requests a day and 5 a minute free; alphavantage.co/premium: from 75 a minute, no daily limit',
  },
  bybit: {
    tiers: { default: [per(600, 5 * SECOND)] },
    urgentShare: 0.1,
    source: 'bybit-exchange.github.io/docs/v5/rate-limit: 600 requests in any 5 s an IP, then a ban of 10 minutes',
  },
  'bybit.order': {
    tiers: { default: [per(10, SECOND)] },
    urgentShare: 0.2,
    source: 'bybit-exchange.github.io/docs/v5/rate-limit: 10 a second an account for /v5/order/create, amend and cancel',
  },
  polymarket: { tiers: { default: per10s(15_000) }, source: POLYMARKET },
  'polymarket.gamma': { tiers: { default: per10s(4_000) }, source: POLYMARKET },
  'polymarket.gamma.events': { tiers: { default: per10s(500) }, source: POLYMARKET },
  'polymarket.gamma.markets': { tiers: { default: per10s(300) }, source: POLYMARKET },
  'polymarket.clob': { tiers: { default: per10s(9_000) }, source: POLYMARKET },
  'polymarket.clob.price': { tiers: { default: per10s(1_500) }, source: POLYMARKET },
  'polymarket.clob.book': { tiers: { default: per10s(1_500) }, source: POLYMARKET },
  'polymarket.clob.prices-history': { tiers: { default: per10s(1_000) }, source: POLYMARKET },
  'polymarket.clob.ok': { tiers: { default: per10s(100) }, source: POLYMARKET },
  'polymarket.data': { tiers: { default: per10s(1_000) }, source: POLYMARKET },
  'polymarket.data.trades': { tiers: { default: per10s(200) }, source: POLYMARKET },
  'polymarket.data.positions': { tiers: { default: per10s(150) }, source: POLYMARKET },
  gdelt: { tiers: { default: [per(1, 5 * SECOND)] }, source: 'api.gdeltproject.org, text of its 429 reply: one request every 5 s' },
  whatsapp: {
    tiers: {
      default: [per(80, SECOND), per(1_000, DAY)],
      'tier-250': [per(80, SECOND), per(250, DAY)],
      'tier-2k': [per(80, SECOND), per(2_000, DAY)],
      'tier-10k': [per(80, SECOND), per(10_000, DAY)],
      'tier-100k': [per(80, SECOND), per(100_000, DAY)],
    },
    urgentShare: 0.1,
    source: 'developers.facebook.com/docs/whatsapp/cloud-api: 80 messages a second a number; users in 24 h by tier; the default ceiling of 1,000 a day is the runbook\'s',
  },
  email: {
    tiers: { default: [per(30, MINUTE), per(2_000, DAY)], 'own-server': [per(100, SECOND)] },
    urgentShare: 0.1,
    source: 'the stricter of two common relays: Exchange Online takes 30 messages a minute (learn.microsoft.com, Exchange Online limits), Google Workspace 2,000 a day (support.google.com/a/answer/166852)',
  },
  slack: { tiers: { default: [per(20, SECOND)] }, urgentShare: 0.1, source: 'ours: docs.slack.dev allows one message a second to one incoming webhook, which the pause between messages to one recipient keeps' },
  teams: { tiers: { default: [per(20, SECOND)] }, urgentShare: 0.1, source: 'ours: learn.microsoft.com allows four requests a second to one webhook, which the pause between messages to one recipient keeps' },
  webhook: { tiers: { default: [per(50, SECOND)] }, urgentShare: 0.1, source: 'ours: each address is a customer\'s own' },
  telegram: { tiers: { default: [per(30, SECOND)] }, urgentShare: 0.1, source: 'core.telegram.org/bots/faq: about 30 messages a second over all chats' },
  portwatch: { tiers: { default: [per(20, 10 * SECOND)] }, source: 'ours: ArcGIS Online publishes no limit for hosted feature services' },
  freight: { tiers: { default: [per(10, 10 * SECOND)] }, source: 'ours: the index publishers give no limit' },
  'freight.freightos': { tiers: { default: [per(5, 10 * SECOND), per(50, 60 * MINUTE)] }, source: 'ours: half of the 100 an hour an address at which others say that the public calculator refuses' },
  news: { tiers: { default: [per(60, 10 * SECOND)] }, source: 'ours: all feeds together; each is asked once a sweep' },
  aisstream: { tiers: { default: [per(1, SECOND)] }, source: 'aisstream.io/documentation: at most one subscription update a second on a connection; each connection of ours brings one' },
  anthropic: {
    tiers: { 'tier-1': [per(50, MINUTE)], 'tier-2': [per(1_000, MINUTE)], 'tier-3': [per(2_000, MINUTE)], 'tier-4': [per(4_000, MINUTE)] },
    source: 'docs.anthropic.com/en/api/rate-limits: requests a minute by usage tier',
  },
  alpaca: { tiers: { default: [per(200, MINUTE)], unlimited: [per(1_000, MINUTE)] }, urgentShare: 0.1, source: 'docs.alpaca.markets: 200 requests a minute an account, more on request' },
  langfuse: { tiers: { default: [per(1_000, MINUTE)] }, source: 'langfuse.com/faq/all/api-limits: ingestion, free plan' },
});
