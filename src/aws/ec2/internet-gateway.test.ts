import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'igw-0123456789abcdef0';

async function makeGateway(ec2: EC2): Promise<string> {
  const { InternetGateway } = await ec2.createInternetGateway({});
  return InternetGateway!.InternetGatewayId!;
}

/** A VPC and a gateway attached to it. */
async function attached(ec2: EC2): Promise<{ VpcId: string; InternetGatewayId: string }> {
  const { VpcId } = await makeVpc(ec2);
  const InternetGatewayId = await makeGateway(ec2);
  await ec2.attachInternetGateway({ InternetGatewayId, VpcId });
  return { VpcId, InternetGatewayId };
}

async function attachmentsOf(ec2: EC2, id: string) {
  const { InternetGateways } = await ec2.describeInternetGateways({ InternetGatewayIds: [id] });
  return InternetGateways![0]!.Attachments;
}

describe('CreateInternetGateway', () => {
  it('G-033 G-047 makes one that is attached to nothing', async () => {
    const { ec2 } = await testCloud();
    const { InternetGateway } = await ec2().createInternetGateway({
      TagSpecifications: [
        { ResourceType: 'internet-gateway', Tags: [{ Key: 'Name', Value: 'a' }] },
      ],
    });
    expect(InternetGateway).toEqual({
      InternetGatewayId: expect.stringMatching(/^igw-[0-9a-f]{17}$/),
      OwnerId: '111111111111',
      Attachments: [],
      Tags: [{ Key: 'Name', Value: 'a' }],
    });
  });

  it('G-023 G-028 stops at the quota and obeys DryRun', async () => {
    const { ec2 } = await testCloud();
    await expectError(ec2().createInternetGateway({ DryRun: true }), 'DryRunOperation');
    // The default VPC's is the first of five.
    for (let count = 0; count < 4; count++) await makeGateway(ec2());
    await expectError(makeGateway(ec2()), 'InternetGatewayLimitExceeded');
  });
});

describe('AttachInternetGateway', () => {
  it('attaches at once', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    const attachments = await attachmentsOf(ec2(), InternetGatewayId);
    expect(attachments).toEqual([{ State: 'available', VpcId }]);
  });

  it('A-092 G-024 an attached gateway cannot be attached again', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    const other = await makeVpc(ec2());
    for (const id of [VpcId, other.VpcId]) {
      await expectError(
        ec2().attachInternetGateway({ InternetGatewayId, VpcId: id }),
        'Resource.AlreadyAssociated',
        `resource ${InternetGatewayId} is already attached to network ${VpcId}`,
      );
    }
  });

  it('A-092 a VPC has one gateway', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await attached(ec2());
    const second = await makeGateway(ec2());
    await expectError(
      ec2().attachInternetGateway({ InternetGatewayId: second, VpcId }),
      'InvalidParameterValue',
      `Network ${VpcId} already has an internet gateway attached`,
    );
  });

  it('G-016 G-017 G-025 finds only the caller’s gateways and VPCs', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const InternetGatewayId = await makeGateway(ec2());
    const attach = (gateway: string, vpc: string, account = '111111111111') =>
      ec2(account).attachInternetGateway({ InternetGatewayId: gateway, VpcId: vpc });
    await expectError(attach(UNKNOWN, VpcId), 'InvalidInternetGatewayID.NotFound');
    await expectError(attach('igw-1', VpcId), 'InvalidInternetGatewayId.Malformed');
    const stranger = attach(InternetGatewayId, VpcId, OTHER_ACCOUNT);
    await expectError(stranger, 'InvalidInternetGatewayID.NotFound');
    const foreign = await makeVpc(ec2(OTHER_ACCOUNT));
    await expectError(attach(InternetGatewayId, foreign.VpcId), 'InvalidVpcID.NotFound');
  });
});

describe('DetachInternetGateway', () => {
  it('detaches, and then the gateway can serve another VPC', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    await ec2().detachInternetGateway({ VpcId, InternetGatewayId });
    expect(await attachmentsOf(ec2(), InternetGatewayId)).toEqual([]);
    const other = await makeVpc(ec2());
    await ec2().attachInternetGateway({ InternetGatewayId, VpcId: other.VpcId });
  });

  it('A-092 refuses a gateway that is not attached there', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    const other = await makeVpc(ec2());
    const loose = await makeGateway(ec2());
    const elsewhere = ec2().detachInternetGateway({ InternetGatewayId, VpcId: other.VpcId });
    await expectError(elsewhere, 'Gateway.NotAttached');
    await expectError(
      ec2().detachInternetGateway({ InternetGatewayId: loose, VpcId }),
      'Gateway.NotAttached',
      `resource ${loose} is not attached to network ${VpcId}`,
    );
  });

  it('G-019 refuses while a public address is mapped', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const { Instances } = await ec2().runInstances({
      ImageId: 'ami-12345678',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true }],
    });
    await expectError(
      ec2().detachInternetGateway({ VpcId, InternetGatewayId }),
      'DependencyViolation',
      `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
    await ec2().terminateInstances({ InstanceIds: [Instances![0]!.InstanceId!] });
    await ec2().detachInternetGateway({ VpcId, InternetGatewayId });
  });

  it('A-039 leaves routes to it as blackholes, and they work again when it is back', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    const { RouteTable } = await ec2().createRouteTable({ VpcId });
    const RouteTableId = RouteTable!.RouteTableId!;
    const destination = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId };
    await ec2().createRoute({ RouteTableId, ...destination });
    const state = async () => {
      const { RouteTables } = await ec2().describeRouteTables({ RouteTableIds: [RouteTableId] });
      const route = RouteTables![0]!.Routes!.find(({ GatewayId }) => GatewayId !== 'local');
      return route!.State;
    };
    expect(await state()).toBe('active');
    await ec2().detachInternetGateway({ VpcId, InternetGatewayId });
    expect(await state()).toBe('blackhole');
    await ec2().attachInternetGateway({ VpcId, InternetGatewayId });
    expect(await state()).toBe('active');
  });
});

describe('DeleteInternetGateway', () => {
  it('G-019 refuses while attached', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    await expectError(
      ec2().deleteInternetGateway({ InternetGatewayId }),
      'DependencyViolation',
      `The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`,
    );
    await ec2().detachInternetGateway({ InternetGatewayId, VpcId });
    await ec2().createTags({ Resources: [InternetGatewayId], Tags: [{ Key: 'a', Value: 'b' }] });
    await ec2().deleteInternetGateway({ InternetGatewayId });
    const call = ec2().deleteInternetGateway({ InternetGatewayId });
    await expectError(call, 'InvalidInternetGatewayID.NotFound');
    expect((await ec2().describeTags({})).Tags).toEqual([]);
  });
});

describe('DescribeInternetGateways', () => {
  it('filters by everything the reference lists', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, InternetGatewayId } = await attached(ec2());
    await ec2().createTags({ Resources: [InternetGatewayId], Tags: [{ Key: 'a', Value: 'b' }] });
    const matching: [string, string][] = [
      ['attachment.state', 'available'],
      ['attachment.vpc-id', VpcId],
      ['internet-gateway-id', InternetGatewayId],
      ['owner-id', '111111111111'],
      ['tag:a', 'b'],
      ['tag-key', 'a'],
    ];
    const found = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const { InternetGateways } = await ec2().describeInternetGateways({ Filters });
      return InternetGateways!.map((gateway) => gateway.InternetGatewayId);
    };
    for (const [name, value] of matching) {
      expect(await found(name, value), name).toContain(InternetGatewayId);
      expect(await found(name, 'no-such'), name).toEqual([]);
    }
  });

  it('G-041 G-042 fails for an unknown id, and gives pages', async () => {
    const { ec2 } = await testCloud({ quotas: false });
    const id = await makeGateway(ec2());
    const call = ec2().describeInternetGateways({ InternetGatewayIds: [id, UNKNOWN] });
    await expectError(call, 'InvalidInternetGatewayID.NotFound');
    for (let count = 0; count < 6; count++) await makeGateway(ec2());
    const first = await ec2().describeInternetGateways({ MaxResults: 5 });
    const { NextToken } = first;
    const rest = await ec2().describeInternetGateways({ MaxResults: 5, NextToken });
    expect([first, rest].map(({ InternetGateways }) => InternetGateways!.length)).toEqual([5, 3]);
  });
});
