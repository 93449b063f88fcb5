/** BIRD and FRR at virtual interfaces of a server: exactly the allowed prefixes, and tags. */
import { DirectConnect } from '@aws-sdk/client-direct-connect';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { BIRD, FRR } from '../support/bgp-router.ts';
import {
  associate,
  blocks,
  lookAtInterface,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
} from '../support/direct-connect-fixture.ts';
import { RoutedCloud } from '../support/routed-cloud.ts';
import {
  attachNewVpc,
  blocksIn,
  defaultTable,
  makeTransitGateway,
} from '../support/transit-fixture.ts';
import { attachNewGateway } from '../support/vpn-fixture.ts';

const ASN = 65_010;
const GATEWAY_ASN = 64_600;
const HOME = { prefix: '192.168.0.0/16' };
const HOST = '192.168.1.1';

let cloud: RoutedCloud;
let dx: DirectConnect;
beforeAll(async () => {
  cloud = await RoutedCloud.open();
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
  dx = new DirectConnect({ endpoint: cloud.server.url, region: 'us-east-1', credentials });
});
afterEach(() => cloud.clear());
afterAll(() => cloud.close());

/** Amazon's address of an interface, without its mask. */
async function nextHopOf(id: string): Promise<string> {
  return (await lookAtInterface(dx, id))!.amazonAddress!.split('/')[0]!;
}

/** An interface's state, and whether BGP is up. */
const stateOf = async (id: string) => {
  const found = await lookAtInterface(dx, id);
  return `${found!.virtualInterfaceState} ${found!.bgpPeers!.map((peer) => peer.bgpStatus)}`;
};

describe.each([BIRD, FRR])('$name', (kind) => {
  const { needs } = kind;
  const title = (text: string) => (needs === undefined ? text : `skipped: needs ${needs}: ${text}`);

  it.skipIf(needs)(
    title('C-106 H-069 a transit interface tells it exactly the allowed prefixes'),
    async () => {
      const gateway = await makeTransitGateway(cloud.ec2);
      await attachNewVpc(cloud.ec2, gateway, '10.1.0.0/16');
      const table = await defaultTable(cloud.ec2, gateway);
      const directConnectGatewayId = await makeGateway(dx, GATEWAY_ASN);
      const vif = await makeTransit(dx, await makeConnection(dx), { directConnectGatewayId });
      const virtualInterfaceId = vif.virtualInterfaceId!;
      const allowed = ['10.0.0.0/8', '172.31.0.0/16'];
      const { associationId } = await associate(dx, directConnectGatewayId, gateway, allowed);
      const wish = { name: 'dc', virtualInterfaceId, asn: ASN, awsAsn: GATEWAY_ASN };
      const router = await cloud.stand(kind, { ...wish, routes: [HOME] });
      const nextHop = await nextHopOf(virtualInterfaceId);
      const told = { path: `${GATEWAY_ASN}`, nextHop, med: undefined };
      await cloud.until({ '10.0.0.0/8': told, '172.31.0.0/16': told }, () => router.learned());
      await cloud.until(['10.1.0.0/16', '192.168.0.0/16'], () => blocksIn(cloud.ec2, table));
      await cloud.until('available up', () => stateOf(virtualInterfaceId));

      await dx.updateDirectConnectGatewayAssociation({
        associationId: associationId!,
        addAllowedPrefixesToDirectConnectGateway: blocks(['10.9.0.0/16']),
        removeAllowedPrefixesToDirectConnectGateway: blocks(['10.0.0.0/8']),
      });
      await cloud.until({ '10.9.0.0/16': told, '172.31.0.0/16': told }, () => router.learned());

      await router.stop('SIGKILL');
      await cloud.until(['10.1.0.0/16'], () => blocksIn(cloud.ec2, table));
      await cloud.until('down down', () => stateOf(virtualInterfaceId));
    },
  );

  it.skipIf(needs)(title('H-044 H-049 a private interface tells it the VPC’s blocks'), async () => {
    const { vpnGatewayId } = await attachNewGateway(cloud.ec2, '10.3.0.0/16');
    const vif = await makePrivate(dx, await makeConnection(dx), {
      virtualGatewayId: vpnGatewayId,
    });
    const virtualInterfaceId = vif.virtualInterfaceId!;
    const wish = { name: 'dc', virtualInterfaceId, asn: ASN, routes: [HOME] };
    const router = await cloud.stand(kind, wish);
    const nextHop = await nextHopOf(virtualInterfaceId);
    const told = { path: '64512', nextHop, med: undefined };
    await cloud.until({ '10.3.0.0/16': told }, () => router.learned());
    await cloud.until([1], async () => {
      return (await cloud.sites.sessions('dc')).map(({ acceptedRoutes }) => acceptedRoutes);
    });
  });
});

const needsBoth = BIRD.needs ?? FRR.needs;
const tags = 'H-082 of two interfaces the one whose router tags its prefix higher is taken';
it.skipIf(needsBoth)(needsBoth ? `skipped: needs ${needsBoth}: ${tags}` : tags, async () => {
  const gateway = await makeTransitGateway(cloud.ec2);
  const directConnectGatewayId = await makeGateway(dx, GATEWAY_ASN);
  await associate(dx, directConnectGatewayId, gateway, ['10.0.0.0/8']);
  const connectionId = await makeConnection(dx);
  const stand = async (kind: typeof BIRD, vlan: number, community: string, through?: number) => {
    const vif = await makeTransit(dx, connectionId, { directConnectGatewayId, vlan });
    const route = { ...HOME, community, ...(through !== undefined && { through }) };
    const virtualInterfaceId = vif.virtualInterfaceId!;
    const wish = { name: kind.name, virtualInterfaceId, asn: ASN, awsAsn: GATEWAY_ASN };
    await cloud.stand(kind, { ...wish, routes: [route], prefixes: [HOME.prefix], hosts: [HOST] });
    return virtualInterfaceId;
  };
  const low = await stand(BIRD, 101, '7224:7100');
  const high = await stand(FRR, 102, '7224:7300', 65_099);
  const vpc = await attachNewVpc(cloud.ec2, gateway, '10.1.0.0/16');
  const from = await cloud.instance(vpc.subnetId, { [HOME.prefix]: gateway });
  await cloud.until(high, () => interfaceOnTheWay(from));
  await cloud.sites.remove('FRR');
  await cloud.until(low, () => interfaceOnTheWay(from));
});

/** Which virtual interface a packet of an instance's passes that reaches the host, both ways. */
async function interfaceOnTheWay(from: string): Promise<string | undefined> {
  const { reachable, forward } = await cloud.probe({ from, to: HOST });
  if (!reachable) return undefined;
  return forward.hops.find(({ kind }) => kind === 'virtual-interface')?.resource;
}
