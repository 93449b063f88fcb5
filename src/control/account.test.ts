import { describe, expect, it } from 'vitest';
import { expectError } from '../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, SCOPE, testCloud } from '../../test/support/test-cloud.ts';
import { formatCidr } from '../net/cidr.ts';
import { ensureAccount } from './account.ts';

describe('ensureAccount', () => {
  it('makes a default VPC with a public subnet in each zone', async () => {
    const { ec2 } = await testCloud();
    const { Vpcs } = await ec2().describeVpcs({});
    expect(Vpcs).toMatchObject([{ CidrBlock: '172.31.0.0/16', IsDefault: true }]);
    const { Subnets } = await ec2().describeSubnets({});
    expect(Subnets!.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `us-east-1${letter}`),
    );
    for (const subnet of Subnets!) {
      expect(subnet).toMatchObject({
        CidrBlock: expect.stringMatching(/^172\.31\.\d+\.0\/20$/),
        MapPublicIpOnLaunch: true,
        DefaultForAz: true,
        AvailableIpAddressCount: 4091,
      });
    }
  });

  it('routes it to the internet', async () => {
    const { ec2 } = await testCloud();
    const { InternetGateways } = await ec2().describeInternetGateways({});
    const { RouteTables } = await ec2().describeRouteTables({});
    expect(RouteTables).toHaveLength(1);
    expect(RouteTables![0]!.Routes).toContainEqual(
      expect.objectContaining({
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: InternetGateways![0]!.InternetGatewayId,
        State: 'active',
      }),
    );
  });

  it('is available from the first call on, however long states take', async () => {
    const { ec2, cloud } = await testCloud({ transitions: 'aws' });
    const { Vpcs } = await ec2().describeVpcs({});
    const { Subnets } = await ec2().describeSubnets({});
    const states = [...Vpcs!, ...Subnets!].map(({ State }) => State);
    expect(new Set(states)).toEqual(new Set(['available']));
    expect([...cloud.model.all('timer')]).toEqual([]);
  });

  it('happens once: a deleted default VPC does not come back', async () => {
    const { ec2, cloud } = await testCloud();
    await Promise.all([ensureAccount(cloud, SCOPE), ensureAccount(cloud, SCOPE)]);
    const { Subnets } = await ec2().describeSubnets({});
    for (const { SubnetId } of Subnets!) await ec2().deleteSubnet({ SubnetId });
    const { InternetGateways } = await ec2().describeInternetGateways({});
    const { InternetGatewayId, Attachments } = InternetGateways![0]!;
    const { VpcId } = Attachments![0]!;
    await ec2().detachInternetGateway({ InternetGatewayId, VpcId });
    await ec2().deleteVpc({ VpcId });
    await ensureAccount(cloud, SCOPE);
    expect((await ec2().describeVpcs({})).Vpcs).toEqual([]);
  });

  it('is done for each account and Region that is used, and no other', async () => {
    const { ec2, cloud } = await testCloud();
    await ec2().describeVpcs({});
    await ec2(OTHER_ACCOUNT, 'eu-west-1').describeVpcs({});
    const owners = [...cloud.model.all('vpc')].map(({ account, region }) => `${account} ${region}`);
    expect(owners).toEqual([`${ACCOUNT} us-east-1`, `${OTHER_ACCOUNT} eu-west-1`]);
  });
});

describe('CreateDefaultVpc', () => {
  it('makes what a new account has, once it is gone', async () => {
    const { ec2, cloud } = await testCloud();
    await expectError(
      ec2().createDefaultVpc({}),
      'DefaultVpcAlreadyExists',
      'A Default VPC already exists for this account in this region.',
    );
    const { Subnets } = await ec2().describeSubnets({});
    const call = ec2().createDefaultSubnet({ AvailabilityZone: 'us-east-1a' });
    const message = `'${Subnets![0]!.SubnetId}' is already the default subnet in us-east-1a.`;
    await expectError(call, 'DefaultSubnetAlreadyExistsInAvailabilityZone', message);
    for (const { SubnetId } of Subnets!) await ec2().deleteSubnet({ SubnetId });
    const [gateway] = cloud.model.all('internet-gateway');
    const { vpcId: VpcId } = gateway!.attachment!;
    await ec2().detachInternetGateway({ InternetGatewayId: gateway!.id, VpcId });
    await ec2().deleteVpc({ VpcId });
    const none = ec2().createDefaultSubnet({ AvailabilityZone: 'us-east-1a' });
    await expectError(none, 'DefaultVpcDoesNotExist');
    const { Vpc } = await ec2().createDefaultVpc({});
    expect(Vpc).toMatchObject({ IsDefault: true, CidrBlock: '172.31.0.0/16' });
    expect((await ec2().describeSubnets({})).Subnets).toHaveLength(6);
  });
});

describe('an account whose beginning was forgotten', () => {
  it('keeps the default VPC it has', async () => {
    const { ec2, cloud } = await testCloud();
    const before = await ec2().describeVpcs({});
    await cloud.execute((tx) => {
      for (const { id } of [...tx.all('setting')]) tx.delete('setting', id);
    });
    expect((await ec2().describeVpcs({})).Vpcs).toEqual(before.Vpcs);
  });
});

describe('CreateDefaultSubnet', () => {
  it('takes the first free /20', async () => {
    const { ec2, cloud } = await testCloud();
    const { Subnets } = await ec2().describeSubnets({});
    const { SubnetId, VpcId } = Subnets![1]!;
    await ec2().deleteSubnet({ SubnetId });
    await ec2().createSubnet({ VpcId, CidrBlock: '172.31.20.0/24' });
    const { Subnet } = await ec2().createDefaultSubnet({ AvailabilityZoneId: 'use1-az2' });
    expect(Subnet).toMatchObject({
      CidrBlock: '172.31.96.0/20',
      DefaultForAz: true,
      MapPublicIpOnLaunch: true,
    });
    const blocks = [...cloud.model.all('subnet')].map(({ cidr }) => formatCidr(cidr!));
    expect(new Set(blocks).size).toBe(7);
  });

  it('needs a zone, and refuses IPv6-only subnets', async () => {
    const { ec2 } = await testCloud();
    await expectError(ec2().createDefaultSubnet({}), 'MissingParameter');
    const native = { AvailabilityZone: 'us-east-1a', Ipv6Native: true };
    await expectError(ec2().createDefaultSubnet(native), 'UnsupportedOperation', /Ipv6Native/);
    const unknown = ec2().createDefaultSubnet({ AvailabilityZone: 'us-east-1z' });
    await expectError(unknown, 'InvalidParameterValue');
  });

  it('refuses when no /20 is left', async () => {
    const { ec2 } = await testCloud();
    const { Subnets } = await ec2().describeSubnets({});
    const { SubnetId, VpcId } = Subnets![0]!;
    await ec2().deleteSubnet({ SubnetId });
    for (const index of [0, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
      await ec2().createSubnet({ VpcId, CidrBlock: `172.31.${index * 16}.0/28` });
    }
    const call = ec2().createDefaultSubnet({ AvailabilityZone: 'us-east-1a' });
    await expectError(call, 'InsufficientCidrBlocks');
  });
});
