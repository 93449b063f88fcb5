import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function awsCommand(shell: Shell): Command {
  return runs(verb('aws', 'the AWS CLI with this endpoint'), shell, () => {
    throw new CliError(EXIT.usage, 'not built yet');
  });
}
