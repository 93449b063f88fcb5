import { beforeEach, describe, expect, it } from 'vitest';
import {
  allowIn,
  membersOf,
  newGateway,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  peer,
  routeTo,
  type Scene,
  type SceneHost,
  type SceneSubnet,
  type SceneVpc,
} from './scene.ts';

/** A host with a delegated block of each family, a neighbour, and a host in another subnet. */
let scene: Scene;
let vpc: SceneVpc;
let subnet: SceneSubnet;
let holder: SceneHost;
let neighbour: SceneHost;
let other: SceneHost;
/** An address in each block. */
const INSIDE = '10.0.1.37';
let inside6: string;

beforeEach(async () => {
  scene = await newScene();
  vpc = await scene.vpc('10.0.0.0/16', { ipv6: true });
  subnet = await newSubnet(vpc, '10.0.1.0/24', 1);
  holder = await newHost(subnet);
  neighbour = await newHost(subnet);
  other = await newHost(await newSubnet(vpc, '10.0.2.0/24', 2));
  const NetworkInterfaceId = holder.eni;
  const Ipv4Prefixes = ['10.0.1.32/28'];
  await vpc.ec2.assignPrivateIpAddresses({ NetworkInterfaceId, Ipv4Prefixes });
  const { AssignedIpv6Prefixes } = await vpc.ec2.assignIpv6Addresses({
    NetworkInterfaceId,
    Ipv6PrefixCount: 1,
  });
  inside6 = AssignedIpv6Prefixes![0]!.replace(/::?\/80$/, '::7');
});

const arrives = (from: SceneHost | 'internet', to: string) => {
  const { reachable, observed } = scene.ask({
    from: from === 'internet' ? from : from.id,
    to,
    protocol: 'tcp',
    port: 80,
  });
  return reachable ? [observed!.instance, observed!.destination] : 'not reachable';
};

describe('an address in a delegated block', () => {
  it('A-013 is its holder’s, on the link and beyond', () => {
    expect(arrives(neighbour, INSIDE)).toEqual([holder.id, INSIDE]);
    expect(arrives(other, INSIDE)).toEqual([holder.id, INSIDE]);
    expect(arrives(neighbour, inside6)).toEqual([holder.id, inside6]);
    expect(arrives(other, inside6)).toEqual([holder.id, inside6]);
  });

  it('is switched on the link like any other: no route table, no ACL', () => {
    const { forward } = scene.ask({ from: neighbour.id, to: INSIDE });
    expect(forward.hops.map(({ kind }) => kind)).not.toContain('route-table');
  });

  it('is nobody’s next to the block, nor once the block is taken back', async () => {
    const nobody = `NO_POSSIBLE_DESTINATION at ${vpc.id}`;
    expect(scene.fate({ from: other.id, to: '10.0.1.48' })).toBe(nobody);
    await vpc.ec2.unassignPrivateIpAddresses({
      NetworkInterfaceId: holder.eni,
      Ipv4Prefixes: ['10.0.1.32/28'],
    });
    expect(scene.fate({ from: other.id, to: INSIDE })).toBe(nobody);
    expect(scene.fate({ from: neighbour.id, to: INSIDE })).toBe(nobody);
  });

  it('goes over to another interface with the block', async () => {
    const Ipv4Prefixes = ['10.0.1.32/28'];
    const { ec2 } = vpc;
    await ec2.unassignPrivateIpAddresses({ NetworkInterfaceId: holder.eni, Ipv4Prefixes });
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId: neighbour.eni, Ipv4Prefixes });
    expect(arrives(other, INSIDE)).toEqual([neighbour.id, INSIDE]);
  });

  it('A-087 may be a sender’s: replies from it pass the source check', () => {
    const { return: back } = scene.ask({ from: other.id, to: INSIDE });
    expect(back!.hops[0]).toMatchObject({
      kind: 'network-interface',
      resource: holder.eni,
      packet: { source: INSIDE },
    });
  });

  it('A-077 is a member’s of its holder’s groups', async () => {
    const members = await newGroup(vpc, 'members');
    const guarded = await newGroup(vpc, 'guarded');
    const out = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: members }] };
    const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await vpc.ec2.revokeSecurityGroupEgress({ GroupId: guarded, IpPermissions: all });
    await vpc.ec2.authorizeSecurityGroupEgress({ GroupId: guarded, IpPermissions: [out] });
    await allowIn(vpc, guarded, membersOf(members));
    const set = (InstanceId: string, ...Groups: string[]) =>
      vpc.ec2.modifyInstanceAttribute({ InstanceId, Groups });
    await set(other.id, guarded);
    expect(arrives(other, INSIDE)).toBe('not reachable');
    await set(holder.id, vpc.open, members);
    expect(arrives(other, INSIDE)).toEqual([holder.id, INSIDE]);
  });

  it('A-091 A-114 of IPv6 is reached from outside, and replies', async () => {
    await newGateway(vpc);
    expect(arrives('internet', inside6)).toEqual([holder.id, inside6]);
    await vpc.ec2.unassignIpv6Addresses({
      NetworkInterfaceId: holder.eni,
      Ipv6Prefixes: [inside6.replace(/::7$/, '::/80')],
    });
    expect(arrives('internet', inside6)).toBe('not reachable');
  });

  it('B-039 is reached from a peer', async () => {
    const far = await scene.vpc('10.9.0.0/16');
    const from = await newHost(await newSubnet(far, '10.9.0.0/24'));
    const peering = { VpcPeeringConnectionId: await peer(far, vpc) };
    await routeTo(far, far.mainTable, '10.0.1.32/28', peering);
    await routeTo(vpc, vpc.mainTable, '10.9.0.0/16', peering);
    expect(arrives(from, INSIDE)).toEqual([holder.id, INSIDE]);
    expect(scene.fate({ from: from.id, to: holder.address })).toBe(
      `NO_ROUTE_TO_DESTINATION at ${far.mainTable}`,
    );
  });
});

describe('an IPv6-only subnet', () => {
  it('A-014 carries IPv6 and has no IPv4 at all', async () => {
    const { ec2 } = vpc;
    const { Vpcs } = await ec2.describeVpcs({ VpcIds: [vpc.id] });
    const whole = Vpcs![0]!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
    const { Subnet } = await ec2.createSubnet({
      VpcId: vpc.id,
      Ipv6CidrBlock: whole.replace(/00::\/56$/, '09::/64'),
      Ipv6Native: true,
    });
    const { Instances } = await ec2.runInstances({
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 'm5.large',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnet!.SubnetId!,
      SecurityGroupIds: [vpc.open],
    });
    const [eni] = Instances![0]!.NetworkInterfaces!;
    expect(eni!.PrivateIpAddresses ?? []).toEqual([]);
    const address = eni!.Ipv6Addresses![0]!.Ipv6Address!;
    expect(arrives(other, address)).toEqual([Instances![0]!.InstanceId, address]);
    await newGateway(vpc);
    expect(arrives('internet', address)).toEqual([Instances![0]!.InstanceId, address]);
    const gate = scene.ask({ from: Instances![0]!.InstanceId!, to: '2001:db8::99', family: 6 });
    expect(gate.reachable).toBe(true);
  });
});
