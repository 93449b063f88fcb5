import type { Cidr } from '../../net/cidr.ts';
import type { Owned } from '../resource.ts';
import type { Traffic } from './traffic.ts';

export interface NetworkAclEntry extends Traffic {
  /** 1..32766; the final deny is not stored. */
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly action: 'allow' | 'deny';
  readonly cidr: Cidr;
}

export interface NetworkAcl extends Owned {
  readonly vpcId: string;
  readonly isDefault: boolean;
  /** In order of creation: whoever judges by them sorts by number. */
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
/** the last number a caller may use. */
export const LAST_RULE_NUMBER = 32766;
