import type { Command } from 'commander';
import { version } from '../../server/version.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function versionCommand(shell: Shell): Command {
  const command = verb('version', 'Print the version of this program.', ['json']);
  return runs(command, shell, async ({ show }) => {
    const answer = { version: version() };
    show(answer, () => answer.version);
    return undefined;
  });
}
