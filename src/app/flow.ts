/** Makes the stages and connects them: each hands over to the next by a job in the transaction of the row that caused it. */
import { enqueueReassessment, ROUND_JOBS } from '../desk/rounds/index.ts';
import { createAlerts, forgetAlerts, parseContact, sendAlert, sweepAlerts, type Alerts } from '../flow/alerts/index.ts';
import { createDecisions, findDecision, handleDecisionJobs, type DecisionService } from '../flow/decisions/index.ts';
import { createReality, createSeaRouter, forgetReality, handleRealityJobs, seenPassages, type RealityService, type SeaRouter } from '../flow/reality/index.ts';
import { forgetShipping, type RoutePlanner } from '../flow/shipping/index.ts';
import { createRecord, forgetRecord, handleRecordJobs, type RecordService } from '../flow/record/index.ts';
import { createSignals, forgetSignals, handleSignalJobs, type SignalsService } from '../flow/signals/index.ts';
import { appendAudit } from '../kernel/audit/index.ts';
import type { Database, Transaction } from '../kernel/database/index.ts';
import type { EventBus } from '../kernel/events/types.ts';
import type { Jobs } from '../kernel/jobs/index.ts';
import { seededUniform } from '../kernel/random/seeded-uniform.ts';
import type { DeskEvents } from '../model/desk-events.ts';
import { contentHash } from '../model/ids.ts';
import type { Kernel } from './kernel.ts';
import { decisionOutcomes, freightReader, seaPlanner, riskReader } from './readers.ts';
import { alertOf, alertSettings, whySettled } from './telling.ts';
import type { Mode } from './store.ts';
import type { World } from './world.ts';

export interface Flow {
  readonly signals: SignalsService;
  readonly reality: RealityService;
  readonly decisions: DecisionService;
  readonly alerts: Alerts;
  readonly record: RecordService;
  readonly planner: RoutePlanner;
  readonly router: SeaRouter;
  /** Forgets everything that was played, who ships what included. */
  forget(tx: Transaction): Promise<void>;
}

export function createFlow(kernel: Kernel, db: Database, jobs: Pick<Jobs, 'queue'>, events: EventBus<DeskEvents>, world: World, mode: Mode): Flow {
  const { clock, logger, metrics } = kernel;
  const { queue } = jobs;
  const router = createSeaRouter();
  const planner = seaPlanner(router);

  const signals = createSignals({
    db, clock, logger, metrics, events,
    sources: world.signalSources,
    onStored: (tx, stored) => enqueueReassessment(queue, tx, stored.asOf, 'signals', stored.chokepoints),
  });
  handleSignalJobs(queue, signals);
  world.hearing((statements, asOf) => signals.hear(statements, asOf, 'polymarket'));

  const reality = createReality({
    db, clock, logger, metrics, events,
    sources: world.observationSources,
    onChanged: (tx, changed) => enqueueReassessment(queue, tx, changed.asOf, 'reality', changed.changes.map((c) => c.chokepoint)),
  });
  handleRealityJobs(queue, reality);

  const alerts = createAlerts({
    db, clock, logger, metrics, events,
    jobs: queue,
    channels: world.channels,
    webhooks: world.webhooks,
    operators: kernel.config.OPERATOR_ALERTS === undefined ? null : parseContact(kernel.config.OPERATOR_ALERTS),
    publicUrl: kernel.config.PUBLIC_URL ?? null,
    whySettled,
    // "1" means that the customer has acted: the decision is acknowledged in their name.
    onReply: async (tx, reply) => {
      if (reply.meaning !== 'acted') return;
      const decision = await findDecision(tx, reply.decisionId);
      // An answer to advice that newer advice has replaced is kept with the alert; there is nothing left to acknowledge.
      if (decision === null || decision.status === 'superseded' || decision.status === 'expired') return;
      await decisions.acknowledge(tx, reply.decisionId, `customer:${reply.customerId}`, reply.text);
    },
    recordAct: async (tx, act) => void (await appendAudit(tx, { actor: act.who, action: act.what, target: act.subject, reason: act.why, after: act.change })),
    settings: alertSettings(mode),
  });
  alerts.handleJobs(queue);

  const decisions = createDecisions({
    db, clock, metrics, events,
    risks: riskReader(),
    planner,
    freight: freightReader,
    audit: (tx, entry) => appendAudit(tx, entry),
    seen: seenPassages,
    onDecision: async (tx, made) => {
      if (made.alertWorthy) await alerts.request(tx, alertOf(made));
    },
  });
  handleDecisionJobs(queue, decisions);

  const record = createRecord({ seeded: (seed) => seededUniform(contentHash(seed)), decisionOutcomes });
  handleRecordJobs(queue, record);

  return {
    signals, reality, decisions, alerts, record, planner, router,
    async forget(tx) {
      await queue.cancelPending(tx, [...ROUND_JOBS, sendAlert.name, sweepAlerts.name]);
      await forgetAlerts(tx);
      await decisions.forget(tx);
      await forgetShipping(tx);
      await forgetRecord(tx);
      await forgetReality(tx);
      await forgetSignals(tx);
    },
  };
}
