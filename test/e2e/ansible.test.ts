/** Ansible's `amazon.aws` collection builds the three-tier example and takes it away again. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openvpc,
  ROOT,
  type RunOptions,
  run,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

const EXAMPLE = join(ROOT, 'examples/three-tier');
/** A playbook starts Python once for each of some twenty items. */
const TIMEOUT_MILLIS = 300_000;

const IMPORTS = 'import boto3, ansible.cli, ansible_collections.amazon.aws';
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', IMPORTS]).status === 0,
);
const needs = python === undefined ? ' (skipped: needs ansible)' : '';

const folder = temporaryFolder();
const settings = join(folder, 'ansible.cfg');
let server: ServerProcess;
beforeAll(async () => {
  writeFileSync(settings, '[defaults]\nnocolor = true\n');
  // Ansible looks every 15 seconds whether a state has passed: none is to wait for.
  const states = ['--transitions', 'instant'];
  server = await startServer(['--ephemeral', '--seed', '1', '--log-level', 'warn', ...states]);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Nobody's configuration and credentials, and a proxy that is nowhere before all but loopback. */
const environment = (): RunOptions['env'] => ({
  HOME: folder,
  LC_ALL: 'C.UTF-8',
  ANSIBLE_CONFIG: settings,
  AWS_ENDPOINT_URL: server.url,
  AWS_ACCESS_KEY_ID: '000000000000',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1',
});

function playbook(name: string, env: RunOptions['env'] = {}) {
  const args = ['-m', 'ansible', 'playbook', join(EXAMPLE, 'ansible', name)];
  return run(python!, args, { env: { ...environment(), ...env } });
}

/** How many tasks of a play changed something, as its last lines say. */
async function changesOf(name: string): Promise<number> {
  const { code, stdout, stderr } = await playbook(name);
  expect(code, stdout + stderr).toBe(0);
  const [, changed] = /^localhost +: ok=\d+ +changed=(\d+) /m.exec(stdout) ?? [];
  return Number(changed);
}

/** The tables of who reaches whom in a text, without the reasons below them. */
function matrices(text: string): string[] {
  return text.match(/^from \\ to .*\n(\S+ +[·✓✗].*\n)+/gm) ?? [];
}

describe.skipIf(python === undefined)(`Ansible${needs}`, { timeout: TIMEOUT_MILLIS }, () => {
  const ec2 = () =>
    new EC2({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
    });
  const cli = (line: string) => openvpc(line.split(' '), { env: { OPENVPC_ENDPOINT: server.url } });

  it.each(['build.yml', 'teardown.yml'])('%s goes nowhere without an endpoint', async (name) => {
    const { code, stdout } = await playbook(name, { AWS_ENDPOINT_URL: undefined });
    expect(code).toBe(2);
    expect(stdout).toContain('no AWS_ENDPOINT_URL');
    expect(stdout).toMatch(/^localhost +: ok=0 +changed=0 +unreachable=0 +failed=1 /m);
  });

  it('builds the three tiers', async () => {
    // One for each kind of resource; the private route tables are a task of their own.
    expect(await changesOf('build.yml')).toBe(8);
    const shown = await Promise.all(['8080', '5432'].map((port) => cli(`matrix --tcp ${port}`)));
    const wanted = matrices(readFileSync(join(EXAMPLE, 'output.txt'), 'utf8'));
    expect(wanted).toHaveLength(2);
    expect(shown.flatMap(({ stdout }) => matrices(stdout))).toEqual(wanted);
  });

  it.each([
    'probe internet web-b --tcp 443 --expect reachable',
    'probe app-b 203.0.113.10 --tcp 443 --expect reachable',
    'probe db-b 203.0.113.10 --tcp 443 --expect dropped',
  ])('then %s holds', async (line) => {
    const { code, stdout, stderr } = await cli(line);
    expect(code, stdout + stderr).toBe(0);
  });

  it('builds nothing twice', async () => {
    expect(await changesOf('build.yml')).toBe(0);
  });

  it('takes everything away, once', async () => {
    expect(await changesOf('teardown.yml')).toBe(7);
    await expectNothingLeft(ec2());
    expect(await changesOf('teardown.yml')).toBe(0);
  });
});

/** What an account has from its first call on is all that is there. */
async function expectNothingLeft(ec2: EC2): Promise<void> {
  const { Vpcs } = await ec2.describeVpcs({});
  expect(Vpcs).toMatchObject([{ IsDefault: true }]);
  const { VpcId } = Vpcs![0]!;
  const { Subnets } = await ec2.describeSubnets({});
  expect(new Set(Subnets!.map((subnet) => subnet.VpcId))).toEqual(new Set([VpcId]));
  const { RouteTables } = await ec2.describeRouteTables({});
  expect(RouteTables).toMatchObject([{ VpcId }]);
  const { NetworkAcls } = await ec2.describeNetworkAcls({});
  expect(NetworkAcls).toMatchObject([{ VpcId }]);
  const { SecurityGroups } = await ec2.describeSecurityGroups({});
  expect(SecurityGroups).toMatchObject([{ VpcId, GroupName: 'default' }]);
  const { InternetGateways } = await ec2.describeInternetGateways({});
  expect(InternetGateways).toMatchObject([{ Attachments: [{ VpcId }] }]);
  expect((await ec2.describeNetworkInterfaces({})).NetworkInterfaces).toEqual([]);
  expect((await ec2.describeAddresses({})).Addresses).toEqual([]);
  // Both stay visible for an hour.
  const { NatGateways } = await ec2.describeNatGateways({});
  expect(NatGateways!.map(({ State }) => State)).toEqual(['deleted', 'deleted']);
  const { Reservations } = await ec2.describeInstances({});
  const states = Reservations!.flatMap(({ Instances }) => Instances!.map(({ State }) => State));
  expect(states.map((state) => state!.Name)).toEqual(Array(6).fill('terminated'));
}
