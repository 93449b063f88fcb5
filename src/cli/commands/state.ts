import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function stateCommand(shell: Shell): Command {
  return runs(verb('state', 'export or import all state'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
