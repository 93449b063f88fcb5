import type { EC2, VpnConnectionOptionsSpecification } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../../test/support/transit-fixture.ts';
import {
  addRoute,
  connect,
  connectStatic,
  lookAtConnection,
  makeCustomerGateway,
  makeVpnGateway,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let CustomerGatewayId: string;
let VpnGatewayId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  CustomerGatewayId = await makeCustomerGateway(ec2);
  VpnGatewayId = await makeVpnGateway(ec2);
});

const options = (Options: VpnConnectionOptionsSpecification, gateway: object = { VpnGatewayId }) =>
  connect(ec2, { CustomerGatewayId, ...gateway, Options });

describe('CreateVpnConnection', () => {
  it('H-006 H-007 passes through its states, at a virtual private gateway', async () => {
    const fast = await testCloud({ transitions: 'fast' });
    const client = fast.ec2();
    const gateways = {
      CustomerGatewayId: await makeCustomerGateway(client),
      VpnGatewayId: await makeVpnGateway(client),
    };
    await fast.advance(50);
    const { VpnConnection } = await client.createVpnConnection({
      Type: 'ipsec.1',
      ...gateways,
      TagSpecifications: [{ ResourceType: 'vpn-connection', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    const id = VpnConnection!.VpnConnectionId!;
    expect(id).toMatch(/^vpn-[0-9a-f]{17}$/);
    expect(VpnConnection).toMatchObject({
      ...gateways,
      Category: 'VPN',
      Type: 'ipsec.1',
      State: 'pending',
      GatewayAssociationState: 'associating',
      Routes: [],
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    await fast.advance(50);
    const seen = () => lookAtConnection(client, id);
    const available = { State: 'available', GatewayAssociationState: 'associated' };
    expect(await seen()).toMatchObject(available);
    await client.deleteVpnConnection({ VpnConnectionId: id });
    const deleting = { State: 'deleting', GatewayAssociationState: 'disassociating' };
    expect(await seen()).toMatchObject(deleting);
    await fast.advance(50);
    const deleted = { State: 'deleted', GatewayAssociationState: 'not-associated', ...gateways };
    expect(await seen()).toMatchObject(deleted);
  });

  it('H-006 ends at one gateway, or at none yet', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    await expectError(options({}, { VpnGatewayId, TransitGatewayId }), 'InvalidParameterValue');
    const loose = await options({}, {});
    expect(loose.GatewayAssociationState).toBe('not-associated');
    expect(loose.VpnGatewayId).toBeUndefined();
    expect(loose.TransitGatewayId).toBeUndefined();
    const concentrator = ec2.createVpnConnection({
      Type: 'ipsec.1',
      CustomerGatewayId,
      VpnConcentratorId: 'vcn-0123456789abcdef0',
    });
    await expectError(concentrator, 'UnsupportedOperation');
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('has the errors of types and ids', async () => {
    const type = ec2.createVpnConnection({ Type: 'ipsec.2', CustomerGatewayId });
    await expectError(type, 'InvalidParameterValue');
    const to = (gateways: object) => connect(ec2, { CustomerGatewayId, ...gateways });
    const unknown = '0123456789abcdef0';
    const cgw = to({ CustomerGatewayId: `cgw-${unknown}` });
    await expectError(cgw, 'InvalidCustomerGatewayID.NotFound');
    const malformed = to({ CustomerGatewayId: 'cgw-1' });
    await expectError(malformed, 'InvalidCustomerGatewayId.Malformed');
    await expectError(to({ VpnGatewayId: `vgw-${unknown}` }), 'InvalidVpnGatewayID.NotFound');
    const transit = to({ TransitGatewayId: `tgw-${unknown}` });
    await expectError(transit, 'InvalidTransitGatewayID.NotFound');
    const foreign = await makeTransitGateway(test.ec2(OTHER_ACCOUNT));
    await expectError(to({ TransitGatewayId: foreign }), 'InvalidTransitGatewayID.NotFound');
  });

  it('H-001 needs an available customer gateway, and an available gateway', async () => {
    const fast = await testCloud({ transitions: 'fast' });
    const client = fast.ec2();
    const cgw = await makeCustomerGateway(client);
    const call = (gateways: object) => connect(client, { CustomerGatewayId: cgw, ...gateways });
    await expectError(call({}), 'InvalidCustomerGatewayState');
    await fast.advance(50);
    const gateway = await makeVpnGateway(client);
    await expectError(call({ VpnGatewayId: gateway }), 'InvalidVpnGatewayState');
    const TransitGatewayId = await makeTransitGateway(client);
    await expectError(call({ TransitGatewayId }), 'IncorrectState');
  });

  it('H-005 one address leads to a virtual private gateway once, and to others', async () => {
    const first = await options({});
    await expectError(options({}), 'InvalidCustomerGateway.DuplicateIpAddress');
    const { CustomerGateway } = await ec2.createCustomerGateway({
      Type: 'ipsec.1',
      IpAddress: '203.0.113.1',
      DeviceName: 'other',
    });
    const same = { CustomerGatewayId: CustomerGateway!.CustomerGatewayId!, VpnGatewayId };
    await expectError(connect(ec2, same), 'InvalidCustomerGateway.DuplicateIpAddress');
    await options({}, { VpnGatewayId: await makeVpnGateway(ec2) });
    const TransitGatewayId = await makeTransitGateway(ec2);
    await options({}, { TransitGatewayId });
    await options({}, { TransitGatewayId });
    await ec2.deleteVpnConnection({ VpnConnectionId: first.VpnConnectionId! });
    await connect(ec2, same);
  });

  it('H-022 a Region has fifty, a virtual private gateway ten', async () => {
    const made = (count: number) => makeCustomerGateway(ec2, `203.0.113.${count}`);
    for (let count = 1; count <= 10; count++) {
      await connect(ec2, { CustomerGatewayId: await made(count), VpnGatewayId });
    }
    const eleventh = connect(ec2, { CustomerGatewayId: await made(11), VpnGatewayId });
    await expectError(eleventh, 'VpnConnectionLimitExceeded', new RegExp(VpnGatewayId));
    for (let count = 10; count < 50; count++) await options({}, {});
    await expectError(options({}, {}), 'VpnConnectionLimitExceeded');
    await connect(test.ec2(undefined, 'eu-west-1'));
  });

  it('H-022 ten are accelerated', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const accelerated = () => options({ EnableAcceleration: true }, { TransitGatewayId });
    for (let count = 0; count < 10; count++) await accelerated();
    await expectError(accelerated(), 'VpnConnectionLimitExceeded');
    await options({}, { TransitGatewayId });
  });

  it('H-040 BGP is between two systems', async () => {
    const same = await makeCustomerGateway(ec2, '203.0.113.7', 64_512);
    const call = (StaticRoutesOnly: boolean, gateway: object) =>
      connect(ec2, { CustomerGatewayId: same, ...gateway, Options: { StaticRoutesOnly } });
    const TransitGatewayId = await makeTransitGateway(ec2);
    await expectError(call(false, { VpnGatewayId }), 'InvalidParameterValue', /ASN/);
    await expectError(call(false, { TransitGatewayId }), 'InvalidParameterValue', /ASN/);
    await call(true, { VpnGatewayId });
  });
});

describe('its options', () => {
  it('H-009 H-010 H-014 H-021 have defaults', async () => {
    const { Options } = await options({});
    expect(Options).toMatchObject({
      EnableAcceleration: false,
      StaticRoutesOnly: false,
      LocalIpv4NetworkCidr: '0.0.0.0/0',
      RemoteIpv4NetworkCidr: '0.0.0.0/0',
      OutsideIpAddressType: 'PublicIpv4',
      TunnelInsideIpVersion: 'ipv4',
      TunnelBandwidth: 'standard',
    });
    expect(Options).not.toHaveProperty('LocalIpv6NetworkCidr');
  });

  it('H-010 H-013 H-014 carry IPv6 at a transit gateway', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const inside = { TunnelInsideIpVersion: 'ipv6' } as const;
    const { Options } = await options(inside, { TransitGatewayId });
    expect(Options).toMatchObject({
      LocalIpv6NetworkCidr: '::/0',
      RemoteIpv6NetworkCidr: '::/0',
      TunnelInsideIpVersion: 'ipv6',
    });
    for (const { TunnelInsideIpv6Cidr, TunnelInsideCidr } of Options!.TunnelOptions!) {
      expect(TunnelInsideIpv6Cidr).toMatch(/^fd[0-9a-f:]+\/126$/);
      expect(TunnelInsideCidr).toMatch(/^169\.254\.\d+\.\d+\/30$/);
    }
    await options(inside, {});
    await expectError(options(inside), 'InvalidParameterValue');
    const outside = { OutsideIpAddressType: 'Ipv6' };
    await expectError(options(outside, { TransitGatewayId }), 'InvalidParameterValue');
  });

  it('H-010 C-102 an IPv6 address outside needs an IPv6 device and a transit gateway', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const device = await makeCustomerGateway(ec2, '2001:db8::9');
    const call = (request: object, Options: VpnConnectionOptionsSpecification) =>
      connect(ec2, { CustomerGatewayId: device, ...request, Options });
    const outside = { OutsideIpAddressType: 'Ipv6' };
    await expectError(call({ VpnGatewayId }, outside), 'InvalidParameterValue');
    await expectError(call({ TransitGatewayId }, {}), 'InvalidParameterValue');
    for (const TunnelInsideIpVersion of ['ipv4', 'ipv6'] as const) {
      const asked = { ...outside, TunnelInsideIpVersion };
      const { Options } = await call({ TransitGatewayId }, asked);
      const addresses = Options!.TunnelOptions!.map((tunnel) => tunnel.OutsideIpAddress);
      for (const address of addresses) expect(address).toMatch(/^2600:9000:a000:/);
      expect(new Set(addresses).size).toBe(2);
    }
  });

  it('H-011 private addresses need an attachment to Direct Connect', async () => {
    const outside = { OutsideIpAddressType: 'PrivateIpv4' };
    await expectError(options(outside), 'MissingParameter');
    const over = { TransportTransitGatewayAttachmentId: 'tgw-attach-0123456789abcdef0' };
    await expectError(options({ ...outside, ...over }), 'UnsupportedOperation');
    await expectError(options({ OutsideIpAddressType: 'x' }), 'InvalidParameterValue');
  });

  it('H-014 the selectors are of the inner family', async () => {
    const { Options } = await options({
      LocalIpv4NetworkCidr: '192.168.0.0/16',
      RemoteIpv4NetworkCidr: '10.0.0.0/8',
    });
    expect(Options).toMatchObject({
      LocalIpv4NetworkCidr: '192.168.0.0/16',
      RemoteIpv4NetworkCidr: '10.0.0.0/8',
    });
    const other = options({ LocalIpv6NetworkCidr: '::/0' }, {});
    await expectError(other, 'InvalidParameterCombination');
    const inside = { TunnelInsideIpVersion: 'ipv6', RemoteIpv4NetworkCidr: '0.0.0.0/0' } as const;
    await expectError(options(inside, {}), 'InvalidParameterCombination');
    await expectError(options({ LocalIpv4NetworkCidr: '::/0' }, {}), 'InvalidParameterValue');
  });

  it('H-021 H-022 a virtual private gateway is neither accelerated nor large', async () => {
    for (const asked of [{ EnableAcceleration: true }, { TunnelBandwidth: 'large' } as const]) {
      await expectError(options(asked), 'InvalidParameterValue');
    }
    await expectError(options({ EnableAcceleration: true }, {}), 'InvalidParameterValue');
    const TransitGatewayId = await makeTransitGateway(ec2);
    const asked = { EnableAcceleration: true, TunnelBandwidth: 'large' } as const;
    expect((await options(asked, { TransitGatewayId })).Options).toMatchObject(asked);
  });
});

describe('DeleteVpnConnection', () => {
  it('H-036 keeps both gateways, and is shown for an hour', async () => {
    const id = await connectStatic(ec2, { CustomerGatewayId, VpnGatewayId });
    await addRoute(ec2, id, '192.168.0.0/16');
    const before = await lookAtConnection(ec2, id);
    const remove = () => ec2.deleteVpnConnection({ VpnConnectionId: id });
    await remove();
    await expectError(remove(), 'InvalidVpnConnectionID.NotFound');
    expect(await lookAtConnection(ec2, id)).toMatchObject({ State: 'deleted', Routes: [] });
    const again = await connect(ec2, { CustomerGatewayId, VpnGatewayId });
    const keys = (tunnels = before.Options!.TunnelOptions!) =>
      tunnels.flatMap((tunnel) => [tunnel.OutsideIpAddress, tunnel.PreSharedKey]);
    const all = [...keys(), ...keys(again.Options!.TunnelOptions)];
    expect(new Set(all).size).toBe(8);
    await test.advance(3_600_000);
    await expectError(lookAtConnection(ec2, id), 'InvalidVpnConnectionID.NotFound');
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('H-036 has the errors of ids and states', async () => {
    const remove = (client: EC2, VpnConnectionId: string) =>
      client.deleteVpnConnection({ VpnConnectionId });
    await expectError(remove(ec2, 'vpn-1'), 'InvalidVpnConnectionID.Malformed');
    const unknown = remove(ec2, 'vpn-0123456789abcdef0');
    await expectError(unknown, 'InvalidVpnConnectionID.NotFound');
    const foreign = (await connect(test.ec2(OTHER_ACCOUNT))).VpnConnectionId!;
    await expectError(remove(ec2, foreign), 'InvalidVpnConnectionID.NotFound');
    const fast = await testCloud({ transitions: 'fast' });
    const client = fast.ec2();
    const device = await makeCustomerGateway(client);
    await fast.advance(50);
    const { VpnConnectionId } = await connect(client, { CustomerGatewayId: device });
    const early = remove(client, VpnConnectionId!);
    await expectError(early, 'InvalidVpnConnection.InvalidState');
  });
});

describe('DescribeVpnConnections', () => {
  it('filters', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const one = await connectStatic(ec2, { CustomerGatewayId, VpnGatewayId });
    await addRoute(ec2, one, '192.168.0.0/16');
    const device = await makeCustomerGateway(ec2, '203.0.113.2', 65_020);
    const { VpnConnectionId: other } = await connect(ec2, {
      CustomerGatewayId: device,
      TransitGatewayId,
    });
    const found = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const { VpnConnections } = await ec2.describeVpnConnections({ Filters });
      return VpnConnections!.map((connection) => connection.VpnConnectionId);
    };
    expect(await found('bgp-asn', '65020')).toEqual([other]);
    expect(await found('customer-gateway-configuration', `*${device}*`)).toEqual([other]);
    expect(await found('customer-gateway-id', device)).toEqual([other]);
    expect(await found('option.static-routes-only', 'true')).toEqual([one]);
    expect(await found('route.destination-cidr-block', '192.168.0.0/16')).toEqual([one]);
    expect(await found('state', 'available')).toEqual([one, other]);
    expect(await found('type', 'ipsec.1')).toEqual([one, other]);
    expect(await found('transit-gateway-id', TransitGatewayId)).toEqual([other]);
    expect(await found('vpn-connection-id', one)).toEqual([one]);
    expect(await found('vpn-gateway-id', VpnGatewayId)).toEqual([one]);
    await ec2.createTags({ Resources: [one], Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await found('tag:a', 'b')).toEqual([one]);
  });

  it('shows a deleted one whose gateways are gone', async () => {
    const { VpnConnectionId } = await connect(ec2, { CustomerGatewayId, VpnGatewayId });
    await ec2.deleteVpnConnection({ VpnConnectionId: VpnConnectionId! });
    await test.advance(1_800_000);
    const other = await connect(ec2, { CustomerGatewayId, VpnGatewayId });
    await ec2.deleteVpnConnection({ VpnConnectionId: other.VpnConnectionId! });
    await ec2.deleteVpnGateway({ VpnGatewayId });
    await ec2.deleteCustomerGateway({ CustomerGatewayId });
    await test.advance(1_700_000);
    const Filters = [{ Name: 'customer-gateway-configuration', Values: ['*'] }];
    const { VpnConnections } = await ec2.describeVpnConnections({ Filters });
    expect(VpnConnections).toHaveLength(2);
  });
});
