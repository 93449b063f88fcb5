import type { Cidr, Cidr4, Cidr6 } from '../../net/cidr.ts';
import type { Owned } from '../resource.ts';

/** a block carries traffic only while `associated`. */
export type CidrAssociationState =
  | 'associating'
  | 'associated'
  | 'disassociating'
  | 'disassociated'
  | 'failing'
  | 'failed';

export interface CidrAssociation<T extends Cidr = Cidr> {
  readonly associationId: string;
  readonly cidr: T;
  readonly state: CidrAssociationState;
}

export interface Vpc extends Owned {
  readonly state: 'pending' | 'available';
  readonly isDefault: boolean;
  /** IPv4 blocks, the primary one first. */
  readonly cidrs: readonly CidrAssociation<Cidr4>[];
  readonly ipv6Cidrs: readonly CidrAssociation<Cidr6>[];
  readonly instanceTenancy: 'default' | 'dedicated';
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly enableNetworkAddressUsageMetrics: boolean;
  readonly dhcpOptionsId: string;
}

/** The blocks that carry traffic now, both families (A-010, B-060). */
export function activeCidrs(vpc: Vpc): Cidr[] {
  return [...vpc.cidrs, ...vpc.ipv6Cidrs]
    .filter((association) => association.state === 'associated')
    .map((association) => association.cidr);
}

/** The ids of a VPC's block associations, both families. */
export function associationIds({ cidrs, ipv6Cidrs }: Vpc): string[] {
  return [...cidrs, ...ipv6Cidrs].map(({ associationId }) => associationId);
}

/** Whether the VPC speaks IPv6: it has a block, or will have one in a moment. */
export function hasIpv6(vpc: Vpc): boolean {
  return vpc.ipv6Cidrs.some(({ state }) => state === 'associating' || state === 'associated');
}
