/** The shipped scenario, for tests of twins. */
import { join } from 'node:path';
import { readScenario, type Scenario } from '../../scenario/index.ts';

export const hormuz = (): Scenario => readScenario(join(import.meta.dirname, '../../../scenarios/hormuz-2026'));
