import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function traceCommand(shell: Shell): Command {
  return runs(verb('trace', 'what the forwarding tables say to a packet'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
