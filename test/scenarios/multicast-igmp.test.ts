/** Groups that instances join by themselves: the tag `openvpc:join` (C-119, C-120, C-123). */
import { describe, expect, it } from 'vitest';
import { formatFrame } from '../../src/wire/format.ts';
import { faultsOf } from '../support/invariants.ts';
import {
  attachNumberedVpc,
  groupLines,
  joinDomain,
  makeDomain,
  makeMulticastGateway,
} from '../support/multicast-fixture.ts';
import { allowIn, newAcl, newGroup, newHost, newScene, type SceneHost } from './scene.ts';

const GROUP = '224.0.1.5';
const OTHER = '239.1.1.1';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An IGMP domain, and a subnet that is in it unless `apart`. */
async function stage({ apart = false } = {}) {
  const scene = await newScene();
  const ec2 = scene.ec2();
  const gatewayId = await makeMulticastGateway(ec2);
  const domainId = await makeDomain(ec2, gatewayId, { Igmpv2Support: 'enable' });
  const vpc = await attachNumberedVpc(ec2, gatewayId, 1);
  const own = { id: vpc.vpcId, ec2 };
  const open = await newGroup(own, 'open');
  const sceneVpc = { ...own, open } as never as Parameters<typeof allowIn>[0];
  await allowIn(sceneVpc, open, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
  const subnet = { id: vpc.subnetIds[0]!, vpc: sceneVpc };
  const enter = () => joinDomain(ec2, domainId, vpc);
  if (!apart) await enter();
  const tag = ({ id }: SceneHost, groups?: string) => {
    const Key = 'openvpc:join';
    const Tags = [{ Key, ...(groups === undefined ? {} : { Value: groups }) }];
    const request = { Resources: [id], Tags };
    return groups === undefined ? ec2.deleteTags(request) : ec2.createTags(request);
  };
  return {
    ...{ ...scene, ec2, domainId, subnet, sceneVpc, enter, tag },
    host: (groups?: string, sg = open) =>
      newHost(subnet, {
        groups: [sg],
        ...(groups === undefined ? {} : { tags: { 'openvpc:join': groups } }),
      }),
    groups: () => groupLines(ec2, domainId),
    receivers: (from: SceneHost, to = GROUP) =>
      scene.ask({ from: from.id, to, protocol: 'udp', port: 5000 }).receivers,
  };
}

const igmp = (group: string, { eni }: SceneHost) => `${group} ${eni} member igmp`;

describe('an instance that joins groups', () => {
  it('C-119 is a member when it starts, and gets what is sent', async () => {
    const { host, groups, receivers, lab } = await stage();
    const sender = await host();
    const member = await host(`${GROUP}, ${OTHER}`);
    expect(await groups()).toEqual([igmp(GROUP, member), igmp(OTHER, member)]);
    expect(receivers(sender)).toEqual([member.id]);
    expect(receivers(sender, OTHER)).toEqual([member.id]);
    expect(receivers(sender, '224.0.1.9')).toEqual([]);
    expect(faultsOf(lab.cloud.model)).toEqual([]);
  });

  it('C-119 follows its tag: joins, leaves, is gone at once', async () => {
    const { host, groups, receivers, tag } = await stage();
    const [sender, member] = [await host(), await host()];
    expect(receivers(sender)).toEqual([]);
    await tag(member, GROUP);
    expect(receivers(sender)).toEqual([member.id]);
    await tag(member, OTHER);
    expect(await groups()).toEqual([igmp(OTHER, member)]);
    expect(receivers(sender)).toEqual([]);
    await tag(member);
    expect(await groups()).toEqual([]);
  });

  it('C-119 whom a call added stays when it leaves', async () => {
    const { host, groups, tag, ec2, domainId } = await stage();
    const member = await host(GROUP);
    await ec2.registerTransitGatewayMulticastGroupMembers({
      TransitGatewayMulticastDomainId: domainId,
      GroupIpAddress: GROUP,
      NetworkInterfaceIds: [member.eni],
    });
    await tag(member);
    expect(await groups()).toEqual([`${GROUP} ${member.eni} member static`]);
  });

  it('C-120 stays as long as it answers the queries', async () => {
    const { host, groups, receivers, advance, lab } = await stage();
    const [sender, member] = [await host(), await host(GROUP)];
    const frames: string[] = [];
    lab.capture(member.eni, ({ bytes, direction }) =>
      frames.push(`${direction} ${formatFrame(bytes)}`),
    );
    await advance(4 * MINUTE);
    const exchange = [
      'inbound IP 0.0.0.0 > 224.0.0.1: igmp query v2',
      `outbound IP ${member.address} > ${GROUP}: igmp v2 report ${GROUP}`,
    ];
    expect(frames).toEqual([...exchange, ...exchange]);
    await advance(24 * HOUR);
    expect(await groups()).toEqual([igmp(GROUP, member)]);
    expect(frames).toHaveLength(4 + 24 * 30 * 2);
    expect(receivers(sender)).toEqual([member.id]);
  });

  it('C-120 C-123 is lost after three queries that do not reach it, and found again', async () => {
    const { host, groups, receivers, advance, sceneVpc } = await stage();
    const strict = await newGroup(sceneVpc, 'strict');
    const [sender, member] = [await host(), await host(GROUP, strict)];
    await allowIn(sceneVpc, strict, {
      IpProtocol: 'udp',
      FromPort: 0,
      ToPort: 65535,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    });
    expect(receivers(sender)).toEqual([member.id]);
    await advance(7 * MINUTE - 1000);
    expect(receivers(sender)).toEqual([member.id]);
    await advance(1000);
    expect(receivers(sender)).toEqual([]);
    expect(await groups()).toEqual([]);
    // Asked for 12 hours more: what is opened by then counts.
    await advance(11 * HOUR);
    await allowIn(sceneVpc, strict, {
      IpProtocol: '2',
      IpRanges: [{ CidrIp: '0.0.0.0/32' }],
    });
    await advance(2 * MINUTE);
    expect(await groups()).toEqual([igmp(GROUP, member)]);
    expect(receivers(sender)).toEqual([member.id]);
  });

  it('C-123 cannot join past an ACL that does not let its protocol out', async () => {
    const { host, groups, subnet, tag } = await stage();
    const member = await host();
    await newAcl(subnet, [
      [100, 'in', 'allow', '-1', '0.0.0.0/0'],
      [100, 'out', 'allow', '17', '0.0.0.0/0', 0, 65_535],
    ]);
    await tag(member, GROUP);
    expect(await groups()).toEqual([]);
  });

  it('C-119 a stopped one says nothing, a started one joins anew', async () => {
    const { host, groups, ec2, advance, receivers } = await stage();
    const [sender, member] = [await host(), await host(GROUP)];
    const InstanceIds = [member.id];
    await ec2.stopInstances({ InstanceIds });
    expect(await groups()).toEqual([igmp(GROUP, member)]);
    expect(receivers(sender)).toEqual([]);
    await advance(7 * MINUTE);
    expect(await groups()).toEqual([]);
    await ec2.startInstances({ InstanceIds });
    expect(await groups()).toEqual([igmp(GROUP, member)]);
    await ec2.terminateInstances({ InstanceIds });
    expect(await groups()).toEqual([]);
  });

  it('joins as soon as its subnet comes into a domain', async () => {
    const { host, groups, enter, receivers } = await stage({ apart: true });
    const [sender, member] = [await host(), await host(GROUP)];
    await enter();
    expect(await groups()).toEqual([igmp(GROUP, member)]);
    expect(receivers(sender)).toEqual([member.id]);
  });

  it('C-119 by its primary interface, and of IPv4 groups alone', async () => {
    const { groups, host, ec2, subnet, tag } = await stage();
    const member = await host('ff0e::5,10.0.0.1');
    expect(await groups()).toEqual([]);
    const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: subnet.id });
    await ec2.attachNetworkInterface({
      NetworkInterfaceId: NetworkInterface!.NetworkInterfaceId!,
      InstanceId: member.id,
      DeviceIndex: 1,
    });
    await tag(member, GROUP);
    expect(await groups()).toEqual([igmp(GROUP, member)]);
  });

  it('a probe leaves nothing behind of what its hosts are', async () => {
    const { host, groups, receivers, lab } = await stage();
    const [sender, member] = [await host(), await host(GROUP)];
    const before = lab.cloud.model.get(
      'transit-gateway-igmp-host',
      [...lab.cloud.model.all('transit-gateway-igmp-host')][0]!.id,
    );
    receivers(sender);
    receivers(member);
    expect(await groups()).toEqual([igmp(GROUP, member)]);
    expect([...lab.cloud.model.all('transit-gateway-igmp-host')]).toEqual([before]);
  });
});
