import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from 'commander';
import { findAwsCli } from '../aws-cli.ts';
import { CliError, EXIT } from '../exit.ts';
import { withPlaceOptions } from '../question.ts';
import { type Environment, runs, type Shell, verb } from '../verb.ts';
import { CALLER, variablesOf } from './env.ts';

interface Options {
  readonly account?: string;
  readonly region?: string;
}

export function awsCommand(shell: Shell): Command {
  const command = verb('aws', "Run the AWS CLI against this server; its exit code is this one's.", [
    'endpoint',
  ])
    .argument('[args...]', 'what the AWS CLI is given')
    .allowUnknownOption()
    .passThroughOptions();
  withPlaceOptions(command, CALLER);
  return runs<Options>(command, shell, async ({ args, options, endpoint, environment }) => {
    const file = findAwsCli(environment);
    if (file === undefined) {
      throw new CliError(EXIT.noSuchThing, 'there is no AWS CLI: no "aws" on the PATH');
    }
    const env = environmentOf(endpoint, options, environment);
    return run(file, ['--endpoint-url', endpoint, ...args], env);
  });
}

/** Credentials that are meant for this server stay; any others must not leave this machine. */
function environmentOf(endpoint: string, options: Options, environment: Environment) {
  const isOurs = environment.AWS_ENDPOINT_URL === endpoint && options.account === undefined;
  const base: Record<string, string | undefined> = { ...environment, AWS_PAGER: '' };
  if (isOurs) return base;
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...rest } = base;
  return { ...rest, ...variablesOf(endpoint, options, environment) };
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', env });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
