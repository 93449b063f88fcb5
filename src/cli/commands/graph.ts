import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function graphCommand(shell: Shell): Command {
  return runs(verb('graph', 'the topology as text for drawing'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
