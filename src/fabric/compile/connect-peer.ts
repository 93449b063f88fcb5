/**
 * Connect peers: GRE between a gateway's address and an appliance's, over the attachment that the
 * Connect attachment rides on (C-089). What matches a peer's pair of addresses is the peer's.
 */
import { hasEnded, type Link, linksOfAttachment, siteOfLink } from '../../model/hybrid/link.ts';
import type { Site } from '../../model/hybrid/site.ts';
import type { ModelReader } from '../../model/model.ts';
import type { TransitGatewayAttachment } from '../../model/transit-gateway/attachment.ts';
import type { ConnectPeer } from '../../model/transit-gateway/connect-peer.ts';
import {
  addressesOf,
  addressKey,
  type NetworkInterface,
} from '../../model/vpc/network-interface.ts';
import { containsIp, hostCidr } from '../../net/cidr.ts';
import { type Ip, ipEquals } from '../../net/ip.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { Station } from '../station.ts';
import { type Action, ANY, blockTerm, type Match, type Rule } from '../table.ts';
import { linkNode, siteNode } from './hybrid-nodes.ts';
import type { Network } from './state.ts';
import { linkExits } from './transit-gateway-links.ts';
import { transitVpcNode } from './transit-gateway-vpc.ts';

export type ConnectLink = Extract<Link, { kind: 'connect-peer' }>;

/** Towards the appliance, once the packet is known to fit. */
export function connectWrap(network: Network, { peer }: ConnectLink): Action | undefined {
  const { transitGatewayAddress: source, peerAddress: destination } = peer;
  const to = transportExit(network, peer);
  return to && { do: 'wrap', by: { source, destination }, to };
}

/** From the appliance: its interface sends the GRE packet. */
export function applianceWrap(network: Network, { peer }: ConnectLink): Action | undefined {
  const { transitGatewayAddress: destination, peerAddress: source } = peer;
  const by = { source, destination };
  const eni = applianceOf(network, peer);
  if (eni !== undefined) return { do: 'wrap', by, to: eni.send, sentBy: eni.id };
  const [site] = sitesWith(network.model, peer);
  if (site === undefined) return undefined;
  return { do: 'wrap', by, to: siteNode(network, site.id).send };
}

function transportOf(reader: ModelReader, { attachmentId }: ConnectPeer) {
  const attachment = reader.get('transit-gateway-attachment', attachmentId);
  if (attachment?.resourceType !== 'connect') return undefined;
  return reader.get('transit-gateway-attachment', attachment.transportAttachmentId);
}

/** The interface that has the peer's address. */
function applianceOf({ model, interfaces }: Network, peer: ConnectPeer) {
  const id = applianceId(model, peer);
  return id === undefined ? undefined : interfaces.get(id);
}

export function applianceId(reader: ModelReader, peer: ConnectPeer): string | undefined {
  const transport = transportOf(reader, peer);
  if (transport?.resourceType !== 'vpc') return undefined;
  const key = addressKey(transport.vpcId, peer.peerAddress);
  return reader.first('network-interface', 'address', key)?.id;
}

/** By the transport attachment itself: no table of the gateway's routes what is outside. */
function transportExit(network: Network, peer: ConnectPeer): Station | undefined {
  const transport = transportOf(network.model, peer);
  if (transport === undefined) return undefined;
  return transport.resourceType === 'vpc'
    ? transitVpcNode(network, transport.id).exit
    : directConnectExit(network, transport, peer);
}

/** By the virtual interfaces that have announced the appliance's address. */
function directConnectExit(
  network: Network,
  transport: TransitGatewayAttachment,
  { id: resource, peerAddress }: ConnectPeer,
): Station {
  const learned = linksOfAttachment(network.model, transport)
    .flatMap(({ id }) => network.model.by('learned-route', 'link', id))
    .filter(({ destination }) => containsIp(destination, peerAddress));
  const longest = Math.max(...learned.map(({ destination }) => destination.length));
  const linkIds = learned
    .filter(({ destination }) => destination.length === longest)
    .map(({ linkId }) => linkId);
  const kind = 'transit-gateway-connect-peer';
  const role = 'customer-link';
  const station = new Station({ role, resource, kind, direction: 'egress', silent: true });
  const among = linkExits(network, transport, linkIds);
  const actions: Action[] = [{ do: 'choose', among }];
  station.table = { rules: [], otherwise: { match: ANY, actions } };
  return station;
}

/**
 * The sites that have the peer's address, behind the virtual interfaces that its transport goes by
 * (C-089): whoever has it elsewhere is somebody else.
 */
export function sitesWith(reader: ModelReader, peer: ConnectPeer): readonly Site[] {
  const transport = transportOf(reader, peer);
  if (transport?.resourceType !== 'direct-connect-gateway') return [];
  return linksOfAttachment(reader, transport)
    .filter((link) => !hasEnded(link))
    .flatMap((link) => siteOfLink(reader, link) ?? [])
    .filter((site) => hasHost(site, peer));
}

/** The Connect peers that a site's hosts may be the appliances of. */
export function peersOver(reader: ModelReader, site: Site): readonly ConnectLink[] {
  const { kind, id } = site.uplink;
  if (kind !== 'virtual-interface' || site.hosts.length === 0) return [];
  return ridersOver(reader, reader.get('direct-connect-virtual-interface', id)?.gateway?.id).filter(
    ({ peer }) => hasHost(site, peer),
  );
}

/** The Connect peers whose tunnels go by a Direct Connect gateway. */
export function ridersOver(
  reader: ModelReader,
  gatewayId: string | undefined,
): readonly ConnectLink[] {
  return reader
    .by('transit-gateway-attachment', 'directConnectGateway', gatewayId ?? '')
    .flatMap(({ id }) => connectLinks(reader, id));
}

function hasHost({ hosts }: Site, { peerAddress }: ConnectPeer): boolean {
  return hosts.some((host) => ipEquals(host, peerAddress));
}

function pairMatch(source: Ip, destination: Ip): Match {
  return {
    protocol: PROTOCOL.gre,
    source: blockTerm(hostCidr(source)),
    destination: blockTerm(hostCidr(destination)),
  };
}

/** What comes by a transport attachment for one of its peers. */
export function terminationRules(
  network: Network,
  transport: Pick<TransitGatewayAttachment, 'id'>,
): readonly Rule[] {
  return connectLinks(network.model, transport.id).map((link) => {
    const { peerAddress, transitGatewayAddress } = link.peer;
    const match = pairMatch(peerAddress, transitGatewayAddress);
    return { match, actions: [{ do: 'unwrap', to: linkNode(network, link).end }] };
  });
}

/** The live peers of the Connect attachments that ride on an attachment. */
function connectLinks(reader: ModelReader, transportId: string): readonly ConnectLink[] {
  return reader
    .by('transit-gateway-attachment', 'transport', transportId)
    .flatMap((attachment) => linksOfAttachment(reader, attachment))
    .filter((link): link is ConnectLink => link.kind === 'connect-peer' && !hasEnded(link));
}

/** What an appliance's interface does with GRE packets of the gateway's, where a site is behind. */
export function applianceRules(network: Network, record: NetworkInterface): readonly Rule[] {
  return peersAt(network.model, record).flatMap((link) => {
    const rule = arrivalRule(network, link, record.id);
    return rule === undefined ? [] : [rule];
  });
}

/** The same at a site's router, where Direct Connect carries the tunnel. */
export function siteTunnelRules(network: Network, site: Site): readonly Rule[] {
  return peersOver(network.model, site).flatMap((link) => arrivalRule(network, link) ?? []);
}

function arrivalRule(network: Network, link: ConnectLink, receivedBy?: string): Rule | undefined {
  const site = siteOfLink(network.model, link);
  if (site === undefined) return undefined;
  const { peerAddress, transitGatewayAddress } = link.peer;
  const to = siteNode(network, site.id).arrive;
  const unwrap: Action = { do: 'unwrap', to, ...(receivedBy !== undefined && { receivedBy }) };
  return { match: pairMatch(transitGatewayAddress, peerAddress), actions: [unwrap] };
}

/** The Connect peers whose appliance an interface is. */
export function peersAt(reader: ModelReader, record: NetworkInterface): readonly ConnectLink[] {
  const own = addressesOf(record);
  return reader
    .by('transit-gateway-attachment', 'vpc', record.vpcId)
    .flatMap(({ id }) => connectLinks(reader, id))
    .filter(({ peer }) => own.some((address) => ipEquals(address, peer.peerAddress)));
}
