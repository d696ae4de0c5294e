/** A desk without doors for one backtest: the same stages, wired as they are for a replay, over the twins and a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { lookAt } from '../desk/replay/index.ts';
import { assertMayBacktest, makeReport, walk, type BacktestReport, type WalkOptions } from '../desk/backtest/index.ts';
import { upsertCustomersAndShipments } from '../flow/shipping/index.ts';
import { migrateUp, openDatabase, readMigrations, startEmbedded, type Database } from '../kernel/database/index.ts';
import type { EventBus } from '../kernel/events/index.ts';
import type { Jobs } from '../kernel/jobs/index.ts';
import type { DeskEvents } from '../model/desk-events.ts';
import { deterministicId } from '../model/ids.ts';
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
export async function runBacktest(db: Database, scenario: Scenario, home: string, options: WalkOptions = {}): Promise<BacktestReport> {
  // The defaults, whatever the desk is set to: the same scenario and rules give the same report everywhere.
  const { values: config } = readConfig({ LOG_LEVEL: 'error', ENABLE_TRACING: 'false' });
  const base = createBase(config, false);
  const kernel = createKernel(base, db, 'replay', false);
  const world = await scenarioWorld(config, kernel.outbound, scenario, home, new ManualClock(lookAt(scenario.from)), base.clock);
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

export interface BacktestOptions extends WalkOptions {
  readonly migrations: string;
}

/** On a Postgres of its own in a temporary folder, gone when it ends: for the command line. */
export async function backtestAlone(scenario: Scenario, { migrations, ...options }: BacktestOptions): Promise<BacktestReport> {
  const home = mkdtempSync(join(tmpdir(), 'bw-backtest-'));
  // Nothing of it outlives the run, so nothing has to survive a crash.
  const server = await startEmbedded(join(home, 'postgres'), { durable: false });
  try {
    return await inDatabase(server.url, migrations, (db) => runBacktest(db, scenario, home, options));
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The database of one backtest of one desk: two desks on a server that walk the same scenario do not share it. */
export const scratchName = (desk: Database, id: string): string => `bw_${deterministicId('bt', new URL(desk.directUrl).pathname, id)}`;

/**
 * In a database of its own beside the desk's, made anew and dropped when it ends: for a job.
 * A repeat after a kill drops the database of the first try.
 * @param name of the database: letters, digits, `_`
 * @throws CodedError BACKTEST_NOT_POSSIBLE
 */
export async function backtestBeside(desk: Database, name: string, scenario: Scenario, { migrations, ...options }: BacktestOptions): Promise<BacktestReport> {
  await assertMayBacktest(desk);
  const home = mkdtempSync(join(tmpdir(), 'bw-backtest-'));
  const url = new URL(desk.directUrl);
  url.pathname = `/${name}`;
  const drop = () => desk.query(`drop database if exists "${name}" with (force)`);
  try {
    await drop();
    await desk.query(`create database "${name}"`);
    return await inDatabase(url.toString(), migrations, (db) => runBacktest(db, scenario, home, options));
  } finally {
    await drop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One walker, one look after the other: a few connections are plenty. */
const CONNECTIONS = 3;

async function inDatabase<R>(url: string, migrations: string, work: (db: Database) => Promise<R>): Promise<R> {
  const db = openDatabase({ url, max: CONNECTIONS });
  try {
    await migrateUp(db, readMigrations(migrations));
    return await work(db);
  } finally {
    await db.close();
  }
}
