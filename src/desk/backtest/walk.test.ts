import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transaction } from '../../kernel/database/types.ts';
import { walk, type WalkDeps } from './walk.ts';

test('each day the stages are asked in the order of a round, with the time of that look and no later one', async () => {
  const story: string[] = [];
  const tell = (stage: string, asOf: number): void => void story.push(`${stage} ${new Date(asOf).toISOString().slice(0, 13)}`);
  const deps = {
    db: { transaction: async (work: (tx: Transaction) => Promise<unknown>) => work({} as Transaction) },
    prepare: async () => void story.push('prepare'),
    signals: { sweep: async (asOf: number) => tell('signals', asOf) },
    reality: { sweep: async (asOf: number) => tell('reality', asOf) },
    decisions: { evaluate: async (_tx: Transaction, { asOf }: { asOf: number }) => tell('decisions', asOf) },
    record: { score: async (_tx: Transaction, asOf: number) => tell('record', asOf) },
  } as unknown as WalkDeps;
  const days: number[] = [];
  assert.equal(await walk(deps, { from: '2026-02-28', to: '2026-03-01' }, { onDay: (day) => void days.push(day) }), 2);
  const round = (at: string): string[] => ['signals', 'reality', 'decisions', 'record'].map((stage) => `${stage} ${at}`);
  assert.deepEqual(story, ['prepare', ...round('2026-02-28T18'), ...round('2026-03-01T18')]);
  assert.deepEqual(days, [1, 2]);
});
