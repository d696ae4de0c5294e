/** What the stage's services share. */
import type { Database, Executor } from '../../kernel/database/types.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import type { JobQueue } from '../../kernel/jobs/types.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import { iso, type Clock, type Millis } from '../../model/time.ts';
import { sendAlert } from './jobs.ts';
import type { Delivery } from './deliveries-store.ts';
import type { ChannelName, Contact, DeliveryWebhook, InboundWebhook, MessageChannel, OnReply, RecordAct, WhySettled } from './ports.ts';
import type { AlertSettings } from './settings.ts';
import type { Alert } from './store.ts';

export interface AlertsDeps {
  readonly db: Database;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  readonly events: Pick<EventBus<DeskEvents>, 'publish'>;
  /** Wall-clock time: pacing, windows and back-off. Desk time comes with each request and job. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Those that are set up. None: every alert is suppressed, saying so. */
  readonly channels: readonly MessageChannel[];
  /** Those at which channels report. */
  readonly webhooks: { readonly whatsapp?: DeliveryWebhook | undefined; readonly telegram?: InboundWebhook | undefined };
  /** Who hears when no contact of a customer could be reached; null: nobody, it shows in the queue and in health alone. */
  readonly operators: Contact | null;
  /** `https://desk.company.com`, for links in messages; null: messages have none. */
  readonly publicUrl: string | null;
  readonly whySettled: WhySettled;
  readonly onReply: OnReply;
  readonly recordAct: RecordAct;
  readonly settings: AlertSettings;
}

export const channelOf = (deps: Pick<AlertsDeps, 'channels'>, name: ChannelName): MessageChannel | null => deps.channels.find((c) => c.name === name) ?? null;

/** One pending send a delivery: a later enqueue moves the time. */
export async function enqueueSend(deps: Pick<AlertsDeps, 'jobs'>, on: Executor, alert: Pick<Alert, 'id' | 'asOf'>, delivery: Pick<Delivery, 'position'>, runAt?: Millis): Promise<void> {
  const payload = { alert_id: alert.id, delivery: delivery.position, as_of: iso(alert.asOf) };
  await deps.jobs.enqueue(on, sendAlert, payload, { key: `alerts.send:${alert.id}:${delivery.position}`, ...(runAt === undefined ? {} : { runAt: new Date(runAt) }) });
}

export async function publishUpdate(deps: Pick<AlertsDeps, 'events'>, on: Executor, alert: Pick<Alert, 'id' | 'asOf'>, status: string): Promise<void> {
  await deps.events.publish(on, 'alert.updated', { id: alert.id, as_of: iso(alert.asOf), status });
}

export interface AlertMetrics {
  /** The channel has taken a message. */
  sent(channel: string): void;
  /** The channel has refused or lost one: one count a try, so that the rate of failures shows. */
  failed(channel: string, code: string): void;
}

export function alertMetrics(metrics: Metrics, channels: readonly string[]): AlertMetrics {
  const sent = metrics.counter('riskcast_alerts_sent_total', 'Alert messages that the channel accepted', ['channel']);
  const failed = metrics.counter('riskcast_alerts_failed_total', 'Tries to send an alert that the channel refused or lost, by its code', ['channel', 'code']);
  for (const channel of channels) sent.inc({ channel }, 0);
  return {
    sent: (name) => sent.inc({ channel: name }),
    // Codes come from the channel's own catalogue; anything that does not look like one would make series without bound.
    failed: (name, code) => failed.inc({ channel: name, code: /^[A-Z_]{1,40}$|^\d{1,6}$/.test(code) ? code : 'other' }),
  };
}
