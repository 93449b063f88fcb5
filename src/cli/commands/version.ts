import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function versionCommand(shell: Shell): Command {
  return runs(verb('version', 'the version'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
