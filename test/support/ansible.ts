/** Playbooks of the examples, run by Ansible against a server process of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import {
  type Finished,
  openvpc,
  type RunOptions,
  run,
  startServer,
  temporaryFolder,
} from './server-process.ts';

/** A playbook starts Python once for each of some twenty items. */
export const ANSIBLE_TIMEOUT_MILLIS = 300_000;

const COLLECTIONS = 'ansible_collections.amazon.aws, ansible_collections.community.aws';
const IMPORTS = `import boto3, ansible.cli, ${COLLECTIONS}`;
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', IMPORTS]).status === 0,
);
export const hasAnsible = python !== undefined;
/** What a title says where Ansible or its collections are missing. */
export const ansibleNeeds = hasAnsible ? '' : ' (skipped: needs ansible)';

export interface AnsibleExample {
  readonly ec2: EC2;
  /** Runs a playbook of the example to its end. */
  readonly playbook: (name: string, env?: RunOptions['env']) => Promise<Finished>;
  /** How many tasks of a play changed something, by its last lines; it has to end well. */
  readonly changesOf: (name: string) => Promise<number>;
  /** Runs a line of `openvpc VERB …`. */
  readonly cli: (line: string) => Promise<Finished>;
  readonly stop: () => Promise<void>;
}

/** Starts a server for the playbooks in an example's `ansible/`; an inventory there is used. */
export async function startAnsibleExample(example: string): Promise<AnsibleExample> {
  const folder = temporaryFolder();
  const settings = join(folder, 'ansible.cfg');
  writeFileSync(settings, '[defaults]\nnocolor = true\n');
  // Ansible looks every 5 or 15 seconds whether a state has passed: none is to wait for.
  const flags = ['--ephemeral', '--seed', '1', '--log-level', 'warn'];
  const server = await startServer([...flags, '--transitions', 'instant']);
  const playbooks = join(example, 'ansible');
  const inventory = join(playbooks, 'inventory.yml');
  const hosts = existsSync(inventory) ? ['-i', inventory] : [];
  const playbook: AnsibleExample['playbook'] = (name, env = {}) =>
    run(python!, ['-m', 'ansible', 'playbook', ...hosts, join(playbooks, name)], {
      env: { ...environment(server.url, folder, settings), ...env },
    });
  return {
    ec2: new EC2({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
    }),
    playbook,
    changesOf: async (name) => {
      const { code, stdout, stderr } = await playbook(name);
      expect(code, stdout + stderr).toBe(0);
      const recap = [...stdout.matchAll(/^\S+ +: ok=\d+ +changed=(\d+) /gm)];
      expect(recap).not.toEqual([]);
      return recap.reduce((sum, [, changed]) => sum + Number(changed), 0);
    },
    cli: (line) => openvpc(line.split(' '), { env: { OPENVPC_ENDPOINT: server.url } }),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Nobody's configuration and credentials, and a proxy that is nowhere before all but loopback. */
const environment = (url: string, home: string, settings: string): RunOptions['env'] => ({
  HOME: home,
  LC_ALL: 'C.UTF-8',
  ANSIBLE_CONFIG: settings,
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: '000000000000',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1',
});

/** What an account has from its first call on is all that is left in it; all else has ended. */
export async function expectNothingLeft(ec2: EC2): Promise<void> {
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
}

/** The states of all instances that are shown: they stay visible after their end. */
export async function instanceStates(ec2: EC2) {
  const { Reservations } = await ec2.describeInstances({});
  return Reservations!.flatMap(({ Instances }) => Instances!.map(({ State }) => State!.Name));
}
