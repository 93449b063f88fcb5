import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../test/support/invariants.ts';
import { groupLines, makeMulticastScene } from '../../../test/support/multicast-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import type { IgmpMessage } from '../../model/transit-gateway/multicast-group.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import { hearIgmp } from './multicast-igmp.ts';

const GROUP = parseIpv4('224.0.1.5')!;
const OTHER = parseIpv4('224.0.1.6')!;
const SECOND = 1000;
const HOUR = 3_600_000;

async function scene(igmp: 'enable' | 'disable' = 'enable', subnets = 2) {
  const test = await testCloud();
  const { cloud, advance } = test;
  const ec2 = test.ec2();
  const made = await makeMulticastScene(ec2, { Igmpv2Support: igmp }, subnets);
  const { domainId } = made;
  const say = (kind: IgmpMessage['kind'], networkInterfaceId: string, group: Ipv4 = GROUP) =>
    cloud.execute((tx) => hearIgmp(tx, { kind, domainId, networkInterfaceId, group }));
  return {
    ...{ ...made, ec2, cloud, advance, say },
    groups: () => groupLines(ec2, domainId),
    hosts: () => [...cloud.model.all('transit-gateway-igmp-host')],
    queriedAt: () => cloud.model.get('transit-gateway-multicast-domain', domainId)!.queriedAt,
    register: (id: string) =>
      ec2.registerTransitGatewayMulticastGroupMembers({
        TransitGatewayMulticastDomainId: domainId,
        GroupIpAddress: '224.0.1.5',
        NetworkInterfaceIds: [id],
      }),
  };
}

describe('what hosts say', () => {
  it('C-119 a join makes the member, a leave removes it at once', async () => {
    const { say, groups, hosts, enis, cloud } = await scene();
    await say('join', enis[0]!);
    await say('join', enis[1]!);
    await say('join', enis[0]!);
    expect(await groups()).toEqual(enis.map((eni) => `224.0.1.5 ${eni} member igmp`));
    expect(hosts()).toHaveLength(2);
    await say('leave', enis[0]!);
    expect(await groups()).toEqual([`224.0.1.5 ${enis[1]} member igmp`]);
    expect(hosts().map((host) => host.networkInterfaceId)).toEqual([enis[1]]);
    expect(faultsOf(cloud.model)).toEqual([]);
  });

  it('C-119 a leave is of one group', async () => {
    const { say, groups, hosts, enis } = await scene();
    await say('join', enis[0]!);
    await say('join', enis[0]!, OTHER);
    await say('leave', enis[0]!);
    await say('leave', enis[0]!);
    expect(await groups()).toEqual([`224.0.1.6 ${enis[0]} member igmp`]);
    expect(hosts()).toHaveLength(1);
  });

  it('C-119 who was added by a call stays', async () => {
    const { say, groups, hosts, enis, register, advance } = await scene();
    await register(enis[0]!);
    await say('join', enis[0]!);
    expect(await groups()).toEqual([`224.0.1.5 ${enis[0]} member static`]);
    await say('leave', enis[0]!);
    expect(await groups()).toHaveLength(1);
    expect(hosts()).toEqual([]);
    // Also where the call came second, and where the host says nothing more.
    await say('join', enis[1]!);
    await register(enis[1]!);
    expect(await groups()).toContain(`224.0.1.5 ${enis[1]} member static`);
    await advance(24 * HOUR);
    expect(await groups()).toHaveLength(2);
  });

  it('C-119 nothing, where the domain has no IGMP, or the subnet is not in it', async () => {
    const without = await scene('disable');
    await without.say('join', without.enis[0]!);
    expect(await without.groups()).toEqual([]);
    const { say, groups, enis, cloud, vpc, ec2, domainId } = await scene();
    await ec2.disassociateTransitGatewayMulticastDomain({
      TransitGatewayMulticastDomainId: domainId,
      TransitGatewayAttachmentId: vpc.attachmentId,
      SubnetIds: [vpc.subnetIds[0]!],
    });
    await say('join', enis[0]!);
    await say('join', 'eni-00000000');
    expect(await groups()).toEqual([]);
    expect(cloud.model.count('transit-gateway-igmp-host', 'domain', domainId)).toBe(0);
  });

  it('C-125 a full group takes nobody more, and says nothing', async () => {
    const { say, groups, hosts, enis, cloud, domainId, gatewayId } = await scene();
    await cloud.execute((tx) => {
      for (let index = 0; index < 100; index++) {
        tx.put('transit-gateway-multicast-group-entry', {
          id: `${domainId}|224.0.1.5|filler-${index}|member`,
          domainId,
          transitGatewayId: gatewayId,
          group: GROUP,
          networkInterfaceId: `filler-${index}`,
          role: 'member',
          origin: 'static',
        });
      }
    });
    await say('join', enis[0]!);
    expect(await groups()).toHaveLength(100);
    expect(hosts()).toEqual([]);
  });

  it('C-119 ends with the interface and with the subnet’s association', async () => {
    const { say, groups, hosts, enis, ec2, domainId, vpc, cloud } = await scene();
    await say('join', enis[0]!);
    await say('join', enis[1]!);
    await ec2.deleteNetworkInterface({ NetworkInterfaceId: enis[0]! });
    await ec2.disassociateTransitGatewayMulticastDomain({
      TransitGatewayMulticastDomainId: domainId,
      TransitGatewayAttachmentId: vpc.attachmentId,
      SubnetIds: [...vpc.subnetIds],
    });
    expect(await groups()).toEqual([]);
    expect(hosts()).toEqual([]);
    expect(faultsOf(cloud.model)).toEqual([]);
  });
});

describe('queries', () => {
  it('C-120 go out every two minutes while there is a host', async () => {
    const { say, queriedAt, cloud, advance, enis } = await scene();
    await advance(10 * 60 * SECOND);
    expect(queriedAt()).toBeUndefined();
    await say('join', enis[0]!);
    const begin = cloud.now();
    await advance(119 * SECOND);
    expect(queriedAt()).toBeUndefined();
    await advance(SECOND);
    expect(queriedAt()).toBe(begin + 120 * SECOND);
    await advance(240 * SECOND);
    expect(queriedAt()).toBe(begin + 360 * SECOND);
    await say('leave', enis[0]!);
    await advance(HOUR);
    expect(queriedAt()).toBe(begin + 360 * SECOND);
  });

  it('C-120 three of them unanswered end the membership, 12 hours more the queries', async () => {
    const { say, queriedAt, groups, hosts, cloud, advance, enis } = await scene();
    await say('join', enis[0]!);
    await say('join', enis[0]!, OTHER);
    await advance(419 * SECOND);
    expect(await groups()).toHaveLength(2);
    await advance(SECOND);
    expect(await groups()).toEqual([]);
    const since = cloud.now();
    expect(hosts()).toMatchObject([{ silentSince: since }]);
    await advance(12 * HOUR - SECOND);
    expect(queriedAt()).toBeGreaterThan(cloud.now() - 120 * SECOND);
    await advance(SECOND);
    expect(hosts()).toEqual([]);
    const last = queriedAt();
    await advance(HOUR);
    expect(queriedAt()).toBe(last);
  });

  it('C-120 an answer keeps the member', async () => {
    const { say, groups, advance, enis } = await scene();
    await say('join', enis[0]!);
    for (let minutes = 0; minutes < 60; minutes += 6) {
      await advance(360 * SECOND);
      await say('join', enis[0]!);
    }
    await advance(419 * SECOND);
    expect(await groups()).toHaveLength(1);
    await advance(SECOND);
    expect(await groups()).toEqual([]);
  });

  it('C-120 who speaks again within 12 hours is a member again', async () => {
    const { say, groups, hosts, advance, enis } = await scene();
    await say('join', enis[0]!);
    await advance(6 * HOUR);
    expect(await groups()).toEqual([]);
    await say('join', enis[0]!);
    expect(await groups()).toHaveLength(1);
    expect(hosts()[0]).not.toHaveProperty('silentSince');
    // The 12 hours begin anew with its next silence.
    await advance(420 * SECOND);
    await advance(12 * HOUR - SECOND);
    expect(hosts()).toHaveLength(1);
    await advance(SECOND);
    expect(hosts()).toEqual([]);
  });

  it('C-120 end with the domain', async () => {
    const { say, ec2, domainId, vpc, enis, advance, cloud } = await scene();
    await say('join', enis[0]!);
    await ec2.disassociateTransitGatewayMulticastDomain({
      TransitGatewayMulticastDomainId: domainId,
      TransitGatewayAttachmentId: vpc.attachmentId,
      SubnetIds: [...vpc.subnetIds],
    });
    await ec2.deleteTransitGatewayMulticastDomain({ TransitGatewayMulticastDomainId: domainId });
    await advance(24 * HOUR);
    expect(cloud.model.get('transit-gateway-multicast-domain', domainId)).toBeUndefined();
    const names = [...cloud.model.all('timer')].map(({ event }) => event);
    expect(names.filter((event) => event.includes('multicast'))).toEqual([]);
  });
});
