/** The scenarios that there are: those in `scenarios/`, and any folder that is named. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ScenarioView } from '../desk/replay/index.ts';
import { defineErrors } from '../kernel/errors/index.ts';
import { readScenario, ScenarioInvalid, type Scenario } from '../scenario/index.ts';

export const errors = defineErrors({
  SCENARIO_UNKNOWN: { status: 404, title: 'There is no such scenario' },
  SCENARIO_INVALID: { status: 400, title: 'The scenario cannot be played as it is' },
});

/**
 * @param nameOrPath a folder of `scenarios/`, or any path
 * @throws CodedError SCENARIO_UNKNOWN, SCENARIO_INVALID with each wrong place and its fix
 */
export function loadScenario(nameOrPath: string, shipped: string): Scenario {
  const named = join(shipped, nameOrPath);
  const path = !/[\\/]/.test(nameOrPath) && existsSync(named) ? named : resolve(nameOrPath);
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw errors.SCENARIO_UNKNOWN({ detail: nameOrPath, fix: `One of ${scenarioNames(shipped).join(', ')}, or the path of a folder as docs/scenarios.md describes` });
  }
  try {
    return readScenario(path);
  } catch (e) {
    if (!(e instanceof ScenarioInvalid)) throw e;
    const issues = e.problems.slice(0, 50).map((p) => ({ field: `${p.file}${p.line === null ? '' : `:${p.line}`}${p.column === null ? '' : ` ${p.column}`}`, message: p.message, fix: p.fix }));
    throw errors.SCENARIO_INVALID({ detail: `${path}: ${e.problems.length} wrong`, issues, cause: e });
  }
}

/** One of those in `scenarios/`, by its name alone: what somebody may ask for over the API. @throws CodedError SCENARIO_UNKNOWN, SCENARIO_INVALID */
export function shippedScenario(name: string, shipped: string): Scenario {
  const names = scenarioNames(shipped);
  if (!names.includes(name)) throw errors.SCENARIO_UNKNOWN({ field: 'scenario', detail: name, fix: `One of ${names.join(', ')}` });
  return loadScenario(name, shipped);
}

export const scenarioNames = (shipped: string): readonly string[] =>
  existsSync(shipped) ? readdirSync(shipped).filter((name) => existsSync(join(shipped, name, 'scenario.json'))).sort() : [];

export const scenarioView = ({ name, title, description, from, to, events }: Scenario): ScenarioView => ({ name, title, description, from, to, events: events.map((e) => ({ ...e })) });
