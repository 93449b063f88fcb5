import type { Cidr } from '../../net/cidr.ts';
import type { PortRange } from '../../net/port-range.ts';
import type { Owned } from '../resource.ts';

export interface SecurityGroup extends Owned {
  readonly vpcId: string;
  readonly groupName: string;
  readonly description: string;
}

/** Who a rule speaks of: a block, or the members of a group. */
export type RulePeer =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | {
      readonly kind: 'group';
      readonly groupId: string;
      readonly account: string;
      /** The group's VPC, kept so that a stale rule can still be shown. */
      readonly vpcId: string;
      readonly peeringConnectionId?: string;
    };

export interface SecurityGroupRule extends Owned {
  /** id: sgr-… */
  readonly groupId: string;
  readonly egress: boolean;
  /** IANA number, -1 for all. */
  readonly protocol: number;
  /** TCP and UDP; absent = all ports. */
  readonly ports?: PortRange;
  /** ICMP and ICMPv6; -1 = any. */
  readonly icmp?: { readonly type: number; readonly code: number };
  readonly peer: RulePeer;
  readonly description?: string;
}
