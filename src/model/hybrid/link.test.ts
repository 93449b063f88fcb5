import { describe, expect, it } from 'vitest';
import { addPeer, makeConnect } from '../../../test/support/connect-fixture.ts';
import {
  associate,
  establish,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
} from '../../../test/support/direct-connect-fixture.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import {
  attachNewGateway,
  connect,
  connectStatic,
  makeCustomerGateway,
  report,
} from '../../../test/support/vpn-fixture.ts';
import { vpnAttachment } from '../transit-gateway/attachment.ts';
import {
  findLink,
  hasEnded,
  isLinkOpen,
  isLinkUp,
  linkRecord,
  linksOfAttachment,
  linksOfSite,
  tunnelLinks,
  usableLinks,
  type VirtualInterfaceLink,
  virtualInterfaceLink,
} from './link.ts';
import type { SiteUplink } from './site.ts';

describe('the links of a site', () => {
  /** While its record is still described, as it is for a while after its end. */
  const listed = (test: TestCloud, kind: SiteUplink['kind'], id: string) =>
    linksOfSite(test.cloud.model, { uplink: { kind, id } }).map((link) => link.id);

  it('C-098 have not the tunnel of a Connect peer that is deleted', async () => {
    const test = await testCloud();
    const { connect: attachment } = await makeConnect(test.ec2());
    const { TransitGatewayConnectPeerId: id = '' } = await addPeer(test.ec2(), attachment);
    expect(listed(test, 'transit-gateway-connect-peer', id)).toEqual([id]);
    await test.ec2().deleteTransitGatewayConnectPeer({ TransitGatewayConnectPeerId: id });
    expect(test.cloud.model.get('transit-gateway-connect-peer', id)?.state).toBe('deleted');
    expect(listed(test, 'transit-gateway-connect-peer', id)).toEqual([]);
    expect(hasEnded(findLink(test.cloud.model, id)!)).toBe(true);
  });

  it('H-057 have not a virtual interface that is deleted or rejected', async () => {
    const test = await testCloud();
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    const made = await makePrivate(dx, await makeConnection(dx), { directConnectGatewayId });
    const id = made.virtualInterfaceId!;
    expect(listed(test, 'virtual-interface', id)).toEqual([id]);
    await dx.deleteVirtualInterface({ virtualInterfaceId: id });
    expect(listed(test, 'virtual-interface', id)).toEqual([]);
    const { virtualInterface } = findLink(test.cloud.model, id) as VirtualInterfaceLink;
    const ends = (['confirming', 'deleting', 'deleted', 'rejected'] as const).map((state) =>
      hasEnded(virtualInterfaceLink({ ...virtualInterface, state })),
    );
    expect(ends).toEqual([false, false, true, true]);
  });

  it('H-036 have not the tunnels of a VPN connection that is deleted', async () => {
    const test = await testCloud();
    const CustomerGatewayId = await makeCustomerGateway(test.ec2());
    const { VpnConnectionId } = await connect(test.ec2(), { CustomerGatewayId });
    expect(listed(test, 'customer-gateway', CustomerGatewayId)).toHaveLength(2);
    await test.ec2().deleteVpnConnection({ VpnConnectionId });
    expect(listed(test, 'customer-gateway', CustomerGatewayId)).toEqual([]);
  });
});

describe('a link', () => {
  it('is found by its id, which names the record that it is of', async () => {
    const test = await testCloud();
    const { model } = test.cloud;
    const { VpnConnectionId } = await connect(test.ec2());
    const [one, other] = tunnelLinks(model.get('vpn-connection', VpnConnectionId!)!);
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    const made = await makePrivate(dx, await makeConnection(dx), { directConnectGatewayId });
    const { connect: attachment } = await makeConnect(test.ec2());
    const { TransitGatewayConnectPeerId } = await addPeer(test.ec2(), attachment);
    for (const id of [one!.id, other!.id, made.virtualInterfaceId!, TransitGatewayConnectPeerId!]) {
      expect(findLink(model, id)?.id).toBe(id);
      const [kind, owner] = linkRecord(id);
      expect(model.get(kind, owner)).toBeDefined();
    }
    for (const id of ['vpn-0123|192.0.2.1', 'dxvif-01234567', 'tgw-connect-peer-0', '']) {
      expect(findLink(model, id)).toBeUndefined();
    }
    expect(findLink(model, `${VpnConnectionId}|192.0.2.1`)).toBeUndefined();
  });

  it('H-024 of a static VPN is up with IPsec, of another with its session', async () => {
    const test = await testCloud();
    const { model } = test.cloud;
    const { vpnGatewayId: VpnGatewayId } = await attachNewGateway(test.ec2());
    const fixed = await connectStatic(test.ec2(), { VpnGatewayId });
    const bgp = (await connect(test.ec2())).VpnConnectionId!;
    const states = (id: string) =>
      tunnelLinks(model.get('vpn-connection', id)!).map((link) => [
        isLinkOpen(link),
        isLinkUp(model, link),
      ]);
    const closed = [false, false];
    expect([states(fixed), states(bgp)]).toEqual([
      [closed, closed],
      [closed, closed],
    ]);
    for (const id of [fixed, bgp]) await report(test.cloud, id, 0, { ipsec: true });
    expect([states(fixed), states(bgp)]).toEqual([
      [[true, true], closed],
      [[true, false], closed],
    ]);
    await report(test.cloud, bgp, 0, { ipsec: true, prefixes: [] });
    expect(states(bgp)).toEqual([[true, true], closed]);
  });

  it('C-101 by which a static route sends: of a VPN without ECMP the one up the longest', async () => {
    for (const VpnEcmpSupport of ['enable', 'disable'] as const) {
      const test = await testCloud();
      const { model } = test.cloud;
      const TransitGatewayId = await makeTransitGateway(test.ec2(), { VpnEcmpSupport });
      const id = (await connect(test.ec2(), { TransitGatewayId })).VpnConnectionId!;
      const attachment = vpnAttachment(model, id)!;
      expect(usableLinks(model, attachment)).toEqual([]);
      await report(test.cloud, id, 1, { ipsec: true, prefixes: [] });
      await test.advance(1_000);
      await report(test.cloud, id, 0, { ipsec: true, prefixes: [] });
      const [one, other] = linksOfAttachment(model, attachment).map((link) => link.id);
      const usable = VpnEcmpSupport === 'enable' ? [one, other] : [other];
      expect(usableLinks(model, attachment)).toEqual(usable);
    }
  });

  it('C-101 of a static VPN one, whatever the gateway’s option', async () => {
    const test = await testCloud();
    const TransitGatewayId = await makeTransitGateway(test.ec2());
    const id = await connectStatic(test.ec2(), { TransitGatewayId });
    for (const index of [0, 1] as const) await report(test.cloud, id, index, { ipsec: true });
    const { model } = test.cloud;
    expect(usableLinks(model, vpnAttachment(model, id)!)).toHaveLength(1);
  });

  it('C-109 of a Direct Connect gateway all whose session is up', async () => {
    const test = await testCloud();
    const { model } = test.cloud;
    const dx = test.directConnect();
    const line = await makeConnection(dx);
    const directConnectGatewayId = await makeGateway(dx);
    const transit = await makeTransitGateway(test.ec2());
    await associate(dx, directConnectGatewayId, transit, ['10.0.0.0/16']);
    const ids: string[] = [];
    for (const vlan of [101, 102]) {
      const made = await makeTransit(dx, line, { directConnectGatewayId, vlan });
      ids.push(made.virtualInterfaceId!);
    }
    const [attachment] = [...model.all('transit-gateway-attachment')];
    expect(linksOfAttachment(model, attachment!).map(({ id }) => id)).toEqual(ids);
    expect(usableLinks(model, attachment!)).toEqual([]);
    await establish(test, ids[1]!);
    expect(usableLinks(model, attachment!)).toEqual([ids[1]]);
    await establish(test, ids[0]!);
    expect(usableLinks(model, attachment!)).toEqual(ids);
  });
});
