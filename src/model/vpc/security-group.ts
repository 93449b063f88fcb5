import { type Cidr, cidrFamily, formatCidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import type { Owned } from '../resource.ts';
import { type Traffic, trafficKey } from './traffic.ts';

/** The name AWS reserves for the group every VPC is born with. */
export const DEFAULT_GROUP_NAME = 'default';

export interface SecurityGroup extends Owned {
  readonly vpcId: string;
  readonly groupName: string;
  readonly description: string;
}

/** Who a rule speaks of: a block, a prefix list's entries, or the members of a group. */
export type RulePeer =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string; readonly family: Family }
  | {
      readonly kind: 'group';
      readonly groupId: string;
      readonly account: string;
      /** The group's VPC, kept so that a stale rule can still be shown. */
      readonly vpcId: string;
      /** The connection the reference was made over, kept for the same reason. */
      readonly peeringConnectionId?: string;
    };

/** One allowance: `traffic` with `peer`, in one direction. */
export interface SecurityGroupRule extends Owned, Traffic {
  /** id: sgr-… */
  readonly groupId: string;
  readonly egress: boolean;
  readonly peer: RulePeer;
  readonly description?: string;
}

/** Names differ in more than case (API reference of CreateSecurityGroup). */
export function groupNameKey(vpcId: string, groupName: string): string {
  return `${vpcId}|${groupName.toLowerCase()}`;
}

/** Two rules with one key are duplicates; descriptions and tags do not count. */
export function ruleKey(rule: Omit<SecurityGroupRule, keyof Owned | 'description'>): string {
  const { peer } = rule;
  return `${directionKey(rule.groupId, rule.egress)}|${trafficKey(rule)}|${peerText(peer)}`;
}

/** A peer in one word: block or id. */
export function peerText(peer: RulePeer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatCidr(peer.cidr);
    case 'prefix-list':
      return peer.prefixListId;
    case 'group':
      return peer.groupId;
  }
}

/** The index key of a group's rules of one direction, or of one direction and family. */
export function directionKey(groupId: string, egress: boolean, family?: Family): string {
  const direction = `${groupId}|${egress ? 'egress' : 'ingress'}`;
  return family === undefined ? direction : `${direction}|${family}`;
}

/** The families a rule counts in: a group reference counts in both. */
export function ruleFamilies({ peer }: Pick<SecurityGroupRule, 'peer'>): readonly Family[] {
  switch (peer.kind) {
    case 'cidr':
      return [cidrFamily(peer.cidr)];
    case 'prefix-list':
      return [peer.family];
    case 'group':
      return [4, 6];
  }
}
