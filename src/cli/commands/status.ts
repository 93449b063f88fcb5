import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function statusCommand(shell: Shell): Command {
  return runs(verb('status', 'whether a server is there, and what it holds'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
