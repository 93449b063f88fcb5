import type { EC2, NetworkInterface } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  addressesOf,
  launchOne,
  lookAtInstance,
  lookAtInterface,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import { lookAtSubnet, makeSubnet } from '../../../test/support/vpc-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let vpcId: string;
let subnetId: string;
/** The subnet's IPv6 block without its length and zeros. */
let ipv6: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  ({ vpcId, subnetId } = await makeNetwork(ec2, true));
  const { Ipv6CidrBlockAssociationSet } = await lookAtSubnet(ec2, subnetId);
  ipv6 = Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!.replace('::/64', '');
});

const prefixes4 = ({ Ipv4Prefixes }: NetworkInterface) =>
  (Ipv4Prefixes ?? []).map(({ Ipv4Prefix }) => Ipv4Prefix);
const prefixes6 = ({ Ipv6Prefixes }: NetworkInterface) =>
  (Ipv6Prefixes ?? []).map(({ Ipv6Prefix }) => Ipv6Prefix);
const free = async () => (await lookAtSubnet(ec2, subnetId)).AvailableIpAddressCount;

describe('prefixes of a new interface', () => {
  it('are the subnet’s first free /28s, past what is reserved', async () => {
    const eni = await makeInterface(ec2, subnetId, { Ipv4PrefixCount: 2 });
    expect(prefixes4(eni)).toEqual(['10.0.0.16/28', '10.0.0.32/28']);
    expect(eni.PrivateIpAddress).toBe('10.0.0.4');
    const looked = await lookAtInterface(ec2, eni.NetworkInterfaceId);
    expect(prefixes4(looked)).toEqual(prefixes4(eni));
  });

  it('are those that are named', async () => {
    const Ipv4Prefixes = [{ Ipv4Prefix: '10.0.0.64/28' }];
    const Ipv6Prefixes = [{ Ipv6Prefix: `${ipv6}:1::/80` }];
    const eni = await makeInterface(ec2, subnetId, { Ipv4Prefixes, Ipv6Prefixes });
    expect(prefixes4(eni)).toEqual(['10.0.0.64/28']);
    expect(prefixes6(eni)).toEqual([`${ipv6}:1::/80`]);
  });

  it('of IPv6 are /80s of the subnet', async () => {
    const eni = await makeInterface(ec2, subnetId, { Ipv6PrefixCount: 3 });
    const blocks = prefixes6(eni);
    expect(new Set(blocks).size).toBe(3);
    for (const block of blocks) {
      expect(block).toMatch(/\/80$/);
      expect(block!.startsWith(ipv6)).toBe(true);
    }
  });

  it('keep their addresses from everybody else, and the other way round', async () => {
    const Ipv4Prefixes = [{ Ipv4Prefix: '10.0.0.16/28' }];
    await makeInterface(ec2, subnetId, { Ipv4Prefixes });
    await expectError(
      makeInterface(ec2, subnetId, { PrivateIpAddress: '10.0.0.20' }),
      'InvalidIPAddress.InUse',
    );
    await expectError(makeInterface(ec2, subnetId, { Ipv4Prefixes }), 'InvalidIPAddress.InUse');
    await makeInterface(ec2, subnetId, { PrivateIpAddress: '10.0.0.33' });
    await expectError(
      makeInterface(ec2, subnetId, { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.32/28' }] }),
      'InvalidIPAddress.InUse',
    );
    // Free addresses and blocks are looked for around them.
    const many = await makeInterface(ec2, subnetId, { SecondaryPrivateIpAddressCount: 11 });
    expect(addressesOf(many)).not.toContain('10.0.0.16');
    const next = await makeInterface(ec2, subnetId, { Ipv4PrefixCount: 1 });
    expect(prefixes4(next)).toEqual(['10.0.0.48/28']);
    const Ipv6Prefixes = [{ Ipv6Prefix: `${ipv6}:1::/80` }];
    await makeInterface(ec2, subnetId, { Ipv6Addresses: [{ Ipv6Address: `${ipv6}:1::5` }] });
    await expectError(makeInterface(ec2, subnetId, { Ipv6Prefixes }), 'InvalidIPAddress.InUse');
  });

  it('A-016 take sixteen addresses each, until there is no block left', async () => {
    const before = (await free())!;
    await makeInterface(ec2, subnetId, { Ipv4PrefixCount: 13 });
    expect(await free()).toBe(before - 1 - 13 * 16);
    await expectError(
      makeInterface(ec2, subnetId, { Ipv4PrefixCount: 2 }),
      'InsufficientCidrBlocks',
    );
  });

  it('A-013 A-014 never hold what is reserved', async () => {
    const small = await makeSubnet(ec2, vpcId, '10.0.9.0/28');
    await expectError(
      makeInterface(ec2, small.SubnetId, { Ipv4PrefixCount: 1 }),
      'InsufficientCidrBlocks',
    );
    for (const Ipv4Prefix of ['10.0.0.0/28', '10.0.0.240/28']) {
      await expectError(
        makeInterface(ec2, subnetId, { Ipv4Prefixes: [{ Ipv4Prefix }] }),
        'InvalidIPAddress.InUse',
      );
    }
    for (const Ipv6Prefix of [`${ipv6}::/80`, `${ipv6}:ffff::/80`]) {
      await expectError(
        makeInterface(ec2, subnetId, { Ipv6Prefixes: [{ Ipv6Prefix }] }),
        'InvalidIPAddress.InUse',
      );
    }
  });

  it.each([
    ['10.0.0.16/27', /\/28/],
    ['10.0.1.16/28', /does not fall within/],
    ['10.0.0.16', /not a valid CIDR/],
  ])('cannot be %s', async (Ipv4Prefix, why) => {
    const call = makeInterface(ec2, subnetId, { Ipv4Prefixes: [{ Ipv4Prefix }] });
    await expectError(call, 'InvalidParameterValue', why);
  });

  it('cannot be named twice, nor without IPv6, nor of IPv4 in an IPv6-only subnet', async () => {
    const twice = [{ Ipv4Prefix: '10.0.0.16/28' }, { Ipv4Prefix: '10.0.0.16/28' }];
    await expectError(
      makeInterface(ec2, subnetId, { Ipv4Prefixes: twice }),
      'InvalidParameterValue',
      /more than once/,
    );
    const plain = await makeSubnet(ec2, vpcId, '10.0.3.0/24');
    await expectError(
      makeInterface(ec2, plain.SubnetId, { Ipv6PrefixCount: 1 }),
      'InvalidParameterValue',
      /does not have an IPv6 CIDR block/,
    );
    const Ipv6CidrBlock = `${ipv6.slice(0, -1)}5::/64`;
    const { Subnet } = await ec2.createSubnet({ VpcId: vpcId, Ipv6CidrBlock, Ipv6Native: true });
    const only = Subnet!.SubnetId!;
    await expectError(
      makeInterface(ec2, only, { Ipv4PrefixCount: 1 }),
      'InvalidParameterValue',
      /IPv6-only/,
    );
    expect(prefixes6(await makeInterface(ec2, only, { Ipv6PrefixCount: 1 }))).toHaveLength(1);
  });

  it.each([
    { Ipv4PrefixCount: 1, Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.16/28' }] },
    { Ipv4PrefixCount: 1, SecondaryPrivateIpAddressCount: 1 },
    { Ipv4PrefixCount: 1, PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.9', Primary: true }] },
    { Ipv6PrefixCount: 1, Ipv6AddressCount: 1 },
  ])('are the only way to ask for addresses of their family: %j', async (request) => {
    await expectError(makeInterface(ec2, subnetId, request), 'InvalidParameterCombination');
  });
});

describe('prefixes of an interface there is', () => {
  let id: string;

  beforeEach(async () => {
    id = (await makeInterface(ec2, subnetId)).NetworkInterfaceId;
  });

  it('are assigned and unassigned', async () => {
    const NetworkInterfaceId = id;
    const before = await free();
    const four = await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, Ipv4PrefixCount: 1 });
    expect(four).toMatchObject({
      NetworkInterfaceId,
      AssignedIpv4Prefixes: [{ Ipv4Prefix: '10.0.0.16/28' }],
    });
    const Ipv6Prefixes = [`${ipv6}:7::/80`];
    const six = await ec2.assignIpv6Addresses({ NetworkInterfaceId, Ipv6Prefixes });
    expect(six).toMatchObject({ AssignedIpv6Prefixes: Ipv6Prefixes });
    const eni = await lookAtInterface(ec2, id);
    expect([prefixes4(eni), prefixes6(eni)]).toEqual([['10.0.0.16/28'], Ipv6Prefixes]);
    await ec2.unassignPrivateIpAddresses({ NetworkInterfaceId, Ipv4Prefixes: ['10.0.0.16/28'] });
    const gone = await ec2.unassignIpv6Addresses({ NetworkInterfaceId, Ipv6Prefixes });
    expect(gone.UnassignedIpv6Prefixes).toEqual(Ipv6Prefixes);
    const after = await lookAtInterface(ec2, id);
    expect([after.Ipv4Prefixes, after.Ipv6Prefixes]).toEqual([undefined, undefined]);
    expect(await free()).toBe(before);
  });

  it('are asked for in one way', async () => {
    const NetworkInterfaceId = id;
    await expectError(
      ec2.assignPrivateIpAddresses({
        NetworkInterfaceId,
        Ipv4PrefixCount: 1,
        SecondaryPrivateIpAddressCount: 1,
      }),
      'InvalidParameterCombination',
    );
    await expectError(
      ec2.assignIpv6Addresses({
        NetworkInterfaceId,
        Ipv6PrefixCount: 1,
        Ipv6Prefixes: [`${ipv6}:7::/80`],
      }),
      'InvalidParameterCombination',
    );
    await expectError(
      ec2.unassignPrivateIpAddresses({ NetworkInterfaceId, Ipv4Prefixes: ['10.0.0.16/28'] }),
      'InvalidParameterValue',
      /not assigned/,
    );
    await expectError(ec2.unassignIpv6Addresses({ NetworkInterfaceId }), 'MissingParameter');
  });

  it('G-024 keep their addresses, even from reassignment', async () => {
    const NetworkInterfaceId = id;
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, Ipv4PrefixCount: 1 });
    const other = await makeInterface(ec2, subnetId);
    await expectError(
      ec2.assignPrivateIpAddresses({
        NetworkInterfaceId: other.NetworkInterfaceId,
        PrivateIpAddresses: ['10.0.0.20'],
        AllowReassignment: true,
      }),
      'Resource.AlreadyAssigned',
    );
  });

  it('count as one address each of what an instance may have', async () => {
    const InstanceId = await launchOne(ec2, { SubnetId: subnetId });
    const { NetworkInterfaces } = await lookAtInstance(ec2, InstanceId);
    const NetworkInterfaceId = NetworkInterfaces![0]!.NetworkInterfaceId!;
    // A t3.small has room for four.
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, Ipv4PrefixCount: 2 });
    await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 });
    await expectError(
      ec2.assignPrivateIpAddresses({ NetworkInterfaceId, Ipv4PrefixCount: 1 }),
      'PrivateIpAddressLimitExceeded',
    );
    await expectError(
      ec2.assignPrivateIpAddresses({ NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 }),
      'PrivateIpAddressLimitExceeded',
    );
  });

  it('are free again when the interface is gone', async () => {
    const Ipv4Prefixes = [{ Ipv4Prefix: '10.0.0.16/28' }];
    const eni = await makeInterface(ec2, subnetId, { Ipv4Prefixes });
    const { NetworkInterfaceId } = eni;
    await ec2.deleteNetworkInterface({ NetworkInterfaceId });
    expect(prefixes4(await makeInterface(ec2, subnetId, { Ipv4Prefixes }))).toHaveLength(1);
  });
});

describe('prefixes at a launch', () => {
  it('are the new interface’s, and shown with the instance', async () => {
    const Ipv6Prefixes = [{ Ipv6Prefix: `${ipv6}:9::/80` }];
    const InstanceId = await launchOne(ec2, {
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, Ipv4PrefixCount: 1, Ipv6Prefixes }],
    });
    const { NetworkInterfaces } = await lookAtInstance(ec2, InstanceId);
    expect(NetworkInterfaces![0]).toMatchObject({
      Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.16/28' }],
      Ipv6Prefixes,
    });
  });

  it('count in what the type may have, and not beside an existing interface', async () => {
    const launch = (request: object) =>
      launchOne(ec2, { NetworkInterfaces: [{ DeviceIndex: 0, ...request }] });
    await expectError(
      launch({ SubnetId: subnetId, Ipv4PrefixCount: 4 }),
      'PrivateIpAddressLimitExceeded',
    );
    const { NetworkInterfaceId } = await makeInterface(ec2, subnetId);
    await expectError(
      launch({ NetworkInterfaceId, Ipv4PrefixCount: 1 }),
      'InvalidParameterCombination',
    );
  });
});
