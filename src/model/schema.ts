/** Every kind of record there is, with the indexes that commands and compilers look it up by. */
import { formatCidr } from '../net/cidr.ts';
import { ipKey } from '../net/ip.ts';
import type { AssociationProposal } from './direct-connect/association-proposal.ts';
import type { DirectConnectConnection } from './direct-connect/connection.ts';
import type { FailoverTest } from './direct-connect/failover-test.ts';
import type { DirectConnectGateway } from './direct-connect/gateway.ts';
import type { DirectConnectGatewayAssociation } from './direct-connect/gateway-association.ts';
import type { DirectConnectLag } from './direct-connect/lag.ts';
import { peerBlocksOf, type VirtualInterface } from './direct-connect/virtual-interface.ts';
import type { BgpSession } from './hybrid/bgp-session.ts';
import type { CustomerGateway } from './hybrid/customer-gateway.ts';
import type { LearnedRoute } from './hybrid/learned-route.ts';
import type { Site } from './hybrid/site.ts';
import type { SiteRoute } from './hybrid/site-route.ts';
import type { VpnConnection, VpnConnectionRoute } from './hybrid/vpn-connection.ts';
import {
  type VgwRoutePropagation,
  type VpnGateway,
  vpcOfVpnGateway,
} from './hybrid/vpn-gateway.ts';
import { type PeeringConnection, pairKey } from './peering/peering-connection.ts';
import type { IdempotencyRecord, IssuedCredential, Setting, TagSet, Timer } from './resource.ts';
import {
  invitedAssociationId,
  isCurrent,
  type ResourceShare,
  type ResourceShareAssociation,
  type ResourceShareInvitation,
} from './sharing/resource-share.ts';
import { sidesOf, type TransitGatewayAttachment } from './transit-gateway/attachment.ts';
import type { ConnectPeer } from './transit-gateway/connect-peer.ts';
import {
  isEndedAssociation,
  type MulticastAssociation,
  type MulticastDomain,
} from './transit-gateway/multicast-domain.ts';
import {
  type IgmpHost,
  type MulticastGroupEntry,
  multicastRoleKey,
} from './transit-gateway/multicast-group.ts';
import type {
  TransitGatewayPolicyTable,
  TransitGatewayPolicyTableAssociation,
} from './transit-gateway/policy-table.ts';
import {
  destinationKey,
  type LearnedTransitGatewayRoute,
  learnedDestinationKey,
  neighbourhoodKey,
  type TransitGatewayPrefixListReference,
  type TransitGatewayRoute,
} from './transit-gateway/route.ts';
import type {
  TransitGatewayAssociation,
  TransitGatewayPropagation,
  TransitGatewayRouteTable,
} from './transit-gateway/route-table.ts';
import type { TransitGateway } from './transit-gateway/transit-gateway.ts';
import type { DhcpOptions } from './vpc/dhcp-options.ts';
import type { EgressOnlyInternetGateway } from './vpc/egress-only-internet-gateway.ts';
import type { AddressTransfer, ElasticAddress } from './vpc/elastic-address.ts';
import type { Instance } from './vpc/instance.ts';
import type { InternetGateway } from './vpc/internet-gateway.ts';
import { isLive, type NatGateway } from './vpc/nat-gateway.ts';
import type { NetworkAcl, NetworkAclAssociation } from './vpc/network-acl.ts';
import {
  addressesOf,
  addressKey,
  type NetworkInterface,
  prefixesOf,
  prefixKey,
} from './vpc/network-interface.ts';
import type { PrefixList, PrefixListVersion } from './vpc/prefix-list.ts';
import {
  isPropagated,
  type PrefixListRoute,
  type Route,
  type RouteTable,
  type RouteTableAssociation,
  routeDestinationKey,
  routeQuotaKey,
  routeTargetId,
} from './vpc/route-table.ts';
import {
  directionKey,
  groupNameKey,
  ruleFamilies,
  ruleKey,
  type SecurityGroup,
  type SecurityGroupRule,
} from './vpc/security-group.ts';
import type { AddressCursor, Subnet } from './vpc/subnet.ts';
import { associationIds, type Vpc } from './vpc/vpc.ts';

export interface Records {
  vpc: Vpc;
  subnet: Subnet;
  'address-cursor': AddressCursor;
  'route-table': RouteTable;
  'route-table-association': RouteTableAssociation;
  route: Route;
  'prefix-list': PrefixList;
  'prefix-list-version': PrefixListVersion;
  'prefix-list-route': PrefixListRoute;
  'network-acl': NetworkAcl;
  'network-acl-association': NetworkAclAssociation;
  'security-group': SecurityGroup;
  'security-group-rule': SecurityGroupRule;
  'network-interface': NetworkInterface;
  instance: Instance;
  'elastic-ip': ElasticAddress;
  'address-transfer': AddressTransfer;
  natgateway: NatGateway;
  'egress-only-internet-gateway': EgressOnlyInternetGateway;
  'internet-gateway': InternetGateway;
  'dhcp-options': DhcpOptions;
  'vpc-peering-connection': PeeringConnection;
  'customer-gateway': CustomerGateway;
  'vpn-gateway': VpnGateway;
  'vgw-route-propagation': VgwRoutePropagation;
  'vpn-connection': VpnConnection;
  'vpn-connection-route': VpnConnectionRoute;
  'transit-gateway': TransitGateway;
  'transit-gateway-attachment': TransitGatewayAttachment;
  'transit-gateway-route-table': TransitGatewayRouteTable;
  'transit-gateway-route-table-association': TransitGatewayAssociation;
  'transit-gateway-route-table-propagation': TransitGatewayPropagation;
  'transit-gateway-route': TransitGatewayRoute;
  'transit-gateway-learned-route': LearnedTransitGatewayRoute;
  'transit-gateway-prefix-list-reference': TransitGatewayPrefixListReference;
  'transit-gateway-policy-table': TransitGatewayPolicyTable;
  'transit-gateway-policy-table-association': TransitGatewayPolicyTableAssociation;
  'resource-share': ResourceShare;
  'resource-share-association': ResourceShareAssociation;
  'resource-share-invitation': ResourceShareInvitation;
  'transit-gateway-connect-peer': ConnectPeer;
  'direct-connect-lag': DirectConnectLag;
  'direct-connect-connection': DirectConnectConnection;
  'direct-connect-gateway': DirectConnectGateway;
  'direct-connect-virtual-interface': VirtualInterface;
  'direct-connect-gateway-association': DirectConnectGatewayAssociation;
  'direct-connect-gateway-association-proposal': AssociationProposal;
  'direct-connect-failover-test': FailoverTest;
  site: Site;
  'bgp-session': BgpSession;
  'learned-route': LearnedRoute;
  'site-route': SiteRoute;
  'transit-gateway-multicast-domain': MulticastDomain;
  'transit-gateway-multicast-domain-association': MulticastAssociation;
  'transit-gateway-multicast-group-entry': MulticastGroupEntry;
  'transit-gateway-igmp-host': IgmpHost;
  'tag-set': TagSet;
  timer: Timer;
  idempotency: IdempotencyRecord;
  credential: IssuedCredential;
  setting: Setting;
}
export type Kind = keyof Records;

/** What one command did to one record: plain, cloneable data. */
export type Change = {
  [K in Kind]: {
    readonly kind: K;
    readonly id: string;
    readonly before: Records[K] | undefined;
    readonly after: Records[K] | undefined;
  };
}[Kind];

/** The keys under which an index files a record; undefined = not filed. */
export type IndexKey<R> = (record: R) => string | readonly string[] | undefined;

const owner = (record: { account: string; region: string }) => `${record.account}|${record.region}`;
const vpc = (record: { vpcId: string }) => record.vpcId;
const gateway = (record: { transitGatewayId: string }) => record.transitGatewayId;

export const SCHEMA = {
  vpc: {
    owner,
    association: associationIds,
    dhcpOptions: (record: Vpc) => record.dhcpOptionsId,
    ipv6Block: (record: Vpc) => record.ipv6Cidrs.map(({ cidr }) => formatCidr(cidr)),
  },
  subnet: {
    owner,
    vpc,
    association: (record: Subnet) => record.ipv6Cidrs.map(({ associationId }) => associationId),
  },
  'address-cursor': {},
  'route-table': { owner, vpc },
  'route-table-association': {
    vpc,
    table: (record: RouteTableAssociation) => record.routeTableId,
    subnet: (record: RouteTableAssociation) => record.subnetId,
    gateway: (record: RouteTableAssociation) => record.gatewayId,
    main: (record: RouteTableAssociation) => (record.main ? record.vpcId : undefined),
  },
  route: {
    table: (record: Route) => record.routeTableId,
    quota: routeQuotaKey,
    target: (record: Route) => routeTargetId(record.target),
    destination: routeDestinationKey,
    local: (record: Route) =>
      record.origin === 'CreateRouteTable' ? record.routeTableId : undefined,
    propagated: (record: Route) => (isPropagated(record) ? record.routeTableId : undefined),
  },
  'prefix-list': { owner },
  'prefix-list-version': { list: (record: PrefixListVersion) => record.prefixListId },
  'prefix-list-route': {
    table: (record: PrefixListRoute) => record.routeTableId,
    list: (record: PrefixListRoute) => record.prefixListId,
    target: (record: PrefixListRoute) => record.target.id,
  },
  'network-acl': {
    owner,
    vpc,
    default: (record: NetworkAcl) => (record.isDefault ? record.vpcId : undefined),
  },
  'network-acl-association': {
    acl: (record: NetworkAclAssociation) => record.networkAclId,
    subnet: (record: NetworkAclAssociation) => record.subnetId,
  },
  'security-group': {
    owner,
    vpc,
    name: (record: SecurityGroup) => groupNameKey(record.vpcId, record.groupName),
  },
  'security-group-rule': {
    owner,
    group: (record: SecurityGroupRule) => record.groupId,
    direction: (record: SecurityGroupRule) => directionKey(record.groupId, record.egress),
    family: (record: SecurityGroupRule) =>
      ruleFamilies(record).map((family) => directionKey(record.groupId, record.egress, family)),
    same: ruleKey,
    references: (record: SecurityGroupRule) =>
      record.peer.kind === 'group' ? record.peer.groupId : undefined,
    prefixList: (record: SecurityGroupRule) =>
      record.peer.kind === 'prefix-list' ? record.peer.prefixListId : undefined,
  },
  'network-interface': {
    owner,
    vpc,
    subnet: (record: NetworkInterface) => record.subnetId,
    group: (record: NetworkInterface) => record.groupIds,
    instance: (record: NetworkInterface) => record.attachment?.instanceId,
    attachment: (record: NetworkInterface) => record.attachment?.id,
    mac: (record: NetworkInterface) => String(record.mac),
    address: (record: NetworkInterface) =>
      addressesOf(record).map((address) => addressKey(record.vpcId, address)),
    prefix: (record: NetworkInterface) =>
      prefixesOf(record).map((block) => prefixKey(record.vpcId, block)),
    publicAddress: (record: NetworkInterface) =>
      record.addresses.flatMap(({ publicAddress }) =>
        publicAddress === undefined ? [] : [String(publicAddress)],
      ),
    elasticAssociation: (record: NetworkInterface) =>
      record.addresses.flatMap(({ elastic }) => (elastic ? [elastic.associationId] : [])),
  },
  instance: {
    owner,
    // A terminated instance is shown for a while, and is nowhere.
    vpc: (record: Instance) => (record.state === 'terminated' ? undefined : record.vpcId),
    subnet: (record: Instance) => (record.state === 'terminated' ? undefined : record.subnetId),
    reservation: (record: Instance) => record.reservationId,
  },
  'elastic-ip': { owner, publicIp: (record: ElasticAddress) => String(record.publicIp) },
  'address-transfer': {
    owner,
    publicIp: (record: AddressTransfer) => String(record.publicIp),
  },
  'egress-only-internet-gateway': { owner, vpc },
  natgateway: {
    owner,
    zone: (record: NatGateway) =>
      isLive(record) ? `${owner(record)}|${record.zoneId}` : undefined,
    interface: (record: NatGateway) => record.networkInterfaceId,
  },
  'internet-gateway': {
    owner,
    vpc: (record: InternetGateway) => record.attachment?.vpcId,
  },
  'dhcp-options': { owner },
  'vpc-peering-connection': {
    owner: ({ requester, accepter }: PeeringConnection) => [
      ...new Set([owner(requester), owner(accepter)]),
    ],
    vpc: ({ requester, accepter }: PeeringConnection) => [
      ...new Set([requester.vpcId, accepter.vpcId]),
    ],
    pair: ({ requester, accepter }: PeeringConnection) => pairKey(requester.vpcId, accepter.vpcId),
  },
  'customer-gateway': { owner },
  'vpn-gateway': { owner, vpc: vpcOfVpnGateway },
  'vgw-route-propagation': {
    table: (record: VgwRoutePropagation) => record.routeTableId,
    gateway: (record: VgwRoutePropagation) => record.vpnGatewayId,
  },
  'vpn-connection': {
    owner,
    customerGateway: (record: VpnConnection) => record.customerGatewayId,
    gateway: (record: VpnConnection) => record.gateway?.id,
    outsideAddress: (record: VpnConnection) =>
      record.tunnels.map(({ outsideAddress }) => String(ipKey(outsideAddress))),
  },
  'vpn-connection-route': {
    connection: (record: VpnConnectionRoute) => record.vpnConnectionId,
  },
  'transit-gateway': { owner },
  'transit-gateway-attachment': {
    // Whoever owns what is attached, or a gateway that it is attached to, sees it.
    owner: (record: TransitGatewayAttachment) => [
      ...new Set([owner(record), ...sidesOf(record).map(owner)]),
    ],
    gateway: (record: TransitGatewayAttachment) =>
      sidesOf(record).map(({ transitGatewayId }) => transitGatewayId),
    vpc: (record: TransitGatewayAttachment) =>
      record.resourceType === 'vpc' ? record.vpcId : undefined,
    vpn: (record: TransitGatewayAttachment) =>
      record.resourceType === 'vpn' ? record.vpnConnectionId : undefined,
    transport: (record: TransitGatewayAttachment) =>
      record.resourceType === 'connect' ? record.transportAttachmentId : undefined,
    directConnectGateway: (record: TransitGatewayAttachment) =>
      record.resourceType === 'direct-connect-gateway' ? record.directConnectGatewayId : undefined,
    subnet: (record: TransitGatewayAttachment) =>
      record.resourceType === 'vpc' ? record.subnets.map(({ subnetId }) => subnetId) : undefined,
    interface: (record: TransitGatewayAttachment) =>
      record.resourceType === 'vpc'
        ? record.subnets.flatMap(({ networkInterfaceId: id }) => (id === undefined ? [] : [id]))
        : undefined,
  },
  'transit-gateway-route-table': { owner, gateway },
  'transit-gateway-route-table-association': {
    table: (record: TransitGatewayAssociation) => record.routeTableId,
    attachment: (record: TransitGatewayAssociation) => record.attachmentId,
  },
  'transit-gateway-route-table-propagation': {
    table: (record: TransitGatewayPropagation) => record.routeTableId,
    attachment: (record: TransitGatewayPropagation) => record.attachmentId,
  },
  'transit-gateway-route': {
    gateway,
    table: (record: TransitGatewayRoute) => record.routeTableId,
    destination: destinationKey,
    attachment: (record: TransitGatewayRoute) => record.attachmentId,
    neighbourhood: (record: TransitGatewayRoute) =>
      record.type === 'propagated'
        ? neighbourhoodKey(record.routeTableId, record.destination)
        : undefined,
  },
  'transit-gateway-learned-route': {
    gateway,
    attachment: (record: LearnedTransitGatewayRoute) => record.attachmentId,
    destination: learnedDestinationKey,
  },
  'transit-gateway-prefix-list-reference': {
    table: (record: TransitGatewayPrefixListReference) => record.routeTableId,
    list: (record: TransitGatewayPrefixListReference) => record.prefixListId,
    attachment: (record: TransitGatewayPrefixListReference) => record.attachmentId,
  },
  'transit-gateway-policy-table': { owner, gateway },
  'transit-gateway-policy-table-association': {
    table: (record: TransitGatewayPolicyTableAssociation) => record.policyTableId,
    attachment: (record: TransitGatewayPolicyTableAssociation) => record.attachmentId,
  },
  'resource-share': { owner },
  'resource-share-association': {
    share: (record: ResourceShareAssociation) => record.shareId,
    resource: (record: ResourceShareAssociation) =>
      isCurrent(record) ? record.resource?.id : undefined,
    principal: (record: ResourceShareAssociation) =>
      record.type === 'PRINCIPAL' ? `${record.entity}|${record.region}` : undefined,
  },
  'resource-share-invitation': {
    share: (record: ResourceShareInvitation) => record.shareId,
    receiver: (record: ResourceShareInvitation) => `${record.receiver}|${record.region}`,
    pending: (record: ResourceShareInvitation) =>
      record.status === 'PENDING' ? invitedAssociationId(record) : undefined,
  },
  'transit-gateway-connect-peer': {
    owner,
    gateway,
    attachment: (record: ConnectPeer) => record.attachmentId,
  },
  'direct-connect-lag': { owner },
  'direct-connect-connection': {
    owner,
    lag: (record: DirectConnectConnection) => record.lagId,
    parent: (record: DirectConnectConnection) => record.hosted?.parentId,
  },
  'direct-connect-gateway': { owner },
  'direct-connect-virtual-interface': {
    owner,
    connection: (record: VirtualInterface) => record.connectionId,
    gateway: (record: VirtualInterface) => record.gateway?.id,
    peer: (record: VirtualInterface) => record.bgpPeers.map(({ id }) => id),
    peerBlock: peerBlocksOf,
  },
  'direct-connect-gateway-association': {
    owner,
    directConnectGateway: (record: DirectConnectGatewayAssociation) =>
      record.directConnectGatewayId,
    gateway: (record: DirectConnectGatewayAssociation) => record.gateway.id,
    attachment: (record: DirectConnectGatewayAssociation) => record.attachmentId,
  },
  'direct-connect-gateway-association-proposal': {
    owner,
    directConnectGateway: (record: AssociationProposal) => record.directConnectGatewayId,
    gateway: (record: AssociationProposal) => record.gateway.id,
  },
  'direct-connect-failover-test': {
    owner,
    virtualInterface: (record: FailoverTest) => record.virtualInterfaceId,
  },
  site: { owner, uplink: (record: Site) => record.uplink.id },
  'bgp-session': { link: (record: BgpSession) => record.linkId },
  'learned-route': {
    session: (record: LearnedRoute) => record.sessionId,
    link: (record: LearnedRoute) => record.linkId,
    destination: (record: LearnedRoute) => `${record.linkId}|${formatCidr(record.destination)}`,
  },
  'site-route': { site: (record: SiteRoute) => record.siteId },
  'transit-gateway-multicast-domain': { owner, gateway },
  'transit-gateway-multicast-domain-association': {
    domain: (record: MulticastAssociation) => record.domainId,
    attachment: (record: MulticastAssociation) => record.attachmentId,
    // What has ended is shown for a while, and holds nothing.
    subnet: (record: MulticastAssociation) =>
      isEndedAssociation(record) ? undefined : record.subnetId,
    vpc: (record: MulticastAssociation) => (isEndedAssociation(record) ? undefined : record.vpcId),
  },
  'transit-gateway-multicast-group-entry': {
    gateway,
    domain: (record: MulticastGroupEntry) => record.domainId,
    group: multicastRoleKey,
    interface: (record: MulticastGroupEntry) => record.networkInterfaceId,
  },
  'transit-gateway-igmp-host': {
    domain: (record: IgmpHost) => record.domainId,
    interface: (record: IgmpHost) => record.networkInterfaceId,
  },
  'tag-set': { owner, resource: (record: TagSet) => record.resourceId },
  timer: { target: (record: Timer) => record.target },
  idempotency: { resource: (record: IdempotencyRecord) => record.resourceId },
  credential: {},
  setting: {},
} satisfies { [K in Kind]: Record<string, IndexKey<Records[K]>> };

export type IndexOf<K extends Kind> = keyof (typeof SCHEMA)[K] & string;
export const KINDS = Object.keys(SCHEMA) as Kind[];
