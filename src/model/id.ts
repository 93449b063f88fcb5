/** Resource ids: their shapes and AWS's errors about them (G-016, G-017, G-018, G-047). */
import type { Random } from '../net/random.ts';
import { type AwsError, awsError } from './error.ts';

interface IdShape {
  readonly prefix: string;
  /** As AWS's NotFound message names the resource. */
  readonly noun: string;
  readonly notFound: string;
  readonly malformed: string;
}

const shape = (prefix: string, noun: string, notFound: string, malformed: string): IdShape => ({
  prefix,
  noun,
  notFound: `${notFound}.NotFound`,
  malformed: `${malformed}.Malformed`,
});

/** One row per kind of id that a caller can name or the cloud makes. */
export const ID_SHAPES = {
  vpc: shape('vpc', 'vpc', 'InvalidVpcID', 'InvalidVpcID'),
  subnet: shape('subnet', 'subnet', 'InvalidSubnetID', 'InvalidSubnetID'),
  'route-table': shape('rtb', 'routeTable', 'InvalidRouteTableID', 'InvalidRouteTableId'),
  'route-table-association': shape(
    'rtbassoc',
    'association',
    'InvalidAssociationID',
    'InvalidAssociationID',
  ),
  'network-acl': shape('acl', 'networkAcl', 'InvalidNetworkAclID', 'InvalidNetworkAclId'),
  'network-acl-association': shape(
    'aclassoc',
    'association',
    'InvalidAssociationID',
    'InvalidAssociationID',
  ),
  'security-group': shape('sg', 'security group', 'InvalidGroup', 'InvalidGroupId'),
  'security-group-rule': shape(
    'sgr',
    'security group rule',
    'InvalidSecurityGroupRuleId',
    'InvalidSecurityGroupRuleId',
  ),
  'network-interface': shape(
    'eni',
    'networkInterface',
    'InvalidNetworkInterfaceID',
    'InvalidNetworkInterfaceId',
  ),
  'network-interface-attachment': shape(
    'eni-attach',
    'interface attachment',
    'InvalidAttachmentID',
    'InvalidAttachmentID',
  ),
  'elastic-ip': shape('eipalloc', 'allocation', 'InvalidAllocationID', 'InvalidAllocationID'),
  'elastic-ip-association': shape(
    'eipassoc',
    'association',
    'InvalidAssociationID',
    'InvalidAssociationID',
  ),
  'egress-only-internet-gateway': shape(
    'eigw',
    'egressOnlyInternetGateway',
    'InvalidEgressOnlyInternetGatewayId',
    'InvalidEgressOnlyInternetGatewayId',
  ),
  natgateway: {
    prefix: 'nat',
    noun: 'natGateway',
    notFound: 'NatGatewayNotFound', // G-018
    malformed: 'NatGatewayMalformed',
  },
  instance: shape('i', 'instance', 'InvalidInstanceID', 'InvalidInstanceID'),
  reservation: shape('r', 'reservation', 'InvalidReservationID', 'InvalidReservationID'),
  'internet-gateway': shape(
    'igw',
    'internetGateway',
    'InvalidInternetGatewayID',
    'InvalidInternetGatewayId',
  ),
  'dhcp-options': shape('dopt', 'dhcpOption', 'InvalidDhcpOptionsID', 'InvalidDhcpOptionsId'),
  'prefix-list': shape('pl', 'prefix list', 'InvalidPrefixListID', 'InvalidPrefixListId'),
  'vpc-cidr-association': shape(
    'vpc-cidr-assoc',
    'vpc CIDR block association',
    'InvalidVpcCidrBlockAssociationID',
    'InvalidVpcCidrBlockAssociationID',
  ),
  'subnet-cidr-association': shape(
    'subnet-cidr-assoc',
    'subnet CIDR block association',
    'InvalidSubnetCidrBlockAssociationID',
    'InvalidSubnetCidrBlockAssociationID',
  ),
  'vpc-peering-connection': shape(
    'pcx',
    'vpcPeeringConnection',
    'InvalidVpcPeeringConnectionID',
    'InvalidVpcPeeringConnectionId',
  ),
  'customer-gateway': shape(
    'cgw',
    'customerGateway',
    'InvalidCustomerGatewayID',
    'InvalidCustomerGatewayId', // H-005
  ),
  'vpn-gateway': shape('vgw', 'vpnGateway', 'InvalidVpnGatewayID', 'InvalidVpnGatewayID'),
  'vpn-connection': shape(
    'vpn',
    'vpnConnection',
    'InvalidVpnConnectionID',
    'InvalidVpnConnectionID',
  ),
  'transit-gateway': shape(
    'tgw',
    'transitGateway',
    'InvalidTransitGatewayID',
    'InvalidTransitGatewayID',
  ),
  'transit-gateway-attachment': shape(
    'tgw-attach',
    'transitGatewayAttachment',
    'InvalidTransitGatewayAttachmentID',
    'InvalidTransitGatewayAttachmentID',
  ),
  'transit-gateway-connect-peer': shape(
    'tgw-connect-peer',
    'transitGatewayConnectPeer',
    'InvalidTransitGatewayConnectPeerID',
    'InvalidTransitGatewayConnectPeerID',
  ),
  'transit-gateway-route-table': shape(
    'tgw-rtb',
    'routeTable',
    'InvalidRouteTableID', // C-059
    'InvalidRouteTableId',
  ),
  'transit-gateway-policy-table': shape(
    'tgw-ptb',
    'transitGatewayPolicyTable',
    'InvalidTransitGatewayPolicyTableId',
    'InvalidTransitGatewayPolicyTableId',
  ),
  'transit-gateway-multicast-domain': shape(
    'tgw-mcast-domain',
    'transitGatewayMulticastDomain',
    'InvalidTransitGatewayMulticastDomainId',
    'InvalidTransitGatewayMulticastDomainId',
  ),
} as const;
export type IdKind = keyof typeof ID_SHAPES;

/** A new id: the kind's prefix and 17 hexadecimal digits (G-047). */
export function newId(kind: IdKind, random: Random): string {
  return `${ID_SHAPES[kind].prefix}-0${random.hex(16)}`;
}

/** Whether `id` has this kind's shape: 17 or, of old, 8 hexadecimal digits. */
export function hasIdShape(kind: IdKind, id: string): boolean {
  const { prefix } = ID_SHAPES[kind];
  return (
    id.startsWith(`${prefix}-`) && /^([0-9a-f]{8}|[0-9a-f]{17})$/.test(id.slice(prefix.length + 1))
  );
}

export function notFound(kind: IdKind, id: string): AwsError {
  const { noun, notFound: code } = ID_SHAPES[kind];
  const name = noun === 'security group' ? noun : `${noun} ID`;
  return awsError(code, `The ${name} '${id}' does not exist`);
}

/** Throws the kind's Malformed error unless `id` has its shape; comes before any lookup (G-016). */
export function checkIdShape(kind: IdKind, id: string): void {
  if (hasIdShape(kind, id)) return;
  const { prefix, malformed } = ID_SHAPES[kind];
  throw awsError(malformed, `Invalid id: "${id}" (expecting "${prefix}-...")`);
}

/** The kind whose prefix an id carries; the longest prefix wins (eni-attach before eni). */
export function kindOfId(id: string): IdKind | undefined {
  let best: IdKind | undefined;
  for (const kind of Object.keys(ID_SHAPES) as IdKind[]) {
    const { prefix } = ID_SHAPES[kind];
    if (!id.startsWith(`${prefix}-`)) continue;
    if (best === undefined || prefix.length > ID_SHAPES[best].prefix.length) best = kind;
  }
  return best;
}
