import type { Command } from 'commander';
import { withAccount } from '../question.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function resetCommand(shell: Shell): Command {
  const command = verb('reset', 'Delete everything, or everything of one account.');
  withAccount(command, 'that account alone');
  return runs<{ account?: string }>(command, shell, async ({ client, options, show }) => {
    const { account } = options;
    const body = account === undefined ? {} : { account };
    const answer = await client.post('/_openvpc/reset', body);
    show(answer, () => (account === undefined ? 'everything is gone' : `${account} is empty`));
    return undefined;
  });
}
