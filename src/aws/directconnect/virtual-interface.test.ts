import type { DirectConnect, VirtualInterface } from '@aws-sdk/client-direct-connect';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  establish,
  LOCATION,
  lookAtInterface,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
  PLAIN,
  REFUSED,
} from '../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { GONE, statesUntil } from '../../../test/support/terraform-waiter.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { attachNewGateway, makeVpnGateway } from '../../../test/support/vpn-fixture.ts';

const MINUTES = 60_000;
let cloud: TestCloud;
let dx: DirectConnect;
let connectionId: string;
let directConnectGatewayId: string;

async function begin(transitions: 'instant' | 'fast' = 'instant'): Promise<void> {
  cloud = await testCloud({ transitions });
  dx = cloud.directConnect();
  connectionId = await makeConnection(dx);
  directConnectGatewayId = await makeGateway(dx);
  if (transitions === 'fast') await cloud.advance(500);
}
beforeEach(() => begin());

const stateOf = async (id: string, client = dx) =>
  (await lookAtInterface(client, id))?.virtualInterfaceState;

describe('a virtual interface', () => {
  it('H-077 private is answered flat, transit is wrapped', async () => {
    const flat = await dx.createPrivateVirtualInterface({
      connectionId,
      newPrivateVirtualInterface: { ...PLAIN, directConnectGatewayId },
    });
    expect(flat).toMatchObject({
      virtualInterfaceId: expect.stringMatching(/^dxvif-[0-9a-f]{8}$/),
      virtualInterfaceType: 'private',
      virtualInterfaceName: 'test',
      virtualInterfaceState: 'pending',
      ownerAccount: ACCOUNT,
      region: REGION,
      location: LOCATION,
      connectionId,
      vlan: 101,
      asn: 65_010,
      asnLong: 65_010,
      amazonSideAsn: 64_600,
      addressFamily: 'ipv4',
      mtu: 1500,
      directConnectGatewayId,
      virtualGatewayId: '',
      siteLinkEnabled: false,
    });
    const other = await makeGateway(dx, 64_700);
    const wrapped = await dx.createTransitVirtualInterface({
      connectionId,
      newTransitVirtualInterface: { ...PLAIN, vlan: 102, directConnectGatewayId: other },
    });
    expect(wrapped.virtualInterface).toMatchObject({
      virtualInterfaceType: 'transit',
      directConnectGatewayId: other,
      amazonSideAsn: 64_700,
    });
  });

  it('H-057 is pending, down until BGP is up, available, deleting and deleted', async () => {
    await begin('fast');
    const { virtualInterfaceId } = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const id = virtualInterfaceId!;
    const read = () => stateOf(id);
    expect(await statesUntil(cloud, 'down', read)).toEqual(['pending', 'down']);
    const peer = async () => (await lookAtInterface(dx, id))!.bgpPeers![0]!;
    expect(await peer()).toMatchObject({ bgpPeerState: 'available', bgpStatus: 'down' });
    await establish(cloud, id);
    expect(await read()).toBe('available');
    expect(await peer()).toMatchObject({ bgpPeerState: 'available', bgpStatus: 'up' });
    await establish(cloud, id, false);
    expect(await read()).toBe('down');
    const deleted = await dx.deleteVirtualInterface({ virtualInterfaceId: id });
    expect(deleted).toMatchObject({ virtualInterfaceState: 'deleting' });
    expect(await statesUntil(cloud, 'deleted', read)).toEqual(['deleting', 'deleted']);
    expect(await peer()).toMatchObject({ bgpPeerState: 'deleted' });
    const again = dx.deleteVirtualInterface({ virtualInterfaceId: id });
    await expectError(again, REFUSED, `Virtual Interface ${id} does not exist`);
    await cloud.advance(15 * MINUTES - 1000);
    expect(await read()).toBe('deleted');
    await cloud.advance(1000);
    expect(await statesUntil(cloud, GONE, read)).toEqual([GONE]);
  });

  it('H-057 waits for its connection', async () => {
    cloud = await testCloud({ transitions: 'fast' });
    dx = cloud.directConnect();
    directConnectGatewayId = await makeGateway(dx);
    await cloud.advance(50);
    connectionId = await makeConnection(dx);
    const { virtualInterfaceId } = await makePrivate(dx, connectionId, { directConnectGatewayId });
    await cloud.advance(100);
    expect(await stateOf(virtualInterfaceId!)).toBe('pending');
    await cloud.advance(50);
    expect(await stateOf(virtualInterfaceId!)).toBe('down');
  });

  const wrong: [string, object, RegExp][] = [
    ['H-058 without a gateway', { directConnectGatewayId: undefined }, /virtualGatewayId or a/],
    ['H-058 with two gateways', { virtualGatewayId: 'vgw-0' }, /one alone/],
    ['H-058 at a gateway of nobody’s', { directConnectGatewayId: 'x' }, /Gateway x does not exist/],
    ['H-058 in VLAN 0', { vlan: 0 }, /1 to 4094/],
    ['H-058 in VLAN 4095', { vlan: 4095 }, /1 to 4094/],
    ['H-058 without a name', { virtualInterfaceName: '' }, /virtualInterfaceName/],
    ['H-058 without an ASN', { asn: undefined }, /ASN/],
    ['H-060 with both ASNs', { asnLong: 65_010 }, /not both/],
    ['H-060 with ASN 0', { asn: 0 }, /asn is 0/],
    ['H-060 with an ASN too large', { asn: 2 ** 31 }, /asn is/],
    ['H-060 with a long ASN too large', { asn: undefined, asnLong: 2 ** 32 - 1 }, /asnLong is/],
    ['H-061 with a short key', { authKey: '12345' }, /6 to 80/],
    ['H-061 with a long key', { authKey: 'x'.repeat(81) }, /6 to 80/],
    ['H-065 of another MTU', { mtu: 9000 }, /1500 or 8500 or 9001, not 9000/],
    ['with SiteLink', { enableSiteLink: true }, /enableSiteLink is not supported/],
    ['H-062 with half its addresses', { amazonAddress: '10.0.0.1/30' }, /given together/],
  ];
  it.each(wrong)('%s is refused', async (_what, members, message) => {
    const call = makePrivate(dx, connectionId, { directConnectGatewayId, ...members });
    await expectError(call, REFUSED, message);
    expect((await dx.describeVirtualInterfaces({})).virtualInterfaces).toEqual([]);
  });

  const pairs: [string, string, string, RegExp][] = [
    ['in two blocks', '10.0.0.1/30', '10.0.0.5/30', /must be in the same CIDR/],
    ['with two masks', '10.0.0.1/30', '10.0.0.2/29', /must be in the same CIDR/],
    ['alike', '10.0.0.1/30', '10.0.0.1/30', /are both/],
    ['the network’s', '10.0.0.0/30', '10.0.0.1/30', /network or broadcast/],
    ['the broadcast address', '10.0.0.1/30', '10.0.0.3/30', /network or broadcast/],
    ['without a mask', '10.0.0.1', '10.0.0.2', /with its mask/],
    ['no addresses', 'x/30', '10.0.0.2/30', /with its mask/],
    ['of IPv6', '2001:db8::1/125', '2001:db8::2/125', /with its mask/],
  ];
  it.each(pairs)('H-063 with addresses that are %s is refused', async (...given) => {
    const [, amazonAddress, customerAddress, message] = given;
    const members = { directConnectGatewayId, amazonAddress, customerAddress };
    await expectError(makePrivate(dx, connectionId, members), REFUSED, message);
  });

  it('H-061 H-062 is given a key, and a /30 or a /125', async () => {
    const one = await makePrivate(dx, connectionId, { directConnectGatewayId });
    expect(one.authKey).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(one.amazonAddress).toMatch(/^169\.254\.\d+\.\d+\/30$/);
    const [network, host] = splitLast(one.amazonAddress!);
    expect(one.customerAddress).toBe(`${network}${host + 1}/30`);
    expect(host % 4).toBe(1);
    const members = { vlan: 102, addressFamily: 'ipv6' as const, directConnectGatewayId };
    const six = await makePrivate(dx, connectionId, members);
    expect(six.amazonAddress).toMatch(/^2600:9000:b000:.*\/125$/);
    const given = { amazonAddress: '2600::1/125', customerAddress: '2600::2/125' };
    const call = makePrivate(dx, connectionId, { ...members, vlan: 103, ...given });
    await expectError(call, REFUSED, /assigned by Amazon/);
  });

  it('H-061 H-062 keeps the key and the addresses that it is given', async () => {
    const members = {
      authKey: 'secret-key',
      amazonAddress: '10.255.0.1/30',
      customerAddress: '10.255.0.2/30',
    };
    const one = await makePrivate(dx, connectionId, { directConnectGatewayId, ...members });
    expect(one).toMatchObject(members);
    expect(one.bgpPeers).toMatchObject([members]);
  });

  it('H-060 shows the long ASN always, and 0 for the other where it does not fit', async () => {
    const members = { asn: undefined as never, asnLong: 4_200_000_000, directConnectGatewayId };
    const one = await makePrivate(dx, connectionId, members);
    expect([one.asn, one.asnLong]).toEqual([0, 4_200_000_000]);
  });

  it('H-058 has a VLAN of its connection to itself until it is gone', async () => {
    const make = (id: string) => makePrivate(dx, id, { directConnectGatewayId });
    const { virtualInterfaceId } = await make(connectionId);
    await expectError(make(connectionId), REFUSED, /VLAN 101 is already in use/);
    await make(await makeConnection(dx));
    await dx.deleteVirtualInterface({ virtualInterfaceId: virtualInterfaceId! });
    await make(connectionId);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-058 takes the ASN of a virtual private gateway, which transit ones do not end at', async () => {
    const virtualGatewayId = await makeVpnGateway(cloud.ec2(), 64_900);
    const members = { virtualGatewayId };
    const one = await makePrivate(dx, connectionId, members);
    expect(one).toMatchObject({ virtualGatewayId, amazonSideAsn: 64_900 });
    expect(one.directConnectGatewayId).toBe('');
    const foreign = await makeVpnGateway(cloud.ec2(OTHER_ACCOUNT));
    const taken = makePrivate(dx, connectionId, { vlan: 102, virtualGatewayId: foreign });
    await expectError(taken, REFUSED, new RegExp(foreign));
    const { virtualGateways } = await dx.describeVirtualGateways({});
    const shown = { virtualGatewayId, virtualGatewayState: 'available' };
    expect(virtualGateways).toEqual([shown]);
    const ec2 = cloud.ec2();
    await expectError(ec2.deleteVpnGateway({ VpnGatewayId: virtualGatewayId }), 'IncorrectState');
    await dx.deleteVirtualInterface({ virtualInterfaceId: one.virtualInterfaceId! });
    await ec2.deleteVpnGateway({ VpnGatewayId: virtualGatewayId });
  });

  it('H-065 changes its MTU and its name', async () => {
    const one = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const change = (members: object) => {
      const virtualInterfaceId = one.virtualInterfaceId!;
      return dx.updateVirtualInterfaceAttributes({ virtualInterfaceId, ...members });
    };
    expect(await change({ mtu: 9001 })).toMatchObject({ mtu: 9001 });
    expect(await change({ virtualInterfaceName: 'b' })).toMatchObject({ mtu: 9001 });
    expect(await change({ mtu: 8500 })).toMatchObject({ mtu: 8500, virtualInterfaceName: 'b' });
    await expectError(change({ mtu: 1400 }), REFUSED, /1400/);
    await expectError(change({ enableSiteLink: true }), REFUSED, /enableSiteLink/);
    const transit = await makeGateway(dx);
    const members = { vlan: 102, mtu: 9001, directConnectGatewayId: transit };
    await expectError(makeTransit(dx, connectionId, members), REFUSED, /1500 or 8500, not 9001/);
    await makeTransit(dx, connectionId, { ...members, mtu: 8500 });
  });

  it('H-056 is one of fifty private, four transit and thirty at a gateway', async () => {
    for (let vlan = 1; vlan <= 30; vlan++) {
      await makePrivate(dx, connectionId, { vlan, directConnectGatewayId });
    }
    const more = (vlan: number, id: string) =>
      makePrivate(dx, connectionId, { vlan, directConnectGatewayId: id });
    await expectError(more(31, directConnectGatewayId), REFUSED, /30 virtual interfaces/);
    const other = await makeGateway(dx);
    for (let vlan = 31; vlan <= 50; vlan++) await more(vlan, other);
    await expectError(more(51, other), REFUSED, /50 private/);
    const transit = await makeGateway(dx);
    const add = (vlan: number) =>
      makeTransit(dx, connectionId, { vlan, directConnectGatewayId: transit });
    for (let vlan = 51; vlan <= 54; vlan++) await add(vlan);
    await expectError(add(55), REFUSED, /4 transit/);
  });

  it('H-055 moves to another connection', async () => {
    const one = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const to = await makeConnection(dx);
    const virtualInterfaceId = one.virtualInterfaceId!;
    const moved = await dx.associateVirtualInterface({ virtualInterfaceId, connectionId: to });
    expect(moved).toMatchObject({ connectionId: to });
    await makePrivate(dx, connectionId, { directConnectGatewayId });
    const back = dx.associateVirtualInterface({ virtualInterfaceId, connectionId });
    await expectError(back, REFUSED, /VLAN 101/);
    await dx.deleteConnection({ connectionId: await makeConnection(dx) });
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('is listed by connection, by id and for its Region', async () => {
    const one = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const list = async (input: object, client = dx) =>
      (await client.describeVirtualInterfaces(input)).virtualInterfaces!.length;
    const virtualInterfaceId = one.virtualInterfaceId!;
    expect(await list({})).toBe(1);
    expect(await list({ connectionId })).toBe(1);
    expect(await list({ connectionId, virtualInterfaceId })).toBe(1);
    expect(await list({ connectionId: 'dxcon-0', virtualInterfaceId })).toBe(0);
    expect(await list({ connectionId: 'dxcon-0' })).toBe(0);
    expect(await list({}, cloud.directConnect(ACCOUNT, 'eu-west-1'))).toBe(0);
    expect(await list({ virtualInterfaceId }, cloud.directConnect(OTHER_ACCOUNT))).toBe(0);
  });

  it('H-076 of the public kind is not built, and says so', async () => {
    const newPublicVirtualInterface = PLAIN;
    const call = dx.createPublicVirtualInterface({ connectionId, newPublicVirtualInterface });
    await expectError(call, REFUSED, /CreatePublicVirtualInterface is not supported/);
  });
});

function splitLast(address: string): [network: string, host: number] {
  const [, network, host] = /^(.*\.)(\d+)\/\d+$/.exec(address)!;
  return [network!, Number(host)];
}

describe('a hosted virtual interface', () => {
  const owner = () => cloud.directConnect(OTHER_ACCOUNT);
  const allocate = (ownerAccount = OTHER_ACCOUNT): Promise<VirtualInterface> => {
    const newPrivateVirtualInterfaceAllocation = PLAIN;
    const request = { connectionId, ownerAccount, newPrivateVirtualInterfaceAllocation };
    return dx.allocatePrivateVirtualInterface(request);
  };

  it('H-059 is confirming until its owner names a gateway', async () => {
    const { virtualInterfaceId, ...one } = await allocate();
    const id = virtualInterfaceId!;
    expect(one).toMatchObject({ ownerAccount: OTHER_ACCOUNT, virtualInterfaceState: 'confirming' });
    expect(one.bgpPeers).toMatchObject([{ bgpPeerState: 'pending', bgpStatus: 'down' }]);
    const gateway = { virtualInterfaceId: id, directConnectGatewayId };
    await expectError(dx.confirmPrivateVirtualInterface(gateway), REFUSED, /does not exist/);
    const { vpnGatewayId: virtualGatewayId } = await attachNewGateway(cloud.ec2(OTHER_ACCOUNT));
    const confirm = (input: object = {}) =>
      owner().confirmPrivateVirtualInterface({ virtualInterfaceId: id, ...input });
    await expectError(confirm(), REFUSED, /virtualGatewayId or a directConnectGatewayId/);
    await expectError(confirm({ directConnectGatewayId }), REFUSED, /does not exist/);
    const transit = { virtualInterfaceId: id, directConnectGatewayId };
    await expectError(owner().confirmTransitVirtualInterface(transit), REFUSED, /private, not/);
    expect(await confirm({ virtualGatewayId })).toMatchObject({ virtualInterfaceState: 'pending' });
    expect(await stateOf(id, owner())).toBe('down');
    await expectError(confirm({ virtualGatewayId }), REFUSED, /confirm virtual interface/);
    expect(await stateOf(id)).toBe('down');
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-057 H-059 is rejected by its owner, or deleted by whose connection it is', async () => {
    const first = (await allocate()).virtualInterfaceId!;
    const answer = await owner().deleteVirtualInterface({ virtualInterfaceId: first });
    expect(answer).toMatchObject({ virtualInterfaceState: 'rejected' });
    const second = (await allocate()).virtualInterfaceId!;
    await dx.deleteVirtualInterface({ virtualInterfaceId: second });
    expect(await stateOf(second, owner())).toBe('deleted');
    await cloud.advance(15 * MINUTES);
    expect((await dx.describeVirtualInterfaces({ connectionId })).virtualInterfaces).toEqual([]);
    await expectError(allocate('someone'), REFUSED, /12 digits/);
  });

  it('H-059 of the transit kind is allocated and confirmed alike', async () => {
    const { virtualInterface } = await dx.allocateTransitVirtualInterface({
      connectionId,
      ownerAccount: OTHER_ACCOUNT,
      newTransitVirtualInterfaceAllocation: { ...PLAIN, mtu: 8500 },
    });
    expect(virtualInterface).toMatchObject({ virtualInterfaceType: 'transit', mtu: 8500 });
    expect(virtualInterface!.amazonSideAsn).toBeUndefined();
    const gateway = await makeGateway(owner(), 64_800);
    const id = virtualInterface!.virtualInterfaceId!;
    const request = { virtualInterfaceId: id, directConnectGatewayId: gateway };
    await owner().confirmTransitVirtualInterface(request);
    expect(await lookAtInterface(owner(), id)).toMatchObject({ amazonSideAsn: 64_800 });
  });
});
