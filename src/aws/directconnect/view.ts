/** Records of Direct Connect as its answers show them. */
import type * as Sdk from '@aws-sdk/client-direct-connect';
import { tagsOf } from '../../control/tags.ts';
import { carrierOf } from '../../model/direct-connect/carrier.ts';
import type { DirectConnectConnection } from '../../model/direct-connect/connection.ts';
import type { DirectConnectGateway } from '../../model/direct-connect/gateway.ts';
import { type DirectConnectLag, isLagDown, membersOfLag } from '../../model/direct-connect/lag.ts';
import {
  type BgpPeer,
  isDown,
  isPeerUp,
  type VirtualInterface,
} from '../../model/direct-connect/virtual-interface.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';

function tagViews(reader: ModelReader, owner: Owned): Sdk.Tag[] {
  return Object.entries(tagsOf(reader, owner, owner.id)).map(([key, value]) => ({ key, value }));
}

export function connectionView(
  reader: ModelReader,
  connection: DirectConnectConnection,
): Sdk.Connection {
  const { id, account, region, state, name, location, bandwidth, lagId, hosted } = connection;
  return {
    ownerAccount: account,
    connectionId: id,
    connectionName: name,
    connectionState: state,
    region,
    location,
    bandwidth,
    vlan: hosted?.vlan,
    lagId,
    ...deviceView(connection),
    providerName: connection.providerName,
    tags: tagViews(reader, connection),
  };
}

/** Each location has one device. */
function deviceView({ location }: { readonly location: string }) {
  const device = `${location}-1`;
  return {
    awsDevice: device,
    awsDeviceV2: device,
    awsLogicalDeviceId: device,
    jumboFrameCapable: true,
    hasLogicalRedundancy: 'no',
    macSecCapable: false,
  } as const;
}

export function lagView(reader: ModelReader, lag: DirectConnectLag): Sdk.Lag {
  const connections = membersOfLag(reader, lag.id);
  return {
    lagId: lag.id,
    lagName: lag.name,
    lagState: lag.state === 'available' && isLagDown(reader, lag) ? 'down' : lag.state,
    ownerAccount: lag.account,
    region: lag.region,
    location: lag.location,
    connectionsBandwidth: lag.bandwidth,
    numberOfConnections: connections.length,
    minimumLinks: lag.minimumLinks,
    connections: connections.map((one) => connectionView(reader, one)),
    allowsHostedConnections: true,
    ...deviceView(lag),
    providerName: lag.providerName,
    tags: tagViews(reader, lag),
  };
}

/** H-060: asn is 0 where the number does not fit. */
function asnView(asn: number) {
  return { asn: asn < 2 ** 31 ? asn : 0, asnLong: asn };
}

function peerView(reader: ModelReader, peer: BgpPeer, awsDeviceV2: string): Sdk.BGPPeer {
  return {
    bgpPeerId: peer.id,
    ...asnView(peer.asn),
    authKey: peer.authKey,
    addressFamily: peer.family === 4 ? 'ipv4' : 'ipv6',
    amazonAddress: formatCidr(peer.amazonAddress),
    customerAddress: formatCidr(peer.customerAddress),
    bgpPeerState: peer.state,
    bgpStatus: isPeerUp(reader, peer) ? 'up' : 'down',
    awsDeviceV2,
    awsLogicalDeviceId: awsDeviceV2,
  };
}

/** A virtual interface's own members are those of its first peer. */
export function interfaceView(reader: ModelReader, one: VirtualInterface): Sdk.VirtualInterface {
  const { gateway } = one;
  const location = carrierOf(reader, one.connectionId)?.location ?? '';
  const device = deviceView({ location });
  const peers = one.bgpPeers.map((peer) => peerView(reader, peer, device.awsDeviceV2));
  const [first] = peers;
  return {
    ownerAccount: one.account,
    virtualInterfaceId: one.id,
    location,
    connectionId: one.connectionId,
    virtualInterfaceType: one.type,
    virtualInterfaceName: one.name,
    virtualInterfaceState: isDown(reader, one) ? 'down' : one.state,
    vlan: one.vlan,
    asn: first?.asn,
    asnLong: first?.asnLong,
    authKey: first?.authKey,
    amazonAddress: first?.amazonAddress,
    customerAddress: first?.customerAddress,
    addressFamily: first?.addressFamily,
    amazonSideAsn: gateway === undefined ? undefined : one.amazonSideAsn,
    mtu: one.mtu,
    jumboFrameCapable: true,
    virtualGatewayId: gateway?.kind === 'vpn-gateway' ? gateway.id : '',
    directConnectGatewayId: gateway?.kind === 'direct-connect-gateway' ? gateway.id : '',
    routeFilterPrefixes: [],
    bgpPeers: peers,
    region: one.region,
    awsDeviceV2: device.awsDeviceV2,
    awsLogicalDeviceId: device.awsLogicalDeviceId,
    tags: tagViews(reader, one),
    siteLinkEnabled: false,
  };
}

export function gatewayView(
  reader: ModelReader,
  gateway: DirectConnectGateway,
): Sdk.DirectConnectGateway {
  return {
    directConnectGatewayId: gateway.id,
    directConnectGatewayName: gateway.name,
    amazonSideAsn: gateway.amazonSideAsn,
    ownerAccount: gateway.account,
    directConnectGatewayState: gateway.state,
    tags: tagViews(reader, gateway),
  };
}

export function prefixViews(prefixes: readonly Cidr[]): Sdk.RouteFilterPrefix[] {
  return prefixes.map((prefix) => ({ cidr: formatCidr(prefix) }));
}
