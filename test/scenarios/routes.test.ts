import { describe, expect, it } from 'vitest';
import { kindsOf, newGateway, newHost, newScene, newSubnet, ownTable, routeTo } from './scene.ts';

/** A VPC with two subnets, a host in each. */
async function twoSubnets(ipv6 = false) {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16', { ipv6 });
  const near = await newSubnet(vpc, '10.0.1.0/24', 1);
  const far = await newSubnet(vpc, '10.0.2.0/24', 2);
  const a = await newHost(near, { publicAddress: true });
  const b = await newHost(far);
  return { ...scene, ec2: vpc.ec2, vpc, near, far, a, b };
}

describe('which route table', () => {
  it('A-019 a subnet without its own uses the main one, whichever that is now', async () => {
    const { ec2, vpc, a, fate } = await twoSubnets();
    await newGateway(vpc);
    expect(fate({ from: a.id, to: '8.8.8.8' })).toBe('reachable');
    const { RouteTable } = await ec2.createRouteTable({ VpcId: vpc.id });
    const RouteTableId = RouteTable!.RouteTableId!;
    const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [vpc.mainTable] });
    const AssociationId = RouteTables![0]!.Associations![0]!.RouteTableAssociationId!;
    await ec2.replaceRouteTableAssociation({ AssociationId, RouteTableId });
    expect(fate({ from: a.id, to: '8.8.8.8' })).toBe(`NO_ROUTE_TO_DESTINATION at ${RouteTableId}`);
  });

  it('A-019 a subnet with its own does not look at the main one', async () => {
    const { vpc, near, a, fate } = await twoSubnets();
    await newGateway(vpc);
    const own = await ownTable(near);
    expect(fate({ from: a.id, to: '8.8.8.8' })).toBe(`NO_ROUTE_TO_DESTINATION at ${own}`);
  });

  it('A-043 A-044 not at all between hosts of one subnet', async () => {
    const { vpc, near, a, ask } = await twoSubnets();
    const other = await newHost(near);
    const appliance = await newHost(near, { forwards: true });
    const table = await ownTable(near);
    const NetworkInterfaceId = appliance.eni;
    await vpc.ec2.replaceRoute({
      RouteTableId: table,
      DestinationCidrBlock: '10.0.0.0/16',
      NetworkInterfaceId,
    });
    const { reachable, forward } = ask({ from: a.id, to: other.id });
    expect(reachable).toBe(true);
    expect(kindsOf(forward)).toEqual([
      'network-interface egress',
      'security-group egress',
      'security-group ingress',
      'network-interface ingress',
    ]);
  });
});

describe('which route', () => {
  it('A-024 the longest prefix, whatever it leads to', async () => {
    const { vpc, near, far, a, ask } = await twoSubnets();
    await newGateway(vpc);
    const appliance = await newHost(far, { forwards: true, publicAddress: true });
    const target = { NetworkInterfaceId: appliance.eni };
    const table = await ownTable(near);
    await routeTo(vpc, table, '8.8.0.0/16', target);
    const gateway = await vpc.ec2.describeInternetGateways({});
    const GatewayId = gateway.InternetGateways!.find(
      ({ Attachments }) => Attachments![0]?.VpcId === vpc.id,
    )!.InternetGatewayId!;
    await routeTo(vpc, table, '8.8.8.0/24', { GatewayId });
    const routeTo8888 = ask({ from: a.id, to: '8.8.8.8' }).forward.hops.find(
      ({ kind }) => kind === 'route-table',
    );
    expect(routeTo8888?.rule).toMatchObject({ destinationCidrBlock: '8.8.8.0/24' });
    const routeTo8899 = ask({ from: a.id, to: '8.8.9.9' }).forward.hops.find(
      ({ kind }) => kind === 'route-table',
    );
    expect(routeTo8899?.rule).toMatchObject({ destinationCidrBlock: '8.8.0.0/16' });
  });

  it('A-023 of its own family: 0.0.0.0/0 does not carry IPv6', async () => {
    const { vpc, near, a, fate } = await twoSubnets(true);
    const GatewayId = await newGateway(vpc);
    const table = await ownTable(near);
    await routeTo(vpc, table, '0.0.0.0/0', { GatewayId });
    expect(fate({ from: a.id, to: '8.8.8.8' })).toBe('reachable');
    const toIpv6 = { from: a.id, to: '2a00:1450::8' };
    expect(fate(toIpv6)).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
    await routeTo(vpc, table, '::/0', { GatewayId });
    expect(fate(toIpv6)).toBe('reachable');
  });

  it('A-040 a blackhole that is longest drops: no shorter route is tried', async () => {
    const { vpc, near, a, fate } = await twoSubnets();
    const GatewayId = await newGateway(vpc);
    const table = await ownTable(near);
    await routeTo(vpc, table, '0.0.0.0/0', { GatewayId });
    const gone = await newHost(near, { forwards: true });
    await routeTo(vpc, table, '8.8.8.0/24', { NetworkInterfaceId: gone.eni });
    await vpc.ec2.terminateInstances({ InstanceIds: [gone.id] });
    expect(fate({ from: a.id, to: '8.8.8.8' })).toBe(`BAD_STATE_ROUTE at ${table}`);
    expect(fate({ from: a.id, to: '8.8.9.9' })).toBe('reachable');
  });

  it('A-033 none to the addresses reserved for AWS, however large', async () => {
    const { vpc, a, fate } = await twoSubnets();
    await newGateway(vpc);
    const answer = `NO_ROUTE_TO_DESTINATION at ${vpc.mainTable}`;
    expect(fate({ from: a.id, to: '169.254.169.9' })).toBe(answer);
    expect(fate({ from: a.id, to: '169.254.171.255' })).toBe(answer);
  });
});

describe('what nobody has', () => {
  it('A-017 broadcast and multicast end at the subnet', async () => {
    const { near, a, fate } = await twoSubnets();
    for (const to of ['224.0.0.251', '255.255.255.255', '10.0.1.255']) {
      expect(fate({ from: a.id, to, protocol: 'udp', port: 5353 })).toBe(
        `MULTICAST_NOT_SUPPORTED at ${near.id}`,
      );
    }
  });

  it('an address inside the VPC that no interface has', async () => {
    const { vpc, a, fate } = await twoSubnets();
    expect(fate({ from: a.id, to: '10.0.77.7' })).toBe(`NO_POSSIBLE_DESTINATION at ${vpc.id}`);
    expect(fate({ from: a.id, to: '10.0.1.77' })).toBe(`NO_POSSIBLE_DESTINATION at ${vpc.id}`);
  });
});
