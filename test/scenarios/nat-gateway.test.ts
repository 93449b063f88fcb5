import { describe, expect, it } from 'vitest';
import { allocate } from '../support/elastic-fixture.ts';
import { makeNat, makePrivateNat } from '../support/nat-fixture.ts';
import {
  ALL_OUT,
  kindsOf,
  newAcl,
  newGateway,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  peer,
  routeTo,
} from './scene.ts';

/** A private subnet behind a NAT gateway in a public one, and a host in each. */
async function withNat() {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16');
  const gateway = await newGateway(vpc);
  const open = await newSubnet(vpc, '10.0.0.0/24');
  const inner = await newSubnet(vpc, '10.0.1.0/24');
  const { NatGatewayId: nat, NatGatewayAddresses } = await makeNat(vpc.ec2, open.id);
  const table = await ownTable(inner);
  await routeTo(vpc, table, '0.0.0.0/0', { NatGatewayId: nat });
  const host = await newHost(inner);
  const elastic = NatGatewayAddresses[0]!.PublicIp!;
  const natAddress = NatGatewayAddresses[0]!.PrivateIp!;
  return { ...scene, scene, vpc, gateway, open, inner, nat, table, host, elastic, natAddress };
}

describe('a public NAT gateway', () => {
  it('A-094 A-095 lets a host without public address out, and nobody in', async () => {
    const { ask, fate, host, elastic, nat } = await withNat();
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const { reachable, observed } = ask({ from: host.id, to: '8.8.8.8', protocol });
      expect([protocol, reachable, observed?.source]).toEqual([protocol, true, elastic]);
      const inwards = { from: 'internet', to: elastic, protocol };
      expect(fate(inwards)).toBe(`NGW_REQUIRES_OUTBOUND_FLOW at ${nat}`);
    }
    expect(fate({ from: 'internet', to: host.id })).toMatch('IGW_PRIVATE_IP_ASSOCIATION');
  });

  it('A-112 packets pass its subnet’s ACL and route table, and so do replies', async () => {
    const { ask, host } = await withNat();
    const { forward, return: back } = ask({ from: host.id, to: '8.8.8.8' });
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
    expect(kindsOf(back)).toEqual([
      'internet-gateway ingress',
      'network-acl ingress',
      'nat-gateway ingress',
      'network-acl egress',
      'route-table egress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
    ]);
  });

  it('A-062 A-099 its subnet’s ACL must let its ports 1024 to 65535 in', async () => {
    const { fate, host, open } = await withNat();
    const acl = await newAcl(open, [
      ALL_OUT,
      [100, 'in', 'allow', '-1', '10.0.0.0/16'],
      [200, 'in', 'allow', '6', '0.0.0.0/0', 1024, 1500],
    ]);
    const question = { from: host.id, to: '8.8.8.8', protocol: 'tcp', port: 443 } as const;
    expect(fate(question)).toBe(`back: SUBNET_ACL_RESTRICTION at ${acl}`);
    expect(fate({ ...question, sourcePort: 1200 })).toBe('reachable');
    // Below 1024 it never goes.
    expect(fate({ ...question, sourcePort: 80 })).toBe('reachable');
  });

  it('A-108 sizes: TCP finds what fits, large datagrams are cut behind it', async () => {
    const { ask, fate, host, nat, gateway } = await withNat();
    const from = host.id;
    const to = '8.8.8.8';
    for (const size of [1400, 5000, 20_000]) {
      expect(ask({ from, to, protocol: 'tcp', size }).reachable).toBe(true);
      expect(fate({ from, to, protocol: 'udp', size })).toBe('reachable');
    }
    const fragments = `back: NGW_FRAGMENTS_NOT_SUPPORTED at ${nat}`;
    expect(fate({ from, to, size: 2000 })).toBe(fragments);
    expect(fate({ from, to, size: 9500 })).toBe(`NGW_FRAGMENTS_NOT_SUPPORTED at ${nat}`);
    const large = fate({ from, to, size: 2000, dontFragment: true, protocol: 'udp' });
    expect(large).toBe(`MTU_EXCEEDED at ${gateway}`);
  });

  it('A-109 a sender learns of the smaller MTU only if ACLs let the error in', async () => {
    const { fate, host, open, vpc } = await withNat();
    // Both ends carry 9001 bytes; the gateway between them 1500.
    const server = await newHost(await newSubnet(vpc, '10.0.3.0/24'), { publicAddress: true });
    const to = server.publicAddress;
    const question = { from: host.id, to, protocol: 'tcp', size: 5000 } as const;
    expect(fate(question)).toBe('reachable');
    await newAcl(open, [ALL_OUT, [100, 'in', 'allow', '6', '0.0.0.0/0', 0, 65535]]);
    expect(fate(question)).toMatch('MTU_EXCEEDED');
  });

  it('A-116 reaches an elastic address of its own VPC by the Internet', async () => {
    const { ask, open, host, elastic, vpc } = await withNat();
    const server = await newHost(open);
    const { AllocationId, PublicIp } = await allocate(vpc.ec2);
    await vpc.ec2.associateAddress({ AllocationId, InstanceId: server.id });
    const { reachable, observed } = ask({ from: host.id, to: PublicIp });
    expect([reachable, observed?.source, observed?.instance]).toEqual([true, elastic, server.id]);
  });

  it('A-041 A-101 ends with its deletion: routes to it are black holes', async () => {
    const { fate, host, vpc, nat, table } = await withNat();
    await vpc.ec2.deleteNatGateway({ NatGatewayId: nat });
    const question = { from: host.id, to: '8.8.8.8' };
    expect(fate(question)).toBe(`BAD_STATE_ROUTE at ${table}`);
  });

  it('A-030 A-032 carries traffic between subnets that is routed to it', async () => {
    const { ask, open, host, vpc, table, nat, natAddress } = await withNat();
    const server = await newHost(open);
    await routeTo(vpc, table, '10.0.0.0/24', { NatGatewayId: nat });
    const { reachable, observed } = ask({ from: host.id, to: server.address });
    expect([reachable, observed?.source]).toEqual([true, natAddress]);
  });

  it('A-077 A-080 a rule that names the sender’s group does not match behind it', async () => {
    const { fate, open, host, vpc, table, nat, natAddress } = await withNat();
    const server = await newHost(open, { groups: [vpc.defaultGroup] });
    const friend = await newHost(open, { groups: [vpc.defaultGroup] });
    expect(fate({ from: friend.id, to: server.id })).toBe('reachable');
    await vpc.ec2.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId: host.eni,
      Groups: [vpc.defaultGroup],
    });
    expect(fate({ from: host.id, to: server.id })).toBe('reachable');
    await routeTo(vpc, table, '10.0.0.0/24', { NatGatewayId: nat });
    expect(fate({ from: host.id, to: server.id })).toBe(`ENI_SG_RULES_MISMATCH at ${server.eni}`);
    const IpRanges = [{ CidrIp: `${natAddress}/32` }];
    const IpPermissions = [{ IpProtocol: '-1', IpRanges }];
    await vpc.ec2.authorizeSecurityGroupIngress({ GroupId: vpc.defaultGroup, IpPermissions });
    expect(fate({ from: host.id, to: server.id })).toBe('reachable');
  });

  it('tells the inside of a port that is closed behind it', async () => {
    const { ask, open, host, vpc, table, nat } = await withNat();
    const server = await newHost(open, { tags: { 'openvpc:listen': '80/tcp' } });
    await routeTo(vpc, table, '10.0.0.0/24', { NatGatewayId: nat });
    const { reachable, return: back } = ask({ from: host.id, to: server.id, protocol: 'udp' });
    expect([reachable, back?.disposition]).toEqual([false, 'delivered']);
    expect(back?.hops.at(-1)).toMatchObject({
      resource: host.eni,
      packet: { protocol: 'icmp', destination: host.address },
    });
    expect(ask({ from: host.id, to: server.id, protocol: 'tcp', port: 80 }).reachable).toBe(true);
  });
});

describe('centralised egress', () => {
  it('A-098 A-110 is not for peers', async () => {
    const { scene, vpc, fate } = await withNat();
    const spoke = await scene.vpc('10.1.0.0/16');
    const host = await newHost(await newSubnet(spoke, '10.1.0.0/24'));
    const connection = await peer(spoke, vpc);
    const VpcPeeringConnectionId = connection;
    await routeTo(spoke, spoke.mainTable, '0.0.0.0/0', { VpcPeeringConnectionId });
    const reason = 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR';
    expect(fate({ from: host.id, to: '8.8.8.8' })).toBe(`${reason} at ${connection}`);
  });
});

describe('a private NAT gateway', () => {
  async function withPrivateNat() {
    const scene = await newScene();
    const vpc = await scene.vpc('10.0.0.0/16');
    const other = await scene.vpc('10.1.0.0/16');
    const middle = await newSubnet(vpc, '10.0.0.0/24');
    const inner = await newSubnet(vpc, '10.0.1.0/24');
    const made = await makePrivateNat(vpc.ec2, middle.id, { SecondaryPrivateIpAddressCount: 1 });
    const nat = made.NatGatewayId;
    const addresses = made.NatGatewayAddresses.map(({ PrivateIp }) => PrivateIp);
    const table = await ownTable(inner);
    await routeTo(vpc, table, '10.1.0.0/16', { NatGatewayId: nat });
    const VpcPeeringConnectionId = await peer(vpc, other);
    await routeTo(vpc, vpc.mainTable, '10.1.0.0/16', { VpcPeeringConnectionId });
    await routeTo(other, other.mainTable, '10.0.0.0/24', { VpcPeeringConnectionId });
    const server = await newHost(await newSubnet(other, '10.1.0.0/24'));
    const host = await newHost(inner);
    const peering = VpcPeeringConnectionId;
    const parts = { scene, vpc, other, peering, middle, inner, nat, addresses, table };
    return { ...scene, ...parts, host, server };
  }

  it('A-094 hides its side: the peer needs a route to the gateway’s subnet only', async () => {
    const { ask, host, server, addresses } = await withPrivateNat();
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const { reachable, observed } = ask({ from: host.id, to: server.id, protocol });
      expect(reachable).toBe(true);
      expect(addresses).toContain(observed?.source);
    }
  });

  it('A-095 spreads flows over its addresses', async () => {
    const { ask, host, server, addresses } = await withPrivateNat();
    const seen = new Set<string | undefined>();
    for (let sourcePort = 2000; sourcePort < 2020; sourcePort++) {
      const question = { from: host.id, to: server.id, protocol: 'tcp', sourcePort } as const;
      seen.add(ask(question).observed?.source);
    }
    expect([...seen].sort()).toEqual([...addresses].sort());
  });

  it('A-094 an internet gateway drops its packets', async () => {
    const { vpc, table, nat, host, fate } = await withPrivateNat();
    const gateway = await newGateway(vpc);
    await routeTo(vpc, table, '0.0.0.0/0', { NatGatewayId: nat });
    const reason = 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS';
    expect(fate({ from: host.id, to: '8.8.8.8' })).toBe(`${reason} at ${gateway}`);
  });

  it('A-112 the way back ends where the route table of its subnet has no way back', async () => {
    const { middle, host, server, fate } = await withPrivateNat();
    expect(fate({ from: host.id, to: server.id })).toBe('reachable');
    const own = await ownTable(middle);
    expect(fate({ from: host.id, to: server.id })).toBe(`NO_ROUTE_TO_DESTINATION at ${own}`);
  });

  it('carries 8,500 bytes', async () => {
    const { host, server, fate, nat } = await withPrivateNat();
    const question = { from: host.id, to: server.id, dontFragment: true } as const;
    expect(fate({ ...question, protocol: 'udp', size: 8400 })).toBe('reachable');
    const large = fate({ ...question, protocol: 'udp', size: 8600 });
    expect(large).toBe(`MTU_EXCEEDED at ${nat}`);
    expect(fate({ ...question, protocol: 'tcp', size: 30_000 })).toBe('reachable');
  });

  it('B-043 whoever gets an answer by mistake, and answers by it, takes no part', async () => {
    const made = await withPrivateNat();
    const { ask, other, middle, host, server } = made;
    const askers = await made.scene.vpc('10.0.0.0/16');
    const asker = await newHost(await newSubnet(askers, '10.0.1.0/24'));
    expect(asker.address).toBe(host.address);
    const there = { VpcPeeringConnectionId: await peer(askers, other) };
    await routeTo(askers, askers.mainTable, '10.1.0.0/16', there);
    // The way back leads to the other VPC of that range; its word does not come to the server.
    const wrong = { VpcPeeringConnectionId: made.peering };
    await routeTo(other, other.mainTable, '10.0.1.0/24', wrong);
    await newAcl(middle, [ALL_OUT, [100, 'in', 'allow', '-1', '10.0.0.0/16']]);
    const answer = ask({ from: asker.id, to: server.id, protocol: 'udp' });
    expect([answer.reachable, answer.return?.disposition]).toEqual([false, 'delivered']);
    expect(answer.return!.hops.at(-1)!.resource).toBe(host.eni);
  });
});
