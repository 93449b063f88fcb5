import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import { lookAtTable, makeTable } from '../../../../test/support/route-fixture.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../../test/support/transit-fixture.ts';
import { makeVpc } from '../../../../test/support/vpc-fixture.ts';
import {
  addRoute,
  connect,
  connectStatic,
  lookAtConnection,
  makeCustomerGateway,
  makeVpnGateway,
  report,
  tunnelsOf,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let CustomerGatewayId: string;
let VpnGatewayId: string;
let VpnConnectionId: string;

beforeEach(async () => {
  test = await testCloud({ transitions: 'fast' });
  ec2 = test.ec2();
  CustomerGatewayId = await makeCustomerGateway(ec2);
  VpnGatewayId = await makeVpnGateway(ec2);
  await test.advance(50);
  VpnConnectionId = (await connect(ec2, { CustomerGatewayId, VpnGatewayId })).VpnConnectionId!;
  await test.advance(50);
});

const seen = () => lookAtConnection(ec2, VpnConnectionId);
const modify = (request: object) => ec2.modifyVpnConnection({ VpnConnectionId, ...request });

async function bothUp(): Promise<void> {
  for (const index of [0, 1] as const) {
    await report(test.cloud, VpnConnectionId, index, { ipsec: true, prefixes: [] });
  }
  expect(await statuses()).toEqual(['UP', 'UP']);
}

const statuses = async () => (await seen()).VgwTelemetry!.map(({ Status }) => Status);

describe('ModifyVpnConnection', () => {
  it('H-007 H-031 moves it to another gateway, and keeps its tunnels', async () => {
    const target = await makeVpnGateway(ec2, 65_001);
    await test.advance(50);
    await bothUp();
    const before = await tunnelsOf(ec2, VpnConnectionId);
    const { VpnConnection } = await modify({ VpnGatewayId: target });
    expect(VpnConnection).toMatchObject({ State: 'modifying', VpnGatewayId: target });
    expect(await statuses()).toEqual(['DOWN', 'DOWN']);
    await test.advance(50);
    expect(await seen()).toMatchObject({ State: 'available', CustomerGatewayId });
    expect(await tunnelsOf(ec2, VpnConnectionId)).toEqual(before);
    // The session stays down until the device knows the other number.
    expect(await statuses()).toEqual(['DOWN', 'DOWN']);
    expect((await seen()).CustomerGatewayConfiguration).toContain('<asn>65001</asn>');
    await ec2.deleteVpnGateway({ VpnGatewayId });
  });

  it('H-031 moves it between virtual private and transit gateways', async () => {
    const transit = await makeTransitGateway(ec2);
    const other = await makeTransitGateway(ec2);
    await test.advance(50);
    const attachments = () =>
      test.cloud.model
        .by('transit-gateway-attachment', 'vpn', VpnConnectionId)
        .map(({ transitGatewayId, state }) => [transitGatewayId, state]);
    const move = async (request: object) => {
      await modify(request);
      await test.advance(50);
      expect(faultsOf(test.cloud.model)).toEqual([]);
      return seen();
    };
    const onTransit = await move({ TransitGatewayId: transit });
    expect(onTransit.TransitGatewayId).toBe(transit);
    expect(onTransit).not.toHaveProperty('VpnGatewayId');
    expect(attachments()).toEqual([[transit, 'available']]);
    expect((await move({ TransitGatewayId: other })).TransitGatewayId).toBe(other);
    expect(attachments()).toEqual([
      [transit, 'deleted'],
      [other, 'available'],
    ]);
    const back = await move({ VpnGatewayId });
    expect(back.VpnGatewayId).toBe(VpnGatewayId);
    expect(attachments().map(([, state]) => state)).toEqual(['deleted', 'deleted']);
  });

  it('H-006 gives a loose one its gateway', async () => {
    const loose = (await connect(ec2, { CustomerGatewayId })).VpnConnectionId!;
    await test.advance(50);
    const target = await makeVpnGateway(ec2);
    await test.advance(50);
    await ec2.modifyVpnConnection({ VpnConnectionId: loose, VpnGatewayId: target });
    await test.advance(50);
    const shown = { VpnGatewayId: target, GatewayAssociationState: 'associated' };
    expect(await lookAtConnection(ec2, loose)).toMatchObject(shown);
  });

  it('H-031 gives it another device', async () => {
    const device = await makeCustomerGateway(ec2, '203.0.113.2', 65_020);
    await test.advance(50);
    await bothUp();
    await modify({ CustomerGatewayId: device });
    expect(await statuses()).toEqual(['DOWN', 'DOWN']);
    await test.advance(50);
    const { CustomerGatewayConfiguration: text } = await seen();
    expect(text).toContain('<ip_address>203.0.113.2</ip_address>');
    expect(text).toContain('<asn>65020</asn>');
    await ec2.deleteCustomerGateway({ CustomerGatewayId });
  });

  it('H-003 gives it other credentials where the device needs them', async () => {
    const { CustomerGateway } = await ec2.createCustomerGateway({
      Type: 'ipsec.1',
      CertificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/x',
    });
    await test.advance(50);
    await modify({ CustomerGatewayId: CustomerGateway!.CustomerGatewayId });
    await test.advance(50);
    for (const tunnel of await tunnelsOf(ec2, VpnConnectionId)) {
      expect(tunnel).not.toHaveProperty('PreSharedKey');
    }
    expect((await seen()).VgwTelemetry![0]!.CertificateArn).toMatch(/^arn:aws:acm:/);
    await modify({ CustomerGatewayId });
    await test.advance(50);
    const [tunnel] = await tunnelsOf(ec2, VpnConnectionId);
    expect(tunnel!.PreSharedKey).toHaveLength(32);
    expect((await seen()).VgwTelemetry![0]).not.toHaveProperty('CertificateArn');
  });

  it('H-032 refuses to lose static routes, and never edits a VPC’s tables', async () => {
    const transit = await makeTransitGateway(ec2);
    const device = await makeCustomerGateway(ec2, '203.0.113.3');
    const { VpcId } = await makeVpc(ec2);
    await ec2.attachVpnGateway({ VpnGatewayId, VpcId });
    await test.advance(50);
    VpnConnectionId = await connectStatic(ec2, { VpnGatewayId, CustomerGatewayId: device });
    await test.advance(50);
    const RouteTableId = await makeTable(ec2, VpcId);
    const DestinationCidrBlock = '192.168.0.0/16';
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId: VpnGatewayId });
    await addRoute(ec2, VpnConnectionId, DestinationCidrBlock);
    await test.advance(50);
    await expectError(modify({ TransitGatewayId: transit }), 'IncorrectState', /static routes/);
    await ec2.deleteVpnConnectionRoute({ VpnConnectionId, DestinationCidrBlock });
    await test.advance(50);
    const { Routes } = await lookAtTable(ec2, RouteTableId);
    await modify({ TransitGatewayId: transit });
    await test.advance(50);
    expect((await lookAtTable(ec2, RouteTableId)).Routes).toEqual(Routes);
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('H-031 H-044 takes its prefixes along between virtual private gateways', async () => {
    const fast = test;
    const one = await attachPropagating('10.0.0.0/16');
    const other = await attachPropagating('10.1.0.0/16');
    const device = await makeCustomerGateway(ec2, '203.0.113.4');
    await fast.advance(50);
    VpnConnectionId = await connectStatic(ec2, {
      VpnGatewayId: one.gateway,
      CustomerGatewayId: device,
    });
    await fast.advance(50);
    await addRoute(ec2, VpnConnectionId, '192.168.0.0/16');
    await fast.advance(50);
    await report(fast.cloud, VpnConnectionId, 0, { ipsec: true });
    expect(await count(one.table)).toBe(2);
    await modify({ VpnGatewayId: other.gateway });
    expect([await count(one.table), await count(other.table)]).toEqual([1, 1]);
    await fast.advance(50);
    await report(fast.cloud, VpnConnectionId, 1, { ipsec: true });
    expect([await count(one.table), await count(other.table)]).toEqual([1, 2]);
  });

  const count = async (table: string) => (await lookAtTable(ec2, table)).Routes!.length;

  async function attachPropagating(block: string) {
    const { VpcId } = await makeVpc(ec2, block);
    const gateway = await makeVpnGateway(ec2);
    await test.advance(50);
    await ec2.attachVpnGateway({ VpnGatewayId: gateway, VpcId });
    await test.advance(50);
    const table = await makeTable(ec2, VpcId);
    await ec2.enableVgwRoutePropagation({ RouteTableId: table, GatewayId: gateway });
    return { gateway, table };
  }

  it('refuses what does not fit the new gateway', async () => {
    const transit = await makeTransitGateway(ec2);
    const same = await makeVpnGateway(ec2, 65_010);
    await test.advance(50);
    const inside = { TunnelInsideIpVersion: 'ipv6' } as const;
    const request = { CustomerGatewayId, TransitGatewayId: transit, Options: inside };
    const six = (await connect(ec2, request)).VpnConnectionId!;
    await test.advance(50);
    const move = ec2.modifyVpnConnection({ VpnConnectionId: six, VpnGatewayId });
    await expectError(move, 'InvalidParameterValue');
    await expectError(modify({ VpnGatewayId: same }), 'InvalidParameterValue', /ASN/);
    const both = modify({ VpnGatewayId, TransitGatewayId: transit });
    await expectError(both, 'InvalidParameterValue');
    await expectError(modify({}), 'MissingParameter');
    const unknown = modify({ VpnGatewayId: 'vgw-0123456789abcdef0' });
    await expectError(unknown, 'InvalidVpnGatewayID.NotFound');
    const other = await makeVpnGateway(ec2);
    await test.advance(50);
    await connect(ec2, { CustomerGatewayId, VpnGatewayId: other });
    const twice = modify({ VpnGatewayId: other });
    await expectError(twice, 'InvalidCustomerGateway.DuplicateIpAddress');
  });

  it('H-012 refuses an inside block that is taken at the new gateway', async () => {
    const target = await makeVpnGateway(ec2);
    const device = await makeCustomerGateway(ec2, '203.0.113.5');
    await test.advance(50);
    const [{ TunnelInsideCidr } = {}] = await tunnelsOf(ec2, VpnConnectionId);
    const Options = { TunnelOptions: [{ TunnelInsideCidr: TunnelInsideCidr! }] };
    await connect(ec2, { CustomerGatewayId: device, VpnGatewayId: target, Options });
    await test.advance(50);
    await expectError(modify({ VpnGatewayId: target }), 'InvalidParameterValue', /in use/);
  });

  it('H-007 refuses one that is not available', async () => {
    await modify({ CustomerGatewayId });
    await expectError(modify({ CustomerGatewayId }), 'InvalidVpnConnection.InvalidState');
    const options = { VpnConnectionId, LocalIpv4NetworkCidr: '10.0.0.0/8' };
    const call = ec2.modifyVpnConnectionOptions(options);
    await expectError(call, 'InvalidVpnConnection.InvalidState');
    const remove = ec2.deleteVpnConnection({ VpnConnectionId });
    await expectError(remove, 'InvalidVpnConnection.InvalidState');
  });
});

describe('ModifyVpnConnectionOptions', () => {
  it('H-014 H-031 changes the selectors, and takes both tunnels down', async () => {
    await bothUp();
    const { VpnConnection } = await ec2.modifyVpnConnectionOptions({
      VpnConnectionId,
      LocalIpv4NetworkCidr: '192.168.0.0/16',
    });
    expect(VpnConnection!.State).toBe('modifying');
    expect(await statuses()).toEqual(['DOWN', 'DOWN']);
    await test.advance(50);
    const selectors = {
      LocalIpv4NetworkCidr: '192.168.0.0/16',
      RemoteIpv4NetworkCidr: '0.0.0.0/0',
    };
    expect((await seen()).Options).toMatchObject(selectors);
  });

  it('H-022 changes the bandwidth, but of a virtual private gateway', async () => {
    const large = { TunnelBandwidth: 'large' } as const;
    const refused = ec2.modifyVpnConnectionOptions({ VpnConnectionId, ...large });
    await expectError(refused, 'InvalidParameterValue');
    const loose = (await connect(ec2, { CustomerGatewayId })).VpnConnectionId!;
    await test.advance(50);
    await ec2.modifyVpnConnectionOptions({ VpnConnectionId: loose, ...large });
    expect((await lookAtConnection(ec2, loose)).Options).toMatchObject(large);
  });

  it('H-014 refuses what is not of the inner family, and nothing at all', async () => {
    const call = (request: object) =>
      ec2.modifyVpnConnectionOptions({ VpnConnectionId, ...request });
    const six = call({ RemoteIpv6NetworkCidr: '::/0' });
    await expectError(six, 'InvalidParameterCombination');
    await expectError(call({ LocalIpv4NetworkCidr: 'x' }), 'InvalidParameterValue');
    await expectError(call({}), 'MissingParameter');
  });
});
