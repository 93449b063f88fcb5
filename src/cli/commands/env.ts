import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function envCommand(shell: Shell): Command {
  return runs(verb('env', 'what to export so that AWS tools talk to openvpc'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
