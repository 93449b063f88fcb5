/** What two speakers agree on by their OPENs (RFC 4271 section 6.2, RFC 5492, 6286, 6793). */
import type { Family } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Random } from '../../net/random.ts';
import { ASN16_MAX, type AsnWidth } from '../../wire/bgp/as-path.ts';
import {
  type Capabilities,
  encodeCapabilities,
  NO_CAPABILITIES,
} from '../../wire/bgp/capability.ts';
import { afiSafiOf, unicastFamily } from '../../wire/bgp/family.ts';
import { BGP_ERROR, Fault, OPEN_ERROR } from '../../wire/bgp/fault.ts';
import type { Open } from '../../wire/bgp/open.ts';
import type { PeerConfiguration, SpeakerConfiguration } from './configuration.ts';
import { BGP_LIMITS } from './limits.ts';

export interface Agreement {
  /** The other side's. */
  readonly identifier: Ipv4;
  readonly asn: number;
  /** Both sides are of one AS. */
  readonly internal: boolean;
  /** The smaller of both; 0 = no hold timer and no KEEPALIVEs (H-092). */
  readonly holdSeconds: number;
  readonly families: readonly Family[];
  readonly asnWidth: AsnWidth;
  readonly routeRefresh: boolean;
}

/** Our OPEN; `bare` leaves all capabilities out, for a peer that refused them (H-094). */
export function ownOpen(
  speaker: SpeakerConfiguration,
  peer: PeerConfiguration,
  bare: boolean,
): Open {
  const { asn, identifier } = speaker;
  return {
    asn,
    identifier,
    holdSeconds: peer.holdSeconds ?? BGP_LIMITS.holdSeconds,
    capabilities: bare && asn <= ASN16_MAX ? NO_CAPABILITIES : ownCapabilities(asn, peer),
  };
}

function ownCapabilities(asn: number, { families }: PeerConfiguration): Capabilities {
  return {
    families: families.map(afiSafiOf),
    routeRefresh: true,
    fourOctetAs: asn,
    others: [],
  };
}

/** What follows from both OPENs, or what the other side is to be told (H-091). */
export function agree(own: Open, other: Open, peer: PeerConfiguration): Agreement | Fault {
  const refuse = (subcode: number, data?: Uint8Array) => new Fault(BGP_ERROR.open, subcode, data);
  const internal = own.asn === peer.asn;
  if (other.asn !== peer.asn) return refuse(OPEN_ERROR.badPeerAs);
  if (internal && other.identifier === own.identifier) return refuse(OPEN_ERROR.badIdentifier);
  if (peer.holdRequired && other.holdSeconds === 0) {
    return refuse(OPEN_ERROR.unacceptableHoldTime);
  }
  const offered = familiesOf(own.capabilities);
  const wanted = familiesOf(other.capabilities);
  const families = peer.families.filter((one) => offered.includes(one) && wanted.includes(one));
  if (families.length === 0) {
    const missing: Capabilities = { ...NO_CAPABILITIES, families: peer.families.map(afiSafiOf) };
    return refuse(OPEN_ERROR.unsupportedCapability, encodeCapabilities(missing));
  }
  const both = (holds: (capabilities: Capabilities) => boolean) =>
    holds(own.capabilities) && holds(other.capabilities);
  return {
    identifier: other.identifier,
    asn: other.asn,
    internal,
    holdSeconds: Math.min(own.holdSeconds, other.holdSeconds),
    families,
    asnWidth: both(({ fourOctetAs }) => fourOctetAs !== undefined) ? 4 : 2,
    routeRefresh: both(({ routeRefresh }) => routeRefresh),
  };
}

/** RFC 4760 section 8: who names no family speaks of IPv4 unicast. */
function familiesOf({ families }: Capabilities): Family[] {
  if (families.length === 0) return [4];
  return families.flatMap(({ afi, safi }) => unicastFamily(afi, safi) ?? []);
}

/** A timer's time with its jitter, in milliseconds (RFC 4271 section 10). */
export function jittered(seconds: number, random: Random): number {
  const { jitterMin } = BGP_LIMITS;
  const part = jitterMin + (1 - jitterMin) * (random.uint32() / 0xffff_ffff);
  return seconds * 1000 * part;
}

/** The time to the next KEEPALIVE in milliseconds: a third of the hold time (H-092). */
export function keepaliveMillis(holdSeconds: number, random: Random): number {
  const millis = jittered(holdSeconds / 3, random);
  return Math.max(millis, BGP_LIMITS.keepaliveSecondsMin * 1000);
}
