import { beforeEach, describe, expect, it } from 'vitest';
import {
  associate,
  FAR,
  learnOver,
  makeConnection,
  makeGateway,
  makePrivate,
} from '../../../test/support/direct-connect-fixture.ts';
import { ACCOUNT, type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import {
  addRoute,
  attachNewGateway,
  connect,
  connectStatic,
  makeCustomerGateway,
  report,
} from '../../../test/support/vpn-fixture.ts';
import { formatCidr } from '../../net/cidr.ts';
import { vpnGatewayRoutes } from './vpn-gateway-route.ts';

let test: TestCloud;
let vgw: string;
beforeEach(async () => {
  test = await testCloud();
  vgw = (await attachNewGateway(test.ec2())).vpnGatewayId;
});

/** `PREFIX SOURCE LINKS…`, the links by what they are of. */
function routes(scope?: 'vpc' | 'through'): string[] {
  return vpnGatewayRoutes(test.cloud.model, vgw, scope).map(
    ({ destination, source, linkIds, isMixed }) => {
      const links = linkIds.map((id) => id.split('|')[0]);
      return [formatCidr(destination), source, ...links, ...(isMixed ? ['mixed'] : [])].join(' ');
    },
  );
}

async function bgp(address: string, ...prefixes: string[]): Promise<string> {
  const CustomerGatewayId = await makeCustomerGateway(test.ec2(), address);
  const { VpnConnectionId } = await connect(test.ec2(), { VpnGatewayId: vgw, CustomerGatewayId });
  await report(test.cloud, VpnConnectionId!, 0, { ipsec: true, prefixes });
  return VpnConnectionId!;
}

async function fixed(address: string, prefix: string): Promise<string> {
  const CustomerGatewayId = await makeCustomerGateway(test.ec2(), address);
  const id = await connectStatic(test.ec2(), { VpnGatewayId: vgw, CustomerGatewayId });
  await addRoute(test.ec2(), id, prefix);
  await report(test.cloud, id, 0, { ipsec: true });
  return id;
}

let vlan = 100;

async function direct(behind: Parameters<typeof makePrivate>[2], ...prefixes: string[]) {
  const dx = test.directConnect();
  vlan += 1;
  const made = await makePrivate(dx, await makeConnection(dx), { ...behind, vlan });
  const linkId = made.virtualInterfaceId!;
  await learnOver(test, linkId, prefixes);
  return linkId;
}

describe('what a virtual private gateway reaches', () => {
  it('A-029 H-048 each prefix once, in order: Direct Connect, static, BGP', async () => {
    const vpn = await bgp('203.0.113.1', '192.168.3.0/24', '192.168.2.0/24', '192.168.1.0/24');
    const by = await fixed('203.0.113.2', '192.168.2.0/24');
    const line = await direct({ virtualGatewayId: vgw }, '192.168.1.0/24');
    expect(routes()).toEqual([
      `192.168.1.0/24 direct-connect ${line} mixed`,
      `192.168.2.0/24 static ${by}`,
      `192.168.3.0/24 bgp ${vpn}`,
    ]);
  });

  it('H-048 one tunnel of a VPN, also of two that are equal; all of Direct Connect', async () => {
    const one = await bgp('203.0.113.1', '192.168.1.0/24');
    await test.advance(1_000);
    await bgp('203.0.113.2', '192.168.1.0/24');
    expect(routes()).toEqual([`192.168.1.0/24 bgp ${one}`]);
    const lines = [
      await direct({ virtualGatewayId: vgw }, '192.168.2.0/24'),
      await direct({ virtualGatewayId: vgw }, '192.168.2.0/24'),
    ].sort();
    expect(routes()[1]).toBe(`192.168.2.0/24 direct-connect ${lines.join(' ')}`);
  });

  it('H-066 interfaces of two MTUs make a prefix a mixed one', async () => {
    await direct({ virtualGatewayId: vgw, mtu: 9001 }, '192.168.1.0/24');
    expect(routes()[0]).not.toContain('mixed');
    await direct({ virtualGatewayId: vgw, mtu: 1500 }, '192.168.1.0/24');
    expect(routes()[0]).toContain('mixed');
  });

  it('H-082 by the location of its own Region, however long the AS path, and by another at need', async () => {
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    await associate(dx, directConnectGatewayId, vgw);
    const away = test.directConnect(ACCOUNT, FAR.region);
    const line = await makeConnection(away, '1Gbps', FAR.location);
    const request = { directConnectGatewayId, vlan: 99 };
    const { virtualInterfaceId: far = '' } = await makePrivate(away, line, request);
    await learnOver(test, far, ['192.168.1.0/24']);
    expect(routes()).toEqual([`192.168.1.0/24 direct-connect ${far}`]);
    const near = await direct({ directConnectGatewayId });
    await learnOver(test, near, ['192.168.1.0/24'], [65_010, 65_010, 65_010]);
    expect(routes()).toEqual([`192.168.1.0/24 direct-connect ${near}`]);
  });

  it('H-051 through it nothing goes that comes by a Direct Connect gateway', async () => {
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    await associate(dx, directConnectGatewayId, vgw);
    const far = await direct({ directConnectGatewayId }, '192.168.1.0/24');
    const near = await bgp('203.0.113.1', '192.168.2.0/24');
    expect(routes('vpc')).toEqual([
      `192.168.1.0/24 direct-connect ${far}`,
      `192.168.2.0/24 bgp ${near}`,
    ]);
    expect(routes('through')).toEqual([`192.168.2.0/24 bgp ${near}`]);
  });

  it('H-044 nothing of a tunnel that is down, nor of a route that is being deleted', async () => {
    const vpn = await bgp('203.0.113.1', '192.168.1.0/24');
    const by = await fixed('203.0.113.2', '192.168.2.0/24');
    await report(test.cloud, vpn, 0, {});
    expect(routes()).toEqual([`192.168.2.0/24 static ${by}`]);
    const DestinationCidrBlock = '192.168.2.0/24';
    await test.ec2().deleteVpnConnectionRoute({ VpnConnectionId: by, DestinationCidrBlock });
    expect(routes()).toEqual([]);
  });
});
