import { type Command, InvalidArgumentError } from 'commander';
import { runs, type Shell, verb } from '../verb.ts';

export function clockCommand(shell: Shell): Command {
  const command = verb('clock', "Move the cloud's clock.");
  command.addCommand(advanceCommand(shell));
  return command;
}

function advanceCommand(shell: Shell): Command {
  const command = verb('advance', 'Move the clock on: whatever is due happens.').argument(
    '<duration>',
    'ISO 8601 such as PT168H, or 90s, 15m, 2h, 7d',
    isoDuration,
  );
  return runs(command, shell, async ({ client, show }) => {
    const advance = command.processedArgs[0] as string;
    const answer = await client.post<{ now: string }>('/_openvpc/clock', { advance });
    show(answer, () => `it is ${answer.now}`);
    return undefined;
  });
}

/** ISO 8601 is the server's to judge; the short forms of a shell are put in its words. */
function isoDuration(text: string): string {
  const short = /^(\d{1,9})([smhd])$/.exec(text);
  if (short !== null) {
    const [, count, unit] = short;
    return unit === 'd' ? `P${count}D` : `PT${count}${unit!.toUpperCase()}`;
  }
  if (text.startsWith('P')) return text;
  throw new InvalidArgumentError('It must be like PT168H, 90s, 15m, 2h or 7d.');
}
