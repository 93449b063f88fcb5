import type { Command } from 'commander';
import { awsCliVersion, supportsEndpointVariable } from '../aws-cli.ts';
import { withPlaceOptions } from '../question.ts';
import { type Environment, runs, type Shell, verb } from '../verb.ts';

interface Options {
  readonly terraform?: boolean;
  readonly account?: string;
  readonly region?: string;
}

/** Whom an AWS tool calls as. */
export const CALLER = { account: 'whose calls they are', region: 'where they go' };

const SERVICES = ['directconnect', 'ec2', 'ram', 'sts'];

export function envCommand(shell: Shell): Command {
  const command = verb('env', 'Print what makes AWS tools call this server.', [
    'endpoint',
    'json',
  ]).option('--terraform', "print Terraform's provider block instead");
  withPlaceOptions(command, CALLER);
  return runs<Options>(
    command,
    shell,
    async ({ options, endpoint, show, environment, terminal }) => {
      const variables = variablesOf(endpoint, options, environment);
      const text = options.terraform
        ? () => providerBlock(endpoint, variables)
        : () => exports(variables);
      show(variables, text);
      const warnings = options.terraform ? [] : await warningsOf(environment);
      for (const warning of warnings) terminal.complain(warning);
      return undefined;
    },
  );
}

export function variablesOf(
  endpoint: string,
  { account, region }: Options,
  environment: Environment,
) {
  const usual = region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1';
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: account ?? accountIn(environment) ?? '000000000000',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: usual,
    AWS_DEFAULT_REGION: usual,
  };
}

/** A key id of 12 digits is an account of openvpc's; any other is somebody's real one. */
function accountIn({ AWS_ACCESS_KEY_ID: key }: Environment): string | undefined {
  return key !== undefined && /^\d{12}$/.test(key) ? key : undefined;
}

function exports(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${shellWord(value)}`)
    .join('\n');
}

function shellWord(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function providerBlock(endpoint: string, variables: ReturnType<typeof variablesOf>): string {
  const endpoints = SERVICES.map((service) => `    ${service.padEnd(3)} = "${endpoint}"`);
  return [
    'provider "aws" {',
    `  region                      = "${variables.AWS_REGION}"`,
    `  access_key                  = "${variables.AWS_ACCESS_KEY_ID}"`,
    `  secret_key                  = "${variables.AWS_SECRET_ACCESS_KEY}"`,
    '  skip_credentials_validation = true',
    '  skip_metadata_api_check     = true',
    '  endpoints {',
    ...endpoints,
    '  }',
    '}',
  ].join('\n');
}

const IN_THE_WAY = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'];

/** What would make an AWS tool call the real AWS, or as somebody else. */
async function warningsOf(environment: Environment): Promise<string[]> {
  const warnings: string[] = [];
  const version = await awsCliVersion(environment);
  if (version !== undefined && !supportsEndpointVariable(version)) {
    warnings.push(
      `warning: AWS CLI ${version} ignores AWS_ENDPOINT_URL and would call the real AWS; ` +
        'use "openvpc aws …" instead, or CLI 1.29.0, 2.13.0 or later',
    );
  }
  for (const name of IN_THE_WAY) {
    if (environment[name]) warnings.push(`warning: ${name} is set; "unset ${name}" as well`);
  }
  return warnings;
}
