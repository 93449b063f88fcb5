import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function completionCommand(shell: Shell): Command {
  return runs(verb('completion', 'what a shell completes'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
