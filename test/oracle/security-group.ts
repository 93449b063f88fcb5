/** Security groups: what any rule of any group of the interface allows passes. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { SecurityGroupRule } from '../../src/model/vpc/security-group.ts';
import { cidrFamily, containsIp } from '../../src/net/cidr.ts';
import type { Family, Ip } from '../../src/net/ip.ts';
import { isTraffic } from './network-acl.ts';
import {
  type Drop,
  drop,
  flowOf,
  isSameFlow,
  type Packet,
  packetFamily,
  reversed,
  TCP,
  UDP,
} from './packet.ts';
import { joinsGroups } from './transit-gateway.ts';
import { entriesOf, isIn, owns, type World } from './world.ts';

type Reference = Extract<SecurityGroupRule['peer'], { kind: 'group' }>;

/** The drop, or undefined when the groups let the packet pass; a tracked flow is remembered. */
export function judgeByGroups(
  world: World,
  eni: NetworkInterface,
  egress: boolean,
  packet: Packet,
): Drop | undefined {
  if (isOfTrackedFlow(world, eni, egress, packet)) return undefined;
  const rules = rulesOf(world, eni, egress);
  const permitting = rules.filter((rule) => permits(world, rule, packet));
  if (permitting.length > 0) {
    if (!isUntracked(world, eni, egress, packet, permitting)) {
      world.sessions.push({ interfaceId: eni.id, egress, flow: flowOf(packet) });
    }
    return undefined;
  }
  if (rules.length === 0) return drop('SG_HAS_NO_RULES', eni.id);
  if (rules.some((rule) => wouldPermitSender(world, rule, packet))) {
    return drop('SG_REFERENCES_NOT_PRESERVED', eni.id);
  }
  const untold = packet.cameByTransit && rules.some((rule) => isUntold(world, rule, packet));
  return drop(untold ? 'SG_REFERENCING_SUPPORT' : 'ENI_SG_RULES_MISMATCH', eni.id);
}

/** more of a flow that passed this gate, or the way back of one that passed the other. */
function isOfTrackedFlow(
  { sessions }: World,
  eni: NetworkInterface,
  egress: boolean,
  packet: Packet,
): boolean {
  return sessions.some(
    (session) =>
      session.interfaceId === eni.id &&
      isSameFlow(session.egress === egress ? session.flow : reversed(session.flow), packet),
  );
}

function rulesOf({ model }: World, eni: NetworkInterface, egress: boolean): SecurityGroupRule[] {
  return [...model.all('security-group-rule')].filter(
    (rule) => rule.egress === egress && eni.groupIds.includes(rule.groupId),
  );
}

function permits(world: World, rule: SecurityGroupRule, packet: Packet): boolean {
  if (!isTraffic(rule, packet)) return false;
  const { peer, egress } = rule;
  const remote = egress ? packet.destination : packet.source;
  if (peer.kind === 'cidr') return containsIp(peer.cidr, remote);
  if (peer.kind === 'prefix-list') return isIn(entriesOf(world.model, peer.prefixListId), remote);
  if (isStale(world, rule, peer)) return false;
  if (egress) return isMembersAddress(world, peer.groupId, remote);
  // what counts on arrival is who sent it.
  const sender = packet.sender && world.model.get('network-interface', packet.sender);
  return sender ? sender.groupIds.includes(peer.groupId) : false;
}

/** FC-46: an inbound rule names the group of the interface that has the source address. */
function wouldPermitSender(world: World, rule: SecurityGroupRule, packet: Packet): boolean {
  const { peer, egress } = rule;
  if (egress || peer.kind !== 'group' || !isTraffic(rule, packet)) return false;
  return !isStale(world, rule, peer) && isMembersAddress(world, peer.groupId, packet.source);
}

/** FC-47: the same of a group that a transit gateway joins to this VPC, and does not tell of. */
function isUntold(world: World, rule: SecurityGroupRule, packet: Packet): boolean {
  const { peer, egress, groupId } = rule;
  if (egress || peer.kind !== 'group' || !isTraffic(rule, packet)) return false;
  const { vpcId } = world.model.get('security-group', groupId)!;
  if (!isStale(world, rule, peer) || !joinsGroups(world, vpcId, peer.vpcId, true)) return false;
  return isMembersAddress(world, peer.groupId, packet.source);
}

function isMembersAddress({ model }: World, groupId: string, address: Ip): boolean {
  for (const eni of model.all('network-interface')) {
    if (eni.groupIds.includes(groupId) && owns(eni, address)) return true;
  }
  return false;
}

/** B-056: gone, or in a VPC that nothing joins to this one inside the Region. */
function isStale(world: World, rule: SecurityGroupRule, peer: Reference): boolean {
  const { model } = world;
  const own = model.get('security-group', rule.groupId);
  const named = model.get('security-group', peer.groupId);
  if (own === undefined || named === undefined) return true;
  if (own.vpcId === named.vpcId) return false;
  for (const { status, requester, accepter } of model.all('vpc-peering-connection')) {
    const joins =
      (requester.vpcId === own.vpcId && accepter.vpcId === named.vpcId) ||
      (requester.vpcId === named.vpcId && accepter.vpcId === own.vpcId);
    if (joins && status === 'active' && requester.region === accepter.region) return false;
  }
  return rule.egress || !joinsGroups(world, own.vpcId, named.vpcId); // C-048
}

/** open to everyone here, and to everyone on every port the other way. A-074: not ICMP. */
function isUntracked(
  world: World,
  eni: NetworkInterface,
  egress: boolean,
  packet: Packet,
  permitting: readonly SecurityGroupRule[],
): boolean {
  const { protocol } = packet;
  if (protocol !== TCP && protocol !== UDP) return false;
  const family = packetFamily(packet);
  if (!permitting.some((rule) => isOpen(rule, family))) return false;
  return rulesOf(world, eni, !egress).some(
    (rule) =>
      isOpen(rule, family) &&
      (rule.protocol === -1 || (rule.protocol === protocol && coversAllPorts(rule))),
  );
}

function isOpen({ peer }: SecurityGroupRule, family: Family): boolean {
  return peer.kind === 'cidr' && peer.cidr.length === 0 && cidrFamily(peer.cidr) === family;
}

function coversAllPorts({ ports }: SecurityGroupRule): boolean {
  return ports === undefined || (ports.from === 0 && ports.to === 65535);
}
