import type { Cidr4, Cidr6 } from '../../net/cidr.ts';
import type { Owned } from '../resource.ts';
import type { CidrAssociation } from './vpc.ts';

export type HostnameType = 'ip-name' | 'resource-name';

export interface Subnet extends Owned {
  readonly vpcId: string;
  /** The physical zone, e.g. use1-az1: zone names are each account's view of it. */
  readonly zoneId: string;
  readonly state: 'pending' | 'available';
  /** Absent in an IPv6-only subnet. */
  readonly cidr?: Cidr4;
  readonly ipv6Cidrs: readonly CidrAssociation<Cidr6>[];
  readonly mapPublicIpOnLaunch: boolean;
  readonly assignIpv6AddressOnCreation: boolean;
  readonly defaultForAz: boolean;
  readonly enableDns64: boolean;
  readonly hostnameType: HostnameType;
  readonly enableResourceNameDnsARecord: boolean;
  readonly enableResourceNameDnsAaaaRecord: boolean;
}

/** Where the search for a subnet's next free IPv4 address begins. */
export interface AddressCursor {
  /** The subnet's id. */
  readonly id: string;
  /** No address at a lower offset into the subnet's block is free. */
  readonly offset: number;
}
