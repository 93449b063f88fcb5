import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

const PATH = '/_openvpc/state';

export function stateCommand(shell: Shell): Command {
  const command = verb('state', 'Save all state to a file, or put a saved one in its place.');
  command.addCommand(exportCommand(shell));
  command.addCommand(importCommand(shell));
  return command;
}

function exportCommand(shell: Shell): Command {
  const command = verb('export', 'Write everything there is to FILE.').argument(
    '<file>',
    '- is standard output',
  );
  return runs(command, shell, async ({ client, args, terminal }) => {
    const [file = '-'] = args;
    const text = `${JSON.stringify(await client.get(PATH), null, 1)}\n`;
    if (file === '-') await terminal.write(Buffer.from(text));
    else await writeFile(file, text).catch(refuse(EXIT.no, file));
    return undefined;
  });
}

function importCommand(shell: Shell): Command {
  const command = verb('import', 'Put what FILE holds in place of everything there is.').argument(
    '<file>',
    'what state export wrote',
  );
  return runs(command, shell, async ({ client, args, show }) => {
    const [file = ''] = args;
    const text = await readFile(file, 'utf8').catch(refuse(EXIT.noSuchThing, file));
    const answer = await client.put<{ records: number }>(PATH, text);
    show(answer, () => `${answer.records} records imported`);
    return undefined;
  });
}

function refuse(code: 1 | 3, file: string) {
  return (error: Error): never => {
    throw new CliError(code, `${file}: ${error.message}`);
  };
}
