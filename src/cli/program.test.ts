import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { FLAGS, variableOf } from '../server/configuration.ts';
import { createProgram, runProgram } from './program.ts';
import { silentShell } from './test-shell.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/cli');
const verbs = createProgram(silentShell()).commands;
const namesIn = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending) && !file.endsWith(`.test${ending}`))
    .map((file) => file.slice(0, -ending.length))
    .sort();

/** A verb's help and its own verbs', as wide as a page. */
function helpOf(command: Command): string {
  command.configureOutput({ getOutHelpWidth: () => 96, getOutHasColors: () => false });
  return [command.helpInformation(), ...command.commands.map(helpOf)].join('\n');
}

describe('verbs', () => {
  const names = verbs.map((verb) => verb.name()).sort();

  it('have a file each, and a page each', () => {
    expect(namesIn(join(import.meta.dirname, 'commands'), '.ts')).toEqual(names);
    expect(namesIn(PAGES, '.md')).toEqual(names);
  });

  /** `UPDATE=1` writes the help into the pages. */
  it.each(verbs.map((verb) => [verb.name(), verb] as const))(
    '%s: its page has its help',
    (name, verb) => {
      const file = join(PAGES, `${name}.md`);
      const page = readFileSync(file, 'utf8');
      const written = page.replace(
        /```text\n[\s\S]*?```/,
        () => `\`\`\`text\n${helpOf(verb)}\`\`\``,
      );
      if (process.env.UPDATE) writeFileSync(file, written);
      else expect(page).toBe(written);
      expect(page).toContain('```text\nUsage: openvpc ');
      expect(page.startsWith(`# openvpc ${name}\n\n${verb.description()}`)).toBe(true);
    },
  );

  it('up: every option it shows is a variable too', () => {
    const up = verbs.find((verb) => verb.name() === 'up')!;
    const shown = up.createHelp().visibleOptions(up);
    const variables = shown.map((option) => variableOf(option.name()));
    expect(variables).toEqual([...Object.keys(FLAGS).map(variableOf), 'OPENVPC_HELP']);
  });

  it('say what they do, and so do their options', () => {
    for (const verb of verbs.flatMap((one) => [one, ...one.commands])) {
      expect(verb.description()).toMatch(/^[A-Z].*\.$/);
      for (const option of verb.options) expect(option.description).not.toBe('');
    }
  });
});

/** Runs a command line that needs no server. */
async function run(...argv: string[]) {
  const { terminal, said, complained } = silentShell();
  const code = await runProgram(argv, {}, terminal);
  return { code, said, complained };
}

describe('a command line', () => {
  it('answers as text, or as JSON wherever --json stands', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await run('version')).toMatchObject({ code: 0, said: [version] });
    for (const argv of [
      ['version', '--json'],
      ['--json', 'version'],
    ]) {
      const { code, said } = await run(...argv);
      expect({ code, answer: JSON.parse(said[0]!) }).toEqual({ code: 0, answer: { version } });
    }
  });

  it('that cannot be meant ends in 2 and says why', async () => {
    expect(await run('probe', 'a', 'b', '--tcp', '1', '--udp', '2')).toMatchObject({
      code: 2,
      complained: ['choose one of --tcp, --udp and --icmp'],
    });
    const endpoint = await run('status', '--endpoint', 'localhost:4566');
    expect(endpoint).toMatchObject({ code: 2, complained: [expect.stringContaining('URL')] });
  });
});
