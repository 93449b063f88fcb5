/**
 * Multicast domains of transit gateways. A packet to a group leaves its subnet by the subnet's ACL,
 * past all route tables, for the domain that the subnet is in (C-134); from there one copy goes to
 * each member's subnet, by its ACL and the member's groups.
 */
import { MTU } from '../../model/limits.ts';
import { multicastPlace } from '../../model/transit-gateway/multicast-domain.ts';
import {
  type MulticastGroupEntry,
  multicastGroupEntryId,
} from '../../model/transit-gateway/multicast-group.ts';
import { formatIp, type Ip } from '../../net/ip.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { AddressMap } from '../address-map.ts';
import { MulticastGroup } from '../multicast-group.ts';
import type { Reason } from '../reason.ts';
import { type Direction, Station } from '../station.ts';
import { type Action, ANY, type Match, type Rule } from '../table.ts';
import type { MulticastDomainNode, MulticastPort, Network } from './state.ts';
import { bindAcl, linkTable } from './subnet.ts';

const KIND = 'transit-gateway-multicast-domain';
const ATTACHMENT = 'transit-gateway-attachment';
const drop = (reason: Reason, match: Match = ANY): Rule => ({
  match,
  actions: [{ do: 'drop', reason }],
});
const NO_SOURCE = drop('MULTICAST_SOURCE_NOT_REGISTERED');
const NO_FRAGMENTS = drop('MULTICAST_FRAGMENTS_NOT_SUPPORTED', { fragment: true }); // C-122
const NO_IPV6 = drop('TGW_ATTACH_IPV6_NOT_SUPPORTED', { family: 6 }); // C-023
/** The gateway is a router to these packets too (C-129, F-044). */
const ROUTED: readonly Action[] = [
  { do: 'check-size', mtu: MTU.transitGateway },
  { do: 'decrement-ttl' },
];
const NO_MEMBERS: Rule = {
  match: ANY,
  actions: [...ROUTED, { do: 'drop', reason: 'MULTICAST_NO_MEMBERS' }],
};
/** What hosts say is for the domain itself (C-119). */
const IGMP: Match = { family: 4, protocol: PROTOCOL.igmp };
const HEARD: Rule = { match: IGMP, actions: [{ do: 'deliver' }] };
const NOT_HEARD = drop('PROTOCOL_RESTRICTION', IGMP);

export function compileMulticastDomain(network: Network, id: string): void {
  const domain = network.model.get(KIND, id);
  if (domain?.state !== 'available') {
    network.multicastDomains.delete(id);
    return;
  }
  if (network.multicastDomains.has(id)) return;
  const { igmpv2Support, staticSourcesSupport } = domain.options;
  const station = new Station({
    role: 'multicast-domain',
    resource: id,
    kind: KIND,
    direction: 'egress',
  });
  const rules = new AddressMap<Rule>();
  station.table = {
    rules: [NO_FRAGMENTS, igmpv2Support ? HEARD : NOT_HEARD],
    index: { by: 'destination', map: rules },
    otherwise: staticSourcesSupport ? NO_SOURCE : NO_MEMBERS,
  };
  const sourcesOnly = staticSourcesSupport;
  network.multicastDomains.set(id, { station, rules, groups: new Map(), sourcesOnly });
}

/** How a subnet is joined to its domain, if it is in one. */
export function compileMulticastPort(network: Network, subnetId: string): void {
  const subnet = network.subnets.get(subnetId);
  const record = network.model.get('subnet', subnetId);
  const known = network.multicastPorts.get(subnetId);
  const place = multicastPlace(network.model, subnetId);
  const domain = place && network.multicastDomains.get(place.domain.id);
  if (subnet === undefined || record === undefined || domain === undefined) {
    network.multicastPorts.delete(subnetId);
    if (known && subnet && record) subnet.link.table = linkTable(record, subnet);
    return;
  }
  const { id: attachmentId, options } = place!.attachment;
  const isSame = known?.domainId === place!.domain.id && known.attachmentId === attachmentId;
  const port = isSame ? known : newPort(place!.domain.id, attachmentId, subnetId);
  network.multicastPorts.set(subnetId, port);
  const families = options.ipv6Support ? [] : [NO_IPV6];
  bindAcl(network, subnetId, port.out, 'egress');
  port.entry.table = { rules: families, otherwise: onTo(domain.station) };
  port.exit.table = { rules: families, otherwise: onTo(subnet.aclIn, ARRIVES) };
  subnet.link.table = linkTable(record, subnet, port.out);
}

/** C-123: whose groups the sender has is not known behind a gateway that copies. */
const ARRIVES: readonly Action[] = [
  { do: 'set-identity', to: undefined },
  { do: 'set-entry', entry: 'transit-gateway' },
];

function onTo(to: Station, actions: readonly Action[] = []): Rule {
  return { match: ANY, actions: [...actions, { do: 'go', to }] };
}

function newPort(domainId: string, attachmentId: string, subnetId: string): MulticastPort {
  const attachment = (direction: Direction) =>
    new Station({
      role: ATTACHMENT,
      resource: attachmentId,
      kind: ATTACHMENT,
      direction,
      silent: true,
    });
  const out = new Station({
    role: 'acl-gate',
    resource: subnetId,
    kind: 'network-acl',
    direction: 'egress',
  });
  const entry = attachment('egress');
  out.next = entry;
  return { domainId, attachmentId, out, entry, exit: attachment('ingress') };
}

/** One interface's place in a group: an entry of a shared set, whatever the group's size. */
export function compileMulticastEntry(
  network: Network,
  entry: Pick<MulticastGroupEntry, 'domainId' | 'group' | 'networkInterfaceId' | 'role'>,
): void {
  const domain = network.multicastDomains.get(entry.domainId);
  if (domain === undefined) return;
  const isThere =
    network.model.get('transit-gateway-multicast-group-entry', multicastGroupEntryId(entry)) !==
    undefined;
  const group = groupOf(domain, entry.group);
  if (entry.role === 'member') setMember(network, group, entry, isThere);
  else if (isThere) group.sources.add(entry.networkInterfaceId);
  else group.sources.delete(entry.networkInterfaceId);
  if (!group.isEmpty) return;
  domain.rules.delete(entry.group);
  domain.groups.delete(formatIp(entry.group));
}

function setMember(
  network: Network,
  { members }: MulticastGroup,
  {
    domainId,
    networkInterfaceId: id,
  }: Pick<MulticastGroupEntry, 'domainId' | 'networkInterfaceId'>,
  isThere: boolean,
): void {
  const node = isThere ? network.interfaces.get(id) : undefined;
  const port = node && network.multicastPorts.get(node.subnetId);
  if (node === undefined || port?.domainId !== domainId) {
    members.delete(id);
    return;
  }
  const known = members.get(id);
  if (known?.node === node && known.entry === port.exit) return;
  members.set(id, { node, entry: port.exit, endpoint: { kind: 'interface', id } });
}

function groupOf(domain: MulticastDomainNode, address: Ip): MulticastGroup {
  const key = formatIp(address);
  let group = domain.groups.get(key);
  if (group === undefined) {
    group = new MulticastGroup();
    domain.groups.set(key, group);
    domain.rules.set(address, groupRule(group, key, domain.sourcesOnly));
  }
  return group;
}

function groupRule(by: MulticastGroup, groupIpAddress: string, sourcesOnly: boolean): Rule {
  return {
    match: ANY,
    actions: [
      ...(sourcesOnly ? [{ do: 'check-source', by } as const] : []),
      ...ROUTED,
      { do: 'copy', by },
    ],
    cites: { groupIpAddress },
  };
}
