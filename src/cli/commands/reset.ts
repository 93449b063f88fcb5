import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function resetCommand(shell: Shell): Command {
  return runs(verb('reset', 'empty again'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
