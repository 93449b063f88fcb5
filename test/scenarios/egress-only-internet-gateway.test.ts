import { describe, expect, it } from 'vitest';
import { newAcl, newGateway, newHost, newScene, newSubnet, ownTable, routeTo } from './scene.ts';

const SERVER = '2a00:1450::8';

/** A subnet whose IPv6 goes out by an egress-only gateway. */
async function withEgressOnly() {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16', { ipv6: true });
  const subnet = await newSubnet(vpc, '10.0.1.0/24', 1);
  const table = await ownTable(subnet);
  const made = await vpc.ec2.createEgressOnlyInternetGateway({ VpcId: vpc.id });
  const gateway = made.EgressOnlyInternetGateway!.EgressOnlyInternetGatewayId!;
  await routeTo(vpc, table, '::/0', { EgressOnlyInternetGatewayId: gateway });
  const host = await newHost(subnet);
  return { ...scene, vpc, subnet, table, gateway, host };
}

describe('an egress-only internet gateway', () => {
  it('A-093 lets IPv6 out and nothing in', async () => {
    const { ask, fate, host, gateway } = await withEgressOnly();
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const { reachable, observed } = ask({ from: host.id, to: SERVER, protocol });
      expect([reachable, observed?.source]).toEqual([true, host.ipv6]);
      const inwards = fate({ from: 'internet', to: host.id, family: 6, protocol });
      expect(inwards).toBe(`EIGW_REQUIRES_OUTBOUND_FLOW at ${gateway}`);
    }
  });

  it('A-023 A-093 carries no IPv4', async () => {
    const { fate, host, table } = await withEgressOnly();
    expect(fate({ from: host.id, to: '8.8.8.8' })).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
  });

  it('A-062 the subnet’s ACL still judges the replies', async () => {
    const { fate, host, subnet } = await withEgressOnly();
    const acl = await newAcl(subnet, []);
    expect(fate({ from: host.id, to: SERVER })).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('A-092 A-093 stands beside an internet gateway', async () => {
    const { ask, vpc, host, gateway } = await withEgressOnly();
    const internetGateway = await newGateway(vpc);
    const open = await newHost(await newSubnet(vpc, '10.0.2.0/24', 2));
    const inwards = ask({ from: 'internet', to: open.id, family: 6 });
    expect([inwards.reachable, inwards.forward.hops[0]!.resource]).toEqual([true, internetGateway]);
    const outwards = ask({ from: host.id, to: SERVER });
    expect([outwards.reachable, outwards.return!.hops[0]!.resource]).toEqual([true, gateway]);
  });

  it('A-052 A-093 takes what it lets out for a flow from inside: the way in forks', async () => {
    const { ask, vpc, subnet, gateway } = await withEgressOnly();
    const internetGateway = await newGateway(vpc);
    const inner = await newSubnet(vpc, '10.0.2.0/24', 2);
    const tags = { 'openvpc:forward': 'nat' };
    const appliance = await newHost(subnet, { forwards: true, tags });
    const host = await newHost(inner);
    const { RouteTable } = await vpc.ec2.createRouteTable({ VpcId: vpc.id });
    const edge = RouteTable!.RouteTableId!;
    await vpc.ec2.associateRouteTable({ RouteTableId: edge, GatewayId: internetGateway });
    const block = host.ipv6.replace(/^((?:[^:]+:){4}).*$/, '$1:/64');
    await routeTo(vpc, edge, block, { NetworkInterfaceId: appliance.eni });
    const question = { from: 'internet', to: host.id, family: 6 } as const;
    const icmp = ask({ ...question, protocol: 'icmp' });
    expect([icmp.reachable, icmp.observed?.source]).toEqual([true, appliance.ipv6]);
    expect(icmp.return!.hops.at(-1)!.resource).toBe(gateway);
    // The handshake's answer has opened a flow: what follows no longer passes the appliance.
    expect(ask({ ...question, protocol: 'tcp' }).reachable).toBe(false);
  });
});
