/** What every verb shares: where the server is, how answers are shown, how a command ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Help, InvalidArgumentError, Option } from 'commander';
import { type Client, createClient } from './client.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import type { Terminal } from './output.ts';

export const DEFAULT_ENDPOINT = 'http://127.0.0.1:4566';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line runs in. */
export interface Shell {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Told the exit code of the verb that ran. */
  readonly done: (code: ExitCode | number) => void;
}

/** One run of a verb. */
export interface Session<Options> {
  readonly args: readonly string[];
  readonly options: Options & CommonOptions;
  readonly endpoint: string;
  readonly client: Client;
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Shows an answer: as JSON where that is asked for, else as text. */
  readonly show: (answer: unknown, text: () => string) => void;
}

export interface CommonOptions {
  readonly endpoint?: string;
  readonly token?: string;
  readonly json?: boolean;
}

const COMMON_GROUP = 'Every command:';
const COMMON_OPTIONS = {
  endpoint: ['--endpoint <url>', `the server (OPENVPC_ENDPOINT; usually ${DEFAULT_ENDPOINT})`],
  token: ['--token <token>', 'for a server beyond loopback (OPENVPC_TOKEN)'],
  json: ['--json', 'answer as JSON'],
} as const;
type CommonOption = keyof typeof COMMON_OPTIONS;
const EVERY_OPTION = Object.keys(COMMON_OPTIONS) as readonly CommonOption[];

/** A command with the options all of them have; its help shows those that mean something to it. */
export function verb(
  name: string,
  description: string,
  shown: readonly CommonOption[] = EVERY_OPTION,
): Command {
  return withCommonOptions(new Command(name).description(description).exitOverride(), shown);
}

export function withCommonOptions(command: Command, shown = EVERY_OPTION): Command {
  for (const name of EVERY_OPTION) {
    const [flags, description] = COMMON_OPTIONS[name];
    const option = new Option(flags, description).helpGroup(COMMON_GROUP);
    command.addOption(option.hideHelp(!shown.includes(name)));
  }
  return command.configureHelp({
    visibleOptions: ownOptionsFirst,
    // Groups in the order of what is visible, not of what was declared.
    groupItems: (_declared, visible, groupOf) => new Help().groupItems(visible, visible, groupOf),
  });
}

function ownOptionsFirst(command: Command): Option[] {
  const options = new Help().visibleOptions(command);
  const isCommon = ({ helpGroupHeading }: Option) => helpGroupHeading === COMMON_GROUP;
  return [...options.filter((option) => !isCommon(option)), ...options.filter(isCommon)];
}

/** Makes `run` what a command does. */
export function runs<Options extends object>(
  command: Command,
  shell: Shell,
  run: (session: Session<Options>) => Promise<ExitCode | number | undefined>,
): Command {
  return command.action(async () => {
    const options = command.optsWithGlobals<Options & CommonOptions>();
    const code = await run(sessionOf(command.args, options, shell));
    shell.done(code ?? EXIT.done);
  });
}

function sessionOf<Options>(
  args: readonly string[],
  options: Options & CommonOptions,
  { terminal, environment }: Shell,
): Session<Options> {
  const endpoint = options.endpoint ?? environment.OPENVPC_ENDPOINT ?? DEFAULT_ENDPOINT;
  if (!/^https?:\/\/[^/]/.test(endpoint) || !URL.canParse(endpoint)) {
    throw new CliError(EXIT.usage, `the endpoint must be a URL such as ${DEFAULT_ENDPOINT}`);
  }
  const token = options.token ?? environment.OPENVPC_TOKEN ?? tokenNearby(endpoint, environment);
  return {
    args,
    options,
    endpoint: endpoint.replace(/\/+$/, ''),
    client: createClient({ endpoint, token }),
    terminal,
    environment,
    show: (answer, text) => {
      terminal.say(options.json ? JSON.stringify(answer, null, 2) : text());
    },
  };
}

/** The token of a server started here; it is shown to this machine alone. */
function tokenNearby(endpoint: string, environment: Environment): string | undefined {
  if (!/^(localhost|127\.|\[::1\])/.test(new URL(endpoint).hostname)) return undefined;
  try {
    const file = join(environment.OPENVPC_DATA ?? '.openvpc', 'token');
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** A parser of whole numbers for options. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,15}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
