/** A desk without doors for one backtest: the same stages, wired as they are for a replay, over the twins and a database of its own. */
import type { Config } from '../config.ts';
import { lookAt } from '../desk/replay/index.ts';
import { makeReport, walk, type BacktestReport, type WalkOptions } from '../desk/backtest/index.ts';
import { upsertCustomersAndShipments } from '../flow/shipping/index.ts';
import type { Database } from '../kernel/database/index.ts';
import type { EventBus } from '../kernel/events/index.ts';
import type { Jobs } from '../kernel/jobs/index.ts';
import type { DeskEvents } from '../model/desk-events.ts';
import { ManualClock } from '../model/time.ts';
import type { Scenario } from '../scenario/index.ts';
import { createFlow } from './flow.ts';
import { createBase, createKernel } from './kernel.ts';
import { freightReader } from './readers.ts';
import { shippingOf } from './shipping.ts';
import { scenarioWorld } from './world.ts';

/** What is handed over by a job is done by the walk itself, in order: nothing is enqueued, nobody listens. */
const noQueue: Jobs['queue'] = {
  enqueue: async () => '0',
  enqueueMany: async () => undefined,
  handle: () => undefined,
  schedule: () => undefined,
  cancelPending: async () => 0,
  pending: async () => 0,
};
const noEvents: EventBus<DeskEvents> = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };

/**
 * Walks the scenario in `db`, which must be migrated and empty, and reports on it.
 * @param home a folder for what the twins write
 */
export async function runBacktest(config: Config, db: Database, scenario: Scenario, home: string, options: WalkOptions = {}): Promise<BacktestReport> {
  const base = createBase(config, false);
  const kernel = createKernel(base, db, 'replay', false);
  const world = await scenarioWorld(config, kernel.outbound, scenario, home, new ManualClock(lookAt(scenario.from)));
  try {
    const flow = createFlow(kernel, db, { queue: noQueue }, noEvents, world, 'replay');
    const shipping = shippingOf(scenario);
    await walk({ db, ...flow, prepare: (tx) => upsertCustomersAndShipments(tx, shipping, flow.planner) }, scenario, options);
    return await makeReport({ db, planner: flow.planner, shipping, laneRate: (from, to, asOf) => freightReader.laneRate(db, from, to, asOf) }, scenario);
  } finally {
    await world.close();
    kernel.gate.close();
    await base.tracing.shutdown();
  }
}
