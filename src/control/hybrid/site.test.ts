import { beforeEach, describe, expect, it } from 'vitest';
import { addPeer, makeConnect } from '../../../test/support/connect-fixture.ts';
import {
  makeConnection,
  makeGateway,
  makePrivate,
} from '../../../test/support/direct-connect-fixture.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import {
  attachNewGateway,
  connect,
  makeCustomerGateway,
  outsideAddresses,
} from '../../../test/support/vpn-fixture.ts';
import type { SiteTunnelState } from '../../model/hybrid/site.ts';
import { parseCidr } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import { addSite, findSite, removeSite, type SiteRequest, setSiteLinks } from './site.ts';

let test: TestCloud;
let customerGatewayId: string;
let connectionId: string;
beforeEach(async () => {
  test = await testCloud();
  customerGatewayId = await makeCustomerGateway(test.ec2());
  const { vpnGatewayId: VpnGatewayId } = await attachNewGateway(test.ec2());
  const request = { VpnGatewayId, CustomerGatewayId: customerGatewayId };
  connectionId = (await connect(test.ec2(), request)).VpnConnectionId!;
});

function request(more: Partial<SiteRequest> = {}): SiteRequest {
  const prefixes = [parseCidr('192.168.0.0/16')!];
  const uplink = { kind: 'customer-gateway', id: customerGatewayId } as const;
  return { name: 'dc1', uplink, prefixes, hosts: [parseIp('192.168.0.10')!], ...more };
}

const add = (more: Partial<SiteRequest> = {}) =>
  test.cloud.execute((tx) => addSite(tx, request(more)));

/** A refusal, which must have changed nothing. */
async function refused(command: Promise<unknown>, code: string, text: string): Promise<void> {
  const before = test.cloud.snapshot();
  const error = await command.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  expect((error as Error).message).toContain(text);
  expect(test.cloud.snapshot()).toEqual(before);
}

describe('a site', () => {
  it('H-020 brings up the tunnels of its customer gateway, those that come later, too', async () => {
    await add();
    const up = () =>
      [...test.cloud.model.all('vpn-connection')].map(({ tunnels }) =>
        tunnels.map(({ status }) => status.ipsec),
      );
    expect(up()).toEqual([[true, true]]);
    await connect(test.ec2(), { CustomerGatewayId: customerGatewayId });
    expect(up()).toEqual([
      [true, true],
      [true, true],
    ]);
    await test.cloud.execute((tx) => removeSite(tx, 'dc1'));
    expect(up()).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  it('has the ASN that AWS was told, unless it is given one', async () => {
    expect((await add()).asn).toBe(65_010);
    await test.cloud.execute((tx) => removeSite(tx, 'dc1'));
    expect((await add({ asn: 65_099 })).asn).toBe(65_099);
    const { connect: attachment } = await makeConnect(test.ec2());
    const BgpOptions = { PeerAsn: 65_030 };
    const made = await addPeer(test.ec2(), attachment, { BgpOptions });
    const id = made.TransitGatewayConnectPeerId!;
    const uplink = { kind: 'transit-gateway-connect-peer', id } as const;
    expect((await add({ name: 'sdwan', uplink })).asn).toBe(65_030);
  });

  it('has a name and an uplink of its own', async () => {
    await add();
    await refused(add(), 'SiteAlreadyExists', 'dc1');
    await refused(add({ name: 'dc2' }), 'SiteUplinkInUse', customerGatewayId);
  });

  it('stands behind something that is there', async () => {
    const uplink = { kind: 'customer-gateway', id: 'cgw-0123456789abcdef0' } as const;
    await refused(add({ uplink }), 'NotFound', uplink.id);
    const gone = await makeCustomerGateway(test.ec2(), '203.0.113.9');
    await test.ec2().deleteCustomerGateway({ CustomerGatewayId: gone });
    await refused(add({ uplink: { ...uplink, id: gone } }), 'NotFound', gone);
  });

  it('has its hosts within its prefixes, and not too many of either', async () => {
    const stray = [parseIp('172.20.0.1')!];
    await refused(add({ hosts: stray }), 'InvalidParameterValue', '172.20.0.1');
    await refused(add({ prefixes: [] }), 'InvalidParameterValue', 'there are none');
    const place = (index: number) => `${index >> 8}.${index & 255}`;
    const hosts = Array.from({ length: 1001 }, (_, index) => parseIp(`192.168.${place(index)}`)!);
    await refused(add({ hosts }), 'SiteLimitExceeded', '1001');
    const prefixes = Array.from(
      { length: 10_001 },
      (_, index) => parseCidr(`10.${place(index)}.0/24`)!,
    );
    await refused(add({ prefixes }), 'SiteLimitExceeded', '10001');
  });

  it('names a link by its id, or by AWS’s address of a tunnel', async () => {
    await add();
    const [one, other] = await outsideAddresses(test.ec2(), connectionId);
    const states = { [one!]: 'down', [`${connectionId}|${other}`]: 'unreachable' } as const;
    const { links } = await test.cloud.execute((tx) => setSiteLinks(tx, 'dc1', states));
    expect(links).toEqual({
      [`${connectionId}|${one}`]: 'down',
      [`${connectionId}|${other}`]: 'unreachable',
    });
  });

  it('H-018 is found dead in time, however often it is said to be unreachable', async () => {
    await add();
    const [one] = await outsideAddresses(test.ec2(), connectionId);
    const say = (state: SiteTunnelState) =>
      test.cloud.execute((tx) => setSiteLinks(tx, 'dc1', { [one!]: state }));
    const ipsec = () =>
      test.cloud.model.get('vpn-connection', connectionId)!.tunnels[0].status.ipsec;
    await say('unreachable');
    await test.advance(20_000);
    const before = test.cloud.snapshot();
    await say('unreachable');
    expect(test.cloud.snapshot()).toEqual(before);
    await test.advance(10_000);
    expect(ipsec()).toBe(false);
    await say('up');
    expect(ipsec()).toBe(true);
    // What is up is not written down.
    expect(findSite(test.cloud.model, 'dc1').links).toEqual({});
  });

  it('refuses links that it has not, all or nothing', async () => {
    await add();
    const [one] = await outsideAddresses(test.ec2(), connectionId);
    const set = (states: Parameters<typeof setSiteLinks>[2], name = 'dc1') =>
      test.cloud.execute((tx) => setSiteLinks(tx, name, states));
    await refused(set({ [one!]: 'down', '192.0.2.1': 'down' }), 'NotFound', '192.0.2.1');
    await refused(set({}, 'dc9'), 'NotFound', 'dc9');
    await refused(
      test.cloud.execute((tx) => removeSite(tx, 'dc9')),
      'NotFound',
      'dc9',
    );
    expect(findSite(test.cloud.model, 'dc1').links).toEqual({});
  });

  it('H-031 keeps the ASN that its device was set up with', async () => {
    await add();
    const { neighborAsns } = findSite(test.cloud.model, 'dc1');
    expect(Object.values(neighborAsns)).toEqual([64_512, 64_512]);
    const { VpnGateway } = await test
      .ec2()
      .createVpnGateway({ Type: 'ipsec.1', AmazonSideAsn: 64_999 });
    const VpnGatewayId = VpnGateway!.VpnGatewayId!;
    await test.ec2().modifyVpnConnection({ VpnConnectionId: connectionId, VpnGatewayId });
    expect(findSite(test.cloud.model, 'dc1').neighborAsns).toEqual(neighborAsns);
  });

  it('H-031 H-036 remembers nothing of tunnels that have ended, or that are another’s now', async () => {
    await add();
    const remembered = (name = 'dc1') => {
      const { links, neighborAsns } = findSite(test.cloud.model, name);
      return [...Object.keys(links), ...Object.keys(neighborAsns)].map((id) => id.split('|')[0]);
    };
    const take = async () => {
      const [one] = await outsideAddresses(test.ec2(), connectionId);
      await test.cloud.execute((tx) => setSiteLinks(tx, 'dc1', { [one!]: 'down' }));
      expect(remembered()).toEqual([connectionId, connectionId, connectionId]);
    };
    await take();
    const CustomerGatewayId = await makeCustomerGateway(test.ec2(), '203.0.113.2');
    await test.ec2().modifyVpnConnection({ VpnConnectionId: connectionId, CustomerGatewayId });
    expect(remembered()).toEqual([]);
    const back = { VpnConnectionId: connectionId, CustomerGatewayId: customerGatewayId };
    await test.ec2().modifyVpnConnection(back);
    await take();
    await test.ec2().deleteVpnConnection({ VpnConnectionId: connectionId });
    expect(remembered()).toEqual([]);
  });

  it('C-098 remembers nothing of a Connect peer that has ended, and has it no more', async () => {
    const { connect: attachment } = await makeConnect(test.ec2());
    const { TransitGatewayConnectPeerId: id = '' } = await addPeer(test.ec2(), attachment);
    await add({ uplink: { kind: 'transit-gateway-connect-peer', id } });
    const down = () => test.cloud.execute((tx) => setSiteLinks(tx, 'dc1', { [id]: 'down' }));
    expect((await down()).links).toEqual({ [id]: 'down' });
    await test.ec2().deleteTransitGatewayConnectPeer({ TransitGatewayConnectPeerId: id });
    expect(findSite(test.cloud.model, 'dc1').links).toEqual({});
    await refused(down(), 'NotFound', id);
  });

  it('H-057 remembers nothing of a virtual interface that has ended, and has it no more', async () => {
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    const made = await makePrivate(dx, await makeConnection(dx), { directConnectGatewayId });
    const id = made.virtualInterfaceId!;
    await add({ uplink: { kind: 'virtual-interface', id } });
    const down = () => test.cloud.execute((tx) => setSiteLinks(tx, 'dc1', { [id]: 'down' }));
    expect((await down()).links).toEqual({ [id]: 'down' });
    await dx.deleteVirtualInterface({ virtualInterfaceId: id });
    expect(findSite(test.cloud.model, 'dc1').links).toEqual({});
    await refused(down(), 'NotFound', id);
  });

  it('outlives what it stands behind, with no link left', async () => {
    await add();
    await test.ec2().deleteVpnConnection({ VpnConnectionId: connectionId });
    await test.ec2().deleteCustomerGateway({ CustomerGatewayId: customerGatewayId });
    await test.advance(48 * 3_600_000);
    expect(findSite(test.cloud.model, 'dc1').uplink.id).toBe(customerGatewayId);
    await test.cloud.execute((tx) => removeSite(tx, 'dc1'));
    expect([...test.cloud.model.all('site')]).toEqual([]);
  });
});
