/** The BGP sessions that AWS wants over a link, and how it runs them (H-078 to H-082, C-094). */
import { runningTest } from '../../model/direct-connect/failover-test.ts';
import type { BgpPeer } from '../../model/direct-connect/virtual-interface.ts';
import { communityPreference, PREFERENCE } from '../../model/hybrid/community-preference.ts';
import { isLinkOpen, type Link } from '../../model/hybrid/link.ts';
import { linkAddresses } from '../../model/hybrid/link-address.ts';
import { BGP_PREFIXES } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { type Cidr, cidr } from '../../net/cidr.ts';
import { type Family, familyOf, formatIp, type Ip } from '../../net/ip.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';
import { amazonSideAsn } from './connection-gateway.ts';

export interface PlannedSession {
  /** Also the key of its `bgp-session`. */
  readonly id: string;
  readonly linkId: string;
  /** The gateway that speaks: the sessions of one share a speaker. */
  readonly gatewayId: string;
  readonly aws: SessionEnd;
  readonly customer: SessionEnd;
  /** The block of both addresses; absent where the device is further away (C-094). */
  readonly block?: Cidr;
  readonly families: readonly Family[];
  readonly holdSeconds: number;
  /** H-078: a device without a hold timer is refused. */
  readonly holdRequired: boolean;
  /** Of each family that is carried. */
  readonly prefixesMax: number;
  /** C-065: of routes without one. */
  readonly defaultMed: number;
  readonly localPreference: (attributes: PathAttributes) => number;
  /** C-094, H-079: of its packets. */
  readonly ttl: number;
  /** C-095: iBGP routes count if they come from an eBGP peer. */
  readonly externalOriginOnly: boolean;
}

export interface SessionEnd {
  readonly asn: number;
  /** The addresses of the session, and next hops in the other family. */
  readonly address: Ip;
  readonly others: readonly Ip[];
}

/** None while the link is closed, or where routes are static. */
export function plannedSessions(reader: ModelReader, link: Link): readonly PlannedSession[] {
  if (!isLinkOpen(link)) return [];
  switch (link.kind) {
    case 'vpn-tunnel':
      return tunnelSession(reader, link);
    case 'virtual-interface':
      return virtualInterfaceSessions(reader, link);
    case 'connect-peer':
      return connectSessions(reader, link);
  }
}

const plainPreference = () => PREFERENCE.medium;

function tunnelSession(
  reader: ModelReader,
  link: Extract<Link, { kind: 'vpn-tunnel' }>,
): readonly PlannedSession[] {
  const { connection, id } = link;
  const { gateway, insideFamily, customerGatewayId, staticRoutesOnly } = connection;
  const device = reader.get('customer-gateway', customerGatewayId);
  const asn = gateway && amazonSideAsn(reader, gateway);
  if (staticRoutesOnly || gateway === undefined || asn === undefined || !device) return [];
  const pair = linkAddresses(link).find(({ aws }) => familyOf(aws) === insideFamily)!;
  const { vpnGatewayIn, transitGatewayIn } = BGP_PREFIXES;
  return [
    {
      ...{ id, linkId: id, gatewayId: gateway.id, block: pair.block },
      aws: { asn, address: pair.aws, others: [] },
      customer: { asn: device.bgpAsn, address: pair.customer, others: [] },
      families: [insideFamily],
      ...{ holdSeconds: 30, holdRequired: false, ttl: 1, externalOriginOnly: false },
      prefixesMax: gateway.kind === 'vpn-gateway' ? vpnGatewayIn : transitGatewayIn,
      ...{ defaultMed: 100, localPreference: plainPreference },
    },
  ];
}

function virtualInterfaceSessions(
  reader: ModelReader,
  { id: linkId, virtualInterface }: Extract<Link, { kind: 'virtual-interface' }>,
): readonly PlannedSession[] {
  const { amazonSideAsn: asn, bgpPeers, gateway } = virtualInterface;
  if (gateway === undefined) return [];
  // H-067: a failover test holds sessions down.
  const held = runningTest(reader, linkId)?.bgpPeerIds ?? [];
  return bgpPeers
    .filter((peer) => peer.state === 'available' && !held.includes(peer.id))
    .map((peer) => ({
      ...{ id: peer.id, linkId, gatewayId: gateway.id, block: blockOf(peer) },
      aws: { asn, address: peer.amazonAddress.address, others: [] },
      customer: { asn: peer.asn, address: peer.customerAddress.address, others: [] },
      families: [peer.family],
      ...{ holdSeconds: 90, holdRequired: true, ttl: 1, externalOriginOnly: false },
      prefixesMax: BGP_PREFIXES.virtualInterfaceIn,
      ...{ defaultMed: 0, localPreference: communityPreference },
    }));
}

/** Of both addresses, which keep their host bits. */
function blockOf({ amazonAddress: { address, length } }: BgpPeer): Cidr {
  return cidr(address, length);
}

function connectSessions(
  reader: ModelReader,
  link: Extract<Link, { kind: 'connect-peer' }>,
): readonly PlannedSession[] {
  const { peer } = link;
  const gateway = reader.get('transit-gateway', peer.transitGatewayId);
  if (gateway === undefined) return [];
  const { amazonSideAsn: asn } = gateway.options;
  const pairs = linkAddresses(link);
  const inner = pairs.filter(({ aws }) => familyOf(aws) === 6);
  return pairs
    .filter(({ aws }) => familyOf(aws) === 4)
    .map(({ aws, customer }, index) => {
      const six = inner[index];
      return {
        ...{ id: `${peer.id}|${formatIp(aws)}`, linkId: peer.id, gatewayId: gateway.id },
        aws: { asn, address: aws, others: six ? [six.aws] : [] },
        customer: { asn: peer.peerAsn, address: customer, others: six ? [six.customer] : [] },
        families: [4, 6],
        ...{ holdSeconds: 30, holdRequired: false, ttl: 2, externalOriginOnly: true },
        prefixesMax: BGP_PREFIXES.transitGatewayIn,
        ...{ defaultMed: 100, localPreference: plainPreference },
      };
    });
}
