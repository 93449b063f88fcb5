import { describe, expect, it } from 'vitest';
import { ALL_OUT, newAcl, newGateway, newHost, newScene, newSubnet, routeTo } from './scene.ts';

async function withGateway(ipv6 = false) {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16', { ipv6 });
  const gateway = await newGateway(vpc);
  const subnet = await newSubnet(vpc, '10.0.1.0/24');
  const host = await newHost(subnet, { publicAddress: true });
  return { ...scene, scene, vpc, gateway, subnet, host };
}

describe('an internet gateway', () => {
  it('A-089 translates the private address to the public one, both ways', async () => {
    const { host, gateway, ask } = await withGateway();
    const { reachable, observed, return: back } = ask({ from: host.id, to: '8.8.8.8' });
    expect(reachable).toBe(true);
    expect(observed).toMatchObject({ source: host.publicAddress, destination: '8.8.8.8' });
    const hop = back?.hops.find(({ resource }) => resource === gateway);
    expect(hop?.packet.destination).toBe(host.address);
  });

  it('A-089 lets nobody out who has no public address', async () => {
    const { subnet, gateway, fate } = await withGateway();
    const { id } = await newHost(subnet);
    const answer = `IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at ${gateway}`;
    expect(fate({ from: id, to: '8.8.8.8' })).toBe(answer);
  });

  it('A-090 carries nothing to private or shared space', async () => {
    const { host, gateway, fate } = await withGateway();
    for (const to of ['192.168.7.7', '172.20.0.1', '10.200.0.1']) {
      const answer = `IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at ${gateway}`;
      expect(fate({ from: host.id, to })).toBe(answer);
    }
    const answer = `IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS at ${gateway}`;
    expect(fate({ from: host.id, to: '100.64.1.1' })).toBe(answer);
  });

  it('A-090 lets nothing in from private or shared space', async () => {
    const { host, gateway, fate } = await withGateway();
    const answer = (space: string) => `IGW_SOURCE_ADDRESS_NOT_IN_${space}_INGRESS at ${gateway}`;
    expect(fate({ from: 'internet:10.9.9.9', to: host.id })).toBe(answer('RFC1918'));
    expect(fate({ from: 'internet:100.64.9.9', to: host.id })).toBe(answer('RFC6598'));
    expect(fate({ from: 'internet:9.9.9.9', to: host.id })).toBe('reachable');
  });

  it('A-090 lets nothing in to whom it maps no public address', async () => {
    const { subnet, gateway, fate } = await withGateway();
    const { id } = await newHost(subnet);
    const answer = `IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at ${gateway}`;
    expect(fate({ from: 'internet', to: id })).toBe(answer);
  });

  it('A-091 leaves IPv6 as it is, both ways', async () => {
    const { host, ask } = await withGateway(true);
    const out = ask({ from: host.id, to: '2a00:1450::8' });
    expect([out.reachable, out.observed?.source]).toEqual([true, host.ipv6]);
    const inwards = ask({ from: 'internet', to: host.id, family: 6 });
    expect([inwards.reachable, inwards.observed?.destination]).toEqual([true, host.ipv6]);
  });

  it('A-114 carries IPv6 for interfaces of its own VPC only', async () => {
    const { host, gateway, fate } = await withGateway(true);
    const nobody = host.ipv6.replace(/[0-9a-f]+$/, 'ffff');
    const answer = `IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at ${gateway}`;
    expect(fate({ from: 'internet', to: nobody })).toBe(answer);
  });

  it('A-116 two elastic addresses meet outside: each sees the other’s public one', async () => {
    const { scene, host } = await withGateway();
    const far = await scene.vpc('10.0.0.0/16', { account: '222222222222' });
    await newGateway(far);
    const b = await newHost(await newSubnet(far, '10.0.1.0/24'), { publicAddress: true });
    const { reachable, observed } = scene.ask({ from: host.id, to: b.publicAddress });
    expect(reachable).toBe(true);
    expect(observed).toMatchObject({
      source: host.publicAddress,
      destination: b.address,
      instance: b.id,
    });
  });

  it('A-111 A-116 the way in crosses the subnet’s ACL, even from the same subnet', async () => {
    const { subnet, host, fate } = await withGateway();
    const other = await newHost(subnet, { publicAddress: true });
    expect(fate({ from: host.id, to: other.publicAddress })).toBe('reachable');
    const acl = await newAcl(subnet, [ALL_OUT]);
    expect(fate({ from: host.id, to: other.address })).toBe('reachable');
    const hairpin = { from: host.id, to: other.publicAddress };
    expect(fate(hairpin)).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('a public address leads nowhere without a gateway', async () => {
    const scene = await newScene();
    const vpc = await scene.vpc('10.0.0.0/16');
    const host = await newHost(await newSubnet(vpc, '10.0.1.0/24'), { publicAddress: true });
    const question = { from: 'internet', to: host.publicAddress };
    expect(scene.fate(question)).toBe('NO_POSSIBLE_DESTINATION at internet');
  });

  it('A-053 a route to it is an entry like any other', async () => {
    const { vpc, gateway, host, fate } = await withGateway();
    await vpc.ec2.deleteRoute({
      RouteTableId: vpc.mainTable,
      DestinationCidrBlock: '0.0.0.0/0',
    });
    const answer = `NO_ROUTE_TO_DESTINATION at ${vpc.mainTable}`;
    expect(fate({ from: host.id, to: '8.8.8.8' })).toBe(answer);
    await routeTo(vpc, vpc.mainTable, '8.8.8.8/32', { GatewayId: gateway });
    expect(fate({ from: host.id, to: '8.8.8.8' })).toBe('reachable');
  });
});
