import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function matrixCommand(shell: Shell): Command {
  return runs(verb('matrix', 'who reaches whom'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
