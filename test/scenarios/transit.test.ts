/** Through a VPC to somewhere else: which way in may take which way out. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  kindsOf,
  newGateway,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  peer,
  routeTo,
  type Scene,
  type SceneHost,
  type SceneSubnet,
  type SceneVpc,
} from './scene.ts';

/**
 * A VPC in the middle with every way out: two peers, an internet gateway, an appliance that
 * forwards, another that translates. Its subnet routes each kind of destination as a test likes.
 */
let scene: Scene;
let middle: SceneVpc;
let gateway: string;
let subnet: SceneSubnet;
let table: string;
let host: SceneHost;
let appliance: SceneHost;
let translator: SceneHost;
let left: Side;
let right: Side;

interface Side {
  readonly vpc: SceneVpc;
  readonly host: SceneHost;
  readonly peering: { readonly VpcPeeringConnectionId: string };
}

async function newSide(block: string): Promise<Side> {
  const vpc = await scene.vpc(block);
  const one = await newHost(await newSubnet(vpc, block.replace('/16', '/24')));
  const peering = { VpcPeeringConnectionId: await peer(vpc, middle) };
  // Whatever is elsewhere, it is sent to the middle.
  await routeTo(vpc, vpc.mainTable, '0.0.0.0/0', peering);
  return { vpc, host: one, peering };
}

beforeEach(async () => {
  scene = await newScene();
  middle = await scene.vpc('10.0.0.0/16');
  gateway = await newGateway(middle);
  const boxes = await newSubnet(middle, '10.0.1.0/24');
  subnet = await newSubnet(middle, '10.0.2.0/24');
  appliance = await newHost(boxes, { forwards: true, publicAddress: true });
  const tags = { 'openvpc:forward': 'nat' };
  translator = await newHost(boxes, { forwards: true, publicAddress: true, tags });
  host = await newHost(subnet);
  left = await newSide('10.1.0.0/16');
  right = await newSide('10.2.0.0/16');
  for (const { peering, vpc } of [left, right]) {
    const block = vpc === left.vpc ? '10.1.0.0/16' : '10.2.0.0/16';
    await routeTo(middle, middle.mainTable, block, peering);
  }
  table = await ownTable(subnet);
});

const via = ({ eni }: SceneHost) => ({ NetworkInterfaceId: eni });

describe('from a peering', () => {
  it('A-110 B-040 to another peering: dropped at the first', () => {
    const refused = `PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${left.peering.VpcPeeringConnectionId}`;
    expect(scene.fate({ from: left.host.id, to: right.host.address })).toBe(refused);
  });

  it('A-110 B-041 to the internet gateway: dropped at the peering', () => {
    const refused = `PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${left.peering.VpcPeeringConnectionId}`;
    expect(scene.fate({ from: left.host.id, to: '8.8.8.8' })).toBe(refused);
  });

  it('A-110 to an appliance of the middle: its tables are not asked', async () => {
    const { mainTable, ec2 } = middle;
    const everything = { RouteTableId: mainTable, DestinationCidrBlock: '0.0.0.0/0' };
    await ec2.replaceRoute({ ...everything, ...via(appliance) });
    const refused = `PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${left.peering.VpcPeeringConnectionId}`;
    expect(scene.fate({ from: left.host.id, to: '192.168.1.1' })).toBe(refused);
  });

  it('A-110 to what has an address in the middle: passes', () => {
    expect(scene.fate({ from: left.host.id, to: appliance.address })).toBe('reachable');
  });

  it('A-098 to a NAT gateway of the middle: dropped at the peering', async () => {
    const { mainTable, ec2 } = middle;
    const { SubnetId } = await publicSubnet();
    const { NatGateway } = await ec2.createNatGateway({ SubnetId, ConnectivityType: 'private' });
    const everything = { RouteTableId: mainTable, DestinationCidrBlock: '0.0.0.0/0' };
    await ec2.replaceRoute({ ...everything, NatGatewayId: NatGateway!.NatGatewayId! });
    const refused = `PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${left.peering.VpcPeeringConnectionId}`;
    expect(scene.fate({ from: left.host.id, to: '8.8.8.8' })).toBe(refused);
  });
});

async function publicSubnet() {
  const { Subnets } = await middle.ec2.describeSubnets({
    Filters: [{ Name: 'cidr-block', Values: ['10.0.1.0/24'] }],
  });
  return { SubnetId: Subnets![0]!.SubnetId! };
}

describe('from the internet gateway', () => {
  it('A-110 to nothing but the addresses it maps', () => {
    const refused = `IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at ${gateway}`;
    expect(scene.fate({ from: 'internet', to: host.id })).toBe(refused);
    expect(scene.fate({ from: 'internet', to: left.host.address })).toBe(
      'NO_POSSIBLE_DESTINATION at internet',
    );
  });

  it('A-110 A-045 by its own table to an appliance, for addresses of the VPC', async () => {
    const { ec2, id } = middle;
    const { RouteTable } = await ec2.createRouteTable({ VpcId: id });
    const RouteTableId = RouteTable!.RouteTableId!;
    await ec2.associateRouteTable({ RouteTableId, GatewayId: gateway });
    await routeTo(middle, RouteTableId, '10.0.2.0/24', via(appliance));
    await routeTo(middle, table, '0.0.0.0/0', via(appliance));
    const inside = await newHost(subnet, { publicAddress: true });
    const { reachable, forward } = scene.ask({ from: 'internet', to: inside.id });
    expect(reachable).toBe(true);
    expect(forward.hops.map(({ resource }) => resource)).toContain(appliance.eni);
  });
});

describe('from an appliance that forwards', () => {
  it('A-113 to the internet gateway: for those who have a public address of their own', async () => {
    await routeTo(middle, table, '0.0.0.0/0', via(appliance));
    const refused = `IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS at ${gateway}`;
    expect(scene.fate({ from: host.id, to: '8.8.8.8' })).toBe(refused);
    const known = await newHost(subnet, { publicAddress: true });
    const { reachable, observed, forward } = scene.ask({ from: known.id, to: '8.8.8.8' });
    expect([reachable, observed?.source]).toEqual([true, known.publicAddress]);
    expect(kindsOf(forward)).toEqual([
      'network-interface egress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'internet-gateway egress',
    ]);
  });

  it('A-110 to the internet gateway: for anybody whom it translates', async () => {
    await routeTo(middle, table, '0.0.0.0/0', via(translator));
    const { reachable, observed } = scene.ask({ from: host.id, to: '8.8.8.8' });
    expect([reachable, observed?.source]).toEqual([true, translator.publicAddress]);
  });

  it('A-098 to a NAT gateway: passes, for whom has an address in the VPC', async () => {
    const { ec2 } = middle;
    const { SubnetId } = await publicSubnet();
    const { AllocationId } = await ec2.allocateAddress({});
    const made = await ec2.createNatGateway({ SubnetId, AllocationId: AllocationId! });
    const { NatGatewayId } = made.NatGateway!;
    const boxes = await newSubnet(middle, '10.0.3.0/24');
    const box = await newHost(boxes, { forwards: true });
    const RouteTableId = await ownTable(boxes);
    const DestinationCidrBlock = '0.0.0.0/0';
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock, NatGatewayId: NatGatewayId! });
    await routeTo(middle, table, '0.0.0.0/0', via(box));
    const { reachable, observed, forward } = scene.ask({ from: host.id, to: '8.8.8.8' });
    const { NatGateways } = await ec2.describeNatGateways({ NatGatewayIds: [NatGatewayId!] });
    expect([reachable, observed?.source]).toEqual([
      true,
      NatGateways![0]!.NatGatewayAddresses![0]!.PublicIp,
    ]);
    const passed = forward.hops.map(({ resource }) => resource);
    expect(passed).toEqual(expect.arrayContaining([box.eni, NatGatewayId, gateway]));
  });

  it('A-110 to a peering: passes, and the reply comes straight', async () => {
    await routeTo(middle, table, '10.1.0.0/16', via(appliance));
    const {
      reachable,
      forward,
      return: back,
    } = scene.ask({
      from: host.id,
      to: left.host.address,
    });
    expect(reachable).toBe(true);
    const passed = (way: typeof back) => way!.hops.map(({ resource }) => resource);
    expect(passed(forward)).toContain(appliance.eni);
    expect(passed(back)).not.toContain(appliance.eni);
  });

  it('A-110 to a peering, translated: the reply comes the way it went', async () => {
    await routeTo(middle, table, '10.1.0.0/16', via(translator));
    const answer = scene.ask({ from: host.id, to: left.host.address, protocol: 'udp', port: 7 });
    expect(answer.reachable).toBe(true);
    expect(answer.observed).toMatchObject({ source: translator.address });
    expect(answer.return!.hops.map(({ resource }) => resource)).toContain(translator.eni);
  });

  it('B-040 to a peer of a peer: dropped, whoever forwards', async () => {
    await routeTo(middle, table, '192.168.0.0/16', left.peering);
    const refused = `PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${left.peering.VpcPeeringConnectionId}`;
    expect(scene.fate({ from: host.id, to: '192.168.1.1' })).toBe(refused);
  });
});
