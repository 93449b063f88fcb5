import { expect, it } from 'vitest';
import {
  associate,
  makeConnection,
  makeGateway,
  makePrivate,
} from '../../test/support/direct-connect-fixture.ts';
import { testCloud } from '../../test/support/test-cloud.ts';
import {
  attachNewGateway,
  connectStatic,
  makeCustomerGateway,
  outsideAddresses,
} from '../../test/support/vpn-fixture.ts';
import { addSite, setSiteLinks } from '../control/hybrid/site.ts';
import { parseCidr } from '../net/cidr.ts';
import { parseIp } from '../net/ip.ts';
import { topologyOf } from './topology.ts';

const EVERYTHING = { account: undefined, region: undefined };

it('shows a VPN: both its gateways, and what joins them', async () => {
  const { ec2, cloud } = await testCloud();
  const client = ec2();
  const { vpnGatewayId, vpcId } = await attachNewGateway(client);
  const device = await makeCustomerGateway(client);
  const request = { VpnGatewayId: vpnGatewayId, CustomerGatewayId: device };
  const vpn = await connectStatic(client, request);
  const seen = () => {
    const { resources, edges } = topologyOf(cloud, EVERYTHING);
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

it('shows a site: what it stands behind, and each of its links', async () => {
  const { ec2, cloud } = await testCloud();
  const client = ec2();
  const { vpnGatewayId } = await attachNewGateway(client);
  const device = await makeCustomerGateway(client);
  const request = { VpnGatewayId: vpnGatewayId, CustomerGatewayId: device };
  const vpn = await connectStatic(client, request);
  const [one = '', two = ''] = await outsideAddresses(client, vpn);
  await cloud.execute((tx) => {
    addSite(tx, {
      name: 'dc',
      uplink: { kind: 'customer-gateway', id: device },
      prefixes: [parseCidr('192.168.0.0/16')!],
      hosts: [parseIp('192.168.1.10')!],
    });
    setSiteLinks(tx, 'dc', { [two]: 'down' });
  });
  const { resources, edges } = topologyOf(cloud, EVERYTHING);
  const from = 'site:dc';
  expect(resources.filter(({ type }) => type === 'site')).toMatchObject([
    { id: from, cidrs: ['192.168.0.0/16'], addresses: ['192.168.1.10'] },
  ]);
  expect(edges.filter((edge) => edge.from === from)).toEqual([
    { from, to: device, type: 'attached' },
    { from, to: vpn, type: 'link', address: one, state: 'up' },
    { from, to: vpn, type: 'link', address: two, state: 'down' },
  ]);
});

it('shows Direct Connect: an interface, its gateway, and what that is associated with', async () => {
  const { ec2, directConnect, cloud } = await testCloud();
  const dx = directConnect();
  const { vpnGatewayId } = await attachNewGateway(ec2());
  const gateway = await makeGateway(dx);
  const connection = await makeConnection(dx);
  const { virtualInterfaceId } = await makePrivate(dx, connection, {
    directConnectGatewayId: gateway,
  });
  await associate(dx, gateway, vpnGatewayId);
  const { resources, edges } = topologyOf(cloud, EVERYTHING);
  const ids = [gateway, virtualInterfaceId];
  expect(resources.filter(({ id }) => ids.includes(id))).toMatchObject([
    { id: gateway, type: 'direct-connect-gateway', state: 'available', name: 'test' },
    { id: virtualInterfaceId, state: 'down', name: 'test' },
  ]);
  expect(edges.filter((edge) => ids.includes(edge.from))).toEqual([
    { from: gateway, to: vpnGatewayId, type: 'attached', state: 'associated' },
    { from: virtualInterfaceId, to: gateway, type: 'attached' },
  ]);
});
