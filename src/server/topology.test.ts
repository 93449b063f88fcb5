import { expect, it } from 'vitest';
import { testCloud } from '../../test/support/test-cloud.ts';
import {
  attachNewGateway,
  connectStatic,
  makeCustomerGateway,
} from '../../test/support/vpn-fixture.ts';
import { topologyOf } from './topology.ts';

it('shows a VPN: both its gateways, and what joins them', async () => {
  const { ec2, cloud } = await testCloud();
  const client = ec2();
  const { vpnGatewayId, vpcId } = await attachNewGateway(client);
  const device = await makeCustomerGateway(client);
  const request = { VpnGatewayId: vpnGatewayId, CustomerGatewayId: device };
  const vpn = await connectStatic(client, request);
  const seen = () => {
    const { resources, edges } = topologyOf(cloud, { account: undefined, region: undefined });
    const ids = [vpnGatewayId, device, vpn];
    return {
      resources: resources.filter(({ id }) => ids.includes(id)),
      edges: edges.filter(({ from }) => ids.includes(from)),
    };
  };
  const { resources, edges } = seen();
  expect(resources).toMatchObject([
    { id: vpnGatewayId, type: 'vpn-gateway', state: 'available' },
    { id: device, type: 'customer-gateway', state: 'available', addresses: ['203.0.113.1'] },
    { id: vpn, type: 'vpn-connection', state: 'available' },
  ]);
  const joined = [
    { from: vpn, to: device, type: 'attached' },
    { from: vpn, to: vpnGatewayId, type: 'attached' },
  ];
  expect(edges).toEqual([{ from: vpnGatewayId, to: vpcId, type: 'attached' }, ...joined]);
  await client.detachVpnGateway({ VpnGatewayId: vpnGatewayId, VpcId: vpcId });
  expect(seen().edges).toEqual(joined);
  await client.deleteVpnConnection({ VpnConnectionId: vpn });
  expect(seen().edges).toEqual([]);
});
