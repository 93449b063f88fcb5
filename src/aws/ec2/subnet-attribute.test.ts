import type { EC2, ModifySubnetAttributeRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import {
  ipv6BlockOf,
  lookAtSubnet,
  makeSubnet,
  makeVpc,
} from '../../../test/support/vpc-fixture.ts';

/** A subnet in a VPC with an IPv6 block, and that block's first /64. */
async function dualStack(ec2: EC2): Promise<{ SubnetId: string; VpcId: string; block: string }> {
  const { VpcId } = await makeVpc(ec2, '10.0.0.0/16', true);
  const { SubnetId } = await makeSubnet(ec2, VpcId, '10.0.1.0/24');
  return { SubnetId, VpcId, block: await ipv6BlockOf(ec2, VpcId, 64) };
}

type Change = Omit<ModifySubnetAttributeRequest, 'SubnetId'>;

describe('ModifySubnetAttribute', () => {
  it('changes each attribute', async () => {
    const { ec2 } = await testCloud();
    const { SubnetId, block } = await dualStack(ec2());
    await ec2().associateSubnetCidrBlock({ SubnetId, Ipv6CidrBlock: block });
    const modify = (change: Change) => ec2().modifySubnetAttribute({ SubnetId, ...change });
    await modify({ MapPublicIpOnLaunch: { Value: true } });
    await modify({ AssignIpv6AddressOnCreation: { Value: true } });
    await modify({ EnableDns64: { Value: true } });
    await modify({ PrivateDnsHostnameTypeOnLaunch: 'resource-name' });
    await modify({ EnableResourceNameDnsARecordOnLaunch: { Value: true } });
    await modify({ EnableResourceNameDnsAAAARecordOnLaunch: { Value: true } });
    expect(await lookAtSubnet(ec2(), SubnetId)).toMatchObject({
      MapPublicIpOnLaunch: true,
      AssignIpv6AddressOnCreation: true,
      EnableDns64: true,
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: 'resource-name',
        EnableResourceNameDnsARecord: true,
        EnableResourceNameDnsAAAARecord: true,
      },
    });
  });

  it('takes exactly one attribute', async () => {
    const { ec2 } = await testCloud();
    const { SubnetId } = await dualStack(ec2());
    const two = { MapPublicIpOnLaunch: { Value: true }, EnableDns64: { Value: true } };
    const call = ec2().modifySubnetAttribute({ SubnetId, ...two });
    await expectError(call, 'InvalidParameterCombination');
    await expectError(ec2().modifySubnetAttribute({ SubnetId }), 'InvalidParameterCombination');
    expect((await lookAtSubnet(ec2(), SubnetId)).MapPublicIpOnLaunch).toBe(false);
  });

  it('assigns IPv6 addresses only where there is an IPv6 block', async () => {
    const { ec2 } = await testCloud();
    const { SubnetId } = await dualStack(ec2());
    const AssignIpv6AddressOnCreation = { Value: true };
    const call = ec2().modifySubnetAttribute({ SubnetId, AssignIpv6AddressOnCreation });
    await expectError(call, 'InvalidParameterValue', /assignIpv6AddressOnCreation/);
  });

  it('gives an IPv6-only subnet nothing of IPv4', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, block } = await dualStack(ec2());
    const request = { VpcId, Ipv6CidrBlock: block, Ipv6Native: true };
    const { Subnet } = await ec2().createSubnet(request);
    const changes: Change[] = [
      { MapPublicIpOnLaunch: { Value: true } },
      { EnableResourceNameDnsARecordOnLaunch: { Value: true } },
      { PrivateDnsHostnameTypeOnLaunch: 'ip-name' },
    ];
    for (const change of changes) {
      const call = ec2().modifySubnetAttribute({ SubnetId: Subnet!.SubnetId, ...change });
      await expectError(call, 'InvalidParameterValue');
    }
  });

  it('refuses what openvpc does not build, by name', async () => {
    const { ec2 } = await testCloud();
    const { SubnetId } = await dualStack(ec2());
    const call = ec2().modifySubnetAttribute({ SubnetId, EnableLniAtDeviceIndex: 1 });
    await expectError(call, 'UnsupportedOperation', /EnableLniAtDeviceIndex/);
  });
});

describe('AssociateSubnetCidrBlock', () => {
  it('A-015 goes from associating to associated', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2(), '10.0.0.0/16', true);
    await advance(500);
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const Ipv6CidrBlock = await ipv6BlockOf(ec2(), VpcId, 64);
    const answer = await ec2().associateSubnetCidrBlock({ SubnetId, Ipv6CidrBlock });
    expect(answer).toMatchObject({
      SubnetId,
      Ipv6CidrBlockAssociation: { Ipv6CidrBlock, Ipv6CidrBlockState: { State: 'associating' } },
    });
    await advance(500);
    const { Ipv6CidrBlockAssociationSet } = await lookAtSubnet(ec2(), SubnetId);
    expect(Ipv6CidrBlockAssociationSet).toMatchObject([
      { Ipv6CidrBlockState: { State: 'associated' } },
    ]);
  });

  it('A-012 A-015 refuses foreign, odd and second blocks', async () => {
    const { ec2 } = await testCloud();
    const { SubnetId, VpcId, block } = await dualStack(ec2());
    const associate = (id: string, Ipv6CidrBlock: string) =>
      ec2().associateSubnetCidrBlock({ SubnetId: id, Ipv6CidrBlock });
    await expectError(associate(SubnetId, '2001:db8::/64'), 'InvalidSubnet.Range');
    await expectError(associate(SubnetId, block.replace('/64', '/62')), 'InvalidSubnet.Range');
    await expectError(associate(SubnetId, '10.0.0.0/24'), 'InvalidParameterValue');
    await associate(SubnetId, block);
    await expectError(associate(SubnetId, block), 'SubnetIpv6CidrBlockLimitExceeded');
    const other = await makeSubnet(ec2(), VpcId, '10.0.2.0/24');
    await expectError(associate(other.SubnetId, block), 'InvalidSubnet.Conflict');
    await expectError(ec2().associateSubnetCidrBlock({ SubnetId }), 'MissingParameter');
  });
});

describe('DisassociateSubnetCidrBlock', () => {
  async function associated(options = {}) {
    const test = await testCloud(options);
    const ec2 = test.ec2();
    const { SubnetId, block } = await dualStack(ec2);
    const answer = await ec2.associateSubnetCidrBlock({ SubnetId, Ipv6CidrBlock: block });
    const AssociationId = answer.Ipv6CidrBlockAssociation!.AssociationId!;
    return { ...test, client: ec2, SubnetId, block, AssociationId };
  }

  it('goes from disassociating to disassociated, and vanishes', async () => {
    const { client, advance, SubnetId, AssociationId } = await associated();
    const states = async () =>
      (await lookAtSubnet(client, SubnetId)).Ipv6CidrBlockAssociationSet!.map(
        (one) => one.Ipv6CidrBlockState!.State,
      );
    const answer = await client.disassociateSubnetCidrBlock({ AssociationId });
    expect(answer.Ipv6CidrBlockAssociation!.Ipv6CidrBlockState!.State).toBe('disassociating');
    expect(await states()).toEqual(['disassociated']);
    await expectError(
      client.disassociateSubnetCidrBlock({ AssociationId }),
      'InvalidSubnetCidrBlockAssociationID.NotFound',
    );
    await advance(3_600_000);
    expect(await states()).toEqual([]);
  });

  it('refuses while the subnet assigns addresses of it', async () => {
    const { client, SubnetId, AssociationId } = await associated();
    const assign = (Value: boolean) =>
      client.modifySubnetAttribute({ SubnetId, AssignIpv6AddressOnCreation: { Value } });
    await assign(true);
    await expectError(
      client.disassociateSubnetCidrBlock({ AssociationId }),
      'InvalidCidrBlock.InUse',
      `The subnet IPv6 CIDR block with association ID ${AssociationId} may not be disassociated, because its subnet has assign-ipv6-address-on-creation set to true.`,
    );
    await assign(false);
    await client.disassociateSubnetCidrBlock({ AssociationId });
  });

  it('refuses while an interface has an address of it', async () => {
    const { client, SubnetId, AssociationId } = await associated();
    await client.createNetworkInterface({ SubnetId, Ipv6AddressCount: 1 });
    const call = client.disassociateSubnetCidrBlock({ AssociationId });
    await expectError(call, 'InvalidCidrBlock.InUse');
  });

  it('refuses while an interface has a block of it', async () => {
    const { client, SubnetId, AssociationId } = await associated();
    await client.createNetworkInterface({ SubnetId, Ipv6PrefixCount: 1 });
    const call = client.disassociateSubnetCidrBlock({ AssociationId });
    await expectError(call, 'InvalidCidrBlock.InUse');
  });

  it('G-016 G-025 finds only the caller’s associations', async () => {
    const { ec2, AssociationId } = await associated();
    const call = ec2(OTHER_ACCOUNT).disassociateSubnetCidrBlock({ AssociationId });
    await expectError(call, 'InvalidSubnetCidrBlockAssociationID.NotFound');
    const malformed = ec2().disassociateSubnetCidrBlock({ AssociationId: 'subnet-cidr-assoc-1' });
    await expectError(malformed, 'InvalidSubnetCidrBlockAssociationID.Malformed');
  });
});
