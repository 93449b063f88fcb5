import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { mainTable } from '../../../../test/support/route-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attach,
  attachNewVpc,
  lookAtAttachment,
  makeTransitGateway,
} from '../../../../test/support/transit-fixture.ts';
import {
  ipv6BlockOf,
  makeSubnet,
  makeSubnetIn,
  makeVpc,
} from '../../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'tgw-attach-0123456789abcdef0';
const HOUR = 3_600_000;
type Test = Awaited<ReturnType<typeof testCloud>>;

/** A gateway and a VPC with a subnet in each of three zones. */
async function setUp(test: Test) {
  const client = test.ec2();
  const gateway = await makeTransitGateway(client);
  const { VpcId: vpcId } = await makeVpc(client);
  const a = await makeSubnetIn(client, vpcId, '10.0.0.0/24', 'a');
  const b = await makeSubnetIn(client, vpcId, '10.0.1.0/24', 'b');
  const c = await makeSubnetIn(client, vpcId, '10.0.2.0/24', 'c');
  await test.advance(1000);
  return { client, gateway, vpcId, a, b, c };
}

/** The interfaces that gateways have in a VPC. */
async function interfacesIn({ ec2 }: Test, vpcId: string) {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'interface-type', Values: ['transit_gateway'] },
  ];
  return (await ec2().describeNetworkInterfaces({ Filters })).NetworkInterfaces!;
}

/** Leaves no address of a subnet free. */
async function fill({ ec2 }: Test, SubnetId: string): Promise<void> {
  const { Subnets } = await ec2().describeSubnets({ SubnetIds: [SubnetId] });
  for (let left = Subnets![0]!.AvailableIpAddressCount!; left > 0; left--) {
    await ec2().createNetworkInterface({ SubnetId });
  }
}

describe('CreateTransitGatewayVpcAttachment', () => {
  it('C-022 C-025 is pending, then available, with AWS’s defaults', async () => {
    const test = await testCloud({ transitions: 'aws' });
    const client = test.ec2();
    const gateway = await makeTransitGateway(client);
    await test.advance(120_000);
    const { VpcId } = await makeVpc(client);
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.0.0/24');
    const made = await client.createTransitGatewayVpcAttachment({
      TransitGatewayId: gateway,
      VpcId,
      SubnetIds: [SubnetId],
      TagSpecifications: [
        { ResourceType: 'transit-gateway-attachment', Tags: [{ Key: 'Name', Value: 'a' }] },
      ],
    });
    expect(made.TransitGatewayVpcAttachment).toEqual({
      TransitGatewayAttachmentId: expect.stringMatching(/^tgw-attach-0[0-9a-f]{16}$/),
      TransitGatewayId: gateway,
      VpcId,
      VpcOwnerId: ACCOUNT,
      State: 'pending',
      SubnetIds: [SubnetId],
      CreationTime: new Date(test.cloud.now()),
      Options: {
        DnsSupport: 'enable',
        SecurityGroupReferencingSupport: 'enable',
        Ipv6Support: 'disable',
        ApplianceModeSupport: 'disable',
      },
      Tags: [{ Key: 'Name', Value: 'a' }],
    });
    const id = made.TransitGatewayVpcAttachment!.TransitGatewayAttachmentId!;
    await test.advance(59_000);
    expect((await lookAtAttachment(client, id)).State).toBe('pending');
    await test.advance(1_000);
    expect((await lookAtAttachment(client, id)).State).toBe('available');
  });

  it('C-022 takes every option', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a } = await setUp(test);
    const options = {
      DnsSupport: 'disable',
      SecurityGroupReferencingSupport: 'disable',
      Ipv6Support: 'enable',
      ApplianceModeSupport: 'enable',
    } as const;
    const id = await attach(client, gateway, vpcId, [a], options);
    expect((await lookAtAttachment(client, id)).Options).toEqual(options);
  });

  it('C-020 has an interface in each subnet, which the service manages', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a, b } = await setUp(test);
    const free = async () => {
      const { Subnets } = await client.describeSubnets({ SubnetIds: [a] });
      return Subnets![0]!.AvailableIpAddressCount!;
    };
    const before = await free();
    const id = await attach(client, gateway, vpcId, [a, b]);
    expect(await free()).toBe(before - 1);
    const interfaces = await interfacesIn(test, vpcId);
    expect(interfaces.map(({ SubnetId }) => SubnetId)).toEqual([a, b]);
    for (const eni of interfaces) {
      expect(eni).toMatchObject({
        Description: `Network Interface for Transit Gateway Attachment ${id}`,
        InterfaceType: 'transit_gateway',
        RequesterManaged: true,
        Groups: [],
        Status: 'in-use',
        SourceDestCheck: false,
        OwnerId: ACCOUNT,
      });
      const NetworkInterfaceId = eni.NetworkInterfaceId!;
      await expectError(
        client.deleteNetworkInterface({ NetworkInterfaceId }),
        'InvalidParameterValue',
      );
    }
  });

  it('C-002 waits until the gateway is available', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, vpcId, a } = await setUp(test);
    const pending = await makeTransitGateway(client);
    const call = attach(client, pending, vpcId, [a]);
    await expectError(call, 'IncorrectState', `${pending} is in invalid state`);
  });

  it('C-017 takes one subnet of a zone', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a, b } = await setUp(test);
    const same = await makeSubnetIn(client, vpcId, '10.0.9.0/24', 'a');
    for (const subnets of [
      [a, same],
      [b, a, b],
    ]) {
      await expectError(attach(client, gateway, vpcId, subnets), 'DuplicateSubnetsInSameZone');
    }
    expect(await interfacesIn(test, vpcId)).toEqual([]);
  });

  it('C-018 takes subnets of that VPC alone, and some', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId } = await setUp(test);
    const { VpcId: other } = await makeVpc(client, '10.9.0.0/16');
    const { SubnetId } = await makeSubnet(client, other, '10.9.0.0/24');
    await expectError(attach(client, gateway, vpcId, [SubnetId]), 'InvalidSubnetID.NotFound');
    const unknown = 'subnet-0123456789abcdef0';
    await expectError(attach(client, gateway, vpcId, [unknown]), 'InvalidSubnetID.NotFound');
    await expectError(attach(client, gateway, vpcId, ['subnet']), 'InvalidSubnetID.Malformed');
    await expectError(attach(client, gateway, vpcId, []), 'MissingParameter');
  });

  it('C-019 attaches a VPC once, until that attachment has ended', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, gateway, vpcId, a, b } = await setUp(test);
    const id = await attach(client, gateway, vpcId, [a]);
    const again = () => attach(client, gateway, vpcId, [b]);
    const message = `${gateway} has non-deleted Transit Gateway Attachments with same VPC ID.`;
    await expectError(again(), 'DuplicateTransitGatewayAttachment', message);
    await test.advance(50);
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: id });
    await expectError(again(), 'DuplicateTransitGatewayAttachment');
    await test.advance(50);
    expect(await again()).not.toBe(id);
  });

  it('C-021 takes no IPv6-only subnet', async () => {
    const test = await testCloud();
    const { client, gateway } = await setUp(test);
    const { VpcId } = await makeVpc(client, '10.8.0.0/16', true);
    const { Subnet } = await client.createSubnet({
      VpcId,
      Ipv6Native: true,
      Ipv6CidrBlock: await ipv6BlockOf(client, VpcId, 64),
    });
    const call = attach(client, gateway, VpcId, [Subnet!.SubnetId!]);
    await expectError(call, 'InvalidParameterValue');
  });

  it('C-025 fails in time where a subnet has no address left', async () => {
    const test = await testCloud({ transitions: 'fast', quotas: false });
    const { client, gateway, vpcId, a } = await setUp(test);
    const full = await makeSubnetIn(client, vpcId, '10.0.3.0/28', 'b');
    await fill(test, full);
    const id = await attach(client, gateway, vpcId, [a, full]);
    expect((await lookAtAttachment(client, id)).State).toBe('pending');
    expect(await interfacesIn(test, vpcId)).toEqual([]);
    await test.advance(50);
    expect((await lookAtAttachment(client, id)).State).toBe('failing');
    await test.advance(50);
    expect((await lookAtAttachment(client, id)).State).toBe('failed');
    const TransitGatewayAttachmentId = id;
    await expectError(
      client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId }),
      'IncorrectState', // C-028
    );
    expect(await attach(client, gateway, vpcId, [a])).not.toBe(id);
    await test.advance(2 * HOUR);
    await expectError(lookAtAttachment(client, id), 'InvalidTransitGatewayAttachmentID.NotFound');
  });

  it('C-014 attaches a VPC to five gateways', async () => {
    const test = await testCloud();
    const { client, vpcId, a, gateway } = await setUp(test);
    await test.cloud.execute((tx) => {
      const [attachment] = [...tx.all('transit-gateway')];
      for (let count = 0; count < 5; count++) {
        tx.put('transit-gateway-attachment', {
          id: tx.newId('transit-gateway-attachment'),
          account: ACCOUNT,
          region: 'us-east-1',
          resourceType: 'vpc',
          state: 'pendingAcceptance',
          transitGatewayId: `${attachment!.id}${count}`,
          transitGatewayOwnerId: OTHER_ACCOUNT,
          creationTime: 0,
          vpcId,
          subnets: [{ subnetId: a, zoneId: 'use1-az1' }],
          options: {
            dnsSupport: true,
            securityGroupReferencingSupport: true,
            ipv6Support: false,
            applianceModeSupport: false,
          },
        });
      }
    });
    const call = attach(client, gateway, vpcId, [a]);
    await expectError(call, 'TransitGatewayAttachmentLimitExceeded');
  });

  it('C-031 adds no route to the VPC', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a } = await setUp(test);
    await attach(client, gateway, vpcId, [a]);
    expect((await mainTable(client, vpcId)).Routes).toHaveLength(1);
  });

  it('C-013 C-110 C-113 needs a gateway and a VPC that are the caller’s', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a } = await setUp(test);
    const stranger = test.ec2(OTHER_ACCOUNT);
    await expectError(attach(stranger, gateway, vpcId, [a]), 'InvalidTransitGatewayID.NotFound');
    await expectError(attach(client, 'tgw', vpcId, [a]), 'InvalidTransitGatewayID.Malformed');
    const own = await makeTransitGateway(stranger);
    await expectError(attach(stranger, own, vpcId, [a]), 'InvalidVpcID.NotFound');
  });

  it('A-056 lets routes of the VPC lead to the gateway', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, gateway, vpcId, a } = await setUp(test);
    const RouteTableId = (await mainTable(client, vpcId)).RouteTableId;
    const route = () =>
      client.createRoute({
        RouteTableId,
        DestinationCidrBlock: '10.0.0.0/8',
        TransitGatewayId: gateway,
      });
    await expectError(route(), 'InvalidTransitGatewayID.NotFound');
    const id = await attach(client, gateway, vpcId, [a]);
    await expectError(route(), 'InvalidTransitGatewayID.NotFound');
    await test.advance(50);
    await route();
    const state = async () =>
      (await mainTable(client, vpcId)).Routes!.find((one) => one.TransitGatewayId)?.State;
    expect(await state()).toBe('active');
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: id });
    expect(await state()).toBe('blackhole');
  });
});

describe('ModifyTransitGatewayVpcAttachment', () => {
  it('C-027 C-040 is modifying, then available, with other options and subnets', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, gateway, vpcId, a, b, c } = await setUp(test);
    const id = await attach(client, gateway, vpcId, [a, b]);
    await test.advance(50);
    const { TransitGatewayVpcAttachment } = await client.modifyTransitGatewayVpcAttachment({
      TransitGatewayAttachmentId: id,
      AddSubnetIds: [c],
      RemoveSubnetIds: [a],
      Options: { ApplianceModeSupport: 'enable', DnsSupport: 'disable' },
    });
    const changed = {
      SubnetIds: [b, c],
      Options: {
        DnsSupport: 'disable',
        SecurityGroupReferencingSupport: 'enable',
        Ipv6Support: 'disable',
        ApplianceModeSupport: 'enable',
      },
    };
    expect(TransitGatewayVpcAttachment).toMatchObject({ ...changed, State: 'modifying' });
    expect((await interfacesIn(test, vpcId)).map(({ SubnetId }) => SubnetId)).toEqual([b, c]);
    await test.advance(50);
    const now = await lookAtAttachment(client, id);
    expect(now).toMatchObject({ ...changed, State: 'available' });
  });

  it('C-027 rolls back where a new subnet has no address left', async () => {
    const test = await testCloud({ transitions: 'fast', quotas: false });
    const { client, gateway, vpcId, a, b } = await setUp(test);
    const full = await makeSubnetIn(client, vpcId, '10.0.3.0/28', 'c');
    await fill(test, full);
    const id = await attach(client, gateway, vpcId, [a, b]);
    await test.advance(50);
    const before = await lookAtAttachment(client, id);
    const { TransitGatewayVpcAttachment } = await client.modifyTransitGatewayVpcAttachment({
      TransitGatewayAttachmentId: id,
      AddSubnetIds: [full],
      RemoveSubnetIds: [a],
      Options: { ApplianceModeSupport: 'enable' },
    });
    expect(TransitGatewayVpcAttachment).toEqual({ ...before, State: 'modifying' });
    await test.advance(50);
    expect((await lookAtAttachment(client, id)).State).toBe('rollingBack');
    await test.advance(50);
    expect(await lookAtAttachment(client, id)).toEqual(before);
    expect(await interfacesIn(test, vpcId)).toHaveLength(2);
  });

  it('C-024 keeps the last subnet, and knows which it has', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a, b } = await setUp(test);
    const id = await attach(client, gateway, vpcId, [a]);
    const modify = (AddSubnetIds: string[], RemoveSubnetIds: string[]) =>
      client.modifyTransitGatewayVpcAttachment({
        TransitGatewayAttachmentId: id,
        AddSubnetIds,
        RemoveSubnetIds,
      });
    await expectError(modify([], [a]), 'InsufficientSubnetsException');
    await expectError(modify([b], [a]), 'InsufficientSubnetsException');
    await expectError(modify([], [b]), 'InvalidSubnetID.NotFound');
    await expectError(modify(['subnet-00000000'], []), 'InvalidSubnetID.NotFound');
    expect((await lookAtAttachment(client, id)).SubnetIds).toEqual([a]);
    expect(await interfacesIn(test, vpcId)).toHaveLength(1);
  });

  it('C-017 keeps to one subnet of a zone; one may take another’s place', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a, b } = await setUp(test);
    const same = await makeSubnetIn(client, vpcId, '10.0.9.0/24', 'a');
    const id = await attach(client, gateway, vpcId, [a, b]);
    const modify = (AddSubnetIds: string[], RemoveSubnetIds: string[]) =>
      client.modifyTransitGatewayVpcAttachment({
        TransitGatewayAttachmentId: id,
        AddSubnetIds,
        RemoveSubnetIds,
      });
    await expectError(modify([same], []), 'DuplicateSubnetsInSameZone');
    await expectError(modify([a], []), 'DuplicateSubnetsInSameZone');
    await modify([same], [a]);
    expect((await lookAtAttachment(client, id)).SubnetIds).toEqual([b, same]);
  });

  it('C-027 needs an attachment that is available', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, gateway, vpcId, a } = await setUp(test);
    const TransitGatewayAttachmentId = await attach(client, gateway, vpcId, [a]);
    const modify = () => client.modifyTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    const message = `${TransitGatewayAttachmentId} is in invalid state`;
    await expectError(modify(), 'IncorrectState', message);
    await test.advance(50);
    await modify();
    await expectError(modify(), 'IncorrectState');
    await test.advance(50);
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    await expectError(modify(), 'IncorrectState');
    await test.advance(50);
    await expectError(modify(), 'IncorrectState');
  });
});

describe('DeleteTransitGatewayVpcAttachment', () => {
  it('C-027 C-028 is deleting, then deleted and shown for two hours', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, gateway, vpcId, a } = await setUp(test);
    const id = await attach(client, gateway, vpcId, [a]);
    const remove = () =>
      client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: id });
    await expectError(remove(), 'IncorrectState');
    await test.advance(50);
    const { TransitGatewayVpcAttachment } = await remove();
    expect(TransitGatewayVpcAttachment!.State).toBe('deleting');
    expect(await interfacesIn(test, vpcId)).toHaveLength(1);
    await expectError(remove(), 'IncorrectState');
    await test.advance(50);
    expect(await lookAtAttachment(client, id)).toMatchObject({ State: 'deleted', SubnetIds: [a] });
    expect(await interfacesIn(test, vpcId)).toEqual([]);
    await expectError(remove(), 'IncorrectState');
    await test.advance(2 * HOUR - 1);
    expect((await lookAtAttachment(client, id)).State).toBe('deleted');
    await test.advance(1);
    await expectError(lookAtAttachment(client, id), 'InvalidTransitGatewayAttachmentID.NotFound');
    expect([...test.cloud.model.all('timer')]).toEqual([]);
  });

  it('C-030 an unknown attachment is not found', async () => {
    const { ec2 } = await testCloud();
    const call = (TransitGatewayAttachmentId: string) =>
      ec2().deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    await expectError(call(UNKNOWN), 'InvalidTransitGatewayAttachmentID.NotFound');
    await expectError(call('tgw-attach-'), 'InvalidTransitGatewayAttachmentID.Malformed');
    await expectError(
      lookAtAttachment(ec2(), UNKNOWN),
      'InvalidTransitGatewayAttachmentID.NotFound',
    );
  });

  it('G-019 subnets and the VPC stay while it is there', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { client, gateway, vpcId, a, b, c } = await setUp(test);
    const id = await attach(client, gateway, vpcId, [a]);
    await test.advance(50);
    for (const SubnetId of [b, c]) await client.deleteSubnet({ SubnetId });
    const removeSubnet = () => client.deleteSubnet({ SubnetId: a });
    await expectError(removeSubnet(), 'DependencyViolation');
    await expectError(client.deleteVpc({ VpcId: vpcId }), 'DependencyViolation');
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: id });
    await expectError(removeSubnet(), 'DependencyViolation');
    await test.advance(50);
    await removeSubnet();
    await client.deleteVpc({ VpcId: vpcId });
    expect((await lookAtAttachment(client, id)).State).toBe('deleted');
  });
});

describe('DescribeTransitGatewayVpcAttachments', () => {
  it('G-037 filters by ids, state and tags, in pages', async () => {
    const test = await testCloud();
    const client = test.ec2();
    const gateway = await makeTransitGateway(client);
    const one = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const two = await attachNewVpc(client, gateway, '10.1.0.0/16');
    const { attachmentId: gone } = two;
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: gone });
    const Tags = [{ Key: 'Name', Value: 'one' }];
    await client.createTags({ Resources: [one.attachmentId], Tags });
    const find = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const found = await client.describeTransitGatewayVpcAttachments({ Filters });
      return found.TransitGatewayVpcAttachments!.map((seen) => seen.TransitGatewayAttachmentId);
    };
    expect(await find('state', 'available')).toEqual([one.attachmentId]);
    expect(await find('state', 'deleted')).toEqual([two.attachmentId]);
    expect(await find('vpc-id', one.vpcId)).toEqual([one.attachmentId]);
    expect(await find('transit-gateway-attachment-id', one.attachmentId)).toHaveLength(1);
    expect(await find('transit-gateway-id', gateway)).toHaveLength(2);
    expect(await find('tag:Name', 'one')).toEqual([one.attachmentId]);
    await expectError(find('colour', 'red'), 'InvalidParameterValue');
    const page = client.describeTransitGatewayVpcAttachments({ MaxResults: 4 });
    await expectError(page, 'InvalidParameterValue');
  });

  it('G-025 shows nothing to another account or in another Region', async () => {
    const test = await testCloud();
    const { client, gateway, vpcId, a } = await setUp(test);
    const id = await attach(client, gateway, vpcId, [a]);
    for (const stranger of [test.ec2(OTHER_ACCOUNT), test.ec2(ACCOUNT, 'us-west-2')]) {
      const found = await stranger.describeTransitGatewayVpcAttachments({});
      expect(found.TransitGatewayVpcAttachments).toEqual([]);
      await expectError(
        lookAtAttachment(stranger, id),
        'InvalidTransitGatewayAttachmentID.NotFound',
      );
    }
  });
});
