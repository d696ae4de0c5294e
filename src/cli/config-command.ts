import { describeConfig } from '../kernel/config/index.ts';
import { environment, readConfig } from '../config.ts';
import { EXIT, type Command } from './command.ts';
import { envFile } from './paths.ts';
import { table } from './terminal.ts';

export const configCommand: Command = {
  name: 'config',
  usage: 'config',
  about: 'the effective configuration, without secrets, and where each value came from',
  options: {},
  async run({ terminal, env, flag }) {
    const rows = describeConfig(environment, readConfig(env, envFile(env)));
    if (flag('json')) terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
    else
      terminal.out(
        table(rows, [
          { title: 'variable', value: (r) => r.name },
          { title: 'value', value: (r) => r.value, max: 60 },
          { title: 'from', value: (r) => r.origin },
          { title: 'what it is', value: (r) => r.about, max: 90 },
        ]),
      );
    return EXIT.ok;
  },
};
