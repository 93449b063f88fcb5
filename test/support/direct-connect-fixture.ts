/** Connections, virtual interfaces and Direct Connect gateways made through the API. */
import type {
  Connection,
  DirectConnect,
  DirectConnectGatewayAssociation,
  NewPrivateVirtualInterface,
  NewTransitVirtualInterface,
  VirtualInterface,
} from '@aws-sdk/client-direct-connect';
import { reportSessions } from '../../src/control/hybrid/bgp-report.ts';
import { parseCidr } from '../../src/net/cidr.ts';
import type { TestCloud } from './test-cloud.ts';
import { learned } from './vpn-fixture.ts';

export const LOCATION = 'EqDC2';
/** One of another Region. */
export const FAR = { location: 'EqSe2', region: 'us-west-2' } as const;

/** Every refusal of Direct Connect's has this name (H-076). */
export const REFUSED = 'DirectConnectClientException';

export async function makeConnection(
  dx: DirectConnect,
  bandwidth = '1Gbps',
  location = LOCATION,
): Promise<string> {
  const request = { location, bandwidth, connectionName: 'test' };
  return (await dx.createConnection(request)).connectionId!;
}

export async function lookAtConnection(dx: DirectConnect, id: string): Promise<Connection> {
  const { connections } = await dx.describeConnections({ connectionId: id });
  return connections![0]!;
}

export async function makeGateway(dx: DirectConnect, amazonSideAsn = 64_600): Promise<string> {
  const request = { directConnectGatewayName: 'test', amazonSideAsn };
  const { directConnectGateway } = await dx.createDirectConnectGateway(request);
  return directConnectGateway!.directConnectGatewayId!;
}

/** A gateway's state; undefined where it is described no more. */
export async function gatewayState(dx: DirectConnect, id: string): Promise<string | undefined> {
  const request = { directConnectGatewayId: id };
  const { directConnectGateways } = await dx.describeDirectConnectGateways(request);
  return directConnectGateways![0]?.directConnectGatewayState;
}

/** What a test need not say of a virtual interface. */
export const PLAIN = { virtualInterfaceName: 'test', vlan: 101, asn: 65_010 };

export async function makePrivate(
  dx: DirectConnect,
  connectionId: string,
  members: Partial<NewPrivateVirtualInterface>,
): Promise<VirtualInterface> {
  const newPrivateVirtualInterface = { ...PLAIN, ...members };
  return dx.createPrivateVirtualInterface({ connectionId, newPrivateVirtualInterface });
}

export async function makeTransit(
  dx: DirectConnect,
  connectionId: string,
  members: Partial<NewTransitVirtualInterface>,
): Promise<VirtualInterface> {
  const newTransitVirtualInterface = { ...PLAIN, ...members };
  const request = { connectionId, newTransitVirtualInterface };
  return (await dx.createTransitVirtualInterface(request)).virtualInterface!;
}

/** A virtual interface as it is described now, if it is. */
export async function lookAtInterface(
  dx: DirectConnect,
  id: string,
): Promise<VirtualInterface | undefined> {
  const { virtualInterfaces } = await dx.describeVirtualInterfaces({ virtualInterfaceId: id });
  return virtualInterfaces![0];
}

export async function associate(
  dx: DirectConnect,
  directConnectGatewayId: string,
  gatewayId: string,
  prefixes: readonly string[] = [],
): Promise<DirectConnectGatewayAssociation> {
  const { directConnectGatewayAssociation } = await dx.createDirectConnectGatewayAssociation({
    directConnectGatewayId,
    gatewayId,
    addAllowedPrefixesToDirectConnectGateway: blocks(prefixes),
  });
  return directConnectGatewayAssociation!;
}

export function blocks(prefixes: readonly string[]): { cidr: string }[] {
  return prefixes.map((cidr) => ({ cidr }));
}

export async function lookAtAssociation(
  dx: DirectConnect,
  associationId: string,
): Promise<DirectConnectGatewayAssociation | undefined> {
  const answer = await dx.describeDirectConnectGatewayAssociations({ associationId });
  return answer.directConnectGatewayAssociations![0];
}

/** Makes the session of a virtual interface's first peer Established, or not. */
export async function establish(
  { cloud }: TestCloud,
  id: string,
  established = true,
): Promise<void> {
  await cloud.execute((tx) => {
    const found = tx.get('direct-connect-virtual-interface', id)!;
    tx.put('bgp-session', {
      id: found.bgpPeers[0]!.id,
      linkId: id,
      family: found.bgpPeers[0]!.family,
      established,
      acceptedRoutes: 0,
      lastChange: tx.now,
    });
  });
}

/** The session of a virtual interface's first peer is Established, and has learned prefixes. */
export async function learnOver(
  { cloud }: TestCloud,
  linkId: string,
  prefixes: readonly string[],
  asns?: readonly number[],
) {
  await cloud.execute((tx) => {
    const [peer] = tx.get('direct-connect-virtual-interface', linkId)!.bgpPeers;
    const session = { id: peer!.id, linkId, family: peer!.family };
    const announced = prefixes.map((prefix) => learned(parseCidr(prefix)!, asns));
    reportSessions(tx, [{ session, established: true, announced, withdrawn: [] }]);
  });
}
