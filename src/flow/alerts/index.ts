/** The stage `alerts`: tells customers of decisions, once, at a time when they can hear it, and knows whether they did. */
import type { ComponentCheck } from '../../kernel/health/types.ts';
import type { HttpApp } from '../../kernel/http/types.ts';
import type { JobQueue } from '../../kernel/jobs/types.ts';
import { parseInstant } from '../../model/time.ts';
import { alertMetrics, type AlertsDeps } from './deps.ts';
import { alerterCheck } from './health.ts';
import { createIntake, type Intake } from './intake.ts';
import { recoverAlerts, sendAlert, sweepAlerts, watchAlerts } from './jobs.ts';
import { alertRoutes } from './routes.ts';
import { createSender, type Send } from './sender.ts';
import { createAlertService, type AlertService } from './service.ts';

export interface Alerts extends AlertService {
  /** Says who does the stage's jobs, and every minute recovers lost ones and looks at what stays unread. Before the worker starts. */
  handleJobs(jobs: Pick<JobQueue, 'handle' | 'schedule'>): void;
  readonly routes: (app: HttpApp) => void;
  /** Component `alerter`. */
  readonly health: ComponentCheck;
  /** One step of one delivery: what the job `alerts.send` runs. */
  readonly send: Send;
  readonly intake: Intake;
}

/**
 * @example
 * const alerts = createAlerts({ db, jobs, events, clock, logger, metrics, channels, webhooks, operators, publicUrl, whySettled, onReply, recordAct, settings: DEFAULT_SETTINGS });
 * alerts.handleJobs(jobs);
 * await db.transaction((tx) => alerts.request(tx, request));
 */
export function createAlerts(deps: AlertsDeps): Alerts {
  const count = alertMetrics(deps.metrics, deps.channels.map((c) => c.name));
  const service = createAlertService(deps);
  const intake = createIntake({ ...deps, count });
  const send = createSender({ ...deps, count, applyEarly: intake.applyEarly });
  return Object.freeze({
    ...service,
    send,
    intake,
    routes: alertRoutes({ ...deps, service, intake }),
    health: alerterCheck(deps),
    handleJobs(jobs: Pick<JobQueue, 'handle' | 'schedule'>) {
      jobs.handle(sendAlert, ({ alert_id, delivery }, context) => send(alert_id, delivery, context));
      jobs.handle(sweepAlerts, async ({ as_of }, context) => {
        await context.transaction((tx) => service.release(tx, parseInstant(as_of)));
      });
      jobs.handle(recoverAlerts, async (_payload, context) => {
        await context.transaction((tx) => service.recover(tx));
      });
      jobs.handle(watchAlerts, async (_payload, context) => void (await service.watch((work) => context.transaction(work))));
      jobs.schedule('* * * * *', recoverAlerts);
      jobs.schedule('* * * * *', watchAlerts);
    },
  });
}

export type { AlertsDeps } from './deps.ts';
export { maskAddress, parseContact } from './contacts.ts';
export { recoverAlerts, sendAlert, sweepAlerts, watchAlerts } from './jobs.ts';
export type * from './ports.ts';
export type { RequestOutcome } from './service.ts';
export { DEFAULT_SETTINGS, type AlertSettings, type ChannelLimits } from './settings.ts';
export { forgetAlerts, listAlerts } from './store.ts';
export type { AlertStatus } from './delivery-rules.ts';
