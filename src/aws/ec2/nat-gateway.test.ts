import { describe, expect, it } from 'vitest';
import {
  allocate,
  lookAtAddress,
  makePublicNetwork,
} from '../../../test/support/elastic-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  lookAtInterface,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { lookAtNat, makeNat, makePrivateNat } from '../../../test/support/nat-fixture.ts';
import { lookAtRoute, makeTable } from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'nat-0123456789abcdef0';
const HOUR = 3_600_000;

describe('CreateNatGateway', () => {
  it('A-101 G-046 a public one is pending, then available', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { subnetId, vpcId } = await makePublicNetwork(ec2());
    const { AllocationId, PublicIp } = await allocate(ec2());
    const Tags = [{ Key: 'Name', Value: 'a' }];
    const { NatGateway } = await ec2().createNatGateway({
      SubnetId: subnetId,
      AllocationId,
      TagSpecifications: [{ ResourceType: 'natgateway', Tags }],
    });
    const { AssociationId } = await lookAtAddress(ec2(), AllocationId);
    const address = {
      AllocationId,
      AssociationId,
      PublicIp,
      PrivateIp: '10.0.0.4',
      NetworkInterfaceId: expect.stringMatching(/^eni-/),
      IsPrimary: true,
    };
    expect(NatGateway).toEqual({
      NatGatewayId: expect.stringMatching(/^nat-[0-9a-f]{17}$/),
      VpcId: vpcId,
      SubnetId: subnetId,
      State: 'pending',
      ConnectivityType: 'public',
      AvailabilityMode: 'zonal',
      CreateTime: new Date(Date.UTC(2026, 0, 1)),
      NatGatewayAddresses: [{ ...address, Status: 'associating' }],
      Tags,
    });
    await advance(50);
    expect(await lookAtNat(ec2(), NatGateway!.NatGatewayId!)).toEqual({
      ...NatGateway,
      State: 'available',
      NatGatewayAddresses: [{ ...address, Status: 'succeeded' }],
    });
  });

  it('A-094 a private one has no elastic address and needs no gateway', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makeNetwork(ec2());
    const made = await makePrivateNat(ec2(), subnetId, { PrivateIpAddress: '10.0.0.9' });
    const { State, NatGatewayAddresses } = await lookAtNat(ec2(), made.NatGatewayId);
    expect(State).toBe('available');
    expect(NatGatewayAddresses).toEqual([
      {
        PrivateIp: '10.0.0.9',
        NetworkInterfaceId: expect.stringMatching(/^eni-/),
        IsPrimary: true,
        Status: 'succeeded',
      },
    ]);
  });

  it('A-099 its interface is the service’s: no groups, nothing its owner may change', async () => {
    const { ec2 } = await testCloud();
    const { subnetId, groupId } = await makePublicNetwork(ec2());
    const { NatGatewayId, NatGatewayAddresses } = await makeNat(ec2(), subnetId);
    const { NetworkInterfaceId, AssociationId } = NatGatewayAddresses[0]!;
    expect(await lookAtInterface(ec2(), NetworkInterfaceId!)).toMatchObject({
      InterfaceType: 'nat_gateway',
      RequesterManaged: true,
      SourceDestCheck: false,
      Status: 'in-use',
      Groups: [],
      Description: `Interface for NAT Gateway ${NatGatewayId}`,
      Association: { AssociationId, IpOwnerId: '111111111111' },
    });
    const groups = { NetworkInterfaceId, Groups: [groupId] };
    await expectError(ec2().modifyNetworkInterfaceAttribute(groups), 'OperationNotPermitted');
    await expectError(
      ec2().deleteNetworkInterface({ NetworkInterfaceId }),
      'InvalidParameterValue',
    );
    await expectError(ec2().disassociateAddress({ AssociationId }), 'AuthFailure');
    const { AllocationId } = await allocate(ec2());
    await expectError(
      ec2().associateAddress({ AllocationId, NetworkInterfaceId }),
      'OperationNotPermitted',
    );
  });

  it('its elastic address is in use: nobody else gets it, nor is it released', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const { NatGatewayAddresses } = await makeNat(ec2(), subnetId);
    const { AllocationId } = NatGatewayAddresses[0]!;
    const { NetworkInterfaceId } = await makeInterface(ec2(), subnetId);
    await expectError(
      ec2().associateAddress({ AllocationId, NetworkInterfaceId }),
      'Resource.AlreadyAssociated',
    );
    await expectError(ec2().releaseAddress({ AllocationId }), 'InvalidIPAddress.InUse');
  });

  it('G-030 G-032 a client token makes one gateway', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const { AllocationId } = await allocate(ec2());
    const request = { SubnetId: subnetId, AllocationId, ClientToken: 'once' };
    const first = await ec2().createNatGateway(request);
    const second = await ec2().createNatGateway(request);
    expect(second.ClientToken).toBe('once');
    expect(second.NatGateway!.NatGatewayId).toBe(first.NatGateway!.NatGatewayId);
    const other = ec2().createNatGateway({ ...request, PrivateIpAddress: '10.0.0.77' });
    await expectError(other, 'IdempotentParameterMismatch');
  });

  it('G-023 G-028 stops at five in a zone and obeys DryRun', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makeNetwork(ec2());
    await expectError(makePrivateNat(ec2(), subnetId, { DryRun: true }), 'DryRunOperation');
    const first = await makePrivateNat(ec2(), subnetId);
    for (let count = 1; count < 5; count++) await makePrivateNat(ec2(), subnetId);
    await expectError(makePrivateNat(ec2(), subnetId), 'NatGatewayLimitExceeded');
    await ec2().deleteNatGateway({ NatGatewayId: first.NatGatewayId });
    await makePrivateNat(ec2(), subnetId);
  });

  it.each([
    [{ AvailabilityMode: 'regional' as const }, 'UnsupportedOperation'],
    [{ AvailabilityZoneAddresses: [{ AvailabilityZone: 'us-east-1a' }] }, 'UnsupportedOperation'],
    [{ SubnetId: 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
    [{ SubnetId: '' }, 'MissingParameter'],
    [{ AllocationId: 'eipalloc-0123456789abcdef0' }, 'InvalidAllocationID.NotFound'],
    [{ AllocationId: '' }, 'MissingParameter'],
    [{ ConnectivityType: 'private' as const }, 'InvalidParameterCombination'],
    [{ ConnectivityType: 'hybrid' as never }, 'InvalidParameterValue'],
    [{ PrivateIpAddress: '10.0.0.2' }, 'InvalidParameterValue'],
    [{ PrivateIpAddress: '10.0.0.x' }, 'InvalidParameterValue'],
    [{ SecondaryPrivateIpAddresses: ['10.0.0.50'] }, 'InvalidParameterValue'],
    [{ SecondaryPrivateIpAddressCount: 1 }, 'InvalidParameterCombination'],
  ])('refuses %o', async (request, code) => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    await expectError(makeNat(ec2(), subnetId, request), code);
  });

  it('refuses a private address that is taken', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const { PrivateIpAddress } = await makeInterface(ec2(), subnetId);
    await expectError(makeNat(ec2(), subnetId, { PrivateIpAddress }), 'InvalidIPAddress.InUse');
  });

  it('takes further addresses, of each kind as many as the quota lets it', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const second = await allocate(ec2());
    const made = await makeNat(ec2(), subnetId, {
      SecondaryAllocationIds: [second.AllocationId],
      SecondaryPrivateIpAddresses: ['10.0.0.50'],
    });
    const shown = made.NatGatewayAddresses.map((one) => [one.PrivateIp, one.IsPrimary]);
    expect(shown).toEqual([
      ['10.0.0.4', true],
      ['10.0.0.50', false],
    ]);
    expect(made.NatGatewayAddresses[1]!.PublicIp).toBe(second.PublicIp);
    const more = [(await allocate(ec2())).AllocationId, (await allocate(ec2())).AllocationId];
    await expectError(
      makeNat(ec2(), subnetId, { SecondaryAllocationIds: more }),
      'AddressLimitExceeded',
    );
    const spare = await makePrivateNat(ec2(), subnetId, { SecondaryPrivateIpAddressCount: 7 });
    expect(spare.NatGatewayAddresses).toHaveLength(8);
    await expectError(
      makePrivateNat(ec2(), subnetId, { SecondaryPrivateIpAddressCount: 8 }),
      'PrivateIpAddressLimitExceeded',
    );
  });
});

describe('a gateway that fails', () => {
  it('A-101 A-092 without an internet gateway in the VPC', async () => {
    const { ec2, cloud, advance } = await testCloud();
    const { subnetId, vpcId } = await makeNetwork(ec2());
    const made = await makeNat(ec2(), subnetId);
    expect(made).toMatchObject({ State: 'pending', NatGatewayAddresses: [] });
    expect(made).not.toHaveProperty('FailureCode');
    expect(await lookAtNat(ec2(), made.NatGatewayId)).toMatchObject({
      State: 'failed',
      FailureCode: 'Gateway.NotAttached',
      FailureMessage: `Network ${vpcId} has no Internet gateway attached`,
    });
    expect(faultsOf(cloud.model)).toEqual([]);
    await advance(HOUR);
    await expectError(lookAtNat(ec2(), made.NatGatewayId), 'NatGatewayNotFound');
  });

  it('A-101 with an elastic address that is associated', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const { NatGatewayAddresses } = await makeNat(ec2(), subnetId);
    const AllocationId = NatGatewayAddresses[0]!.AllocationId!;
    const second = await makeNat(ec2(), subnetId, { AllocationId });
    expect(await lookAtNat(ec2(), second.NatGatewayId)).toMatchObject({
      State: 'failed',
      FailureCode: 'Resource.AlreadyAssociated',
      FailureMessage: `Elastic IP address ${AllocationId} is already associated`,
    });
  });

  it('A-016 A-101 in a full subnet', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.0.0/28');
    await makePrivateNat(ec2(), SubnetId, { SecondaryPrivateIpAddressCount: 7 });
    const made = await makePrivateNat(ec2(), SubnetId, { SecondaryPrivateIpAddressCount: 3 });
    const { State, FailureCode } = await lookAtNat(ec2(), made.NatGatewayId);
    expect([State, FailureCode]).toEqual(['failed', 'InsufficientFreeAddressesInSubnet']);
    await ec2().deleteNatGateway({ NatGatewayId: made.NatGatewayId });
    expect((await lookAtNat(ec2(), made.NatGatewayId)).State).toBe('deleted');
  });
});

describe('DeleteNatGateway', () => {
  it('A-101 is deleting, deleted and shown for an hour; its addresses are free', async () => {
    const { ec2, cloud, advance } = await testCloud({ transitions: 'fast' });
    const { subnetId } = await makePublicNetwork(ec2());
    const { NatGatewayId, NatGatewayAddresses } = await makeNat(ec2(), subnetId);
    await advance(50);
    const deletion = await ec2().deleteNatGateway({ NatGatewayId });
    expect(deletion.NatGatewayId).toBe(NatGatewayId);
    expect((await lookAtNat(ec2(), NatGatewayId)).State).toBe('deleting');
    await ec2().deleteNatGateway({ NatGatewayId });
    await expectError(ec2().deleteSubnet({ SubnetId: subnetId }), 'DependencyViolation');
    await advance(50);
    const gone = await lookAtNat(ec2(), NatGatewayId);
    expect(gone).toMatchObject({ State: 'deleted', DeleteTime: expect.any(Date) });
    expect(gone.NatGatewayAddresses).toHaveLength(1);
    const { AllocationId, NetworkInterfaceId } = NatGatewayAddresses[0]!;
    await expectError(
      lookAtInterface(ec2(), NetworkInterfaceId!),
      'InvalidNetworkInterfaceID.NotFound',
    );
    await ec2().releaseAddress({ AllocationId });
    await ec2().deleteSubnet({ SubnetId: subnetId });
    expect(faultsOf(cloud.model)).toEqual([]);
    await expectError(ec2().deleteNatGateway({ NatGatewayId }), 'NatGatewayNotFound');
    await advance(HOUR);
    await expectError(lookAtNat(ec2(), NatGatewayId), 'NatGatewayNotFound');
  });

  it('G-016 G-018 G-025 names what is wrong with an id', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makeNetwork(ec2());
    const { NatGatewayId } = await makePrivateNat(ec2(), subnetId);
    const remove = (id: string, account?: string) =>
      ec2(account).deleteNatGateway({ NatGatewayId: id });
    await expectError(remove('nat-1'), 'NatGatewayMalformed');
    await expectError(remove(UNKNOWN), 'NatGatewayNotFound');
    await expectError(remove(NatGatewayId, OTHER_ACCOUNT), 'NatGatewayNotFound');
  });

  it('G-019 an internet gateway stays while a NAT gateway’s address is mapped', async () => {
    const { ec2 } = await testCloud();
    const { subnetId, vpcId: VpcId, gatewayId } = await makePublicNetwork(ec2());
    const { NatGatewayId } = await makeNat(ec2(), subnetId);
    const detach = () => ec2().detachInternetGateway({ VpcId, InternetGatewayId: gatewayId });
    await expectError(detach(), 'DependencyViolation');
    await ec2().deleteNatGateway({ NatGatewayId });
    await detach();
  });
});

describe('DescribeNatGateways', () => {
  it('G-037 G-040 finds by every filter, a page at a time', async () => {
    const { ec2 } = await testCloud();
    const { subnetId, vpcId } = await makePublicNetwork(ec2());
    const { NatGatewayId } = await makeNat(ec2(), subnetId);
    const elsewhere = await makeVpc(ec2(), '10.1.0.0/16');
    const other = await makeSubnet(ec2(), elsewhere.VpcId, '10.1.0.0/24');
    const gone = await makePrivateNat(ec2(), other.SubnetId);
    await ec2().deleteNatGateway({ NatGatewayId: gone.NatGatewayId });
    await ec2().createTags({ Resources: [NatGatewayId], Tags: [{ Key: 'Name', Value: 'here' }] });
    const values: Record<string, string> = {
      'nat-gateway-id': NatGatewayId,
      state: 'available',
      'subnet-id': subnetId,
      'vpc-id': vpcId,
      'tag:Name': 'here',
      'tag-key': 'Name',
    };
    for (const [Name, value] of Object.entries(values)) {
      const found = await ec2().describeNatGateways({ Filter: [{ Name, Values: [value] }] });
      const ids = found.NatGateways!.map((one) => one.NatGatewayId);
      expect([Name, ids]).toEqual([Name, [NatGatewayId]]);
    }
    for (let count = 0; count < 4; count++) await makePrivateNat(ec2(), other.SubnetId);
    const first = await ec2().describeNatGateways({ MaxResults: 5 });
    expect(first.NatGateways).toHaveLength(5);
    const rest = await ec2().describeNatGateways({ MaxResults: 5, NextToken: first.NextToken });
    expect(rest.NatGateways).toHaveLength(1);
    await expectError(ec2().describeNatGateways({ MaxResults: 4 }), 'InvalidParameterValue');
  });
});

describe('routes to a NAT gateway', () => {
  it('A-039 A-041 lead to it while it is available, then nowhere, until they are replaced', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { subnetId, vpcId, gatewayId } = await makePublicNetwork(ec2());
    const { NatGatewayId } = await makeNat(ec2(), subnetId);
    const table = await makeTable(ec2(), vpcId);
    const route = { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' };
    await ec2().createRoute({ ...route, NatGatewayId });
    const look = () => lookAtRoute(ec2(), table, '0.0.0.0/0');
    await advance(50);
    expect(await look()).toEqual({
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId,
      Origin: 'CreateRoute',
      State: 'active',
    });
    await ec2().deleteNatGateway({ NatGatewayId });
    await advance(2 * HOUR);
    expect(await look()).toMatchObject({ NatGatewayId, State: 'blackhole' });
    const Filters = [{ Name: 'route.nat-gateway-id', Values: [NatGatewayId] }];
    const { RouteTables } = await ec2().describeRouteTables({ Filters });
    expect(RouteTables!.map((one) => one.RouteTableId)).toEqual([table]);
    await ec2().replaceRoute({ ...route, GatewayId: gatewayId });
    expect(await look()).toMatchObject({ GatewayId: gatewayId, State: 'active' });
  });

  it('A-053 A-054 are IPv4, or NAT64, in its own VPC', async () => {
    const { ec2 } = await testCloud();
    const { subnetId, vpcId } = await makeNetwork(ec2(), true);
    const { NatGatewayId } = await makePrivateNat(ec2(), subnetId);
    const RouteTableId = await makeTable(ec2(), vpcId);
    const add = (block: string) =>
      ec2().createRoute({ RouteTableId, NatGatewayId, DestinationIpv6CidrBlock: block });
    await expectError(add('::/0'), 'InvalidParameterValue');
    await add('64:ff9b::/96');
    const elsewhere = await makeVpc(ec2(), '10.1.0.0/16');
    const foreign = {
      RouteTableId: await makeTable(ec2(), elsewhere.VpcId),
      DestinationCidrBlock: '0.0.0.0/0',
    };
    await expectError(ec2().createRoute({ ...foreign, NatGatewayId }), 'InvalidParameterValue');
    await ec2().deleteNatGateway({ NatGatewayId });
    const late = { RouteTableId, NatGatewayId, DestinationCidrBlock: '0.0.0.0/0' };
    await expectError(ec2().createRoute(late), 'NatGatewayNotFound');
  });

  it('A-030 A-032 may take a subnet’s traffic, or all of the VPC’s', async () => {
    const { ec2 } = await testCloud();
    const { subnetId, vpcId } = await makeNetwork(ec2());
    const { NatGatewayId } = await makePrivateNat(ec2(), subnetId);
    const RouteTableId = await makeTable(ec2(), vpcId);
    const to = (DestinationCidrBlock: string) => {
      return { RouteTableId, NatGatewayId, DestinationCidrBlock };
    };
    await ec2().createRoute(to('10.0.0.0/24'));
    await expectError(ec2().createRoute(to('10.0.1.0/25')), 'InvalidParameterValue');
    await ec2().replaceRoute(to('10.0.0.0/16'));
    const route = await lookAtRoute(ec2(), RouteTableId, '10.0.0.0/16');
    expect(route).toMatchObject({ NatGatewayId, Origin: 'CreateRouteTable' });
  });
});
