import { loadScenario, scenarioNames } from '../app/scenarios.ts';
import { EXIT, type Command } from './command.ts';
import { SCENARIOS } from './paths.ts';
import { table } from './terminal.ts';

export const scenariosCommand: Command = {
  name: 'scenarios',
  usage: 'scenarios [check PATH]',
  about: 'the scenarios that there are, or every wrong place in a folder of your own',
  options: {},
  async run({ args, terminal, flag }) {
    if (args[0] === 'check') {
      const scenario = loadScenario(args[1] ?? '', SCENARIOS);
      terminal.out(`${scenario.name} is sound: ${scenario.from} to ${scenario.to}, ${scenario.transits.length} rows of transits, ${scenario.prices.length} prices, ${scenario.shipments.length} shipments\n`);
      return EXIT.ok;
    }
    const all = scenarioNames(SCENARIOS).map((name) => loadScenario(name, SCENARIOS));
    if (flag('json')) terminal.out(`${JSON.stringify(all.map(({ name, title, from, to, description }) => ({ name, title, from, to, description })), null, 2)}\n`);
    else terminal.out(table(all, [{ title: 'name', value: (s) => s.name }, { title: 'from', value: (s) => s.from }, { title: 'to', value: (s) => s.to }, { title: 'title', value: (s) => s.title }]));
    return EXIT.ok;
  },
};
