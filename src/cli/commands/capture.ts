import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function captureCommand(shell: Shell): Command {
  return runs(verb('capture', 'the packets of one interface, for Wireshark'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
