import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function clockCommand(shell: Shell): Command {
  return runs(verb('clock', 'move the clock on'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
