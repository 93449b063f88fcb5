/** The compiled network: stations by the resource they stand for, and the sets that rules share. */

import { Model } from '../../model/model.ts';
import type { Cidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import { PrefixTrie } from '../../net/prefix-trie.ts';
import { AddressMap } from '../address-map.ts';
import type { LearnedRoutes } from '../learned-routes.ts';
import type { MulticastGroup } from '../multicast-group.ts';
import type { InterfaceNode } from '../node.ts';
import type { PrefixSet } from '../prefix-set.ts';
import type { SessionScope } from '../session.ts';
import { Station } from '../station.ts';
import type { BlockSet, Errors, Rule, Table } from '../table.ts';
import type { ZoneMap } from '../zone.ts';

export interface VpcNode {
  readonly id: string;
  /** Delivery: from address to interface, no rules. */
  readonly router: Station;
  readonly addresses: AddressMap<Rule>;
  readonly resolver: Station;
  /** From the resolver straight to an interface: groups do not filter it. */
  readonly resolverReplies: Station;
  readonly direct: AddressMap<Rule>;
  readonly resolverAddresses: AddressMap<true>;
  /** The blocks that count in B-040. */
  readonly blocks: BlockSet;
  readonly zones: ZoneMap;
}

export interface SubnetNode {
  readonly id: string;
  readonly vpcId: string;
  /** The number of its Availability Zone. */
  readonly zone: number;
  /** Where frames enter from the interfaces; its id marks packets as inside this subnet. */
  readonly link: Station;
  /** Whether a packet to the router will cross the subnet's border. */
  readonly border: Station;
  readonly aclOut: Station;
  readonly arrive: Station;
  readonly aclIn: Station;
  readonly blocks: BlockSet;
  /** The same, as the VPC's map of zones has them. */
  zoned: readonly Cidr[];
  /** Interfaces on the link by address. */
  readonly hosts: AddressMap<InterfaceNode>;
  /** The router's own addresses: ICMP errors come from there. */
  readonly errors: Errors;
}

export interface GroupNode {
  /** Addresses of the interfaces that carry the group. */
  readonly members: AddressMap<InterfaceNode>;
  /** Keys of the gate tables that contain its rules. */
  readonly gates: Set<string>;
}

/** The table of one set of groups, and the gates bound to it. */
export interface GateTables {
  readonly groupIds: readonly string[];
  egress: Table;
  ingress: Table;
  readonly users: Set<InterfaceNode>;
}

export interface AclTables {
  readonly egress: Table;
  readonly ingress: Table;
}

export interface GatewayNode {
  readonly out: Station;
  readonly into: Station;
  /** Private source to its rule outwards, public destination to its rule inwards. */
  readonly sources: AddressMap<Rule>;
  readonly destinations: AddressMap<Rule>;
  /** The gateway's own route table; past it or, while there is none, at once the router. */
  readonly edge: Station;
  readonly vpcId: string;
}

export interface EgressOnlyNode {
  readonly vpcId: string;
  /** Where packets leave, and where their flows are remembered. */
  readonly out: Station;
  readonly track: Station;
  /** Where packets from outside are told apart, and where replies enter. */
  readonly entry: Station;
  readonly into: Station;
}

export interface PeeringNode {
  readonly toRequester: Station;
  readonly toAccepter: Station;
}

/** A VPC's attachment to a transit gateway. */
export interface TransitVpcNode {
  /** Where the VPC's route tables lead: only from zones with a subnet of it (C-032). */
  readonly gate: Station;
  /** Into the gateway, and out of it into the VPC. */
  readonly entry: Station;
  readonly exit: Station;
  /** Flows that appliance mode keeps in one zone (C-039). */
  readonly scope: SessionScope;
}

/** A transit gateway's attachment to another: one station towards each. */
export interface TransitPeeringNode {
  readonly toRequester: Station;
  readonly toAccepter: Station;
}

/** A link between AWS and a customer's device: a tunnel, a virtual interface, a Connect peer. */
export interface LinkNode {
  /** Towards the customer, and from there. */
  readonly out: Station;
  readonly into: Station;
  /** Of a Connect peer: where the gateway takes out what a GRE packet carried. */
  readonly end: Station;
}

/** An attachment of a transit gateway with links behind it. */
export interface TransitLinksNode {
  /** Into the gateway. */
  readonly entry: Station;
  /** Out of it, by link; by none of them. */
  readonly exits: Map<string, Station>;
  readonly down: Station;
}

export interface VpnGatewayNode {
  /** Where the VPC's packets come, by a propagated route larger ones too (H-066). */
  readonly out: Station;
  readonly outJumbo: Station;
  /** Which link they go by. */
  readonly routes: Station;
  /** What its own links bring; what a Direct Connect gateway brings: that goes to the VPC alone. */
  readonly through: Station;
  readonly fromDirectConnect: Station;
  /** Into the VPC, past the gateway's own route table. */
  readonly into: Station;
  readonly edge: Station;
}

/** Where virtual interfaces and gateways meet; one station each way. */
export interface DirectConnectGatewayNode {
  /** From a transit gateway, by link. */
  readonly exits: Map<string, Station>;
  /** From a virtual interface, by destination. */
  readonly into: Station;
}

export interface SiteNode {
  /** Where its hosts and its router send, and by which route that leaves. */
  readonly send: Station;
  readonly outwards: Station;
  /** Where a link brings packets, and where these go. */
  readonly arrive: Station;
  readonly inwards: Station;
}

/** A multicast domain of a transit gateway. */
export interface MulticastDomainNode {
  readonly station: Station;
  /** By group address, as packets look them up, and as changes do. */
  readonly rules: AddressMap<Rule>;
  readonly groups: Map<string, MulticastGroup>;
  /** Whether only registered sources may send (C-118). */
  readonly sourcesOnly: boolean;
}

/** How a subnet is joined to its multicast domain. */
export interface MulticastPort {
  readonly domainId: string;
  readonly attachmentId: string;
  /** The subnet's ACL towards the domain, and the attachment both ways. */
  readonly out: Station;
  readonly entry: Station;
  readonly exit: Station;
}

/** Public IPv4 addresses and Amazon's IPv6 blocks, as the Internet routes them. */
export interface InternetNode {
  readonly station: Station;
  ipv4: PrefixTrie<Rule>;
  ipv6: PrefixTrie<Rule>;
}

export class Network {
  /** The fabric's own copy of what exists: fed by changes, read by the compile steps. */
  readonly model = new Model();
  readonly vpcs = new Map<string, VpcNode>();
  readonly subnets = new Map<string, SubnetNode>();
  readonly interfaces = new Map<string, InterfaceNode>();
  readonly routeTables = new Map<string, Station>();
  readonly groups = new Map<string, GroupNode>();
  readonly gates = new Map<string, GateTables>();
  readonly acls = new Map<string, AclTables>();
  /** Of the prefix lists that something refers to. */
  readonly prefixLists = new Map<string, PrefixSet>();
  readonly gateways = new Map<string, GatewayNode>();
  readonly egressOnlyGateways = new Map<string, EgressOnlyNode>();
  readonly peerings = new Map<string, PeeringNode>();
  readonly transitVpcs = new Map<string, TransitVpcNode>();
  readonly transitPeerings = new Map<string, TransitPeeringNode>();
  readonly transitTables = new Map<string, Station>();
  readonly multicastDomains = new Map<string, MulticastDomainNode>();
  readonly transitLinks = new Map<string, TransitLinksNode>();
  readonly links = new Map<string, LinkNode>();
  readonly vpnGateways = new Map<string, VpnGatewayNode>();
  readonly directConnectGateways = new Map<string, DirectConnectGatewayNode>();
  readonly sites = new Map<string, SiteNode>();
  /** Shared, by the attachments that they were learned from; and by the table that takes them. */
  readonly learnedRoutes = new Map<string, LearnedRoutes>();
  readonly learnedOfTable = new Map<string, LearnedRoutes>();
  /** By subnet. */
  readonly multicastPorts = new Map<string, MulticastPort>();
  readonly internet: InternetNode = {
    station: new Station({
      role: 'internet',
      resource: 'internet',
      kind: 'internet',
      direction: 'egress',
      silent: true,
    }),
    ipv4: PrefixTrie.empty(),
    ipv6: PrefixTrie.empty(),
  };

  group(id: string): GroupNode {
    let node = this.groups.get(id);
    if (node === undefined) {
      node = { members: new AddressMap(), gates: new Set() };
      this.groups.set(id, node);
    }
    return node;
  }
}

export function familyPair(addresses: readonly Ip[]): Errors {
  return {
    ipv4: addresses.find((address) => typeof address === 'number'),
    ipv6: addresses.find((address) => typeof address !== 'number'),
  };
}
