/** A signals stage over real Postgres that is told what the markets say, and a record over it. */
import type { Database } from '../../../kernel/database/types.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { createMetrics } from '../../../kernel/metrics/index.ts';
import { seededUniform } from '../../../kernel/random/seeded-uniform.ts';
import { contentHash } from '../../../model/ids.ts';
import { ManualClock, type Millis } from '../../../model/time.ts';
import { createSignals, type RawStatement } from '../../signals/index.ts';
import type { TrialSettings } from '../learning/trial.ts';
import type { DecisionOutcomes } from '../ports.ts';
import { createRecord, type RecordService, type Scoring } from '../service.ts';

export interface RecordDesk {
  readonly record: RecordService;
  hear(asOf: Millis, ...statements: readonly RawStatement[]): Promise<void>;
  score(asOf: Millis): Promise<Scoring>;
}

export function recordDesk(db: Database, options: { readonly settings?: TrialSettings; readonly decisionOutcomes?: DecisionOutcomes } = {}): RecordDesk {
  let said: readonly RawStatement[] = [];
  const signals = createSignals({
    db,
    sources: [{ name: 'markets', kind: 'twin', fetch: async () => said }],
    clock: new ManualClock(0),
    logger: silentLogger,
    metrics: createMetrics({ processDefaults: false }),
    events: { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined },
    onStored: async () => undefined,
  });
  const record = createRecord({ seeded: (seed) => seededUniform(contentHash(seed)), decisionOutcomes: options.decisionOutcomes ?? null, ...(options.settings ? { settings: options.settings } : {}) });
  return {
    record,
    async hear(asOf, ...statements) {
      said = statements;
      await signals.sweep(asOf, 'test');
    },
    score: (asOf) => db.transaction((tx) => record.score(tx, asOf)),
  };
}
