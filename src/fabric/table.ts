/**
 * Tables: ordered rules, plain data, with indexes over them. Every reader (forwarder, explainer,
 * analyser, exporter) reads these; what a packet meets is decided nowhere else.
 */
import { type Cidr, limbMask } from '../net/cidr.ts';
import { type Family, familyOf, type Ip, isIpv4 } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { containsPort, type PortRange } from '../net/port-range.ts';
import type { PrefixTrie } from '../net/prefix-trie.ts';
import type { AddressMap } from './address-map.ts';
import type { Candidate } from './choice.ts';
import type { GreTunnel } from './gre-tunnel.ts';
import type { LearnedRoutes } from './learned-routes.ts';
import type { MulticastGroup } from './multicast-group.ts';
import type { InterfaceNode } from './node.ts';
import { type Entry, isSyn, type Packet } from './packet.ts';
import type { PrefixSet } from './prefix-set.ts';
import type { Reason } from './reason.ts';
import type { Station } from './station.ts';
import type { ZoneMap } from './zone.ts';
import type { ZoneChoice } from './zone-choice.ts';

/** A block, as limbs and masks. */
export interface BlockTerm {
  readonly kind: 'block';
  readonly family: Family;
  readonly limbs: readonly [number, number, number, number];
  readonly masks: readonly [number, number, number, number];
}

/** A set that rules share and never copy: its members change in place. */
export interface BlockSetTerm {
  readonly kind: 'blocks';
  readonly set: BlockSet;
}

/** Addresses of interfaces: an interface's own, or a group's members'. */
export interface AddressSetTerm {
  readonly kind: 'addresses';
  readonly set: AddressMap<unknown>;
}

/** Blocks of a prefix list: many, looked up by prefix. */
export interface PrefixSetTerm {
  readonly kind: 'prefixes';
  readonly set: PrefixSet;
}

export type AddressTerm = BlockTerm | BlockSetTerm | AddressSetTerm | PrefixSetTerm;

/** What a rule asks of a packet: every member that is present must hold. */
export interface Match {
  readonly family?: Family;
  readonly source?: AddressTerm;
  readonly destination?: AddressTerm;
  /** The sender is known to be a member: an identity, not only an address. */
  readonly identity?: AddressMap<InterfaceNode>;
  /** IANA protocol number. */
  readonly protocol?: number;
  /** Destination ports of TCP and UDP. */
  readonly ports?: PortRange;
  readonly sourcePorts?: PortRange;
  /** Not what opens a TCP connection; other protocols have no such packet. */
  readonly established?: true;
  /** -1 = any. */
  readonly icmp?: { readonly type: number; readonly code: number };
  /** The subnet the packet last left, as the station id of its link. */
  readonly subnet?: number;
  /** Addressed to the router on the link, or (false) to an interface there. */
  readonly toRouter?: boolean;
  /** In pieces, cut by the sender or on the way. */
  readonly fragment?: boolean;
  /** The number of the Availability Zone that the packet is in. */
  readonly zone?: number;
  /** How it came into the VPC. */
  readonly entry?: Entry;
}

/** What happens to a packet: a closed list. */
export type Action =
  /** On to a station; to the one that this station is bound to; to the next hop on the link. */
  | { readonly do: 'go'; readonly to: Station }
  | { readonly do: 'next' }
  | { readonly do: 'go-next-hop' }
  /** Out of the subnet by `next`, or past it where the route table keeps the packet inside. */
  | { readonly do: 'leave-subnet'; readonly routes: Station }
  /** The packet has arrived at the guest behind the interface, or at a service. */
  | { readonly do: 'deliver' }
  | { readonly do: 'drop'; readonly reason: Reason }
  | { readonly do: 'rewrite-source'; readonly to: Ip }
  | { readonly do: 'rewrite-destination'; readonly to: Ip }
  /** Source to an address of the translator's, with a port of its own (RFC 3022). */
  | { readonly do: 'masquerade'; readonly by: Masquerade }
  /** A reply to a masqueraded flow gets its inside destination back and goes on from there. */
  | { readonly do: 'restore'; readonly by: Masquerade; readonly to: Station }
  /** Tracks the flow: its further packets, and its replies, pass this interface's gates. */
  | { readonly do: 'remember' }
  /** The same at the gate of the sender, whose rules alone would not track it. */
  | { readonly do: 'remember-sender' }
  /** Drops what is larger and may not be fragmented; the sender is told the MTU (RFC 1191). */
  | { readonly do: 'check-size'; readonly mtu: number }
  | { readonly do: 'decrement-ttl' }
  /** On by one of several ways, the same for all packets of a flow. */
  | { readonly do: 'choose'; readonly among: readonly Candidate[] }
  /** Into a VPC, by one of the zones where a gateway is attached to it (C-036 to C-038). */
  | { readonly do: 'choose-zone'; readonly by: ZoneChoice }
  /** Drops what comes from none of a group's sources (C-118). */
  | { readonly do: 'check-source'; readonly by: MulticastGroup }
  /** A packet for each member of the group but its sender (C-134). */
  | { readonly do: 'copy'; readonly by: MulticastGroup }
  /**
   * Into a GRE packet that goes on from `to` (H-086), as if sent there: whose it is, and where
   * errors about it go, has to be set anew. `sentBy`: the interface that puts it on its link.
   */
  | {
      readonly do: 'wrap';
      readonly by: GreTunnel;
      readonly to: Station;
      readonly sentBy?: string;
    }
  /** The inverse, for the packet inside. `receivedBy`: the interface that took it off its link. */
  | { readonly do: 'unwrap'; readonly to: Station; readonly receivedBy?: string }
  /** Sets whose groups the sender has; undefined: no longer known. */
  | { readonly do: 'set-identity'; readonly to: InterfaceNode | undefined }
  | { readonly do: 'set-forwarder'; readonly to: InterfaceNode }
  | { readonly do: 'set-subnet'; readonly to: number; readonly zone: number }
  | { readonly do: 'set-entry'; readonly entry: Entry | undefined }
  | { readonly do: 'set-next-hop'; readonly to: InterfaceNode | undefined }
  /** What a guest does when it sends: an address on the link is the next hop, else the router. */
  | { readonly do: 'resolve-link'; readonly hosts: AddressMap<InterfaceNode> }
  /** Where errors about the packet enter the tables, and from which address. */
  | { readonly do: 'set-errors'; readonly to: Station | undefined; readonly from: Errors };

/** Addresses an ICMP error comes from, by family. */
export interface Errors {
  readonly ipv4: Ip | undefined;
  readonly ipv6: Ip | undefined;
}

/** A masquerading translator: its own sessions, scoped by its station. */
export interface Masquerade {
  /** Number of the session scope its keys live in. */
  readonly scope: number;
  /** What new flows are translated to. */
  readonly ipv4: readonly Ipv4[];
  readonly ipv6: readonly Ipv6[];
  /** Every address it has: a flow ends with its own. */
  readonly own: AddressMap<unknown>;
  /** Without a packet for so long a flow is forgotten. */
  readonly idleSeconds: { readonly tcp: number; readonly other: number };
  /** Flows of one address to one destination, port and protocol at a time. */
  readonly flowsMax: number;
  /** Whether IPv6 to 64:ff9b::/96 is translated to IPv4. */
  readonly nat64: boolean;
  /** Whether a TCP packet of no flow that opens none is answered with a reset. */
  readonly resets: boolean;
}

/** The entry of AWS's that a rule stands for, as an answer shows it. */
export type Citation = Readonly<Record<string, unknown>>;

export interface Rule {
  readonly match: Match;
  readonly actions: readonly Action[];
  readonly cites?: Citation;
  /** The resource that let the packet pass or stopped it, where that is not the station's. */
  readonly resource?: string;
  /** Routes to an interface: the subnet it is in, as the station id of its link. */
  readonly towards?: number;
  /** Routes of a gateway to a VPC: the zones of its addresses. */
  readonly zones?: ZoneMap;
  /** Propagated routes: one for a set of the same length goes before (A-026, C-064). */
  readonly propagated?: true;
}

/** An index over rules that differ in one address only. */
export type Index =
  | {
      readonly by: 'destination-prefix';
      readonly ipv4: PrefixTrie<Rule>;
      readonly ipv6: PrefixTrie<Rule>;
      /** Rules for whole sets of destinations, in order of precedence among equals. */
      readonly sets?: readonly PrefixSetRule[];
      /** Below all others of equal length (C-064). */
      readonly learned?: LearnedRoutes;
    }
  | { readonly by: 'source' | 'destination'; readonly map: AddressMap<Rule> };

/** What holds for every destination in a set that other tables share. */
export interface PrefixSetRule {
  readonly set: PrefixSet;
  readonly rule: Rule;
}

/** Rules first, in order; then the index; then what holds for everything else. */
export interface Table {
  readonly rules: readonly Rule[];
  readonly index?: Index;
  readonly otherwise: Rule;
}

export const ANY: Match = {};

/** A versioned set of blocks, shared by the rules that refer to it. */
export class BlockSet {
  #blocks: readonly BlockTerm[] = [];
  version = 0;

  replace(blocks: readonly Cidr[]): void {
    this.#blocks = blocks.map(blockTerm);
    this.version += 1;
  }

  get blocks(): readonly BlockTerm[] {
    return this.#blocks;
  }
}

export function blockTerm({ address, length }: Cidr): BlockTerm {
  const masks = [0, 32, 64, 96].map((from) => limbMask(length - from));
  const limbs = isIpv4(address) ? [address, 0, 0, 0] : address;
  return {
    kind: 'block',
    family: familyOf(address),
    limbs: limbs as unknown as BlockTerm['limbs'],
    masks: masks as unknown as BlockTerm['masks'],
  };
}

function inBlock(block: BlockTerm, family: Family, a: number, b: number, c: number, d: number) {
  const { limbs, masks } = block;
  return (
    block.family === family &&
    (a & masks[0]) >>> 0 === limbs[0] &&
    (b & masks[1]) >>> 0 === limbs[1] &&
    (c & masks[2]) >>> 0 === limbs[2] &&
    (d & masks[3]) >>> 0 === limbs[3]
  );
}

function inTerm(term: AddressTerm, family: Family, a: number, b: number, c: number, d: number) {
  switch (term.kind) {
    case 'block':
      return inBlock(term, family, a, b, c, d);
    case 'blocks':
      for (const block of term.set.blocks) if (inBlock(block, family, a, b, c, d)) return true;
      return false;
    case 'prefixes':
      return term.set.matchLength(family, a, b, c, d) >= 0;
    case 'addresses':
      return (family === 4 ? term.set.get4(a) : term.set.get6(a, b, c, d)) !== undefined;
  }
}

function upperLayerMatches(match: Match, packet: Packet): boolean {
  const { protocol, ports, sourcePorts, established, icmp } = match;
  if (protocol !== undefined && protocol !== packet.protocol) return false;
  if (ports !== undefined && !containsPort(ports, packet.destinationPort)) return false;
  if (sourcePorts !== undefined && !containsPort(sourcePorts, packet.sourcePort)) return false;
  if (established && isSyn(packet)) return false;
  if (icmp === undefined) return true;
  return (
    (icmp.type === -1 || icmp.type === packet.icmpType) &&
    (icmp.code === -1 || icmp.code === packet.icmpCode)
  );
}

function isInPieces({ isFragment, fragmentTo }: Packet): boolean {
  return isFragment || fragmentTo > 0;
}

export function matches(match: Match, packet: Packet): boolean {
  const { family, source, destination, identity, subnet, toRouter, fragment, zone, entry } = match;
  if (family !== undefined && family !== packet.family) return false;
  if (subnet !== undefined && subnet !== packet.subnet) return false;
  if (zone !== undefined && zone !== packet.zone) return false;
  if (entry !== undefined && entry !== packet.entry) return false;
  if (toRouter !== undefined && toRouter !== (packet.nextHop === undefined)) return false;
  if (fragment !== undefined && fragment !== isInPieces(packet)) return false;
  if (!upperLayerMatches(match, packet)) return false;
  if (identity !== undefined) {
    const { family: f, s0, s1, s2, s3, identity: sender } = packet;
    if (sender === undefined) return false;
    if ((f === 4 ? identity.get4(s0) : identity.get6(s0, s1, s2, s3)) !== sender) return false;
  }
  if (source !== undefined) {
    const { family: f, s0, s1, s2, s3 } = packet;
    if (!inTerm(source, f, s0, s1, s2, s3)) return false;
  }
  if (destination === undefined) return true;
  const { family: f, d0, d1, d2, d3 } = packet;
  return inTerm(destination, f, d0, d1, d2, d3);
}

/** The rule that decides for a packet. */
export function lookUp(table: Table, packet: Packet): Rule {
  for (const rule of table.rules) if (matches(rule.match, packet)) return rule;
  return (table.index && lookUpIndex(table.index, packet)) ?? table.otherwise;
}

function lookUpIndex(index: Index, packet: Packet): Rule | undefined {
  const { family, s0, s1, s2, s3, d0, d1, d2, d3 } = packet;
  switch (index.by) {
    case 'destination-prefix': {
      const trie = family === 4 ? index.ipv4 : index.ipv6;
      const best = trie.match(d0, d1, d2, d3);
      if (index.sets === undefined && index.learned === undefined) return best;
      return longest(best, trie, index, packet);
    }
    case 'destination':
      return family === 4 ? index.map.get4(d0) : index.map.get6(d0, d1, d2, d3);
    case 'source':
      return family === 4 ? index.map.get4(s0) : index.map.get6(s0, s1, s2, s3);
  }
}

type PrefixIndex = Extract<Index, { by: 'destination-prefix' }>;

/**
 * The longest prefix over a table's own entries and the sets it refers to. Of equal ones the own
 * entry wins unless it is propagated (A-026, C-064), then the first set: always the same
 * one.
 */
function longest(
  own: Rule | undefined,
  trie: PrefixTrie<Rule>,
  { sets = [], learned }: Pick<PrefixIndex, 'sets' | 'learned'>,
  { family, d0, d1, d2, d3 }: Packet,
): Rule | undefined {
  let best = own;
  let length = own === undefined ? -1 : trie.matchLength(d0, d1, d2, d3);
  for (const { set, rule } of sets) {
    const other = set.matchLength(family, d0, d1, d2, d3);
    if (other < length || other < 0) continue;
    if (other === length && best?.propagated !== true) continue;
    best = rule;
    length = other;
  }
  if (learned === undefined) return best;
  const heard = learned.trie(family);
  return heard.matchLength(d0, d1, d2, d3) > length ? heard.match(d0, d1, d2, d3) : best;
}
