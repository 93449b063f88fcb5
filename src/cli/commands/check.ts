import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function checkCommand(shell: Shell): Command {
  return runs(verb('check', 'expectations from a file'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
