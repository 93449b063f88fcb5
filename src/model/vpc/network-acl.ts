import type { Cidr } from '../../net/cidr.ts';
import type { PortRange } from '../../net/port-range.ts';
import type { Owned } from '../resource.ts';

export interface NetworkAclEntry {
  /** 1..32766; the final deny is not stored. */
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly action: 'allow' | 'deny';
  readonly cidr: Cidr;
  /** IANA number, -1 for all. */
  readonly protocol: number;
  /** TCP and UDP; absent = all ports. */
  readonly ports?: PortRange;
  /** ICMP and ICMPv6; -1 = any. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface NetworkAcl extends Owned {
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly entries: readonly NetworkAclEntry[];
}

export interface NetworkAclAssociation {
  /** aclassoc-… */
  readonly id: string;
  readonly networkAclId: string;
  readonly subnetId: string;
}

/** the number of the final deny, as DescribeNetworkAcls shows it. */
export const DEFAULT_DENY_RULE = { 4: 32767, 6: 32768 } as const;
