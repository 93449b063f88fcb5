/** Every limit, in one place. QUOTAS are AWS's defaults, lifted by `--quotas off`. */

export const QUOTAS = {
  vpcsPerRegion: 5, // VPCUG:amazon-vpc-limits
  subnetsPerVpc: 200,
  ipv4CidrsPerVpc: 5,
  ipv6CidrsPerVpc: 5,
  routeTablesPerVpc: 200,
  routesPerTablePerFamily: 50,
  networkAclsPerVpc: 200,
  entriesPerAclDirectionFamily: 20, // A-067, counting the final deny
  securityGroupsPerRegion: 2500,
  rulesPerGroupDirectionFamily: 60,
  groupsPerInterface: 5,
  internetGatewaysPerRegion: 5,
  egressOnlyInternetGatewaysPerRegion: 5,
  elasticAddressesPerRegion: 5,
  natGatewaysPerZone: 5,
  elasticAddressesPerNatGateway: 2,
  privateAddressesPerNatGateway: 8,
  prefixListsPerRegion: 100,
  networkInterfacesPerRegion: 5000,
  activePeeringsPerVpc: 50, // B-027
  outstandingPeeringRequests: 25, // B-028
  propagatedRoutesPerTable: 100,
  customerGatewaysPerRegion: 50, // H-005
  vpnGatewaysPerRegion: 5, // H-040
  vpnConnectionsPerRegion: 50, // H-022, this row and the next three
  vpnConnectionsPerVpnGateway: 10,
  acceleratedVpnConnectionsPerRegion: 10,
  staticRoutesPerVpnConnection: 100,
  transitGatewaysPerRegion: 5, // C-014, this row and the next
  transitGatewaysPerVpc: 5,
  attachmentsPerTransitGateway: 5000,
  routeTablesPerTransitGateway: 20,
  peeringsPerTransitGateway: 50,
  pendingPeeringsPerTransitGateway: 10,
  connectPeersPerAttachment: 4, // C-090
  routesPerTransitGateway: 10_000, // C-015
  multicastDomainsPerTransitGateway: 20, // C-125, this row and the next
  multicastDomainAssociationsPerVpc: 20,
  membersPerMulticastGroup: 100,
  multicastMembersAndSourcesPerTransitGateway: 10_000,
  dedicatedConnectionsPerRegion: 10, // H-056, this row and the next seven
  lagsPerRegion: 10,
  privateInterfacesPerConnection: 50,
  transitInterfacesPerConnection: 4,
  interfacesPerHostedConnection: 1,
  directConnectGateways: 200,
  vpnGatewaysPerDirectConnectGateway: 20,
  interfacesPerDirectConnectGateway: 30,
  prefixesPerTransitGatewayAssociation: 200, // H-070
  directConnectGatewaysPerTransitGateway: 20, // C-108, this row and the next
  transitGatewaysPerDirectConnectGateway: 6,
  resourceSharesPerRegion: 5000, // RAM user guide, service quotas
} as const;
export type Quota = keyof typeof QUOTAS;

/** Limits of the API that no quota request lifts. */
export const INSTANCES_PER_LAUNCH = 1000;
export const USER_DATA_BYTES = 16_384;
/** Characters of descriptions and names that are only shown back. */
export const DESCRIPTION_LENGTH = 255;
export const KEY_NAME_LENGTH = 255;
export const PROFILE_LENGTH = 2048; // IAM: an ARN's
/** Length of the blocks that an interface is delegated, by family. */
export const DELEGATED_LENGTH = { 4: 28, 6: 80 } as const;
/** Private addresses of each family on an interface that no instance limits. */
export const ADDRESSES_PER_INTERFACE = 50;
/** Of a prefix list: entries it may be sized for, and entries one call may add or remove. */
export const PREFIX_LIST_ENTRIES = 1000;
export const PREFIX_LIST_ENTRIES_PER_CALL = 100;
/** Versions kept of a prefix list; the oldest makes way. */
export const PREFIX_LIST_VERSIONS = 1000;
export const TAGS_PER_RESOURCE = 50; // G-035
export const FILTERS = 50; // of one request; EC2UG, as far as it is known
export const FILTER_VALUES = 200; // G-039
export const CLIENT_TOKEN_LENGTH = 64; // G-031
/** How long a client token is known for, in milliseconds; AWS gives no figure for EC2. */
export const CLIENT_TOKEN_MILLIS = 24 * 3_600_000;
/** A group may hold at most this many interfaces' worth of rules: rules x groups (A-085). */
export const RULES_TIMES_GROUPS = 1000;

/**
 * Interface MTU inside a VPC and the paths out of it, in bytes (A-108, B-048, B-061; VPCUG,
 * "NAT gateway basics").
 */
export const MTU = {
  vpc: 9001,
  internet: 1500,
  peering: 9001,
  natGateway: 8500,
  interRegionPeering: 8500,
  transitGateway: 8500, // C-129
  vpnGateway: 1500, // H-066
} as const;

/** Prefixes on a BGP session, to AWS and from it. */
export const BGP_PREFIXES = {
  vpnGatewayIn: 100, // H-080, this row and the next
  transitGatewayIn: 1000,
  virtualInterfaceIn: 100, // H-081
  transitGatewayOut: 5000, // C-103
  vpnGatewayOut: 1000, // H-049
} as const;

/** Of one site; ours. */
export const SITE_LIMITS = { prefixes: 10_000, hosts: 1000 } as const;

/** VPCUG:vpc-eips: how long a transfer waits, and stays visible once accepted, in milliseconds. */
export const ADDRESS_TRANSFER_MILLIS = {
  offered: 7 * 24 * 3_600_000,
  accepted: 14 * 24 * 3_600_000,
} as const;

/** C-008 */
export const TRANSIT_GATEWAY_CIDR_BLOCKS = 5;
/** C-028: how long what has ended stays visible, in milliseconds. */
export const TRANSIT_GATEWAY_VISIBLE_MILLIS = 2 * 3_600_000;
/**
 * C-120, in milliseconds: how often IGMP hosts are asked; how long after its last answer one is a
 * member, which is three queries and the time to answer them; how long it is asked after that.
 */
export const IGMP_MILLIS = {
  queryInterval: 120_000,
  membership: 420_000,
  silent: 12 * 3_600_000,
} as const;

/** H-036: how long deleted gateways and VPN connections stay visible, in milliseconds. */
export const HYBRID_VISIBLE_MILLIS = 3_600_000;

/** B-007: how long a peering request waits for an answer, in milliseconds: 7 days. */
export const PEERING_REQUEST_MILLIS = 7 * 24 * 3_600_000;
/** B-010 to B-013: how long an ended peering connection stays visible, in milliseconds. */
export const PEERING_WINDOW = { short: 2 * 3_600_000, long: 48 * 3_600_000 } as const;

/** RAM: resources, and principals, that one call may associate; characters of a share's name. */
export const ENTITIES_PER_SHARE_CALL = 100;
export const RESOURCE_SHARE_NAME_LENGTH = 255;
/** RAM: how long an invitation waits, and stays visible once answered, in milliseconds. */
export const SHARE_INVITATION_MILLIS = 7 * 24 * 3_600_000;
/** How long a deleted share and an ended association stay visible, in milliseconds. */
export const ENDED_SHARING_MILLIS = 2 * 3_600_000;

/** H-057: how long what is deleted stays described, in milliseconds. */
export const DIRECT_CONNECT_VISIBLE_MILLIS = 15 * 60_000;
/** H-073: how long a proposal waits, and stays visible once answered, in milliseconds. */
export const ASSOCIATION_PROPOSAL_MILLIS = {
  requested: 7 * 24 * 3_600_000,
  answered: 3 * 24 * 3_600_000,
} as const;
/** H-067: minutes of a failover test; DXG: how long its history is kept, in milliseconds. */
export const FAILOVER_TEST_MINUTES = { most: 4320, default: 180 } as const;
export const FAILOVER_TEST_HISTORY_MILLIS = 365 * 24 * 3_600_000;
/** Characters of a name that is only shown back. */
export const DIRECT_CONNECT_NAME_LENGTH = 100;
/** H-061 */
export const AUTH_KEY_LENGTH = { least: 6, most: 80, generated: 24 } as const;
