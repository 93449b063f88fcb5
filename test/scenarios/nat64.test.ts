import { describe, expect, it } from 'vitest';
import { allocate } from '../support/elastic-fixture.ts';
import { makeNat } from '../support/nat-fixture.ts';
import {
  ALL_IN,
  ALL_OUT,
  kindsOf,
  newAcl,
  newGateway,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  routeTo,
} from './scene.ts';

const OUTSIDE = '64:ff9b::808:808';

/** A host whose IPv6 to 64:ff9b::/96 goes to a NAT gateway, and one that it may want to reach. */
async function withNat64() {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16', { ipv6: true });
  const gateway = await newGateway(vpc);
  const open = await newSubnet(vpc, '10.0.0.0/24');
  const inner = await newSubnet(vpc, '10.0.1.0/24', 1);
  const { NatGatewayId: nat, NatGatewayAddresses } = await makeNat(vpc.ec2, open.id);
  const table = await ownTable(inner);
  await routeTo(vpc, table, '64:ff9b::/96', { NatGatewayId: nat });
  const host = await newHost(inner);
  const elastic = NatGatewayAddresses[0]!.PublicIp!;
  const natAddress = NatGatewayAddresses[0]!.PrivateIp!;
  return { ...scene, vpc, gateway, open, inner, nat, table, host, elastic, natAddress };
}

/** 64:ff9b:: with an IPv4 address in it. */
function nat64(address: string): string {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  return `64:ff9b::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

describe('NAT64', () => {
  it('A-100 turns IPv6 into IPv4 and replies back', async () => {
    const { ask, host, elastic, natAddress } = await withNat64();
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const { reachable, observed, forward } = ask({ from: host.id, to: OUTSIDE, protocol });
      expect([protocol, reachable]).toEqual([protocol, true]);
      expect(observed).toMatchObject({ source: elastic, destination: '8.8.8.8' });
      const hop = forward.hops.find(({ kind }) => kind === 'nat-gateway');
      expect(hop!.packet).toMatchObject({ source: natAddress, destination: '8.8.8.8', protocol });
    }
  });

  it('A-100 A-112 each half obeys the tables of its own family', async () => {
    const { ask, host } = await withNat64();
    const { forward, return: back } = ask({ from: host.id, to: OUTSIDE });
    expect(kindsOf(forward)).toEqual([
      'network-interface egress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'network-acl ingress',
      'nat-gateway egress',
      'network-acl egress',
      'route-table egress',
      'internet-gateway egress',
    ]);
    const sources = back!.hops.map(({ packet }) => packet.source);
    expect(sources).toEqual([
      '8.8.8.8',
      '8.8.8.8',
      OUTSIDE,
      OUTSIDE,
      OUTSIDE,
      OUTSIDE,
      OUTSIDE,
      OUTSIDE,
    ]);
    expect(back!.hops.at(-1)!.packet.destination).toBe(host.ipv6);
  });

  it('A-023 A-100 the ACL of its subnet needs entries of both families', async () => {
    const { fate, host, open } = await withNat64();
    const acl = await newAcl(open, [ALL_IN, ALL_OUT]);
    expect(fate({ from: host.id, to: OUTSIDE })).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('A-100 reaches IPv4 hosts of the VPC', async () => {
    const { ask, open, host, natAddress } = await withNat64();
    const server = await newHost(open);
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const answer = ask({ from: host.id, to: nat64(server.address), protocol });
      expect([answer.reachable, answer.observed?.source]).toEqual([true, natAddress]);
      expect(answer.observed?.instance).toBe(server.id);
    }
  });

  it('A-100 A-116 reaches an elastic address', async () => {
    const { ask, open, host, vpc, elastic } = await withNat64();
    const server = await newHost(open);
    const { AllocationId, PublicIp } = await allocate(vpc.ec2);
    await vpc.ec2.associateAddress({ AllocationId, InstanceId: server.id });
    const answer = ask({ from: host.id, to: nat64(PublicIp), protocol: 'tcp' });
    expect([answer.reachable, answer.observed?.source]).toEqual([true, elastic]);
  });

  it('A-095 A-097 takes no other protocol or destination, and no fragments', async () => {
    const { fate, host, nat } = await withNat64();
    const fragments = `NGW_FRAGMENTS_NOT_SUPPORTED at ${nat}`;
    expect(fate({ from: host.id, to: OUTSIDE, protocol: 'udp', size: 9500 })).toBe(fragments);
    expect(fate({ from: host.id, to: nat64('10.0.9.9') })).toMatch('NO_POSSIBLE_DESTINATION');
    expect(fate({ from: host.id, to: nat64('192.168.1.1') })).toMatch('RFC1918');
  });

  it('A-108 A-109 the sender hears of the IPv4 path’s MTU, less its larger header', async () => {
    const { ask, fate, open, host, gateway } = await withNat64();
    const server = await newHost(open, { publicAddress: true });
    for (const size of [1400, 5000, 20_000]) {
      const to = nat64(server.publicAddress);
      expect(ask({ from: host.id, to, protocol: 'tcp', size }).reachable).toBe(true);
      const inside = nat64(server.address);
      expect(ask({ from: host.id, to: inside, protocol: 'tcp', size }).reachable).toBe(true);
      expect(ask({ from: host.id, to: OUTSIDE, protocol: 'tcp', size }).reachable).toBe(true);
    }
    const question = { from: host.id, to: OUTSIDE, protocol: 'udp', size: 1600 } as const;
    expect(fate(question)).toBe(`MTU_EXCEEDED at ${gateway}`);
  });

  it('tells the inside of a port that is closed behind it', async () => {
    const { ask, open, host } = await withNat64();
    const server = await newHost(open, { tags: { 'openvpc:listen': '80/tcp' } });
    const to = nat64(server.address);
    const { reachable, return: back } = ask({ from: host.id, to, protocol: 'udp' });
    expect([reachable, back?.disposition]).toEqual([false, 'delivered']);
    expect(back?.hops.at(-1)).toMatchObject({
      resource: host.eni,
      packet: { protocol: 'icmpv6', icmpType: 1, icmpCode: 4, destination: host.ipv6 },
    });
  });
});

describe('DNS64', () => {
  it('A-100 answers the interfaces of subnets that have it on', async () => {
    const { ask, vpc, open, inner, host, natAddress } = await withNat64();
    await vpc.ec2.modifyVpcAttribute({ VpcId: vpc.id, EnableDnsHostnames: { Value: true } });
    const server = await newHost(open);
    const name = `ip-${server.address.replaceAll('.', '-')}.ec2.internal`;
    const question = { from: host.id, to: name, family: 6, protocol: 'tcp' } as const;
    expect(ask(question).forward.reason).toBe('NAME_NOT_RESOLVED');
    await vpc.ec2.modifySubnetAttribute({ SubnetId: inner.id, EnableDns64: { Value: true } });
    const { reachable, observed } = ask(question);
    expect([reachable, observed?.source, observed?.instance]).toEqual([
      true,
      natAddress,
      server.id,
    ]);
    expect(ask({ ...question, family: 4 }).observed?.source).toBe(host.address);
  });

  it('A-100 serves hosts that have no IPv4 address at all', async () => {
    const { ask, vpc, open, subnet } = await withIpv6Only();
    const server = await newHost(open);
    const { Instances } = await vpc.ec2.runInstances({
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 'm5.large',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet,
      SecurityGroupIds: [vpc.open],
    });
    const from = Instances![0]!.InstanceId!;
    const to = `ip-${server.address.replaceAll('.', '-')}.ec2.internal`;
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      expect(ask({ from, to, family: 6, protocol }).observed?.instance).toBe(server.id);
    }
  });
});

/** An IPv6-only subnet with DNS64, whose NAT64 route leads to the NAT gateway. */
async function withIpv6Only() {
  const { vpc, nat, ...rest } = await withNat64();
  await vpc.ec2.modifyVpcAttribute({ VpcId: vpc.id, EnableDnsHostnames: { Value: true } });
  const { Vpcs } = await vpc.ec2.describeVpcs({ VpcIds: [vpc.id] });
  const block = Vpcs![0]!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
  const { Subnet } = await vpc.ec2.createSubnet({
    VpcId: vpc.id,
    Ipv6Native: true,
    Ipv6CidrBlock: block.replace(/00::\/56$/, '09::/64'),
  });
  const subnet = Subnet!.SubnetId!;
  await vpc.ec2.modifySubnetAttribute({ SubnetId: subnet, EnableDns64: { Value: true } });
  const table = await ownTable({ id: subnet, vpc });
  await routeTo(vpc, table, '64:ff9b::/96', { NatGatewayId: nat });
  return { ...rest, vpc, subnet };
}
