import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { bashCompletion, fishCompletion, type Tree, zshCompletion } from '../format/completion.ts';
import { runs, type Shell, verb } from '../verb.ts';

const SHELLS: Readonly<Record<string, (tree: Tree) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function completionCommand(shell: Shell): Command {
  const command = verb(
    'completion',
    'Print what makes a shell complete this command.',
    [],
  ).argument('<shell>', 'bash, zsh or fish');
  return runs(command, shell, async ({ args, terminal }) => {
    const [name = ''] = args;
    const print = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
    if (print === undefined) {
      throw new CliError(EXIT.usage, `'${name}' is none of ${Object.keys(SHELLS).join(', ')}`);
    }
    terminal.say(print(treeOf(command.parent!)));
    return undefined;
  });
}

/** The verbs and options a command line may have. */
export function treeOf(command: Command): Tree {
  return {
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options
        .filter(({ hidden }) => !hidden)
        .map((option) => ({
          flag: option.long ?? option.short ?? '',
          description: option.description,
          choices: option.argChoices ?? [],
          takesValue: option.required || option.optional,
        })),
      { flag: '--help', description: 'say more', choices: [], takesValue: false },
    ],
    verbs: command.commands.map(treeOf),
  };
}
