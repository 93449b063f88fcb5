import type { Command } from 'commander';
import { ConfigurationError, configure, FLAGS, type FlagName } from '../../server/configuration.ts';
import { CliError, EXIT } from '../exit.ts';
import { runs, type Shell, verb } from '../verb.ts';

type Options = Readonly<Record<string, string | boolean | undefined>>;

export function upCommand(shell: Shell): Command {
  const command = verb('up', 'Run a server until it is stopped.', []);
  for (const [name, { argument, description, usual }] of Object.entries(FLAGS)) {
    const flag = argument === undefined ? `--${name}` : `--${name} <${argument}>`;
    command.option(flag, usual === '' ? description : `${description} (usually ${usual})`);
  }
  return runs<Options>(command, shell, async ({ options, environment, terminal }) => {
    const configuration = configured(options, environment);
    // The server is loaded by this verb alone.
    const { runServer } = await import('../../server/run.ts');
    const { buildDemo } = await import('../demo/demo.ts');
    let advice = '';
    return runServer({
      configuration,
      environment,
      complain: terminal.complain,
      ...(configuration.demo && {
        prepare: async (url: string) => {
          advice = await buildDemo(url);
        },
      }),
      onReady: () => {
        if (advice !== '') terminal.say(advice);
      },
    });
  });
}

function configured(options: Options, environment: Shell['environment']) {
  const flags: Partial<Record<FlagName, string>> = {};
  for (const name of Object.keys(FLAGS) as FlagName[]) {
    const value = options[camelCase(name)];
    if (value !== undefined) flags[name] = String(value);
  }
  try {
    return configure(flags, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CliError(EXIT.usage, error.message);
    throw error;
  }
}

/** As commander names the option: `log-level` is `logLevel`. */
function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
