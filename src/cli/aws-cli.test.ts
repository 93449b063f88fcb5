import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { awsCliVersion, findAwsCli, supportsEndpointVariable } from './aws-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'openvpc-aws-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with an `aws` that says its version. */
function fakeCli(version: string, stream = 1, mode = 0o755): string {
  const home = mkdtempSync(join(folder, 'bin-'));
  const file = join(home, 'aws');
  writeFileSync(file, `#!/bin/sh\necho 'aws-cli/${version} Python/3.11' >&${stream}\n`);
  chmodSync(file, mode);
  return home;
}

describe('the AWS CLI', () => {
  it('is the first executable file of that name on the PATH', () => {
    const notExecutable = fakeCli('1.0.0', 1, 0o644);
    const [first, second] = [fakeCli('2.0.0'), fakeCli('2.1.0')];
    const directory = mkdtempSync(join(folder, 'dir-'));
    mkdirSync(join(directory, 'aws'));
    const PATH = ['', join(folder, 'absent'), notExecutable, directory, first, second].join(':');
    expect(findAwsCli({ PATH })).toBe(join(first, 'aws'));
    expect(findAwsCli({ PATH: notExecutable })).toBeUndefined();
    expect(findAwsCli({})).toBeUndefined();
  });

  it('says its version, on whatever stream', async () => {
    expect(await awsCliVersion({ PATH: fakeCli('2.9.19') })).toBe('2.9.19');
    expect(await awsCliVersion({ PATH: fakeCli('1.11.13', 2) })).toBe('1.11.13');
    expect(await awsCliVersion({ PATH: fakeCli('unknown') })).toBeUndefined();
    expect(await awsCliVersion({})).toBeUndefined();
  });

  it.each([
    ['1.18.0', false],
    ['1.28.99', false],
    ['1.29.0', true],
    ['1.45.11', true],
    ['2.0.0', false],
    ['2.9.19', false],
    ['2.12.99', false],
    ['2.13.0', true],
    ['2.31.4', true],
    ['3.0.0', true],
  ])('%s hears AWS_ENDPOINT_URL: %s', (version, heard) => {
    expect(supportsEndpointVariable(version)).toBe(heard);
  });
});
