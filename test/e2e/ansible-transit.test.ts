/** Ansible's `community.aws` collection builds hub and spoke: a transit gateway and a peering. */
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

const EXAMPLE = join(ROOT, 'examples/hub-and-spoke');

describe.skipIf(!hasAnsible)(
  `a transit gateway and a peering with Ansible${ansibleNeeds}`,
  { timeout: ANSIBLE_TIMEOUT_MILLIS },
  () => {
    let ansible: AnsibleExample;
    beforeAll(async () => {
      ansible = await startAnsibleExample(EXAMPLE);
    });
    afterAll(() => ansible.stop());

    it.each(['build.yml', 'teardown.yml'])('%s goes nowhere without an endpoint', async (name) => {
      const { code, stdout } = await ansible.playbook(name, { AWS_ENDPOINT_URL: undefined });
      expect(code).toBe(2);
      expect(stdout).toContain('no AWS_ENDPOINT_URL');
      const failed = stdout.match(/^\S+ +: ok=0 +changed=0 +unreachable=0 +failed=1 /gm);
      expect(failed).toHaveLength(3);
    });

    it('builds three VPCs, two of them attached, the third peered', async () => {
      // Six kinds of resource in each VPC but for one attachment, the gateway, a peering accepted.
      expect(await ansible.changesOf('build.yml')).toBe(20);
      const { TransitGatewayVpcAttachments: attachments } =
        await ansible.ec2.describeTransitGatewayVpcAttachments({});
      expect(attachments!.map(({ State }) => State)).toEqual(['available', 'available']);
      const { VpcPeeringConnections } = await ansible.ec2.describeVpcPeeringConnections({});
      expect(VpcPeeringConnections).toMatchObject([{ Status: { Code: 'active' } }]);
    });

    it('then packets pass, and do not, as expected', async () => {
      const { code, stdout, stderr } = await ansible.cli(`check ${EXAMPLE}/ansible/reach.txt`);
      expect(code, stdout + stderr).toBe(0);
    });

    it('builds nothing twice', async () => {
      expect(await ansible.changesOf('build.yml')).toBe(0);
    });

    it('takes everything away, once', async () => {
      expect(await ansible.changesOf('teardown.yml')).toBe(18);
      await expectNothingLeft(ansible.ec2);
      await expectEnded(ansible);
      expect(await ansible.changesOf('teardown.yml')).toBe(0);
      await expectEnded(ansible);
    });
  },
);

/** What stays visible after its end is there, and has ended. */
async function expectEnded({ ec2 }: AnsibleExample): Promise<void> {
  const { TransitGateways } = await ec2.describeTransitGateways({});
  expect(TransitGateways!.map(({ State }) => State)).toEqual(['deleted']);
  const { TransitGatewayAttachments } = await ec2.describeTransitGatewayAttachments({});
  const states = TransitGatewayAttachments!.map(({ State }) => State);
  expect(states).toEqual(['deleted', 'deleted']);
  const { TransitGatewayRouteTables } = await ec2.describeTransitGatewayRouteTables({});
  expect(TransitGatewayRouteTables).toEqual([]);
  const { VpcPeeringConnections } = await ec2.describeVpcPeeringConnections({});
  expect(VpcPeeringConnections).toMatchObject([{ Status: { Code: 'deleted' } }]);
  expect(await instanceStates(ec2)).toEqual(Array(3).fill('terminated'));
}
