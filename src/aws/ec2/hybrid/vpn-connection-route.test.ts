import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
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
let id: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  id = await connectStatic(ec2, { VpnGatewayId: await makeVpnGateway(ec2) });
});

const BLOCK = '192.168.0.0/16';
const remove = (block = BLOCK, connection = id) =>
  ec2.deleteVpnConnectionRoute({ VpnConnectionId: connection, DestinationCidrBlock: block });
const routes = async () => (await lookAtConnection(ec2, id)).Routes;

describe('static routes of a VPN connection', () => {
  it('H-009 are there once, and go', async () => {
    await addRoute(ec2, id, BLOCK);
    await addRoute(ec2, id, '192.168.77.1/16');
    await addRoute(ec2, id, '10.0.0.0/8');
    expect(await routes()).toEqual([
      { DestinationCidrBlock: BLOCK, Source: 'Static', State: 'available' },
      { DestinationCidrBlock: '10.0.0.0/8', Source: 'Static', State: 'available' },
    ]);
    await remove();
    expect(await routes()).toMatchObject([{ DestinationCidrBlock: '10.0.0.0/8' }]);
    await expectError(remove(), 'InvalidRoute.NotFound', new RegExp(BLOCK));
  });

  it('pass through their states', async () => {
    const fast = await testCloud({ transitions: 'fast' });
    ec2 = fast.ec2();
    const VpnGatewayId = await makeVpnGateway(ec2);
    const CustomerGatewayId = await makeCustomerGateway(ec2);
    await fast.advance(50);
    id = await connectStatic(ec2, { VpnGatewayId, CustomerGatewayId });
    await expectError(addRoute(ec2, id, BLOCK), 'InvalidVpnConnection.InvalidState');
    await fast.advance(50);
    await addRoute(ec2, id, BLOCK);
    expect(await routes()).toMatchObject([{ State: 'pending' }]);
    await fast.advance(50);
    expect(await routes()).toMatchObject([{ State: 'available' }]);
    await remove();
    expect(await routes()).toMatchObject([{ State: 'deleting' }]);
    await expectError(remove(), 'InvalidRoute.NotFound');
    await expectError(addRoute(ec2, id, BLOCK), 'IncorrectState');
    await fast.advance(50);
    expect(await routes()).toEqual([]);
    await addRoute(ec2, id, BLOCK);
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    await fast.advance(50);
    expect(faultsOf(fast.cloud.model)).toEqual([]);
  });

  it('H-009 are none of a connection with BGP, nor after its end', async () => {
    const bgp = (await connect(ec2, { VpnGatewayId: await makeVpnGateway(ec2) })).VpnConnectionId!;
    await expectError(addRoute(ec2, bgp, BLOCK), 'InvalidVpnConnection.InvalidType');
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    await expectError(addRoute(ec2, id, BLOCK), 'InvalidVpnConnectionID.NotFound');
    await expectError(remove(), 'InvalidVpnConnectionID.NotFound');
  });

  it('C-062 are none of a connection that ends elsewhere', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const transit = await connectStatic(ec2, { TransitGatewayId });
    await expectError(addRoute(ec2, transit, BLOCK), 'InvalidVpnConnection.InvalidType');
    const loose = await connectStatic(ec2, {});
    await expectError(addRoute(ec2, loose, BLOCK), 'InvalidVpnConnection.InvalidType');
  });

  it('H-022 are a hundred a connection', async () => {
    for (let third = 0; third < 100; third++) await addRoute(ec2, id, `10.0.${third}.0/24`);
    await expectError(addRoute(ec2, id, BLOCK), 'RouteLimitExceeded');
    await addRoute(ec2, id, '10.0.7.0/24');
  });

  it('H-052 have the errors of ids and blocks, and are IPv4', async () => {
    await expectError(addRoute(ec2, 'vpn-1', BLOCK), 'InvalidVpnConnectionID.Malformed');
    await expectError(remove(BLOCK, 'vpn-1'), 'InvalidVpnConnectionID.Malformed');
    for (const block of ['2001:db8::/32', '10.0.0.0/33', 'x']) {
      await expectError(addRoute(ec2, id, block), 'InvalidParameterValue');
      await expectError(remove(block), 'InvalidParameterValue');
    }
  });
});
