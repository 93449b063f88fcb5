/** Over a link between AWS and a customer's device, either way (H5). */
import { containsIp } from '../../../src/net/cidr.ts';
import { type Ip, ipEquals } from '../../../src/net/ip.ts';
import {
  clampSegments,
  type Drop,
  drop,
  fitInto,
  type Outcome,
  type Packet,
  type Step,
} from '../packet.ts';
import { attachmentOfLink } from '../transit-route.ts';
import type { World } from '../world.ts';
import { enterTunnelAtAppliance, enterTunnelAtGateway } from './connect.ts';
import { endsOfLink, isHeld, isOpen, type Link, siteBehind, type Tunnel } from './link.ts';

/** From AWS to the customer's device. `zone`: where it is, of a transit gateway's packets. */
export function crossToCustomer(
  world: World,
  link: Link,
  packet: Packet,
  zone?: string,
): Outcome | Step {
  const closed = closure(world, link);
  if (closed) return closed;
  if (link.kind === 'connect peer') return enterTunnelAtGateway(world, link, packet, zone);
  const site = siteBehind(world, link)!;
  if (isAmong(endsOfLink(link).customer, packet.destination)) {
    return { next: 'arrive at site', site, packet };
  }
  const passed = pass(link, packet, 'out');
  return 'disposition' in passed ? passed : { next: 'arrive at site', site, packet: passed };
}

/** From the customer's device to AWS. */
export function crossToAws(world: World, link: Link, packet: Packet): Outcome | Step {
  const closed = closure(world, link);
  if (closed) return closed;
  if (link.kind === 'connect peer') return enterTunnelAtAppliance(world, link, packet);
  return leaveLink(world, link, packet);
}

/** At AWS's end of the link: for that end itself, or for the gateway that it is at. */
function leaveLink(
  world: World,
  link: Exclude<Link, { kind: 'connect peer' }>,
  packet: Packet,
): Outcome | Step {
  if (isAmong(endsOfLink(link).aws, packet.destination)) {
    return { disposition: 'delivered', place: { kind: 'link', id: link.id }, packet };
  }
  const passed = pass(link, packet, 'in');
  if ('disposition' in passed) return passed;
  if (link.kind === 'virtual interface') {
    const { gateway } = link.virtualInterface;
    if (gateway === undefined) return drop('NO_POSSIBLE_DESTINATION', link.resource);
    if (gateway.kind === 'vpn-gateway') return through(gateway.id, passed);
    return { next: 'enter direct connect gateway', gatewayId: gateway.id, packet: passed };
  }
  const { gateway } = link.connection;
  if (gateway?.kind === 'vpn-gateway') return through(gateway.id, passed);
  const attachment = attachmentOfLink(world, link);
  if (attachment === undefined) return drop('NO_POSSIBLE_DESTINATION', link.resource);
  return { next: 'enter by attachment', attachment, packet: passed };
}

function through(gatewayId: string, packet: Packet): Step {
  return { next: 'route at gateway', gatewayId, scope: 'through', packet };
}

/** Why nothing passes. */
function closure(world: World, link: Link): Drop | undefined {
  if (!isOpen(link)) return drop('BAD_STATE_VPN', link.resource);
  return isHeld(world, link) ? undefined : drop('VPN_PEER_UNREACHABLE', link.resource);
}

function isAmong(addresses: readonly Ip[], address: Ip): boolean {
  return addresses.some((one) => ipEquals(one, address));
}

function pass(
  link: Exclude<Link, { kind: 'connect peer' }>,
  packet: Packet,
  way: 'in' | 'out',
): Drop | Packet {
  const { resource } = link;
  if (link.kind === 'virtual interface') {
    return fitInto(packet, link.virtualInterface.mtu, resource); // H-065
  }
  // H-014
  const { localCidr, remoteCidr } = link.connection;
  const [theirs, ours] =
    way === 'out' ? [packet.destination, packet.source] : [packet.source, packet.destination];
  if (!containsIp(localCidr, theirs) || !containsIp(remoteCidr, ours)) {
    return drop('VPN_TRAFFIC_SELECTOR_MISMATCH', resource);
  }
  // H-038: nobody is told of sizes.
  const untold = { ...packet, toldBy: undefined, toldByLink: undefined };
  // H-030: a device has TCP keep its segments to 1379 bytes, of IPv4.
  return fitInto(clampSegments(untold, 1419), sizeOf(link), resource);
}

/** H-038, with H-016: of several algorithms the first; of none that was chosen, C-129. */
function sizeOf({ connection, tunnel }: Tunnel): number {
  const { phase2EncryptionAlgorithms: encryption, phase2IntegrityAlgorithms: integrity } =
    tunnel.options;
  const wrapped = connection.enableAcceleration;
  const cipher = encryption === undefined ? 'AES128-GCM-16' : [...encryption].sort()[0]!;
  if (cipher.endsWith('GCM-16')) return wrapped ? 1438 : 1446;
  const hash = integrity === undefined ? 'SHA1' : [...integrity].sort()[0]!;
  if (hash === 'SHA2-384') return 1422;
  if (hash === 'SHA2-512') return wrapped ? 1406 : 1422;
  return wrapped ? 1422 : 1438;
}
