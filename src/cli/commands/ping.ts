import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function pingCommand(shell: Shell): Command {
  return runs(verb('ping', 'ICMP echoes, one after another'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
