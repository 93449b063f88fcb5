import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { makeInterface } from '../../../../test/support/instance-fixture.ts';
import {
  attachNumberedVpc,
  groupLines,
  joinDomain,
  makeMulticastScene,
  searchGroups,
} from '../../../../test/support/multicast-fixture.ts';
import { ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeSubnet } from '../../../../test/support/vpc-fixture.ts';

const GROUP = '224.0.1.5';
const INVALID = 'InvalidParameterValue';
const LIMIT = 'TransitGatewayMulticastGroupLimitExceeded';

async function scene(options: Parameters<typeof makeMulticastScene>[1] = {}, subnets = 1) {
  const { ec2, cloud } = await testCloud();
  const made = await makeMulticastScene(ec2(), options, subnets);
  const { domainId } = made;
  const request = (GroupIpAddress: string | undefined, ids: readonly string[]) => ({
    TransitGatewayMulticastDomainId: domainId,
    ...(GroupIpAddress === undefined ? {} : { GroupIpAddress }),
    NetworkInterfaceIds: [...ids],
  });
  return {
    ...made,
    cloud,
    ec2: ec2(),
    members: (group: string | undefined, ...ids: string[]) =>
      ec2().registerTransitGatewayMulticastGroupMembers(request(group, ids)),
    sources: (group: string, ...ids: string[]) =>
      ec2().registerTransitGatewayMulticastGroupSources(request(group, ids)),
    dropMembers: (group: string | undefined, ...ids: string[]) =>
      ec2().deregisterTransitGatewayMulticastGroupMembers(request(group, ids)),
    dropSources: (group: string | undefined, ...ids: string[]) =>
      ec2().deregisterTransitGatewayMulticastGroupSources(request(group, ids)),
  };
}

describe('registration', () => {
  it('C-118 makes members and sources, which are two things', async () => {
    const { members, sources, enis, domainId, ec2, vpc } = await scene(
      { StaticSourcesSupport: 'enable' },
      2,
    );
    const { RegisteredMulticastGroupMembers } = await members(GROUP, ...enis);
    expect(RegisteredMulticastGroupMembers).toEqual({
      TransitGatewayMulticastDomainId: domainId,
      GroupIpAddress: GROUP,
      RegisteredNetworkInterfaceIds: enis,
    });
    const { RegisteredMulticastGroupSources } = await sources(GROUP, enis[0]!);
    expect(RegisteredMulticastGroupSources!.RegisteredNetworkInterfaceIds).toEqual([enis[0]]);
    const place = {
      GroupIpAddress: GROUP,
      TransitGatewayAttachmentId: vpc.attachmentId,
      ResourceId: vpc.vpcId,
      ResourceType: 'vpc',
      ResourceOwnerId: ACCOUNT,
      SubnetId: vpc.subnetIds[0],
      NetworkInterfaceId: enis[0],
    };
    const member = { ...place, GroupMember: true, GroupSource: false, MemberType: 'static' };
    expect(await searchGroups(ec2, domainId)).toEqual([
      member,
      { ...member, NetworkInterfaceId: enis[1], SubnetId: vpc.subnetIds[1] },
      { ...place, GroupMember: false, GroupSource: true, SourceType: 'static' },
    ]);
    // Again is no error and no second one.
    await members(GROUP, enis[0]!);
    expect(await searchGroups(ec2, domainId)).toHaveLength(3);
  });

  it('C-118 sources need a domain that has static ones', async () => {
    const { sources, enis, domainId } = await scene({ Igmpv2Support: 'enable' });
    const message = `${domainId} does not support static sources.`;
    await expectError(sources(GROUP, enis[0]!), INVALID, message);
  });

  it('C-124 takes multicast addresses of both families', async () => {
    const { members, enis, domainId, ec2 } = await scene();
    for (const group of ['224.0.0.0', '239.255.255.255', 'ff02::1:3', 'FF0E::0:5']) {
      await members(group, enis[0]!);
    }
    const found = await searchGroups(ec2, domainId);
    const groups = found.map(({ GroupIpAddress }) => GroupIpAddress);
    expect(groups).toEqual(['224.0.0.0', '239.255.255.255', 'ff02::1:3', 'ff0e::5']);
    for (const other of ['223.255.255.255', '240.0.0.0', '10.1.0.5', 'fe80::1', '::']) {
      const message = /is not a multicast address/;
      await expectError(members(other, enis[0]!), INVALID, message);
    }
    for (const none of ['224.0.1', '224.0.1.0/24', 'x']) {
      await expectError(members(none, enis[0]!), INVALID, /not a valid IP address/);
    }
    await expectError(members(undefined, enis[0]!), 'MissingParameter');
  });

  it('C-116 takes interfaces in subnets of the domain', async () => {
    const { members, enis, ec2, vpc, domainId } = await scene();
    const { SubnetId } = await makeSubnet(ec2, vpc.vpcId, '10.1.9.0/24');
    const { NetworkInterfaceId: outside } = await makeInterface(ec2, SubnetId);
    const where = `The subnet of the network interface '${outside}'`;
    const message = `${where} is not associated with ${domainId}.`;
    await expectError(members(GROUP, enis[0]!, outside), INVALID, message);
    expect(await groupLines(ec2, domainId)).toEqual([]);
    await expectError(members(GROUP, 'eni-00000000'), 'InvalidNetworkInterfaceID.NotFound');
    await expectError(members(GROUP, 'eni-x'), 'InvalidNetworkInterfaceId.Malformed');
  });

  it('C-118 takes no interface of a service', async () => {
    const { members, ec2, vpc } = await scene();
    const request = { SubnetId: vpc.subnetIds[0]!, ConnectivityType: 'private' } as const;
    const { NatGateway } = await ec2.createNatGateway(request);
    const { NetworkInterfaceId: id } = NatGateway!.NatGatewayAddresses![0]!;
    await expectError(members(GROUP, id!), INVALID, `'${id}' belongs to a service.`);
  });

  it('C-125 a group has at most 100 members, sources not counted', async () => {
    const { ec2: clients, cloud } = await testCloud();
    const ec2 = clients();
    const made = await makeMulticastScene(ec2, { StaticSourcesSupport: 'enable' });
    const ids: string[] = [];
    for (let index = 0; index < 101; index++) {
      ids.push((await makeInterface(ec2, made.vpc.subnetIds[0]!)).NetworkInterfaceId);
    }
    const request = (NetworkInterfaceIds: string[]) => ({
      TransitGatewayMulticastDomainId: made.domainId,
      GroupIpAddress: GROUP,
      NetworkInterfaceIds,
    });
    const add = (...chosen: string[]) =>
      ec2.registerTransitGatewayMulticastGroupMembers(request(chosen));
    await expectError(add(...ids), LIMIT);
    await add(...ids.slice(0, 100));
    await expectError(add(ids[100]!), LIMIT);
    await add(ids[0]!, ids[99]!);
    await ec2.registerTransitGatewayMulticastGroupSources(request(ids));
    expect(
      cloud.model.count('transit-gateway-multicast-group-entry', 'gateway', made.gatewayId),
    ).toBe(201);
  });

  it('C-125 a gateway has at most 10,000 members and sources', async () => {
    const { members, enis, cloud, domainId, gatewayId } = await scene();
    await cloud.execute((tx) => {
      for (let index = 0; index < 9_999; index++) {
        tx.put('transit-gateway-multicast-group-entry', {
          id: `filler ${index}`,
          domainId,
          transitGatewayId: gatewayId,
          group: (0xe100_0000 + index) as never,
          networkInterfaceId: enis[0]!,
          role: 'member',
          origin: 'static',
        });
      }
    });
    await members(GROUP, enis[0]!);
    await expectError(members('224.0.1.6', enis[0]!), LIMIT);
  });
});

describe('deregistration', () => {
  it('takes members and sources out, each apart', async () => {
    const made = await scene({ StaticSourcesSupport: 'enable' }, 2);
    const { members, sources, dropMembers, dropSources, enis, ec2, domainId } = made;
    await members(GROUP, ...enis);
    await sources(GROUP, ...enis);
    const { DeregisteredMulticastGroupMembers } = await dropMembers(GROUP, enis[0]!);
    expect(DeregisteredMulticastGroupMembers).toEqual({
      TransitGatewayMulticastDomainId: domainId,
      GroupIpAddress: GROUP,
      DeregisteredNetworkInterfaceIds: [enis[0]],
    });
    const { DeregisteredMulticastGroupSources } = await dropSources(GROUP);
    expect(DeregisteredMulticastGroupSources!.DeregisteredNetworkInterfaceIds).toEqual(enis);
    expect(await groupLines(ec2, domainId)).toEqual([`${GROUP} ${enis[1]} member static`]);
  });

  it('without a group takes interfaces out of all of them', async () => {
    const { members, dropMembers, enis, ec2, domainId } = await scene({}, 2);
    await members(GROUP, ...enis);
    await members('ff0e::5', ...enis);
    await dropMembers(undefined, enis[0]!);
    expect(await groupLines(ec2, domainId)).toEqual([
      `${GROUP} ${enis[1]} member static`,
      `ff0e::5 ${enis[1]} member static`,
    ]);
    await expectError(dropMembers(undefined), 'MissingParameter');
  });

  it('of what is not there is refused, and changes nothing', async () => {
    const { members, dropMembers, dropSources, enis, ec2, domainId } = await scene({}, 2);
    await members(GROUP, enis[0]!);
    const message = `'${enis[1]}' is no group member of ${GROUP} in ${domainId}.`;
    await expectError(dropMembers(GROUP, ...enis), INVALID, message);
    await expectError(dropSources(GROUP, enis[0]!), INVALID);
    await expectError(dropMembers('224.0.1.6', enis[0]!), INVALID);
    expect(await groupLines(ec2, domainId)).toHaveLength(1);
  });

  it('comes by itself when the interface is deleted', async () => {
    const { members, enis, ec2, domainId } = await scene();
    await members(GROUP, enis[0]!);
    await ec2.deleteNetworkInterface({ NetworkInterfaceId: enis[0]! });
    expect(await groupLines(ec2, domainId)).toEqual([]);
  });
});

describe('SearchTransitGatewayMulticastGroups', () => {
  it('C-126 filters by what its reference lists', async () => {
    const made = await scene({ StaticSourcesSupport: 'enable' });
    const { members, sources, enis, ec2, domainId, gatewayId, vpc } = made;
    const other = await attachNumberedVpc(ec2, gatewayId, 2);
    await joinDomain(ec2, domainId, other);
    const { NetworkInterfaceId: far } = await makeInterface(ec2, other.subnetIds[0]!);
    await members(GROUP, enis[0]!, far);
    await sources(GROUP, far);
    await members('ff0e::5', far);
    const count = async (name: string, value: string) =>
      (await searchGroups(ec2, domainId, { [name]: value })).length;
    expect(await count('group-ip-address', GROUP)).toBe(3);
    expect(await count('group-ip-address', 'ff0e::5')).toBe(1);
    expect(await count('is-group-member', 'true')).toBe(3);
    expect(await count('is-group-member', 'false')).toBe(1);
    expect(await count('is-group-source', 'true')).toBe(1);
    expect(await count('member-type', 'static')).toBe(3);
    expect(await count('member-type', 'igmp')).toBe(0);
    expect(await count('source-type', 'static')).toBe(1);
    expect(await count('resource-id', vpc.vpcId)).toBe(1);
    expect(await count('resource-type', 'vpc')).toBe(4);
    expect(await count('subnet-id', other.subnetIds[0]!)).toBe(3);
    expect(await count('transit-gateway-attachment-id', other.attachmentId)).toBe(3);
    await expectError(count('network-interface-id', far), INVALID);
  });

  it('finds no domain that is not there', async () => {
    const { ec2 } = await scene();
    const missing = 'tgw-mcast-domain-00000000000000000';
    const code = 'InvalidTransitGatewayMulticastDomainId.NotFound';
    await expectError(searchGroups(ec2, missing), code);
  });
});
