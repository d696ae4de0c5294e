/** Keeps the record: scores what has been answered, lets the pool learn from it, and tells how good the desk has been. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { answers, reliabilityOf, saidOf } from '../signals/index.ts';
import { forecastsOf, questionKey, saidByGroup } from './forecasts.ts';
import { learnRows } from './learning/learn-rows.ts';
import { TRIAL_SETTINGS, tryPooling, type TrialSettings } from './learning/trial.ts';
import { inUseAt, insertVersion, poolingVersions } from './pooling-store.ts';
import type { DecisionOutcomes, SeededRandom } from './ports.ts';
import { reportOf, type RecordReport } from './report.ts';
import { insertForecasts, insertOutcomes, lockRecord, recordRows, storedOutcomes } from './store.ts';

export interface RecordDeps {
  readonly seeded: SeededRandom;
  /** Null: no stage tells yet how decisions ended. */
  readonly decisionOutcomes: DecisionOutcomes | null;
  readonly settings?: TrialSettings;
}

export interface Scoring {
  /** Questions whose outcome was stored, new or corrected. */
  readonly questions: number;
  readonly forecasts: number;
  /** Whether the pool was tried, and what came of it. */
  readonly trial: 'none' | 'adopted' | 'refused' | 'switched-off';
}

export interface RecordService {
  /** Scores what was answered by `asOf` and is not in the record yet. Repeating it stores nothing. */
  score(tx: Transaction, asOf: Millis): Promise<Scoring>;
  report(on: Executor, asOf: Millis): Promise<RecordReport>;
}

/** Forecasts longer before their answer than this are not scored; an opinion as old has a weight of nothing. */
const HISTORY_MS = 400 * DAY_MS;

/** A trial looks at the held-out outcomes: each look is another chance to be fooled, so it waits until so many events are new. */
const NEW_EVENTS_A_TRIAL = 10;

export function createRecord(deps: RecordDeps): RecordService {
  const settings = deps.settings ?? TRIAL_SETTINGS;
  return {
    async score(tx, asOf) {
      await lockRecord(tx);
      const all = await answers(tx, asOf);
      const stored = await storedOutcomes(tx);
      const changed = all.filter((a) => stored.get(questionKey(a)) !== a.outcome);
      if (changed.length === 0) return { questions: 0, forecasts: 0, trial: 'none' };
      // A correction changes the outcome; what had been forecast stands.
      const fresh = changed.filter((a) => !stored.has(questionKey(a)));
      const said = saidByGroup(await saidOf(tx, [...new Set(fresh.map((a) => a.chokepoint))], asOf - HISTORY_MS, asOf));
      const versions = await poolingVersions(tx, asOf);
      const forecasts = fresh.flatMap((answer) => forecastsOf(answer, { said, answers: all, poolingAt: (at) => inUseAt(versions, at) }));
      await insertOutcomes(tx, changed, asOf);
      await insertForecasts(tx, forecasts, asOf);
      const trial = await learn(tx, asOf);
      crashPoint('record.scored-before-commit');
      return { questions: changed.length, forecasts: forecasts.length, trial };
    },
    report: async (on, asOf) =>
      reportOf({ asOf, rows: await recordRows(on, asOf), versions: await poolingVersions(on, asOf), decisions: deps.decisionOutcomes ? await deps.decisionOutcomes(on, asOf) : [], seeded: deps.seeded, settings }),
  };

  async function learn(tx: Transaction, asOf: Millis): Promise<Scoring['trial']> {
    const rows = learnRows(await recordRows(tx, asOf));
    const versions = await poolingVersions(tx, asOf);
    const events = new Set(rows.map((r) => r.event)).size;
    if (events < 2 * settings.leastEvents || events < (versions.at(-1)?.events ?? 0) + NEW_EVENTS_A_TRIAL) return 'none';
    const inUse = inUseAt(versions, asOf);
    const trial = tryPooling(rows, { use: inUse.use, parameters: inUse, learntUntil: inUse.learntUntil, declared: reliabilityOf }, deps.seeded(`trial ${asOf}`), settings);
    if (!trial) return 'none';
    await insertVersion(tx, trial, asOf, events);
    return trial.adopted ? 'adopted' : trial.useAfter !== inUse.use ? 'switched-off' : 'refused';
  }
}
