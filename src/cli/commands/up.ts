import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function upCommand(shell: Shell): Command {
  return runs(verb('up', 'start the server'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
