/** The real AWS CLI of this machine. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from './verb.ts';

/** The file that `aws` means, or undefined. */
export function findAwsCli({ PATH = '' }: Environment): string | undefined {
  return PATH.split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'aws'))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** `2.15.0`, or undefined where there is no AWS CLI. */
export function awsCliVersion(environment: Environment): Promise<string | undefined> {
  const file = findAwsCli(environment);
  if (file === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    // Early versions of 1 say it on stderr.
    execFile(file, ['--version'], { timeout: 10_000 }, (_error, stdout, stderr) => {
      resolve(/aws-cli\/(\d+(\.\d+)*)/.exec(stdout + stderr)?.[1]);
    });
  });
}

/** AWS_ENDPOINT_URL is heard since 1.29.0 and 2.13.0. */
export function supportsEndpointVariable(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 ? minor >= 13 : major === 1 && minor >= 29);
}
