import type { DirectConnect } from '@aws-sdk/client-direct-connect';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  establish,
  lookAtInterface,
  makeConnection,
  makeGateway,
  makePrivate,
  REFUSED,
} from '../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';

const MINUTES = 60_000;
let cloud: TestCloud;
let dx: DirectConnect;
let virtualInterfaceId: string;
beforeEach(async () => {
  cloud = await testCloud({ transitions: 'fast' });
  dx = cloud.directConnect();
  const connectionId = await makeConnection(dx);
  const directConnectGatewayId = await makeGateway(dx);
  await cloud.advance(200);
  virtualInterfaceId = (await makePrivate(dx, connectionId, { directConnectGatewayId }))
    .virtualInterfaceId!;
  await cloud.advance(200);
});

const look = async () => (await lookAtInterface(dx, virtualInterfaceId))!;
const peers = async () => (await look()).bgpPeers!;
const statesOfPeers = async () =>
  (await peers()).map(({ addressFamily, bgpPeerState }) => [addressFamily, bgpPeerState]);

describe('a BGP peer', () => {
  const add = (members: object = {}) => {
    const newBGPPeer = { asn: 65_010, addressFamily: 'ipv6' as const, ...members };
    return dx.createBGPPeer({ virtualInterfaceId, newBGPPeer });
  };

  it('H-064 H-077 is one of each family, and comes with the whole virtual interface', async () => {
    const { virtualInterface } = await add();
    expect(virtualInterface!.bgpPeers).toMatchObject([
      { addressFamily: 'ipv4', bgpPeerState: 'available' },
      {
        addressFamily: 'ipv6',
        bgpPeerState: 'pending',
        bgpPeerId: expect.stringMatching(/^dxpeer-[0-9a-f]{8}$/),
      },
    ]);
    await cloud.advance(50);
    expect((await peers()).map(({ bgpPeerState }) => bgpPeerState)).toEqual([
      'available',
      'available',
    ]);
    await expectError(add(), REFUSED, /address family ipv6 already/);
    await expectError(add({ addressFamily: 'ipv4' }), REFUSED, /address family ipv4 already/);
    await expectError(add({ asn: undefined }), REFUSED, /ASN/);
    await expectError(dx.createBGPPeer({}), REFUSED, /virtualInterfaceId is missing/);
    await expectError(dx.createBGPPeer({ virtualInterfaceId }), REFUSED, /newBGPPeer is missing/);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-064 is deleted by its id or its address, but for the last one', async () => {
    const [first] = await peers();
    const remove = (choice: object) => dx.deleteBGPPeer({ virtualInterfaceId, ...choice });
    const bgpPeerId = first!.bgpPeerId!;
    await expectError(remove({ bgpPeerId }), REFUSED, /last BGP peer/);
    await add();
    await cloud.advance(50);
    await expectError(remove({ asn: 65_010 }), REFUSED, /Specify bgpPeerId/);
    await expectError(remove({ bgpPeerId: 'dxpeer-0' }), REFUSED, /does not exist/);
    const { virtualInterface } = await remove({
      asn: 65_010,
      customerAddress: first!.customerAddress!,
    });
    expect(virtualInterface!.bgpPeers![0]).toMatchObject({ bgpPeerState: 'deleting' });
    const second = virtualInterface!.bgpPeers![1]!.bgpPeerId!;
    await expectError(remove({ bgpPeerId: second }), REFUSED, /last BGP peer/);
    await cloud.advance(50);
    expect(await statesOfPeers()).toEqual([['ipv6', 'available']]);
    await add({ addressFamily: 'ipv4' });
  });
});

describe('a failover test', () => {
  const start = (members: object = {}) =>
    dx.startBgpFailoverTest({ virtualInterfaceId, ...members });
  const history = async (input: object = {}) =>
    (await dx.listVirtualInterfaceTestHistory(input)).virtualInterfaceTestHistory!;

  it('H-067 holds a virtual interface in testing until its time is over', async () => {
    await establish(cloud, virtualInterfaceId);
    const { virtualInterfaceTest: test } = await start();
    const [peer] = await peers();
    expect(test).toMatchObject({
      virtualInterfaceId,
      bgpPeers: [peer!.bgpPeerId],
      status: 'in_progress',
      testDurationInMinutes: 180,
    });
    expect((await look()).virtualInterfaceState).toBe('testing');
    await expectError(start(), REFUSED, /testing/);
    await cloud.advance(180 * MINUTES - 1);
    expect((await look()).virtualInterfaceState).toBe('testing');
    await cloud.advance(1);
    expect((await look()).virtualInterfaceState).toBe('available');
    const [ended] = await history({ testId: test!.testId! });
    expect(ended).toMatchObject({ status: 'completed', endTime: expect.any(Date) });
    await cloud.advance(365 * 24 * 60 * MINUTES);
    expect(await history()).toEqual([]);
  });

  it('H-067 is stopped, or ends with its virtual interface', async () => {
    await expectError(dx.stopBgpFailoverTest({ virtualInterfaceId }), REFUSED, /no test/);
    await start({ testDurationInMinutes: 4320 });
    const { virtualInterfaceTest: test } = await dx.stopBgpFailoverTest({ virtualInterfaceId });
    expect(test).toMatchObject({ status: 'cancelled' });
    expect((await look()).virtualInterfaceState).toBe('down');
    await start({ testDurationInMinutes: 1 });
    await dx.deleteVirtualInterface({ virtualInterfaceId });
    await cloud.advance(5 * MINUTES);
    expect((await look()).virtualInterfaceState).toBe('deleted');
    const states = (await history({ virtualInterfaceId })).map(({ status }) => status);
    expect(states).toEqual(['cancelled', 'cancelled']);
    expect(await history({ status: 'completed' })).toEqual([]);
    expect(await history({ bgpPeers: ['dxpeer-0'] })).toEqual([]);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it.each([
    [{ testDurationInMinutes: 0 }, /1 to 4320/],
    [{ testDurationInMinutes: 4321 }, /1 to 4320/],
    [{ bgpPeers: ['dxpeer-0'] }, /dxpeer-0 does not exist/],
    [{ virtualInterfaceId: 'dxvif-0' }, /dxvif-0 does not exist/],
  ])('H-067 with %j is refused', async (members, message) => {
    await expectError(start(members), REFUSED, message);
    expect(await history()).toEqual([]);
  });
});
