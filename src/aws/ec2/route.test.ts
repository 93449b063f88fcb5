import type { CreateRouteRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  acceptPeering,
  askToPeer,
  deletePeering,
  launch,
  lookAtRoute,
  lookAtTable,
  mainTable,
  makeGateway,
  makeInterface,
  makeTable,
} from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { ipv6BlockOf, makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const ANYWHERE = '0.0.0.0/0';

/** A VPC 10.0.0.0/16 with subnet 10.0.1.0/24, a table of its own and an internet gateway. */
async function setUp(options = {}) {
  const cloud = await testCloud(options);
  const client = cloud.ec2();
  const { VpcId } = await makeVpc(client);
  const { SubnetId } = await makeSubnet(client, VpcId, '10.0.1.0/24');
  const RouteTableId = await makeTable(client, VpcId);
  const GatewayId = await makeGateway(client, VpcId);
  return { ...cloud, client, VpcId, SubnetId, RouteTableId, GatewayId };
}

describe('CreateRoute', () => {
  it('G-012 A-042 A-053 makes an active route to the internet gateway', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    const request = { RouteTableId, DestinationCidrBlock: ANYWHERE, GatewayId };
    expect(await client.createRoute(request)).toMatchObject({ Return: true });
    expect(await lookAtRoute(client, RouteTableId, ANYWHERE)).toEqual({
      DestinationCidrBlock: ANYWHERE,
      GatewayId,
      Origin: 'CreateRoute',
      State: 'active',
    });
  });

  it('A-002 clears host bits of the destination', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    const DestinationCidrBlock = '100.68.0.18/18';
    await client.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId });
    expect(await lookAtRoute(client, RouteTableId, '100.68.0.0/18')).toBeDefined();
    const again = { RouteTableId, DestinationCidrBlock: '100.68.0.0/18', GatewayId };
    await expectError(client.createRoute(again), 'RouteAlreadyExists');
  });

  it('A-023 A-024 keeps the families apart, and shorter beside longer prefixes', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    const ipv4 = [ANYWHERE, '192.168.0.0/16', '192.168.1.0/24', '192.168.1.1/32'];
    for (const DestinationCidrBlock of ipv4) {
      await client.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId });
    }
    const DestinationIpv6CidrBlock = '::/0';
    await client.createRoute({ RouteTableId, DestinationIpv6CidrBlock, GatewayId });
    await client.deleteRoute({ RouteTableId, DestinationCidrBlock: ANYWHERE });
    expect(await lookAtRoute(client, RouteTableId, '::/0')).toBeDefined();
    expect((await lookAtTable(client, RouteTableId)).Routes).toHaveLength(5);
    const wrong = { RouteTableId, DestinationIpv6CidrBlock: ANYWHERE, GatewayId };
    await expectError(client.createRoute(wrong), 'InvalidParameterValue', /IPv6/);
    const wrongToo = { RouteTableId, DestinationCidrBlock: '::/0', GatewayId };
    await expectError(client.createRoute(wrongToo), 'InvalidParameterValue');
  });

  it('A-034 takes exactly one destination and exactly one target', async () => {
    const { client, RouteTableId, GatewayId, SubnetId } = await setUp();
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    const create = (request: Partial<CreateRouteRequest>) =>
      client.createRoute({ RouteTableId, ...request });
    await expectError(create({ GatewayId }), 'MissingParameter', /destinationCidrBlock/);
    const DestinationCidrBlock = ANYWHERE;
    await expectError(create({ DestinationCidrBlock }), 'MissingParameter', /exactly one of/);
    const twoPlaces = { DestinationCidrBlock, DestinationIpv6CidrBlock: '::/0', GatewayId };
    await expectError(create(twoPlaces), 'InvalidParameterCombination');
    const twoTargets = { DestinationCidrBlock, GatewayId, NetworkInterfaceId };
    await expectError(create(twoTargets), 'InvalidParameterCombination', /GatewayId/);
    const unknown = { DestinationCidrBlock, GatewayId, RouteTableId: 'rtb-0123456789abcdef0' };
    await expectError(client.createRoute(unknown), 'InvalidRouteTableID.NotFound');
  });

  it('A-035 G-024 refuses a second route for a destination', async () => {
    const { client, RouteTableId, GatewayId, SubnetId } = await setUp();
    const request = { RouteTableId, DestinationCidrBlock: ANYWHERE };
    await client.createRoute({ ...request, GatewayId });
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    const second = client.createRoute({ ...request, NetworkInterfaceId });
    const message = `The route identified by ${ANYWHERE} already exists.`;
    await expectError(second, 'RouteAlreadyExists', message);
    const local = { RouteTableId, DestinationCidrBlock: '10.0.0.0/16', NetworkInterfaceId };
    await expectError(client.createRoute(local), 'RouteAlreadyExists');
  });

  it('A-031 refuses other targets inside the VPC', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    for (const block of ['10.0.0.0/16', '10.0.1.0/24', '10.0.1.5/32']) {
      const call = client.createRoute({ RouteTableId, DestinationCidrBlock: block, GatewayId });
      const message =
        `The destination CIDR block ${block} is equal to or more specific than one of this ` +
        "VPC's CIDR blocks. This route can target only an interface or an instance.";
      await expectError(call, 'InvalidParameterValue', message);
    }
    // A larger block is no part of the VPC.
    await client.createRoute({ RouteTableId, DestinationCidrBlock: '10.0.0.0/8', GatewayId });
  });

  it('A-030 lets an interface take a whole subnet of the VPC, and nothing else', async () => {
    const { client, RouteTableId, SubnetId } = await setUp();
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    const create = (DestinationCidrBlock: string) =>
      client.createRoute({ RouteTableId, DestinationCidrBlock, NetworkInterfaceId });
    for (const block of ['10.0.1.0/25', '10.0.2.0/24', '10.0.0.0/17']) {
      await expectError(create(block), 'InvalidParameterValue', /not that of a subnet/);
    }
    await create('10.0.1.0/24');
    expect(await lookAtRoute(client, RouteTableId, '10.0.1.0/24')).toMatchObject({
      NetworkInterfaceId,
      Origin: 'CreateRoute',
    });
  });

  it('A-030 holds for IPv6 subnets too', async () => {
    const { client } = await setUp();
    const { VpcId } = await makeVpc(client, '10.7.0.0/16', true);
    const Ipv6CidrBlock = await ipv6BlockOf(client, VpcId, 64);
    const { Subnet } = await client.createSubnet({
      VpcId,
      CidrBlock: '10.7.1.0/24',
      Ipv6CidrBlock,
    });
    const RouteTableId = await makeTable(client, VpcId);
    const NetworkInterfaceId = await makeInterface(client, Subnet!.SubnetId!);
    const create = (DestinationIpv6CidrBlock: string) =>
      client.createRoute({ RouteTableId, DestinationIpv6CidrBlock, NetworkInterfaceId });
    await create(Ipv6CidrBlock);
    await expectError(create(Ipv6CidrBlock.replace('/64', '/80')), 'InvalidParameterValue');
  });

  it('A-033 refuses what AWS keeps for its services, not what encloses it', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    for (const block of ['169.254.168.0/22', '169.254.169.254/32', '169.254.171.0/24']) {
      const call = client.createRoute({ RouteTableId, DestinationCidrBlock: block, GatewayId });
      await expectError(call, 'InvalidParameterValue', /reserved/);
    }
    for (const block of ['fd00:ec2::/32', 'fd00:ec2::254/128']) {
      const request = { RouteTableId, DestinationIpv6CidrBlock: block, GatewayId };
      await expectError(client.createRoute(request), 'InvalidParameterValue', /reserved/);
    }
    await client.createRoute({ RouteTableId, DestinationCidrBlock: '169.254.0.0/16', GatewayId });
    const DestinationIpv6CidrBlock = 'fd00::/16';
    await client.createRoute({ RouteTableId, DestinationIpv6CidrBlock, GatewayId });
  });

  it('A-037 G-023 stops at 50 made routes a family, and not with quotas off', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    const create = (by: typeof client, table: string, gateway: string, number: number) =>
      by.createRoute({
        RouteTableId: table,
        DestinationCidrBlock: `172.16.${number}.0/24`,
        GatewayId: gateway,
      });
    for (let n = 0; n < 50; n++) await create(client, RouteTableId, GatewayId, n);
    const message = 'The maximum number of routes has been reached.';
    const more = create(client, RouteTableId, GatewayId, 50);
    await expectError(more, 'RouteLimitExceeded', message);
    // The other family has its own count, and what is deleted makes room.
    const DestinationIpv6CidrBlock = '::/0';
    await client.createRoute({ RouteTableId, DestinationIpv6CidrBlock, GatewayId });
    await client.deleteRoute({ RouteTableId, DestinationCidrBlock: '172.16.0.0/24' });
    await create(client, RouteTableId, GatewayId, 50);
    const wide = await setUp({ quotas: false });
    for (let n = 0; n < 60; n++) await create(wide.client, wide.RouteTableId, wide.GatewayId, n);
  });

  it('G-028 with DryRun makes no route', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    const request = { RouteTableId, DestinationCidrBlock: ANYWHERE, GatewayId, DryRun: true };
    await expectError(client.createRoute(request), 'DryRunOperation');
    expect(await lookAtRoute(client, RouteTableId, ANYWHERE)).toBeUndefined();
  });
});

describe('targets', () => {
  it('A-053 G-018 knows each kind by its NotFound error', async () => {
    const { client, RouteTableId } = await setUp();
    const digits = '0123456789abcdef0';
    for (const [parameter, id, code] of [
      ['GatewayId', `igw-${digits}`, 'InvalidGatewayID.NotFound'],
      ['GatewayId', `vgw-${digits}`, 'InvalidGatewayID.NotFound'],
      ['GatewayId', `nat-${digits}`, 'InvalidGatewayID.NotFound'],
      ['NetworkInterfaceId', `eni-${digits}`, 'InvalidNetworkInterfaceID.NotFound'],
      ['NetworkInterfaceId', 'eni-1', 'InvalidNetworkInterfaceId.Malformed'],
      ['InstanceId', `i-${digits}`, 'InvalidInstanceID.NotFound'],
      ['VpcPeeringConnectionId', `pcx-${digits}`, 'InvalidVpcPeeringConnectionID.NotFound'],
      ['VpcPeeringConnectionId', 'pcx-1', 'InvalidVpcPeeringConnectionId.Malformed'],
      ['NatGatewayId', `nat-${digits}`, 'NatGatewayNotFound'],
      ['TransitGatewayId', `tgw-${digits}`, 'InvalidTransitGatewayID.NotFound'],
      ['VpcEndpointId', `vpce-${digits}`, 'InvalidVpcEndpointId.NotFound'],
      ['EgressOnlyInternetGatewayId', `eigw-${digits}`, 'InvalidGatewayID.NotFound'],
      ['LocalGatewayId', `lgw-${digits}`, 'InvalidLocalGatewayID.NotFound'],
      ['CarrierGatewayId', `cagw-${digits}`, 'InvalidCarrierGatewayID.NotFound'],
      ['CoreNetworkArn', 'arn:aws:x', 'InvalidCoreNetworkArn.NotFound'],
      ['OdbNetworkArn', 'arn:aws:x', 'InvalidOdbNetworkArn.NotFound'],
    ] as const) {
      const request = { RouteTableId, DestinationCidrBlock: ANYWHERE, [parameter]: id };
      await expectError(client.createRoute(request), code);
      await expectError(client.replaceRoute(request), code);
    }
    const list = { RouteTableId, DestinationPrefixListId: `pl-${digits}`, GatewayId: 'igw-1' };
    await expectError(client.createRoute(list), 'InvalidPrefixListID.NotFound');
  });

  it('A-054 A-092 refuses gateways and interfaces that are not of this VPC', async () => {
    const { client, ec2, RouteTableId } = await setUp();
    const { VpcId } = await makeVpc(client, '10.1.0.0/16');
    const { SubnetId } = await makeSubnet(client, VpcId, '10.1.1.0/24');
    const create = (target: Partial<CreateRouteRequest>) =>
      client.createRoute({ RouteTableId, DestinationCidrBlock: ANYWHERE, ...target });
    const attached = await makeGateway(client, VpcId);
    const both = `route table ${RouteTableId} and network gateway ${attached}`;
    const message = `${both} belong to different networks`;
    await expectError(create({ GatewayId: attached }), 'InvalidParameterValue', message);
    const { InternetGateway } = await client.createInternetGateway({});
    const loose = create({ GatewayId: InternetGateway!.InternetGatewayId! });
    await expectError(loose, 'Gateway.NotAttached');
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    await expectError(
      create({ NetworkInterfaceId }),
      'InvalidParameterValue',
      /different networks/,
    );
    // Another account's are not there at all.
    const other = ec2(OTHER_ACCOUNT);
    const { VpcId: foreign } = await makeVpc(other, '10.2.0.0/16');
    const foreignGateway = create({ GatewayId: await makeGateway(other, foreign) });
    await expectError(foreignGateway, 'InvalidGatewayID.NotFound');
  });

  it('A-055 an instance stands for its only interface', async () => {
    const { client, SubnetId, RouteTableId } = await setUp();
    const { id: InstanceId, eni } = await launch(client, SubnetId);
    const create = (DestinationCidrBlock: string) =>
      client.createRoute({ RouteTableId, DestinationCidrBlock, InstanceId });
    await create(ANYWHERE);
    expect(await lookAtRoute(client, RouteTableId, ANYWHERE)).toEqual({
      DestinationCidrBlock: ANYWHERE,
      InstanceId,
      InstanceOwnerId: '111111111111',
      NetworkInterfaceId: eni,
      Origin: 'CreateRoute',
      State: 'active',
    });
    const Filters = [{ Name: 'route.instance-id', Values: [InstanceId] }];
    const { RouteTables } = await client.describeRouteTables({ Filters });
    expect(RouteTables).toMatchObject([{ RouteTableId }]);
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    await client.attachNetworkInterface({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 });
    const message =
      `There are multiple interfaces attached to instance '${InstanceId}'. ` +
      'Please specify an interface ID for the operation instead.';
    await expectError(create('192.168.0.0/16'), 'InvalidInstanceID', message);
    await client.terminateInstances({ InstanceIds: [InstanceId] });
    await expectError(create('192.168.0.0/16'), 'InvalidInstanceID');
  });
});

describe('ReplaceRoute', () => {
  it('A-032 retargets the local route to an interface, and restores it', async () => {
    const { client, SubnetId, RouteTableId } = await setUp();
    const { eni: NetworkInterfaceId } = await launch(client, SubnetId);
    const local = { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' };
    await client.replaceRoute({ ...local, NetworkInterfaceId });
    expect(await lookAtRoute(client, RouteTableId, '10.0.0.0/16')).toMatchObject({
      NetworkInterfaceId,
      Origin: 'CreateRouteTable',
      State: 'active',
    });
    await expectError(client.deleteRoute(local), 'InvalidParameterValue', /cannot remove local/);
    await client.replaceRoute({ ...local, LocalTarget: true });
    expect(await lookAtRoute(client, RouteTableId, '10.0.0.0/16')).toEqual({
      DestinationCidrBlock: '10.0.0.0/16',
      GatewayId: 'local',
      Origin: 'CreateRouteTable',
      State: 'active',
    });
  });

  it('A-031 A-032 leads the local route nowhere else', async () => {
    const { client, RouteTableId, GatewayId, SubnetId } = await setUp();
    const local = { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' };
    await expectError(client.replaceRoute({ ...local, GatewayId }), 'InvalidParameterValue');
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    const subnet = { RouteTableId, DestinationCidrBlock: '10.0.1.0/24' };
    await client.createRoute({ ...subnet, NetworkInterfaceId });
    await expectError(client.replaceRoute({ ...subnet, GatewayId }), 'InvalidParameterValue');
    const home = client.replaceRoute({ ...subnet, LocalTarget: true });
    await expectError(home, 'InvalidParameterValue', /no default target/);
    const both = client.replaceRoute({ ...local, NetworkInterfaceId, LocalTarget: true });
    await expectError(both, 'InvalidParameterCombination');
  });

  it('A-036 replaces only what is there', async () => {
    const { client, RouteTableId, GatewayId, SubnetId } = await setUp();
    const request = { RouteTableId, DestinationCidrBlock: '10.1.0.0/16' };
    const message =
      "There is no route defined for '10.1.0.0/16' in the route table. Use CreateRoute instead.";
    const missing = client.replaceRoute({ ...request, GatewayId });
    await expectError(missing, 'InvalidParameterValue', message);
    await client.createRoute({ ...request, GatewayId });
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    await client.replaceRoute({ ...request, NetworkInterfaceId });
    const route = await lookAtRoute(client, RouteTableId, '10.1.0.0/16');
    expect(route).toMatchObject({ NetworkInterfaceId });
    expect(route?.GatewayId).toBeUndefined();
  });
});

describe('DeleteRoute', () => {
  it('A-036 deletes a route once', async () => {
    const { client, RouteTableId, GatewayId } = await setUp();
    const request = { RouteTableId, DestinationCidrBlock: ANYWHERE };
    await client.createRoute({ ...request, GatewayId });
    await client.deleteRoute(request);
    expect(await lookAtRoute(client, RouteTableId, ANYWHERE)).toBeUndefined();
    const route = `no route with destination-cidr-block ${ANYWHERE}`;
    const message = `${route} in route table ${RouteTableId}`;
    await expectError(client.deleteRoute(request), 'InvalidRoute.NotFound', message);
  });

  it('A-022 keeps the local route', async () => {
    const { client, RouteTableId } = await setUp();
    const call = client.deleteRoute({ RouteTableId, DestinationCidrBlock: '10.0.0.0/16' });
    const message = `cannot remove local route 10.0.0.0/16 in route table ${RouteTableId}`;
    await expectError(call, 'InvalidParameterValue', message);
    const list = { RouteTableId, DestinationPrefixListId: 'pl-0123456789abcdef0' };
    await expectError(client.deleteRoute(list), 'InvalidPrefixListID.NotFound');
  });
});

describe('route states', () => {
  const stateOf = async (client: Parameters<typeof lookAtRoute>[0], table: string) =>
    (await lookAtRoute(client, table, ANYWHERE))?.State;

  it('A-039 an internet gateway that is detached leaves a blackhole', async () => {
    const { client, VpcId, RouteTableId, GatewayId } = await setUp();
    await client.createRoute({ RouteTableId, DestinationCidrBlock: ANYWHERE, GatewayId });
    const gateway = { InternetGatewayId: GatewayId, VpcId };
    await client.detachInternetGateway(gateway);
    expect(await stateOf(client, RouteTableId)).toBe('blackhole');
    await client.attachInternetGateway(gateway);
    expect(await stateOf(client, RouteTableId)).toBe('active');
    await client.detachInternetGateway(gateway);
    const { VpcId: elsewhere } = await makeVpc(client, '10.1.0.0/16');
    await client.attachInternetGateway({ ...gateway, VpcId: elsewhere });
    expect(await stateOf(client, RouteTableId)).toBe('blackhole');
    await client.detachInternetGateway({ ...gateway, VpcId: elsewhere });
    await client.deleteInternetGateway({ InternetGatewayId: GatewayId });
    expect(await lookAtRoute(client, RouteTableId, ANYWHERE)).toMatchObject({
      GatewayId,
      State: 'blackhole',
    });
  });

  it('A-039 an interface is a target while its instance runs', async () => {
    const { client, SubnetId, RouteTableId } = await setUp();
    const { id: InstanceId, eni: NetworkInterfaceId } = await launch(client, SubnetId);
    const request = { RouteTableId, DestinationCidrBlock: ANYWHERE, NetworkInterfaceId };
    await client.createRoute(request);
    expect(await stateOf(client, RouteTableId)).toBe('active');
    const InstanceIds = [InstanceId];
    await client.stopInstances({ InstanceIds });
    expect(await stateOf(client, RouteTableId)).toBe('blackhole');
    await client.startInstances({ InstanceIds });
    expect(await stateOf(client, RouteTableId)).toBe('active');
    await client.terminateInstances({ InstanceIds });
    const route = await lookAtRoute(client, RouteTableId, ANYWHERE);
    expect(route).toMatchObject({ NetworkInterfaceId, State: 'blackhole' });
    expect(route?.InstanceId).toBeUndefined();
  });

  it('A-039 an interface without instance is a blackhole until it has one', async () => {
    const { client, SubnetId, RouteTableId } = await setUp();
    const NetworkInterfaceId = await makeInterface(client, SubnetId);
    const request = { RouteTableId, DestinationCidrBlock: ANYWHERE, NetworkInterfaceId };
    await client.createRoute(request);
    expect(await stateOf(client, RouteTableId)).toBe('blackhole');
    const { id: InstanceId } = await launch(client, SubnetId);
    const attach = { InstanceId, NetworkInterfaceId, DeviceIndex: 1 };
    const { AttachmentId } = await client.attachNetworkInterface(attach);
    expect(await lookAtRoute(client, RouteTableId, ANYWHERE)).toMatchObject({
      InstanceId,
      State: 'active',
    });
    await client.detachNetworkInterface({ AttachmentId: AttachmentId! });
    expect(await stateOf(client, RouteTableId)).toBe('blackhole');
    await client.deleteNetworkInterface({ NetworkInterfaceId });
    expect(await stateOf(client, RouteTableId)).toBe('blackhole');
    await client.deleteRoute({ RouteTableId, DestinationCidrBlock: ANYWHERE });
  });
});

describe('routes to peerings', () => {
  /** VPCs of two accounts with a request between them. */
  async function setUpPeers() {
    const { client, ec2, VpcId, RouteTableId } = await setUp();
    const peer = ec2(OTHER_ACCOUNT);
    const { VpcId: peerVpcId } = await makeVpc(peer, '10.1.0.0/16');
    const id = await askToPeer(client, VpcId, peerVpcId, OTHER_ACCOUNT);
    const route = (block: string) =>
      client.createRoute({ RouteTableId, DestinationCidrBlock: block, VpcPeeringConnectionId: id });
    return { client, peer, VpcId, peerVpcId, RouteTableId, id, route };
  }

  it('B-046 is a blackhole while the request waits, active with the connection', async () => {
    const { client, peer, RouteTableId, id, route } = await setUpPeers();
    await route('10.1.0.0/16');
    expect(await lookAtRoute(client, RouteTableId, '10.1.0.0/16')).toMatchObject({
      VpcPeeringConnectionId: id,
      State: 'blackhole',
    });
    await acceptPeering(peer, id);
    expect((await lookAtRoute(client, RouteTableId, '10.1.0.0/16'))?.State).toBe('active');
  });

  it('B-045 turns blackhole on both sides when either deletes', async () => {
    const { client, peer, peerVpcId, RouteTableId, id, route } = await setUpPeers();
    await acceptPeering(peer, id);
    await route('10.1.0.0/16');
    const peerTable = await mainTable(peer, peerVpcId);
    await peer.createRoute({
      RouteTableId: peerTable.RouteTableId,
      DestinationCidrBlock: '10.0.0.0/16',
      VpcPeeringConnectionId: id,
    });
    await deletePeering(peer, id);
    const routes = [
      await lookAtRoute(client, RouteTableId, '10.1.0.0/16'),
      await lookAtRoute(peer, peerTable.RouteTableId, '10.0.0.0/16'),
    ];
    const left = { VpcPeeringConnectionId: id, State: 'blackhole' };
    expect(routes).toMatchObject([left, left]);
    await client.deleteRoute({ RouteTableId, DestinationCidrBlock: '10.1.0.0/16' });
  });

  it('B-038 accepting installs no route', async () => {
    const { client, peer, VpcId, peerVpcId, id } = await setUpPeers();
    await acceptPeering(peer, id);
    const local = { GatewayId: 'local' };
    expect((await mainTable(client, VpcId)).Routes).toMatchObject([local]);
    expect((await mainTable(peer, peerVpcId)).Routes).toMatchObject([local]);
  });

  it('B-039 may name all, part or more of the peer', async () => {
    const { client, peer, RouteTableId, id, route } = await setUpPeers();
    await acceptPeering(peer, id);
    const blocks = ['10.1.0.0/16', '10.1.2.0/24', '10.1.2.3/32', '10.0.0.0/8'];
    for (const block of blocks) await route(block);
    const Filters = [{ Name: 'route.vpc-peering-connection-id', Values: [id] }];
    const { RouteTables } = await client.describeRouteTables({ Filters });
    expect(RouteTables).toHaveLength(1);
    const { Routes } = await lookAtTable(client, RouteTableId);
    const over = Routes!.filter((one) => one.VpcPeeringConnectionId === id);
    expect(over.map((one) => one.DestinationCidrBlock)).toEqual(blocks);
  });

  it('A-054 needs a connection of this VPC that has not ended', async () => {
    const { client, peer, peerVpcId, id, route } = await setUpPeers();
    const { VpcId: third } = await makeVpc(client, '10.2.0.0/16');
    const request = {
      RouteTableId: (await mainTable(client, third)).RouteTableId,
      DestinationCidrBlock: '10.1.0.0/16',
      VpcPeeringConnectionId: id,
    };
    await expectError(client.createRoute(request), 'InvalidParameterValue', /different networks/);
    await peer.rejectVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await expectError(route('10.1.0.0/16'), 'IncorrectState');
    expect((await mainTable(peer, peerVpcId)).Routes).toHaveLength(1);
  });
});
