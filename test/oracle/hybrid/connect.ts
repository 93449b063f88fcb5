/** Connect peers: GRE over the attachment that a Connect attachment rides on (C6). */
import type {
  TransitGatewayAttachment,
  VpcAttachment,
} from '../../../src/model/transit-gateway/attachment.ts';
import type { NetworkInterface } from '../../../src/model/vpc/network-interface.ts';
import { type Ip, ipEquals, isIpv4 } from '../../../src/net/ip.ts';
import { type Drop, drop, fitInto, GRE, type Outcome, type Packet, type Step } from '../packet.ts';
import { attachmentOfLink } from '../transit-route.ts';
import { interfaceWith, type World } from '../world.ts';
import { allLinks, type ConnectLink, endsOfLink, isOpen, siteBehind } from './link.ts';

const MTU = 8500; // C-129

/** Towards the appliance: the GRE packet leaves by the transport, whatever tables say (C-089). */
export function enterTunnelAtGateway(
  world: World,
  link: ConnectLink,
  packet: Packet,
  zone: string | undefined,
): Outcome | Step {
  const { transitGatewayAddress, peerAddress } = link.peer;
  const transport = transportOf(world, link);
  if (transport?.resourceType !== 'vpc') return drop('VPN_PEER_UNREACHABLE', link.resource);
  const outer = wrapped(link, packet, transitGatewayAddress, peerAddress);
  if ('disposition' in outer) return outer;
  return { next: 'leave by attachment', attachment: transport, zone, packet: outer };
}

/** Towards AWS: the appliance's interface sends the GRE packet. */
export function enterTunnelAtAppliance(
  world: World,
  link: ConnectLink,
  packet: Packet,
): Outcome | Step {
  const { transitGatewayAddress, peerAddress } = link.peer;
  const transport = transportOf(world, link);
  const eni =
    transport?.resourceType === 'vpc'
      ? interfaceWith(world, transport.vpcId, peerAddress)
      : undefined;
  if (eni === undefined) return drop('VPN_PEER_UNREACHABLE', link.resource);
  const outer = wrapped(link, packet, peerAddress, transitGatewayAddress);
  if ('disposition' in outer) return outer;
  return { next: 'leave interface', eni, packet: outer };
}

/** H-086: never cut, and what is cut already does not go in. */
function wrapped(
  { resource }: ConnectLink,
  packet: Packet,
  source: Ip,
  destination: Ip,
): Packet | Drop {
  const fitted = fitInto(packet, MTU, resource);
  if ('disposition' in fitted) return fitted;
  if (fitted.inPieces) return drop('MTU_EXCEEDED', resource);
  const { leftSubnet, cameByTransit } = packet;
  return {
    ...{ source, destination, protocol: GRE, sourcePort: 0, port: 0 },
    length: packet.length + (isIpv4(destination) ? 24 : 44),
    ...{ mayFragment: false, inPieces: false, ttl: 64, leftSubnet, cameByTransit },
    inner: packet,
  };
}

function transportOf(
  { model }: World,
  { peer }: ConnectLink,
): TransitGatewayAttachment | undefined {
  const attachment = model.get('transit-gateway-attachment', peer.attachmentId);
  if (attachment?.resourceType !== 'connect') return undefined;
  return model.get('transit-gateway-attachment', attachment.transportAttachmentId);
}

/** The peer whose GRE packet this is, of those that ride on a VPC's attachment. */
function peerOf(
  world: World,
  { protocol, source, destination }: Packet,
  isItsOwn: (transport: TransitGatewayAttachment) => boolean,
  from: 'appliance' | 'gateway',
): ConnectLink | undefined {
  if (protocol !== GRE) return undefined;
  for (const link of allLinks(world)) {
    if (link.kind !== 'connect peer') continue;
    const { transitGatewayAddress, peerAddress } = link.peer;
    const [sent, meant] =
      from === 'appliance'
        ? [peerAddress, transitGatewayAddress]
        : [transitGatewayAddress, peerAddress];
    if (!ipEquals(source, sent) || !ipEquals(destination, meant)) continue;
    const transport = transportOf(world, link);
    if (transport !== undefined && isItsOwn(transport)) return link;
  }
  return undefined;
}

/** C-089: at the gateway, out of the tunnel; undefined: the transport's own packet. */
export function leaveTunnelAtGateway(
  world: World,
  transport: VpcAttachment,
  zone: string | undefined,
  outer: Packet,
): Outcome | Step | undefined {
  const link = peerOf(world, outer, ({ id }) => id === transport.id, 'appliance');
  if (link === undefined) return undefined;
  if (!isOpen(link)) return drop('BAD_STATE_VPN', link.resource);
  const { leftSubnet, cameByTransit } = outer;
  const packet = { ...outer.inner!, leftSubnet, cameByTransit, sender: undefined };
  if (endsOfLink(link).aws.some((own) => ipEquals(own, packet.destination))) {
    return { disposition: 'delivered', place: { kind: 'link', id: link.id }, packet };
  }
  // C-130: errors go back by the tunnel.
  const told = { ...packet, toldBy: undefined, toldByLink: link.id };
  const fitted = fitInto(told, MTU, link.resource);
  if ('disposition' in fitted) return fitted;
  const attachment = attachmentOfLink(world, link)!;
  return { next: 'enter by attachment', attachment, zone, packet: fitted };
}

/** At the appliance, out of the tunnel and into the network behind it. */
export function leaveTunnelAtAppliance(
  world: World,
  eni: NetworkInterface,
  outer: Packet,
): Outcome | Step | undefined {
  const isHere = (transport: TransitGatewayAttachment) =>
    transport.resourceType === 'vpc' && transport.vpcId === eni.vpcId;
  const link = peerOf(world, outer, isHere, 'gateway');
  const site = link && siteBehind(world, link);
  if (site === undefined) return undefined;
  const packet = { ...outer.inner!, toldBy: undefined, toldByLink: undefined };
  return { next: 'arrive at site', site, packet };
}
