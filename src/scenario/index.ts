/** Recorded history in a documented folder (docs/scenarios.md): read, checked, frozen. Plays nothing itself. */
export { readScenario, scenarioProblems } from './read.ts';
export { knownBy, newestKnown } from './known.ts';
export { problemLine, ScenarioInvalid, SCENARIO_CONTAINERS, SCENARIO_GOODS, TRANSIT_COLUMNS } from './types.ts';
export type {
  Attribution, FreightRow, MarketRow, PriceRow, Scenario, ScenarioContainer, ScenarioCustomer, ScenarioEvent, ScenarioGoods, ScenarioProblem, ScenarioShipment, TransitColumn, TransitRow,
} from './types.ts';
