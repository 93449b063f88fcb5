import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { zonesOf } from '../../model/region.ts';

describe('DescribeAvailabilityZones', () => {
  it('lists the zones of the Region', async () => {
    const { ec2 } = await testCloud();
    const { AvailabilityZones } = await ec2(ACCOUNT, 'eu-central-1').describeAvailabilityZones({});
    expect(AvailabilityZones!.map(({ ZoneName, ZoneId }) => `${ZoneName} ${ZoneId}`)).toEqual([
      'eu-central-1a euc1-az1',
      'eu-central-1b euc1-az2',
      'eu-central-1c euc1-az3',
    ]);
    expect(AvailabilityZones![0]).toEqual({
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      Messages: [],
      RegionName: 'eu-central-1',
      ZoneName: 'eu-central-1a',
      ZoneId: 'euc1-az1',
      GroupName: 'eu-central-1-zg-1',
      NetworkBorderGroup: 'eu-central-1',
      ZoneType: 'availability-zone',
    });
  });

  it('names are the same for every account, or each its own with shuffled zones', async () => {
    const idsOf = async (shuffledZones: boolean, account: string) => {
      const { ec2 } = await testCloud({ shuffledZones });
      const { AvailabilityZones } = await ec2(account).describeAvailabilityZones({});
      return AvailabilityZones!.map(({ ZoneId }) => ZoneId);
    };
    expect(await idsOf(false, ACCOUNT)).toEqual(await idsOf(false, OTHER_ACCOUNT));
    const [mine, theirs] = [await idsOf(true, ACCOUNT), await idsOf(true, OTHER_ACCOUNT)];
    expect(mine).not.toEqual(theirs);
    expect([...mine].sort()).toEqual([...theirs].sort());
    expect(await idsOf(true, ACCOUNT)).toEqual(mine);
  });

  it('takes names, ids and filters', async () => {
    const { ec2 } = await testCloud();
    const count = async (request: object) =>
      (await ec2().describeAvailabilityZones(request)).AvailabilityZones!.length;
    expect(await count({ ZoneNames: ['us-east-1a', 'us-east-1b'] })).toBe(2);
    expect(await count({ ZoneIds: ['use1-az3'], AllAvailabilityZones: true })).toBe(1);
    const filters: [string, string, number][] = [
      ['group-long-name', '*', 0],
      ['group-name', 'us-east-1-zg-1', 6],
      ['message', '*', 0],
      ['opt-in-status', 'opt-in-not-required', 6],
      ['parent-zone-id', '*', 0],
      ['parent-zone-name', '*', 0],
      ['region-name', 'us-east-1', 6],
      ['state', 'available', 6],
      ['zone-id', 'use1-az1', 1],
      ['zone-name', 'us-east-1[ab]', 0],
      ['zone-name', 'us-east-1*', 6],
      ['zone-type', 'local-zone', 0],
    ];
    for (const [Name, value, expected] of filters) {
      expect(await count({ Filters: [{ Name, Values: [value] }] }), Name).toBe(expected);
    }
  });

  it('refuses unknown zones', async () => {
    const { ec2 } = await testCloud();
    await expectError(
      ec2().describeAvailabilityZones({ ZoneNames: ['us-east-1z'] }),
      'InvalidParameterValue',
      'Invalid availability zone: [us-east-1z]',
    );
    const byId = ec2().describeAvailabilityZones({ ZoneIds: ['use1-az9'] });
    await expectError(byId, 'InvalidParameterValue');
  });

  it('G-028 with DryRun answers that it would have', async () => {
    const { ec2 } = await testCloud();
    await expectError(ec2().describeAvailabilityZones({ DryRun: true }), 'DryRunOperation');
  });
});

describe('zonesOf', () => {
  it('knows no zones of an unknown Region', () => {
    expect(zonesOf('mars-north-1', ACCOUNT, { shuffled: true, seed: 1 })).toEqual([]);
  });
});

describe('DescribeRegions', () => {
  it('lists every Region with its endpoint', async () => {
    const { ec2 } = await testCloud();
    const { Regions } = await ec2().describeRegions({ AllRegions: true });
    expect(Regions!.length).toBeGreaterThan(25);
    expect(Regions).toContainEqual({
      RegionName: 'eu-west-1',
      Endpoint: 'ec2.eu-west-1.amazonaws.com',
      OptInStatus: 'opt-in-not-required',
    });
    expect(Regions).toContainEqual(
      expect.objectContaining({ RegionName: 'af-south-1', OptInStatus: 'opted-in' }),
    );
  });

  it('takes names and filters, and refuses unknown ones', async () => {
    const { ec2 } = await testCloud();
    const names = async (request: object) =>
      (await ec2().describeRegions(request)).Regions!.map(({ RegionName }) => RegionName);
    expect(await names({ RegionNames: ['us-west-2'] })).toEqual(['us-west-2']);
    const filter = (Name: string, value: string) => ({ Filters: [{ Name, Values: [value] }] });
    expect(await names(filter('endpoint', '*.us-east-2.*'))).toEqual(['us-east-2']);
    expect(await names(filter('region-name', 'us-*'))).toHaveLength(4);
    expect(await names(filter('opt-in-status', 'not-opted-in'))).toEqual([]);
    await expectError(names({ RegionNames: ['mars-1'] }), 'InvalidParameterValue', /mars-1/);
  });
});

describe('DescribeAccountAttributes', () => {
  it('names the default VPC, or none', async () => {
    const { ec2 } = await testCloud();
    const defaultVpc = async () => {
      const { AccountAttributes } = await ec2().describeAccountAttributes({
        AttributeNames: ['default-vpc'],
      });
      expect(AccountAttributes).toHaveLength(1);
      return AccountAttributes![0]!.AttributeValues![0]!.AttributeValue;
    };
    const { Subnets } = await ec2().describeSubnets({});
    expect(await defaultVpc()).toBe(Subnets![0]!.VpcId);
    for (const { SubnetId } of Subnets!) await ec2().deleteSubnet({ SubnetId });
    const { InternetGateways } = await ec2().describeInternetGateways({});
    const { InternetGatewayId, Attachments } = InternetGateways![0]!;
    const { VpcId } = Attachments![0]!;
    await ec2().detachInternetGateway({ InternetGatewayId, VpcId });
    await ec2().deleteVpc({ VpcId });
    expect(await defaultVpc()).toBe('none');
  });

  it('lists all of them, and refuses unknown ones', async () => {
    const { ec2 } = await testCloud();
    const { AccountAttributes } = await ec2().describeAccountAttributes({});
    const names = AccountAttributes!.map(({ AttributeName }) => AttributeName);
    expect(names).toContain('supported-platforms');
    expect(names).toContain('vpc-max-security-groups-per-interface');
    const AttributeNames = ['color' as 'default-vpc'];
    const call = ec2().describeAccountAttributes({ AttributeNames });
    await expectError(call, 'InvalidParameterValue');
  });
});
