/** Transit gateway multicast as the API makes it and as packets meet it (C-114 to C-134). */
import { describe, expect, it } from 'vitest';
import type { QuestionInput } from '../../src/server/question.ts';
import { joinDomain, makeDomain, makeMulticastGateway } from '../support/multicast-fixture.ts';
import {
  allowIn,
  fateOf,
  newAcl,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  type SceneHost,
  type SceneSubnet,
  type SceneVpc,
} from './scene.ts';

const GROUP = '224.0.1.5';

async function attach(vpc: SceneVpc, TransitGatewayId: string, subnet: SceneSubnet) {
  const { TransitGatewayVpcAttachment } = await vpc.ec2.createTransitGatewayVpcAttachment({
    TransitGatewayId,
    VpcId: vpc.id,
    SubnetIds: [subnet.id],
    Options: { Ipv6Support: 'enable' },
  });
  return TransitGatewayVpcAttachment!.TransitGatewayAttachmentId!;
}

/** Two VPCs in one domain: `near` and `beside` in one subnet, `far` in the other VPC. */
async function stage(options: Parameters<typeof makeDomain>[2] = {}) {
  const scene = await newScene();
  const ec2 = scene.ec2();
  const gatewayId = await makeMulticastGateway(ec2);
  const domainId = await makeDomain(ec2, gatewayId, options);
  const one = await scene.vpc('10.1.0.0/16', { ipv6: true });
  const other = await scene.vpc('10.2.0.0/16', { ipv6: true });
  const here = await newSubnet(one, '10.1.1.0/24');
  const there = await newSubnet(other, '10.2.1.0/24');
  const attachments = [await attach(one, gatewayId, here), await attach(other, gatewayId, there)];
  await joinDomain(ec2, domainId, { attachmentId: attachments[0]!, subnetIds: [here.id] });
  await joinDomain(ec2, domainId, { attachmentId: attachments[1]!, subnetIds: [there.id] });
  const [near, beside, far] = [await newHost(here), await newHost(here), await newHost(there)];
  const request = (group: string, hosts: readonly SceneHost[]) => ({
    TransitGatewayMulticastDomainId: domainId,
    GroupIpAddress: group,
    NetworkInterfaceIds: hosts.map(({ eni }) => eni),
  });
  return {
    ...{ ...scene, ec2, gatewayId, domainId, one, other, here, there, near, beside, far },
    members: (group: string, ...hosts: SceneHost[]) =>
      ec2.registerTransitGatewayMulticastGroupMembers(request(group, hosts)),
    sources: (group: string, ...hosts: SceneHost[]) =>
      ec2.registerTransitGatewayMulticastGroupSources(request(group, hosts)),
    to: (from: SceneHost, group = GROUP, more: Partial<QuestionInput> = {}) =>
      scene.ask({ from: from.id, to: group, protocol: 'udp', port: 5000, ...more }),
  };
}

const sorted = (...hosts: SceneHost[]) => hosts.map(({ id }) => id).sort();

describe('transit gateway multicast', () => {
  it('C-121 C-134 one packet arrives at every member, in any VPC of the domain', async () => {
    const { near, beside, far, members, to } = await stage();
    await members(GROUP, near, beside, far);
    const answer = to(near);
    expect(answer).toMatchObject({
      reachable: true,
      receivers: sorted(beside, far),
      return: null,
      observed: { source: near.address, destination: GROUP, port: 5000 },
    });
    expect(answer.forward.copies).toHaveLength(2);
    expect(answer.forward.outcomes!.map(({ instance }) => instance).sort()).toEqual(
      sorted(beside, far),
    );
    expect(to(far).receivers).toEqual(sorted(near, beside));
  });

  it('C-121 stays on its gateway: not over peerings, nor to subnets in no domain', async () => {
    const test = await stage();
    const { members, beside, far, to, domainId, one } = test;
    await members(GROUP, beside, far);
    const apart = await newSubnet(one, '10.1.9.0/24', 9);
    const alone = await newHost(apart);
    await expect(members(GROUP, alone)).rejects.toThrow(/is not associated with/);
    expect(fateOf(to(alone))).toBe(`MULTICAST_NOT_SUPPORTED at ${apart.id}`);
    expect(to(test.near).receivers).toEqual(sorted(beside, far));
    expect(domainId).toMatch(/^tgw-mcast-domain-/);
  });

  it('C-118 only registered sources send, where the domain has them', async () => {
    const { near, beside, far, members, sources, to, domainId } = await stage({
      StaticSourcesSupport: 'enable',
    });
    await members(GROUP, beside, far);
    expect(fateOf(to(near))).toBe(`MULTICAST_SOURCE_NOT_REGISTERED at ${domainId}`);
    await sources(GROUP, near);
    expect(to(near).receivers).toEqual(sorted(beside, far));
    expect(fateOf(to(beside))).toBe(`MULTICAST_SOURCE_NOT_REGISTERED at ${domainId}`);
  });

  it('C-123 C-134 ACLs and groups stand at both ends', async () => {
    const { near, beside, far, members, to, there, other } = await stage();
    await members(GROUP, near, beside, far);
    const strict = await newGroup(other, 'strict');
    await other.ec2.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId: far.eni,
      Groups: [strict],
    });
    expect(to(near).receivers).toEqual([beside.id]);
    expect(to(near).forward.outcomes).toContainEqual(
      expect.objectContaining({ reason: 'SG_HAS_NO_RULES', at: far.eni, instance: far.id }),
    );
    await allowIn(other, strict, {
      IpProtocol: 'udp',
      FromPort: 5000,
      ToPort: 5000,
      IpRanges: [{ CidrIp: `${near.address}/32` }],
    });
    expect(to(near).receivers).toEqual(sorted(beside, far));
    expect(to(beside).receivers).toEqual([near.id]);
    const acl = await newAcl(there, [[100, 'out', 'allow', '17', '224.0.1.0/24', 5000]]);
    expect(to(near).receivers).toEqual([beside.id]);
    expect(to(far).receivers).toEqual(sorted(near, beside));
    expect(fateOf(to(far, '224.0.2.1'))).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('C-122 C-129 large packets and fragments are dropped', async () => {
    const { near, far, members, to, domainId } = await stage();
    await members(GROUP, far);
    await members('ff0e::5', far);
    const fits = 8500 - 20 - 8 - 8;
    expect(to(near, GROUP, { size: fits }).receivers).toEqual([far.id]);
    for (const dontFragment of [true, false]) {
      const more = { size: fits + 1, dontFragment };
      expect(fateOf(to(near, GROUP, more))).toBe(`MTU_EXCEEDED at ${domainId}`);
    }
    for (const group of [GROUP, 'ff0e::5']) {
      expect(fateOf(to(near, group, { size: 20_000 }))).toBe(
        `MULTICAST_FRAGMENTS_NOT_SUPPORTED at ${domainId}`,
      );
    }
    expect(fateOf(to(near, GROUP, { size: 20_000, dontFragment: true }))).toBe(
      `MTU_EXCEEDED at ${near.eni}`,
    );
  });

  it('C-124 groups of both families', async () => {
    const { near, beside, far, members, to } = await stage();
    await members('ff0e::5', near, beside, far);
    expect(to(near, 'ff0e::5')).toMatchObject({
      receivers: sorted(beside, far),
      observed: { source: near.ipv6, destination: 'ff0e::5' },
    });
    await members('239.255.0.1', far);
    expect(to(near, '239.255.0.1').receivers).toEqual([far.id]);
  });

  it('C-134 who is alone in its group is told so', async () => {
    const { near, members, to, domainId, ask } = await stage();
    await members(GROUP, near);
    const answer = to(near);
    expect(answer).toMatchObject({ reachable: false, receivers: [], observed: null });
    expect(fateOf(answer)).toBe(`MULTICAST_NO_MEMBERS at ${domainId}`);
    expect(fateOf(ask({ from: near.id, to: '224.9.9.9', protocol: 'udp' }))).toBe(
      `MULTICAST_NO_MEMBERS at ${domainId}`,
    );
  });

  it('nobody answers an echo or a connection that is for many', async () => {
    const { near, beside, far, members, ask } = await stage();
    await members(GROUP, beside, far);
    for (const protocol of ['icmp', 'tcp'] as const) {
      const answer = ask({ from: near.id, to: GROUP, protocol });
      expect(answer).toMatchObject({ reachable: false, receivers: [] });
      expect(answer.forward.outcomes!.map(({ disposition }) => disposition)).toEqual([
        'delivered',
        'delivered',
      ]);
    }
  });

  it('a host outside has no groups', async () => {
    const { far, members, ask } = await stage();
    await members(GROUP, far);
    expect(ask({ from: 'internet', to: GROUP, protocol: 'udp' })).toMatchObject({
      reachable: false,
      receivers: [],
      forward: { disposition: 'dropped', copies: [] },
    });
  });

  it('C-114 C-117 what is taken away takes effect at once', async () => {
    const { near, beside, far, members, to, ec2, domainId, there, here, lab } = await stage();
    await members(GROUP, beside, far);
    const joint = async (subnet: SceneSubnet) => {
      const record = lab.cloud.model.get(
        'transit-gateway-multicast-domain-association',
        `${domainId}|${subnet.id}`,
      )!;
      return {
        TransitGatewayMulticastDomainId: domainId,
        TransitGatewayAttachmentId: record.attachmentId,
        SubnetIds: [subnet.id],
      };
    };
    await ec2.disassociateTransitGatewayMulticastDomain(await joint(there));
    expect(to(near).receivers).toEqual([beside.id]);
    expect(fateOf(to(far))).toBe(`MULTICAST_NOT_SUPPORTED at ${there.id}`);
    await ec2.disassociateTransitGatewayMulticastDomain(await joint(here));
    await ec2.deleteTransitGatewayMulticastDomain({ TransitGatewayMulticastDomainId: domainId });
    expect(fateOf(to(near))).toBe(`MULTICAST_NOT_SUPPORTED at ${here.id}`);
  });

  it('C-086 C-121 routes for groups lead nowhere', async () => {
    const { near, far, members, to, one, gatewayId } = await stage();
    await members(GROUP, far);
    const kinds = to(near).forward.copies!.flatMap((hops) => hops.map(({ kind }) => kind));
    expect(kinds).not.toContain('route-table');
    expect(kinds).not.toContain('transit-gateway-route-table');
    expect(kinds).not.toContain('transit-gateway-attachment');
    expect(one.mainTable).toBeDefined();
    expect(gatewayId).toBeDefined();
  });
});
