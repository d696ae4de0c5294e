/** The stage's orchestration: evaluations, and what people do to decisions. */
import type { Database, Transaction } from '../../kernel/database/types.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import { iso, type Clock, type Millis } from '../../model/time.ts';
import type { Audit, RoutePlanner } from '../shipping/index.ts';
import { errors } from './errors.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import type { Action } from './options/index.ts';
import { reportOutcome, type ReportedOutcome } from './outcomes/report.ts';
import { settle, type SeenReader, type Settlement } from './outcomes/settle.ts';
import type { FreightReader, OnDecision, RiskReader } from './ports.ts';
import { replayDecision, type Replay } from './replay.ts';
import { forgetDecisions, markAcknowledged, markOverridden } from './store/acts.ts';
import { findDecision, findRecord, type StoredDecision } from './store/decisions.ts';
import type { Scope } from './touched.ts';

export interface DecisionsDeps {
  readonly db: Database;
  readonly events: EventBus<DeskEvents>;
  /** Wall clock: when a person acted. */
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly risks: RiskReader;
  readonly planner: RoutePlanner;
  /** Null: no freight series; the general rate of the settings is used. */
  readonly freight: FreightReader | null;
  readonly audit: Audit;
  readonly onDecision: OnDecision;
  /** The traffic of passages, for what came of decisions. Left out: nobody counts, and only people tell. */
  readonly seen?: SeenReader;
}

export interface DecisionService {
  /** Assesses what the scope touches, and stores what is new, in `tx`. */
  evaluate(tx: Transaction, scope: Scope): Promise<Evaluation>;
  /** @throws CodedError DECISION_UNKNOWN, DECISION_CLOSED */
  acknowledge(tx: Transaction, id: string, by: string, note: string | null): Promise<StoredDecision>;
  /** @throws CodedError DECISION_UNKNOWN, DECISION_CLOSED, DECISION_ACTION_NOT_OFFERED */
  override(tx: Transaction, id: string, by: string, action: Action, reason: string): Promise<StoredDecision>;
  /** Looks at what came of decisions whose ships have passed, as known at `asOf`. */
  settle(tx: Transaction, asOf: Millis): Promise<Settlement>;
  /** What a person tells of its end. @param now desk time @throws CodedError DECISION_UNKNOWN */
  outcome(tx: Transaction, id: string, told: ReportedOutcome, by: string, now: Millis): Promise<void>;
  /** @throws CodedError DECISION_UNKNOWN, DECISION_RULE_UNKNOWN */
  replay(id: string): Promise<Replay>;
  /** For a replay that starts again from its first day. */
  forget(tx: Transaction): Promise<void>;
}

export function createDecisions(deps: DecisionsDeps): DecisionService {
  const generated = deps.metrics.counter('riskcast_decisions_generated_total', 'Decisions stored, by the action they advise', ['action']);
  const seen: SeenReader = deps.seen ?? (async () => new Map());
  return Object.freeze({
    async evaluate(tx: Transaction, scope: Scope) {
      const done = await evaluate(tx, deps, scope);
      for (const { id, content } of done.made) await deps.events.publish(tx, 'decision.made', { id, as_of: iso(scope.asOf), action: content.action });
      // Counted once the commit stands: a rolled-back evaluation made nothing.
      tx.afterCommit(() => {
        for (const { content } of done.made) generated.inc({ action: content.action });
      });
      return done;
    },
    acknowledge: (tx: Transaction, id: string, by: string, note: string | null) => acknowledge(deps, tx, id, by, note),
    override: (tx: Transaction, id: string, by: string, action: Action, reason: string) => override(deps, tx, id, by, action, reason),
    settle: (tx: Transaction, asOf: Millis) => settle(tx, seen, asOf),
    async outcome(tx: Transaction, id: string, told: ReportedOutcome, by: string, now: Millis) {
      const decision = await findDecision(tx, id, true);
      if (!decision) throw unknown(id);
      await reportOutcome({ audit: deps.audit, seen }, tx, decision, told, by, now);
    },
    async replay(id: string) {
      const record = await findRecord(deps.db, id);
      if (!record) throw unknown(id);
      return replayDecision(record);
    },
    forget: forgetDecisions,
  });
}

async function acknowledge(deps: DecisionsDeps, tx: Transaction, id: string, by: string, note: string | null): Promise<StoredDecision> {
  const before = await standing(tx, id);
  // A repeat by whom it was acknowledged already changes nothing and is not audited again.
  if (before.acknowledged?.by === by && before.acknowledged.note === note) return before;
  await markAcknowledged(tx, id, by, deps.clock.now(), note);
  await deps.audit(tx, { actor: by, action: 'decision.acknowledge', target: id, reason: note, before: { status: before.status }, after: { status: before.status === 'active' ? 'acknowledged' : before.status } });
  return (await findDecision(tx, id))!;
}

async function override(deps: DecisionsDeps, tx: Transaction, id: string, by: string, action: Action, reason: string): Promise<StoredDecision> {
  const before = await standing(tx, id);
  const offered = before.content.options.filter((o) => o.feasible).map((o) => o.action);
  if (!offered.includes(action)) {
    throw errors.DECISION_ACTION_NOT_OFFERED({ field: 'action', detail: `${action} is not open for ${before.content.shipment_reference}`, fix: `One of ${offered.join(', ')}` });
  }
  if (before.overridden?.by === by && before.overridden.action === action && before.overridden.reason === reason) return before;
  await markOverridden(tx, id, by, deps.clock.now(), action, reason);
  await deps.audit(tx, { actor: by, action: 'decision.override', target: id, reason, before: { status: before.status, action: before.overridden?.action ?? before.content.action }, after: { status: 'overridden', action } });
  return (await findDecision(tx, id))!;
}

async function standing(tx: Transaction, id: string): Promise<StoredDecision> {
  const decision = await findDecision(tx, id, true);
  if (!decision) throw unknown(id);
  if (decision.status === 'superseded' || decision.status === 'expired') {
    throw errors.DECISION_CLOSED({ detail: `It is ${decision.status}`, fix: decision.supersededBy ? `Look at ${decision.supersededBy}, which took its place` : 'Nothing is left to act on' });
  }
  return decision;
}

export const unknown = (id: string): Error => errors.DECISION_UNKNOWN({ field: 'id', detail: `There is no decision ${id}`, fix: 'List them at GET /api/v1/decisions' });
