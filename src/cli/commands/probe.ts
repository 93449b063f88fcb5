import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function probeCommand(shell: Shell): Command {
  return runs(verb('probe', 'send a real packet exchange'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
