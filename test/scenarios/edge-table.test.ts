import { describe, expect, it } from 'vitest';
import {
  kindsOf,
  newGateway,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  peer,
  routeTo,
  type SceneVpc,
} from './scene.ts';

/**
 * Inspection: what enters by the gateway for the inner subnet is led to an appliance in the outer
 * one, and the inner subnet's way out leads there too.
 */
async function inspected({ ipv6 = false, appliancePublic = true } = {}) {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16', { ipv6 });
  const gateway = await newGateway(vpc);
  const outer = await newSubnet(vpc, '10.0.1.0/24', 1);
  const inner = await newSubnet(vpc, '10.0.2.0/24', 2);
  const appliance = await newHost(outer, { forwards: true, publicAddress: appliancePublic });
  const host = await newHost(inner, { publicAddress: true });
  const edge = await newTable(vpc);
  await vpc.ec2.associateRouteTable({ RouteTableId: edge, GatewayId: gateway });
  const inwards = await ownTable(inner);
  const target = { NetworkInterfaceId: appliance.eni };
  await routeTo(vpc, edge, '10.0.2.0/24', target);
  await routeTo(vpc, inwards, '0.0.0.0/0', target);
  const made = { scene, vpc, gateway, outer, inner, appliance, host, edge, target };
  return { ...made, ec2: vpc.ec2, ask: scene.ask, fate: scene.fate };
}

async function newTable({ ec2, id }: SceneVpc): Promise<string> {
  const { RouteTable } = await ec2.createRouteTable({ VpcId: id });
  return RouteTable!.RouteTableId!;
}

describe('the route table of an internet gateway', () => {
  it('A-045 A-052 A-111 leads what enters past the appliance, and so goes the reply', async () => {
    const { ask, host, appliance, gateway, edge } = await inspected();
    const answer = ask({ from: 'internet', to: host.id, protocol: 'tcp', port: 80 });
    expect(answer.reachable).toBe(true);
    expect(answer.observed).toMatchObject({ source: '198.51.100.1', destination: host.address });
    expect(kindsOf(answer.forward)).toEqual([
      'internet-gateway ingress',
      'route-table ingress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
    ]);
    const [, table] = answer.forward.hops;
    expect(table).toMatchObject({
      resource: edge,
      rule: { destinationCidrBlock: '10.0.2.0/24', target: appliance.eni, state: 'active' },
      // Translated before the table looks at it.
      packet: { destination: host.address },
    });
    expect(answer.return!.hops.map(({ resource }) => resource)).toContain(appliance.eni);
    expect(answer.return!.hops.at(-1)).toMatchObject({
      resource: gateway,
      packet: { source: host.publicAddress },
    });
  });

  it('A-045 says nothing about what leaves', async () => {
    const { ask, host, edge } = await inspected();
    const { reachable, forward } = ask({ from: host.id, to: '8.8.8.8' });
    expect(reachable).toBe(true);
    expect(forward.hops.map(({ resource }) => resource)).not.toContain(edge);
  });

  it('A-022 leads everything else by its local route', async () => {
    const { ask, outer, edge } = await inspected();
    const direct = await newHost(outer, { publicAddress: true });
    const { reachable, forward } = ask({ from: 'internet', to: direct.id });
    expect(reachable).toBe(true);
    expect(forward.hops[1]).toMatchObject({ resource: edge, rule: { target: 'local' } });
    expect(kindsOf(forward).slice(0, 3)).toEqual([
      'internet-gateway ingress',
      'route-table ingress',
      'network-acl ingress',
    ]);
  });

  it('A-032 A-048 leads all of the VPC by a retargeted local route', async () => {
    const { ec2, ask, fate, host, edge, target, appliance, inner } = await inspected();
    await ec2.deleteRoute({ RouteTableId: edge, DestinationCidrBlock: '10.0.2.0/24' });
    const local = { RouteTableId: edge, DestinationCidrBlock: '10.0.0.0/16' };
    await ec2.replaceRoute({ ...local, ...target });
    const { forward } = ask({ from: 'internet', to: host.id });
    expect(forward.hops[1]!.rule).toMatchObject({ target: appliance.eni });
    const other = await newHost(inner, { publicAddress: true });
    expect(fate({ from: 'internet', to: other.id })).toBe('reachable');
    await ec2.replaceRoute({ ...local, LocalTarget: true });
    const passed = ask({ from: 'internet', to: host.id }).forward.hops;
    expect(passed[1]!.rule).toMatchObject({ target: 'local' });
  });

  it('A-051 FC-33 drops what it leads to an appliance without a public address', async () => {
    const { ec2, fate, host, edge, appliance } = await inspected({ appliancePublic: false });
    const refused = `INGRESS_RTB_NO_PUBLIC_IP at ${edge}`;
    expect(fate({ from: 'internet', to: host.id })).toBe(refused);
    const { AllocationId } = await ec2.allocateAddress({});
    const request = { AllocationId: AllocationId!, NetworkInterfaceId: appliance.eni };
    const { AssociationId } = await ec2.associateAddress(request);
    expect(fate({ from: 'internet', to: host.id })).toBe('reachable');
    await ec2.disassociateAddress({ AssociationId: AssociationId! });
    expect(fate({ from: 'internet', to: host.id })).toBe(refused);
  });

  it('A-039 A-051 is a blackhole while the appliance does not run', async () => {
    const { ec2, fate, host, edge, appliance } = await inspected();
    await ec2.stopInstances({ InstanceIds: [appliance.id] });
    expect(fate({ from: 'internet', to: host.id })).toBe(`BAD_STATE_ROUTE at ${edge}`);
    await ec2.startInstances({ InstanceIds: [appliance.id] });
    expect(fate({ from: 'internet', to: host.id })).toBe('reachable');
  });

  it('A-088 needs an appliance that does not check destinations', async () => {
    const { ec2, fate, host, appliance } = await inspected();
    const SourceDestCheck = { Value: true };
    await ec2.modifyInstanceAttribute({ InstanceId: appliance.id, SourceDestCheck });
    const refused = `ENI_SOURCE_DEST_CHECK_RESTRICTION at ${appliance.eni}`;
    expect(fate({ from: 'internet', to: host.id })).toBe(refused);
  });

  it('steers nothing any more once it is taken away', async () => {
    const { ec2, ask, host, edge, gateway } = await inspected();
    const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [edge] });
    const AssociationId = RouteTables![0]!.Associations![0]!.RouteTableAssociationId!;
    await ec2.disassociateRouteTable({ AssociationId });
    expect(kindsOf(ask({ from: 'internet', to: host.id }).forward)).toEqual([
      'internet-gateway ingress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
    ]);
    await ec2.associateRouteTable({ RouteTableId: edge, GatewayId: gateway });
    expect(ask({ from: 'internet', to: host.id }).forward.hops[1]!.resource).toBe(edge);
  });

  it('A-051 leads IPv6 the same way, to an interface that has some', async () => {
    const { ec2, vpc, ask, host, edge, target, inner } = await inspected({ ipv6: true });
    const { Subnets } = await ec2.describeSubnets({ SubnetIds: [inner.id] });
    const block = Subnets![0]!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
    await routeTo(vpc, edge, block, target);
    const { reachable, forward } = ask({ from: 'internet', to: host.id, family: 6 });
    expect(forward.hops[1]).toMatchObject({
      resource: edge,
      rule: { destinationIpv6CidrBlock: block, target: target.NetworkInterfaceId },
    });
    // The inner subnet has no way out for IPv6: the reply is what is lost.
    expect([reachable, forward.disposition]).toEqual([false, 'delivered']);
  });

  it('A-050 says nothing about what comes from a peer', async () => {
    const { scene, vpc, ask, host, edge } = await inspected();
    const far = await scene.vpc('10.1.0.0/16');
    const from = await newHost(await newSubnet(far, '10.1.0.0/24'));
    const pcx = { VpcPeeringConnectionId: await peer(far, vpc) };
    await routeTo(far, far.mainTable, '10.0.0.0/16', pcx);
    const { forward } = ask({ from: from.id, to: host.id });
    expect(forward.disposition).toBe('delivered');
    expect(forward.hops.map(({ resource }) => resource)).not.toContain(edge);
  });
});
