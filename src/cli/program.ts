/** All verbs, and what happens to what they throw. */
import { Command, CommanderError } from 'commander';
import { version } from '../server/version.ts';
import { awsCommand } from './commands/aws.ts';
import { captureCommand } from './commands/capture.ts';
import { checkCommand } from './commands/check.ts';
import { clockCommand } from './commands/clock.ts';
import { completionCommand } from './commands/completion.ts';
import { envCommand } from './commands/env.ts';
import { graphCommand } from './commands/graph.ts';
import { matrixCommand } from './commands/matrix.ts';
import { pingCommand } from './commands/ping.ts';
import { probeCommand } from './commands/probe.ts';
import { resetCommand } from './commands/reset.ts';
import { siteCommand } from './commands/site.ts';
import { stateCommand } from './commands/state.ts';
import { statusCommand } from './commands/status.ts';
import { traceCommand } from './commands/trace.ts';
import { upCommand } from './commands/up.ts';
import { versionCommand } from './commands/version.ts';
import { CliError, EXIT } from './exit.ts';
import type { Terminal } from './output.ts';
import { type Environment, type Shell, withCommonOptions } from './verb.ts';

const VERBS: readonly ((shell: Shell) => Command)[] = [
  upCommand,
  statusCommand,
  envCommand,
  awsCommand,
  traceCommand,
  probeCommand,
  pingCommand,
  checkCommand,
  matrixCommand,
  graphCommand,
  captureCommand,
  siteCommand,
  stateCommand,
  clockCommand,
  resetCommand,
  completionCommand,
  versionCommand,
];

export function createProgram(shell: Shell): Command {
  const program = new Command('openvpc')
    .description('AWS VPC connectivity as software: real packets, and a reason for every drop')
    .version(version(), '--version', 'print the version')
    // So that `openvpc aws …` leaves the AWS CLI its own options.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', EXIT_CODES);
  withCommonOptions(program);
  for (const make of VERBS) program.addCommand(make(shell));
  return program;
}

const EXIT_CODES = `
Exit codes: 0 done, 1 the answer is no, 2 usage, 3 no such thing, 69 no server there, 70 our defect.`;

/** Runs one command line; resolves with the exit code. */
export async function runProgram(
  argv: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<number> {
  let code: number = EXIT.done;
  const done = (exitCode: number) => {
    code = exitCode;
  };
  try {
    const program = createProgram({ terminal, environment, done });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, terminal);
  }
}

function failed(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Help that was asked for ends in 0; commander has said what there is to say.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  if (error instanceof CliError) {
    terminal.complain(error.message);
    return error.exitCode;
  }
  terminal.complain(`this is a defect: ${(error as Error).stack ?? String(error)}`);
  return EXIT.defect;
}
