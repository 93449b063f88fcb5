/** The gate tables: one pair per set of groups, shared by every interface that carries the set. */
import { sharesTransitGateway } from '../../model/transit-gateway/shared-gateway.ts';
import type { RulePeer, SecurityGroupRule } from '../../model/vpc/security-group.ts';
import { isStale } from '../../model/vpc/stale-rule.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { InterfaceNode } from '../node.ts';
import { ANY, blockTerm, type Citation, type Match, type Rule, type Table } from '../table.ts';
import { prefixSet } from './prefix-list.ts';
import type { GateTables, Network } from './state.ts';

const ALL_PROTOCOLS = -1;
/** TCP and UDP alone can go untracked; ICMP never does. */
const UNTRACKABLE: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp];

/** Rebuilds the tables of every set that contains the group, and binds their gates to them. */
export function compileSecurityGroup(network: Network, groupId: string): void {
  const group = network.groups.get(groupId);
  if (group === undefined) return;
  const isGone = network.model.get('security-group', groupId) === undefined;
  if (isGone && group.gates.size === 0 && group.members.size === 0) network.groups.delete(groupId);
  for (const key of group.gates) {
    const gate = network.gates.get(key)!;
    Object.assign(gate, gateTables(network, gate.groupIds));
    for (const node of gate.users) bind(node, gate);
  }
}

/** Binds an interface's gates to the tables of its set of groups, made at first use. */
export function bindGates(
  network: Network,
  node: InterfaceNode,
  groupIds: readonly string[],
): void {
  const ids = [...groupIds].sort();
  const key = ids.join(',');
  let gate = network.gates.get(key);
  if (gate === undefined) {
    gate = { groupIds: ids, users: new Set(), ...gateTables(network, ids) };
    network.gates.set(key, gate);
    for (const id of ids) network.group(id).gates.add(key);
  }
  gate.users.add(node);
  bind(node, gate);
}

/** Lets go of a set; its tables go with the last interface. */
export function releaseGates(
  network: Network,
  node: InterfaceNode,
  groupIds: readonly string[],
): void {
  const key = [...groupIds].sort().join(',');
  const gate = network.gates.get(key);
  gate?.users.delete(node);
  if (gate?.users.size !== 0) return;
  network.gates.delete(key);
  for (const id of gate.groupIds) network.groups.get(id)?.gates.delete(key);
}

function bind(node: InterfaceNode, gate: GateTables): void {
  node.groupsOut.table = gate.egress;
  node.groupsIn.table = gate.ingress;
}

function gateTables(network: Network, groupIds: readonly string[]) {
  const rules = groupIds.flatMap((id) => rulesOf(network, id));
  return {
    egress: gateTable(network, groupIds, rules, true),
    ingress: gateTable(network, groupIds, rules, false),
  };
}

/** Rules have no order of their own: the one that an answer cites must not depend on history. */
function rulesOf({ model }: Network, groupId: string): SecurityGroupRule[] {
  const rules = [...model.by('security-group-rule', 'group', groupId)];
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** any rule of any group lets pass. Rules whose flows go untracked stand first. */
function gateTable(
  network: Network,
  groupIds: readonly string[],
  all: readonly SecurityGroupRule[],
  egress: boolean,
): Table {
  const own = all.filter((rule) => rule.egress === egress);
  const opposite = all.filter((rule) => rule.egress !== egress);
  const live = own.filter((rule) => !isStale(network.model, rule));
  const untracked = live.flatMap((rule) => [
    ...untrackedRules(rule, opposite),
    ...untrackedReplyRules(rule, opposite),
  ]);
  const tracked = live.map((rule) => allowRule(network, rule, true));
  // Those that hold first: where both kinds match, the packet has lost what was known.
  const ordered = [...live, ...own.filter((rule) => !live.includes(rule))];
  const lost = egress ? [] : ordered.flatMap((rule) => lostReferenceRule(network, rule, groupIds));
  const reason = own.length === 0 ? 'SG_HAS_NO_RULES' : 'ENI_SG_RULES_MISMATCH';
  return {
    rules: [...untracked, ...tracked, ...lost],
    otherwise: { match: ANY, actions: [{ do: 'drop', reason }], cites: { groups: groupIds } },
  };
}

function allowRule(network: Network, rule: SecurityGroupRule, tracked: boolean): Rule {
  return {
    match: { ...upperLayer(rule), ...peerMatch(network, rule) },
    actions: tracked ? [{ do: 'remember' }, { do: 'next' }] : [{ do: 'next' }],
    cites: citation(rule),
    resource: rule.groupId,
  };
}

/** open to every address here, and to every address and port the other way. */
function untrackedRules(rule: SecurityGroupRule, opposite: readonly SecurityGroupRule[]): Rule[] {
  const { peer } = rule;
  if (peer.kind !== 'cidr' || peer.cidr.length !== 0) return [];
  const protocols = UNTRACKABLE.filter(
    (protocol) =>
      speaksOf(rule, protocol) && opposite.some((other) => isOpen(other, protocol, peer.cidr)),
  );
  return protocols.map((protocol) => ({
    match: { ...upperLayer(rule), protocol, ...cidrMatch(rule.egress, peer.cidr) },
    actions: [{ do: 'next' }],
    cites: citation(rule),
    resource: rule.groupId,
  }));
}

/**
 * The replies to flows that the opposite rules let go untracked: tracked themselves, they would
 * keep the flow alive when its rule is removed. Of UDP nothing tells a reply from a new
 * flow that comes from such a port; untracked, it is judged by rules as open.
 */
function untrackedReplyRules(
  rule: SecurityGroupRule,
  opposite: readonly SecurityGroupRule[],
): Rule[] {
  const { peer } = rule;
  if (peer.kind !== 'cidr' || peer.cidr.length !== 0) return [];
  const { cidr } = peer;
  return UNTRACKABLE.filter((protocol) => isOpen(rule, protocol, cidr)).flatMap((protocol) =>
    opposite
      .filter((other) => speaksOf(other, protocol) && isToAnyone(other, cidr))
      .map(({ ports }) => ({
        match: {
          protocol,
          established: true as const,
          ...(ports && { sourcePorts: ports }),
          ...cidrMatch(rule.egress, cidr),
        },
        actions: [{ do: 'next' }],
        cites: citation(rule),
        resource: rule.groupId,
      })),
  );
}

function speaksOf({ protocol }: SecurityGroupRule, wanted: number): boolean {
  return protocol === ALL_PROTOCOLS || protocol === wanted;
}

function isToAnyone({ peer }: SecurityGroupRule, any: Cidr): boolean {
  if (peer.kind !== 'cidr' || peer.cidr.length !== 0) return false;
  return typeof peer.cidr.address === typeof any.address;
}

/** To anyone on any port. */
function isOpen(rule: SecurityGroupRule, protocol: number, any: Cidr): boolean {
  const { ports } = rule;
  if (!isToAnyone(rule, any) || !speaksOf(rule, protocol)) return false;
  return ports === undefined || (ports.from === 0 && ports.to === 65535);
}

/**
 * The address is a member's, but the packet does not say whose it is: it no longer does, or
 * the transit gateway does not tell (C-050).
 */
function lostReferenceRule(
  network: Network,
  rule: SecurityGroupRule,
  groupIds: readonly string[],
): Rule[] {
  if (rule.peer.kind !== 'group') return [];
  const stale = isStale(network.model, rule);
  if (stale && !isUntold(network, rule.groupId, rule.peer.vpcId)) return [];
  const set = network.group(rule.peer.groupId).members;
  return [
    {
      match: {
        ...upperLayer(rule),
        source: { kind: 'addresses', set },
        ...(stale && { entry: 'transit-gateway' }),
      },
      actions: [
        { do: 'drop', reason: stale ? 'SG_REFERENCING_SUPPORT' : 'SG_REFERENCES_NOT_PRESERVED' },
      ],
      cites: { groups: groupIds },
    },
  ];
}

/** Whether a transit gateway joins a group's VPC to another, and does not tell of groups. */
function isUntold({ model }: Network, groupId: string, peerVpcId: string): boolean {
  const vpcId = model.get('security-group', groupId)?.vpcId;
  return vpcId !== undefined && sharesTransitGateway(model, vpcId, peerVpcId);
}

function upperLayer({ protocol, ports, icmp }: SecurityGroupRule): Match {
  return {
    ...(protocol !== ALL_PROTOCOLS && { protocol }),
    ...(ports && { ports }),
    ...(icmp && { icmp }),
  };
}

function cidrMatch(egress: boolean, cidr: Cidr): Match {
  return egress ? { destination: blockTerm(cidr) } : { source: blockTerm(cidr) };
}

/** A-077: members' private addresses; inwards the sender must be known as well (A-080). */
function peerMatch(network: Network, { peer, egress }: SecurityGroupRule): Match {
  if (peer.kind === 'cidr') return cidrMatch(egress, peer.cidr);
  if (peer.kind === 'prefix-list') {
    const listed = { kind: 'prefixes', set: prefixSet(network, peer.prefixListId) } as const;
    return egress ? { destination: listed } : { source: listed };
  }
  const { members } = network.group(peer.groupId);
  return egress ? { destination: { kind: 'addresses', set: members } } : { identity: members };
}

function citation({ id, groupId, protocol, ports, icmp, peer }: SecurityGroupRule): Citation {
  return {
    securityGroupRuleId: id,
    groupId,
    protocol: String(protocol),
    ...(ports && { portRange: ports }),
    ...(icmp && { icmpTypeCode: icmp }),
    ...peerCitation(peer),
  };
}

function peerCitation(peer: RulePeer): Citation {
  switch (peer.kind) {
    case 'cidr':
      return { cidr: formatCidr(peer.cidr) };
    case 'prefix-list':
      return { prefixListId: peer.prefixListId };
    case 'group':
      return { referencedGroupId: peer.groupId };
  }
}
