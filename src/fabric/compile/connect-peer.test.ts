import { beforeEach, describe, expect, it } from 'vitest';
import { newScene, type Scene } from '../../../test/scenarios/scene.ts';
import { standUp } from '../../../test/scenarios/site-scene.ts';
import { addPeer, attachConnect } from '../../../test/support/connect-fixture.ts';
import {
  associate,
  makeConnection,
  makeGateway,
  makeTransit,
} from '../../../test/support/direct-connect-fixture.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import { makeCustomerGateway } from '../../../test/support/vpn-fixture.ts';
import type { SiteUplink } from '../../model/hybrid/site.ts';
import { peersOver, sitesWith } from './connect-peer.ts';

let test: Scene;
let peerId: string;
/** A virtual interface of the tunnel's own Direct Connect gateway, and one of another. */
let own: string;
let other: string;

beforeEach(async () => {
  test = await newScene();
  const dx = test.directConnect();
  const transit = await makeTransitGateway(test.ec2(), {
    TransitGatewayCidrBlocks: ['10.200.0.0/24'],
  });
  const [gateway, another] = [await makeGateway(dx), await makeGateway(dx)];
  await associate(dx, gateway, transit, ['10.200.0.0/24']);
  const [over] = [...test.cloud.model.all('transit-gateway-attachment')];
  const attachment = await attachConnect(test.ec2(), over!.id);
  const made = await addPeer(test.ec2(), attachment, { PeerAddress: '172.20.0.10' });
  peerId = made.TransitGatewayConnectPeerId!;
  const line = await makeConnection(dx);
  const interfaceOf = async (directConnectGatewayId: string, vlan: number) =>
    (await makeTransit(dx, line, { directConnectGatewayId, vlan })).virtualInterfaceId!;
  own = await interfaceOf(gateway, 101);
  other = await interfaceOf(another, 102);
});

/** A site whose host has the appliance's address, or one of another prefix. */
function stand(name: string, kind: SiteUplink['kind'], id: string, prefix = '172.20.0.0/16') {
  return standUp(test, name, { kind, id }, [prefix]);
}

const tunnelsAt = (name: string) =>
  peersOver(test.cloud.model, test.cloud.model.get('site', name)!).map(({ id }) => id);
const ends = () => {
  const peer = test.cloud.model.get('transit-gateway-connect-peer', peerId)!;
  return sitesWith(test.cloud.model, peer).map(({ id }) => id);
};

describe('the end of a tunnel over Direct Connect', () => {
  it('C-089 is at the site behind its transport that has the address', async () => {
    await stand('dc', 'virtual-interface', own);
    expect(tunnelsAt('dc')).toEqual([peerId]);
    expect(ends()).toEqual(['dc']);
  });

  it('C-089 is at no other site, wherever it is and whatever it has', async () => {
    await stand('far', 'virtual-interface', other);
    await stand('vpn', 'customer-gateway', await makeCustomerGateway(test.ec2()));
    await stand('beside', 'virtual-interface', own, '172.21.0.0/16');
    for (const name of ['far', 'vpn', 'beside']) expect(tunnelsAt(name)).toEqual([]);
    expect(ends()).toEqual([]);
  });

  it('C-098 is nowhere once the Connect peer has ended', async () => {
    await stand('dc', 'virtual-interface', own);
    const request = { TransitGatewayConnectPeerId: peerId };
    await test.ec2().deleteTransitGatewayConnectPeer(request);
    expect(tunnelsAt('dc')).toEqual([]);
  });

  it('H-057 is nowhere once the virtual interface has ended', async () => {
    await stand('dc', 'virtual-interface', own);
    await test.directConnect().deleteVirtualInterface({ virtualInterfaceId: own });
    expect(ends()).toEqual([]);
  });
});
