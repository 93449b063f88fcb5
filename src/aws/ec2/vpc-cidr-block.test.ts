import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { ipv6BlockOf, lookAtVpc, makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'vpc-cidr-assoc-0123456789abcdef0';

async function add(ec2: EC2, VpcId: string, CidrBlock: string): Promise<string> {
  const { CidrBlockAssociation } = await ec2.associateVpcCidrBlock({ VpcId, CidrBlock });
  return CidrBlockAssociation!.AssociationId!;
}

async function addIpv6(ec2: EC2, VpcId: string): Promise<string> {
  const { Ipv6CidrBlockAssociation } = await ec2.associateVpcCidrBlock({
    VpcId,
    AmazonProvidedIpv6CidrBlock: true,
  });
  return Ipv6CidrBlockAssociation!.AssociationId!;
}

/** The VPC's blocks and their states. */
async function blocksOf(ec2: EC2, vpcId: string): Promise<Record<string, string>> {
  const { CidrBlockAssociationSet } = await lookAtVpc(ec2, vpcId);
  return Object.fromEntries(
    CidrBlockAssociationSet!.map((one) => [one.CidrBlock!, one.CidrBlockState!.State!]),
  );
}

/** Destinations of the local routes of each of the VPC's tables. */
async function localRoutesOf(ec2: EC2, vpcId: string): Promise<string[][]> {
  const { RouteTables } = await ec2.describeRouteTables({
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
  });
  return RouteTables!.map(({ Routes }) =>
    Routes!
      .filter(({ GatewayId }) => GatewayId === 'local')
      .map((route) => (route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock)!),
  );
}

describe('AssociateVpcCidrBlock', () => {
  it('A-010 goes from associating to associated', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2());
    const answer = await ec2().associateVpcCidrBlock({ VpcId, CidrBlock: '10.1.0.0/16' });
    expect(answer).toMatchObject({
      VpcId,
      CidrBlockAssociation: {
        CidrBlock: '10.1.0.0/16',
        CidrBlockState: { State: 'associating' },
        AssociationId: expect.stringMatching(/^vpc-cidr-assoc-[0-9a-f]{17}$/),
      },
    });
    expect(await blocksOf(ec2(), VpcId)).toMatchObject({ '10.1.0.0/16': 'associating' });
    await advance(500);
    expect(await blocksOf(ec2(), VpcId)).toEqual({
      '10.0.0.0/16': 'associated',
      '10.1.0.0/16': 'associated',
    });
  });

  it('A-010 A-012 a block takes subnets only once it is associated', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2());
    await add(ec2(), VpcId, '10.1.0.0/16');
    await expectError(makeSubnet(ec2(), VpcId, '10.1.1.0/24'), 'InvalidSubnet.Range');
    await advance(500);
    await makeSubnet(ec2(), VpcId, '10.1.1.0/24');
  });

  it('A-011 A-022 every route table gains the local route once it is associated', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2());
    await ec2().createRouteTable({ VpcId });
    await add(ec2(), VpcId, '10.1.0.0/16');
    const before = [['10.0.0.0/16'], ['10.0.0.0/16']];
    expect(await localRoutesOf(ec2(), VpcId)).toEqual(before);
    await advance(500);
    const after = ['10.0.0.0/16', '10.1.0.0/16'];
    expect(await localRoutesOf(ec2(), VpcId)).toEqual([after, after]);
  });

  it('A-002 clears host bits', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await add(ec2(), VpcId, '100.68.0.18/18');
    expect(await blocksOf(ec2(), VpcId)).toHaveProperty(['100.68.0.0/18']);
  });

  it('A-001 A-007 refuses what no VPC may have', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    for (const block of ['10.4.0.0/15', '10.1.0.0/29', '169.254.0.0/24']) {
      await expectError(add(ec2(), VpcId, block), 'InvalidVpc.Range');
    }
  });

  it('A-003 refuses a sixth block', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    for (let index = 1; index < 5; index++) await add(ec2(), VpcId, `10.${index}.0.0/16`);
    await expectError(add(ec2(), VpcId, '10.5.0.0/16'), 'CidrLimitExceeded', /: 5$/);
  });

  it('A-004 refuses what overlaps a block of the VPC', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.8.0.0/17');
    for (const block of ['10.8.0.0/17', '10.8.0.0/16', '10.8.64.0/20']) {
      await expectError(add(ec2(), VpcId, block), 'InvalidVpc.Range', /conflicts/);
    }
    await add(ec2(), VpcId, '10.8.128.0/17');
  });

  it('A-005 refuses a block that covers the destination of a route', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { InternetGateway } = await ec2().createInternetGateway({});
    const GatewayId = InternetGateway!.InternetGatewayId!;
    await ec2().attachInternetGateway({ InternetGatewayId: GatewayId, VpcId });
    const { RouteTable } = await ec2().createRouteTable({ VpcId });
    await ec2().createRoute({
      RouteTableId: RouteTable!.RouteTableId,
      DestinationCidrBlock: '10.2.0.0/24',
      GatewayId,
    });
    for (const block of ['10.2.0.0/24', '10.2.0.0/16']) {
      await expectError(add(ec2(), VpcId, block), 'InvalidVpc.Range', /route destination/);
    }
    await add(ec2(), VpcId, '10.2.0.0/25');
  });

  it.each([
    ['10.0.0.0/16', ['172.16.0.0/16', '192.168.0.0/24', '198.19.0.0/24'], '10.9.0.0/16'],
    ['172.16.0.0/16', ['10.9.0.0/16', '192.168.0.0/24', '198.19.0.0/24'], '172.20.0.0/16'],
    ['192.168.0.0/24', ['10.9.0.0/16', '172.16.0.0/16', '198.19.0.0/24'], '192.168.9.0/24'],
  ])(
    'A-006 a VPC of %s refuses blocks of the other private families',
    async (primary, refused, own) => {
      const { ec2 } = await testCloud();
      const { VpcId } = await makeVpc(ec2(), primary);
      for (const block of refused) {
        await expectError(add(ec2(), VpcId, block), 'InvalidVpc.Range', /is restricted/);
      }
      for (const block of [own, '100.64.0.0/16', '203.0.112.0/24']) await add(ec2(), VpcId, block);
    },
  );

  it('A-008 with a block in 10.0.0.0/15 refuses blocks of 10.0.0.0/16', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.1.0.0/16');
    await expectError(add(ec2(), VpcId, '10.0.8.0/24'), 'InvalidVpc.Range', /is restricted/);
    const other = await makeVpc(ec2(), '10.2.0.0/16');
    await add(ec2(), other.VpcId, '10.0.8.0/24');
  });

  it('A-015 G-015 an IPv6 block is Amazon’s choice of a /56', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await addIpv6(ec2(), VpcId);
    const [block] = (await lookAtVpc(ec2(), VpcId)).Ipv6CidrBlockAssociationSet!;
    expect(block).toMatchObject({
      Ipv6CidrBlock: expect.stringMatching(/^2600:1f[0-9a-f]{2}:.*00::\/56$/),
      Ipv6CidrBlockState: { State: 'associated' },
      Ipv6Pool: 'Amazon',
    });
    const chosen = ec2().associateVpcCidrBlock({ VpcId, Ipv6CidrBlock: '2600:1f18::/56' });
    await expectError(chosen, 'UnsupportedOperation', /Ipv6CidrBlock/);
    const both = { CidrBlock: '10.1.0.0/16', AmazonProvidedIpv6CidrBlock: true };
    const call = ec2().associateVpcCidrBlock({ VpcId, ...both });
    await expectError(call, 'InvalidParameterCombination');
    await expectError(ec2().associateVpcCidrBlock({ VpcId }), 'MissingParameter');
  });

  it('A-003 refuses a sixth IPv6 block', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    for (let count = 0; count < 5; count++) await addIpv6(ec2(), VpcId);
    await expectError(addIpv6(ec2(), VpcId), 'CidrLimitExceeded');
  });

  it('A-060 A-069 the first IPv6 block opens the default ACL and group to IPv6', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await addIpv6(ec2(), VpcId);
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    const { NetworkAcls } = await ec2().describeNetworkAcls({ Filters });
    const allowed = NetworkAcls![0]!.Entries!.filter(
      ({ Ipv6CidrBlock, RuleAction }) => Ipv6CidrBlock === '::/0' && RuleAction === 'allow',
    );
    expect(allowed.map(({ Egress }) => Egress).sort()).toEqual([false, true]);
    const { SecurityGroups } = await ec2().describeSecurityGroups({ Filters });
    const [egress] = SecurityGroups![0]!.IpPermissionsEgress!;
    expect(egress!.Ipv6Ranges).toMatchObject([{ CidrIpv6: '::/0' }]);
  });
});

describe('DisassociateVpcCidrBlock', () => {
  it('A-010 goes from disassociating to disassociated, and vanishes', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await add(ec2(), VpcId, '10.1.0.0/16');
    await advance(500);
    const answer = await ec2().disassociateVpcCidrBlock({ AssociationId });
    expect(answer.CidrBlockAssociation!.CidrBlockState).toEqual({ State: 'disassociating' });
    expect(await blocksOf(ec2(), VpcId)).toMatchObject({ '10.1.0.0/16': 'disassociating' });
    await advance(500);
    expect(await blocksOf(ec2(), VpcId)).toMatchObject({ '10.1.0.0/16': 'disassociated' });
    await advance(3_600_000);
    expect(await blocksOf(ec2(), VpcId)).toEqual({ '10.0.0.0/16': 'associated' });
  });

  it('A-010 a disassociated block can come back under a new association', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await add(ec2(), VpcId, '10.1.0.0/16');
    await ec2().disassociateVpcCidrBlock({ AssociationId });
    expect(await add(ec2(), VpcId, '10.1.0.0/16')).not.toBe(AssociationId);
    const gone = ec2().disassociateVpcCidrBlock({ AssociationId });
    await expectError(gone, 'InvalidVpcCidrBlockAssociationID.NotFound');
  });

  it('A-011 A-022 the local routes go with the block', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await add(ec2(), VpcId, '10.1.0.0/16');
    const ipv6 = await addIpv6(ec2(), VpcId);
    expect((await localRoutesOf(ec2(), VpcId))[0]).toHaveLength(3);
    await ec2().disassociateVpcCidrBlock({ AssociationId });
    await ec2().disassociateVpcCidrBlock({ AssociationId: ipv6 });
    expect(await localRoutesOf(ec2(), VpcId)).toEqual([['10.0.0.0/16']]);
  });

  it('A-010 a block that was never associated leaves without local routes', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await add(ec2(), VpcId, '10.1.0.0/16');
    await ec2().disassociateVpcCidrBlock({ AssociationId });
    await advance(500);
    expect(await blocksOf(ec2(), VpcId)).toMatchObject({ '10.1.0.0/16': 'disassociated' });
    expect(await localRoutesOf(ec2(), VpcId)).toEqual([['10.0.0.0/16']]);
  });

  it('A-009 G-021 refuses the primary block', async () => {
    const { ec2 } = await testCloud();
    const { CidrBlockAssociationSet } = await makeVpc(ec2());
    const { AssociationId } = CidrBlockAssociationSet![0]!;
    await expectError(
      ec2().disassociateVpcCidrBlock({ AssociationId }),
      'OperationNotPermitted',
      `The vpc CIDR block with association ID ${AssociationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    );
  });

  it('refuses while a subnet uses the block', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await add(ec2(), VpcId, '10.1.0.0/16');
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.1.1.0/24');
    await expectError(
      ec2().disassociateVpcCidrBlock({ AssociationId }),
      'InvalidCidrBlock.InUse',
      `The vpc ${VpcId} currently has a subnet within CIDR block 10.1.0.0/16`,
    );
    await ec2().deleteSubnet({ SubnetId });
    await ec2().disassociateVpcCidrBlock({ AssociationId });
  });

  it('refuses while a subnet uses the IPv6 block', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await addIpv6(ec2(), VpcId);
    const Ipv6CidrBlock = await ipv6BlockOf(ec2(), VpcId, 64);
    await ec2().createSubnet({ VpcId, CidrBlock: '10.0.1.0/24', Ipv6CidrBlock });
    const call = ec2().disassociateVpcCidrBlock({ AssociationId });
    await expectError(call, 'InvalidCidrBlock.InUse');
  });

  it('G-016 G-025 finds only the caller’s associations', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const AssociationId = await add(ec2(), VpcId, '10.1.0.0/16');
    const notFound = 'InvalidVpcCidrBlockAssociationID.NotFound';
    const stranger = ec2(OTHER_ACCOUNT).disassociateVpcCidrBlock({ AssociationId });
    await expectError(stranger, notFound);
    const unknown = ec2().disassociateVpcCidrBlock({ AssociationId: UNKNOWN });
    await expectError(unknown, notFound);
    const malformed = ec2().disassociateVpcCidrBlock({ AssociationId: 'vpc-cidr-assoc-x' });
    await expectError(malformed, 'InvalidVpcCidrBlockAssociationID.Malformed');
  });
});

describe('blocks and peerings', () => {
  /** A request from 10.0.0.0/16 to another account's 10.1.0.0/16. */
  async function request() {
    const test = await testCloud();
    const [requester, accepter] = [test.ec2(), test.ec2(OTHER_ACCOUNT)];
    const vpc = await makeVpc(requester, '10.2.0.0/16');
    const peerVpc = await makeVpc(accepter, '10.3.0.0/16');
    const { VpcPeeringConnection } = await requester.createVpcPeeringConnection({
      VpcId: vpc.VpcId,
      PeerVpcId: peerVpc.VpcId,
      PeerOwnerId: OTHER_ACCOUNT,
    });
    const id = VpcPeeringConnection!.VpcPeeringConnectionId!;
    const status = async () => {
      const { VpcPeeringConnections } = await requester.describeVpcPeeringConnections({
        VpcPeeringConnectionIds: [id],
      });
      return VpcPeeringConnections![0]!.Status!.Code;
    };
    return { requester, accepter, vpc, peerVpc, id, status };
  }

  it('B-033 while active neither side may add what overlaps the other', async () => {
    const { requester, accepter, vpc, peerVpc, id, status } = await request();
    await accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await expect(add(requester, vpc.VpcId, '10.3.0.0/20')).rejects.toThrow(/overlaps/);
    await expect(add(accepter, peerVpc.VpcId, '10.2.0.0/20')).rejects.toThrow(/overlaps/);
    await add(requester, vpc.VpcId, '10.4.0.0/16');
    await expect(add(accepter, peerVpc.VpcId, '10.4.0.0/16')).rejects.toThrow(/overlaps/);
    await add(accepter, peerVpc.VpcId, '10.5.0.0/16');
    expect(await status()).toBe('active');
  });

  it('B-034 while pending the requester may add nothing', async () => {
    const { requester, vpc, status } = await request();
    await expectError(add(requester, vpc.VpcId, '10.4.0.0/16'), 'OperationNotPermitted');
    await expectError(addIpv6(requester, vpc.VpcId), 'OperationNotPermitted');
    expect(await status()).toBe('pending-acceptance');
  });

  it('B-035 while pending the accepter may; an overlap fails the request', async () => {
    const { accepter, peerVpc, status } = await request();
    await add(accepter, peerVpc.VpcId, '10.4.0.0/16');
    expect(await status()).toBe('pending-acceptance');
    await add(accepter, peerVpc.VpcId, '10.2.0.0/20');
    expect(await status()).toBe('failed');
  });

  it('B-060 a block taken away leaves the peering active, and its list', async () => {
    const { requester, accepter, peerVpc, id } = await request();
    await accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const AssociationId = await add(accepter, peerVpc.VpcId, '10.5.0.0/16');
    await accepter.disassociateVpcCidrBlock({ AssociationId });
    const { VpcPeeringConnections } = await requester.describeVpcPeeringConnections({
      VpcPeeringConnectionIds: [id],
    });
    expect(VpcPeeringConnections![0]).toMatchObject({
      Status: { Code: 'active' },
      AccepterVpcInfo: { CidrBlockSet: [{ CidrBlock: '10.3.0.0/16' }] },
    });
  });
});

describe('IPv6 ranges of one’s own', () => {
  it.each([
    ['Ipv6Pool', { Ipv6Pool: 'ipv6pool-ec2-1', Ipv6CidrBlock: '2001:db8::/56' }],
    ['Ipv6CidrBlock', { Ipv6CidrBlock: '2001:db8::/56' }],
    ['Ipv6IpamPoolId', { Ipv6IpamPoolId: 'ipam-pool-1', Ipv6NetmaskLength: 56 }],
  ])('are refused by the parameter’s name: %s', async (name, request) => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const { VpcId } = await makeVpc(client);
    const why = new RegExp(name);
    const further = client.associateVpcCidrBlock({ VpcId, ...request });
    await expectError(further, 'UnsupportedOperation', why);
    const first = client.createVpc({ CidrBlock: '10.0.0.0/16', ...request });
    await expectError(first, 'UnsupportedOperation', why);
  });
});
