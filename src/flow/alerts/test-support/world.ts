/** The stage wired to real Postgres, the real WhatsApp client and its twin over HTTP, with a queue and a clock that a test moves by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testHttp } from '../../../../test/support/http.ts';
import type { Identity } from '../../../kernel/auth/types.ts';
import type { Database } from '../../../kernel/database/types.ts';
import type { EnqueueOptions, JobDefinition } from '../../../kernel/jobs/types.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { createMetrics, type Metrics } from '../../../kernel/metrics/index.ts';
import { usd } from '../../../model/money.ts';
import { ManualClock, parseInstant, type Clock } from '../../../model/time.ts';
import { createWhatsAppClient, createWhatsAppWebhook, startWhatsAppTwin, whatsAppChannel, type WhatsAppTwin, type WhatsAppTwinOptions } from '../../../venues/whatsapp/index.ts';
import { realOutbound } from '../../../venues/whatsapp/test-support/real-outbound.ts';
import { createAlerts, DEFAULT_SETTINGS, sendAlert, type AlertRequest, type Alerts, type AlertsDeps, type AlertSettings, type ChannelLimits, type ChannelName, type CustomerReply, type MessageChannel } from '../index.ts';

export const ACCOUNT = Object.freeze({ accessToken: 'test-token', phoneNumberId: '1066', appSecret: 'test-app-secret', verifyToken: 'test-verify' });
export const START = '2026-03-02T09:00:00Z';

interface Pending {
  readonly name: string;
  readonly payload: unknown;
  readonly key: string | undefined;
  readonly runAt: number;
}

/** Jobs in memory, one a key, taken when their time has come. */
export class HandQueue {
  pending: Pending[] = [];
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }
  async enqueue<P>(_on: unknown, job: JobDefinition<P>, payload: P, options: EnqueueOptions = {}): Promise<string> {
    this.pending = this.pending.filter((p) => options.key === undefined || p.key !== options.key);
    this.pending.push({ name: job.name, payload: job.payload.parse(payload), key: options.key, runAt: options.runAt?.getTime() ?? this.#clock.now() });
    return String(this.pending.length);
  }
  takeDue(): readonly Pending[] {
    const due = this.pending.filter((p) => p.runAt <= this.#clock.now());
    this.pending = this.pending.filter((p) => p.runAt > this.#clock.now());
    return due;
  }
}

export interface Parts {
  readonly alerts: Alerts;
  readonly queue: HandQueue;
  readonly metrics: Metrics;
  readonly published: { readonly id: string; readonly status: string }[];
  readonly replies: CustomerReply[];
  readonly acts: string[];
}

/** The stage's settings, and limits that hold for every channel. */
export type TestSettings = Partial<AlertSettings> & Partial<ChannelLimits>;

const NAMES: readonly ChannelName[] = ['whatsapp', 'email', 'slack', 'teams', 'webhook', 'telegram'];

function settingsOf({ pairIntervalMs, perSecond, dailyCeiling, ...rest }: TestSettings): AlertSettings {
  const own = Object.fromEntries(Object.entries({ pairIntervalMs, perSecond, dailyCeiling }).filter(([, value]) => value !== undefined));
  const limits = Object.fromEntries(NAMES.map((name) => [name, { ...DEFAULT_SETTINGS.limits[name], ...own }])) as AlertSettings['limits'];
  return { ...DEFAULT_SETTINGS, limits, ...rest };
}

/** What a test brings beside WhatsApp. */
export type Around = Partial<Pick<AlertsDeps, 'operators' | 'publicUrl' | 'whySettled' | 'jobs' | 'onReply' | 'logger'>> & { readonly others?: readonly MessageChannel[]; readonly telegram?: AlertsDeps['webhooks']['telegram'] };

export function assemble(db: Database, clock: Clock, twinUrl: string, settings: TestSettings = {}, around: Around = {}): Parts {
  const queue = new HandQueue(clock);
  const metrics = createMetrics({ processDefaults: false });
  const published: { id: string; status: string }[] = [];
  const replies: CustomerReply[] = [];
  const acts: string[] = [];
  const client = createWhatsAppClient(realOutbound(), { baseUrl: twinUrl, apiVersion: 'v23.0', deadlineMs: 2_000, ...ACCOUNT });
  const alerts = createAlerts({
    db,
    jobs: around.jobs ?? queue,
    clock,
    metrics,
    logger: around.logger ?? silentLogger,
    events: { publish: async (_on, _name, payload) => void published.push(payload as { id: string; status: string }) },
    channels: [whatsAppChannel(client, { name: 'risk_decision', languages: ['en'] }), ...(around.others ?? [])],
    webhooks: { whatsapp: createWhatsAppWebhook(ACCOUNT), telegram: around.telegram },
    operators: around.operators ?? null,
    publicUrl: around.publicUrl ?? null,
    whySettled: around.whySettled ?? (async () => null),
    onReply: around.onReply ?? (async (_tx, reply) => void replies.push(reply)),
    recordAct: async (_tx, act) => void acts.push(`${act.who} ${act.what} ${act.subject}: ${act.why}`),
    settings: settingsOf(settings),
  });
  return { alerts, queue, metrics, published, replies, acts };
}

export async function serve(alerts: Alerts): Promise<{ readonly url: string; close(): Promise<void> }> {
  const operator: Identity = { subject: 'user:usr_op', role: 'operator', scopes: [] };
  const http = await testHttp({ logger: silentLogger, config: { adminLoopback: true }, auth: { byToken: async () => operator, bySignature: async () => operator } });
  alerts.routes(http.app);
  return { url: await http.start(), close: () => http.close() };
}

/** For requests that need an operator. */
export const OPERATOR = Object.freeze({ authorization: 'Bearer operator', 'content-type': 'application/json' });

export interface World extends Parts {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly twin: WhatsAppTwin;
  readonly url: string;
  readonly journalPath: string;
  /** Asks for an alert; gives its id. */
  ask(change?: RequestChange): Promise<string>;
  /** What `alerts.watch` does each minute, and the jobs that come of it. */
  watch(): Promise<void>;
  deliveries(id: string): Promise<readonly Record<string, unknown>[]>;
  /** Runs the jobs whose time has come, until none is left. */
  work(): Promise<void>;
  /** Moves the clock, and lets phones and jobs go on. */
  advance(ms: number): Promise<void>;
  row(id: string): Promise<Record<string, unknown>>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startWorld(db: Database, settings: TestSettings = {}, twinOptions: Partial<WhatsAppTwinOptions> = {}, around: Around = {}): Promise<World> {
  const clock = new ManualClock(START);
  const folder = mkdtempSync(join(tmpdir(), 'bw-phone-'));
  const journalPath = join(folder, 'phone.ndjson');
  const sleepers: { readonly due: number; readonly wake: () => void }[] = [];
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      sleepers.push({ due: clock.now() + ms, wake: resolve });
    });
  const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath, clock, wait, ...twinOptions });
  const parts = assemble(db, clock, twin.url, settings, around);
  const server = await serve(parts.alerts);
  twin.callback(`${server.url}/webhooks/whatsapp`);
  const work = (): Promise<void> => runDue(db, parts.alerts, parts.queue);
  return {
    ...parts,
    db,
    clock,
    twin,
    url: server.url,
    journalPath,
    work,
    async watch() {
      await parts.alerts.watch((work) => db.transaction(work));
      await work();
    },
    deliveries: async (id) => (await db.query('select * from alert_deliveries where alert_id = $1 order by position', [id])).rows,
    async ask(change = {}) {
      const outcome = await db.transaction((tx) => parts.alerts.request(tx, request(change)));
      return outcome.alertId;
    },
    async advance(ms) {
      clock.advance(ms);
      for (const sleeper of sleepers.splice(0)) (sleeper.due <= clock.now() ? sleeper.wake : () => sleepers.push(sleeper))();
      await work();
    },
    row: async (id) => (await db.query('select * from alerts where id = $1', [id])).rows[0]!,
    async [Symbol.asyncDispose]() {
      await twin.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a worker does, one job after another. */
export async function runDue(db: Database, alerts: Alerts, queue: HandQueue): Promise<void> {
  for (let due = queue.takeDue(); due.length > 0; due = queue.takeDue()) {
    for (const job of due) {
      if (job.name !== sendAlert.name) continue;
      const { alert_id, delivery } = job.payload as { alert_id: string; delivery: number };
      await alerts.send(alert_id, delivery, { transaction: (work) => db.transaction(work), logger: silentLogger });
    }
  }
}

/** `recipient`: the customer's WhatsApp number, where that is all that matters. */
export type RequestChange = Partial<AlertRequest> & { readonly recipient?: string };

export const request = ({ recipient = '+84901234567', ...change }: RequestChange = {}): AlertRequest => ({
  decisionId: 'dec_1',
  customerId: 'cus_1',
  customerName: 'Saigon Textiles',
  contacts: [{ channel: 'whatsapp', address: recipient }],
  language: 'en',
  timezone: 'Asia/Ho_Chi_Minh',
  quietHours: null,
  eventKey: 'hormuz/shp_1',
  action: 'reroute',
  headline: 'Reroute BK-1 around Hormuz: $14,200 less expected cost',
  body: ['Chance of a closure: 42 %.', 'Book the Cape route.'],
  deadline: parseInstant('2026-03-03T12:00:00Z'),
  expectedCost: usd(14_200),
  severity: 'high',
  asOf: parseInstant(START),
  ...change,
});

/** Waits until something holds; what happens is driven by others (HTTP, another process), never by this wait. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 10_000): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(5)) if (await holds()) return;
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
