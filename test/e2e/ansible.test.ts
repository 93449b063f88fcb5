/** Ansible's `amazon.aws` collection builds the three-tier example and takes it away again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANSIBLE_TIMEOUT_MILLIS,
  type AnsibleExample,
  ansibleNeeds,
  expectNothingLeft,
  hasAnsible,
  instanceStates,
  startAnsibleExample,
} from '../support/ansible.ts';
import { ROOT } from '../support/server-process.ts';

const EXAMPLE = join(ROOT, 'examples/three-tier');

/** The tables of who reaches whom in a text, without the reasons below them. */
function matrices(text: string): string[] {
  return text.match(/^from \\ to .*\n(\S+ +[·✓✗].*\n)+/gm) ?? [];
}

describe.skipIf(!hasAnsible)(`Ansible${ansibleNeeds}`, { timeout: ANSIBLE_TIMEOUT_MILLIS }, () => {
  let ansible: AnsibleExample;
  beforeAll(async () => {
    ansible = await startAnsibleExample(EXAMPLE);
  });
  afterAll(() => ansible.stop());

  it.each(['build.yml', 'teardown.yml'])('%s goes nowhere without an endpoint', async (name) => {
    const { code, stdout } = await ansible.playbook(name, { AWS_ENDPOINT_URL: undefined });
    expect(code).toBe(2);
    expect(stdout).toContain('no AWS_ENDPOINT_URL');
    expect(stdout).toMatch(/^localhost +: ok=0 +changed=0 +unreachable=0 +failed=1 /m);
  });

  it('builds the three tiers', async () => {
    // One for each kind of resource; the private route tables are a task of their own.
    expect(await ansible.changesOf('build.yml')).toBe(8);
    const ports = ['8080', '5432'];
    const shown = await Promise.all(ports.map((port) => ansible.cli(`matrix --tcp ${port}`)));
    const wanted = matrices(readFileSync(join(EXAMPLE, 'output.txt'), 'utf8'));
    expect(wanted).toHaveLength(2);
    expect(shown.flatMap(({ stdout }) => matrices(stdout))).toEqual(wanted);
  });

  it.each([
    'probe internet web-b --tcp 443 --expect reachable',
    'probe app-b 203.0.113.10 --tcp 443 --expect reachable',
    'probe db-b 203.0.113.10 --tcp 443 --expect dropped',
  ])('then %s holds', async (line) => {
    const { code, stdout, stderr } = await ansible.cli(line);
    expect(code, stdout + stderr).toBe(0);
  });

  it('builds nothing twice', async () => {
    expect(await ansible.changesOf('build.yml')).toBe(0);
  });

  it('takes everything away, once', async () => {
    expect(await ansible.changesOf('teardown.yml')).toBe(7);
    await expectNothingLeft(ansible.ec2);
    // NAT gateways and instances stay visible for an hour.
    const { NatGateways } = await ansible.ec2.describeNatGateways({});
    expect(NatGateways!.map(({ State }) => State)).toEqual(['deleted', 'deleted']);
    expect(await instanceStates(ansible.ec2)).toEqual(Array(6).fill('terminated'));
    expect(await ansible.changesOf('teardown.yml')).toBe(0);
  });
});
