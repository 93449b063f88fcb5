/** What can be shared, and what a share permits: one row a type of resource. */
import type { Kind } from '../schema.ts';

export interface ShareableType {
  /** As RAM names the type. */
  readonly name: string;
  /** Of the records, and the type in their ARNs. */
  readonly kind: Kind;
  /** The service in their ARNs. */
  readonly service: string;
  /** The managed permission that a share has for the type unless another is asked for. */
  readonly permission: string;
  /** What the permission lets principals do. */
  readonly actions: readonly string[];
}
/** The types that can be shared, by name. */
export const SHAREABLE_TYPES: readonly ShareableType[] = [
  {
    name: 'ec2:PrefixList',
    kind: 'prefix-list',
    service: 'ec2',
    permission: 'AWSRAMDefaultPermissionPrefixList',
    actions: ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],
  },
  {
    name: 'ec2:TransitGateway',
    kind: 'transit-gateway',
    service: 'ec2',
    permission: 'AWSRAMDefaultPermissionTransitGateway',
    // C-110
    actions: [
      'ec2:DescribeTransitGateways',
      'ec2:CreateTransitGatewayVpcAttachment',
      'ec2:DescribeTransitGatewayVpcAttachments',
      'ec2:ModifyTransitGatewayVpcAttachment',
      'ec2:DeleteTransitGatewayVpcAttachment',
    ],
  },
  {
    name: 'ec2:TransitGatewayMulticastDomain',
    kind: 'transit-gateway-multicast-domain',
    service: 'ec2',
    permission: 'AWSRAMDefaultPermissionTransitGatewayMulticastDomain',
    // C-117
    actions: [
      'ec2:DescribeTransitGatewayMulticastDomains',
      'ec2:AssociateTransitGatewayMulticastDomain',
      'ec2:DisassociateTransitGatewayMulticastDomain',
      'ec2:GetTransitGatewayMulticastDomainAssociations',
      'ec2:RegisterTransitGatewayMulticastGroupMembers',
      'ec2:RegisterTransitGatewayMulticastGroupSources',
      'ec2:DeregisterTransitGatewayMulticastGroupMembers',
      'ec2:DeregisterTransitGatewayMulticastGroupSources',
      'ec2:SearchTransitGatewayMulticastGroups',
    ],
  },
];

export function permissionArn({ permission }: ShareableType): string {
  return `arn:aws:ram::aws:permission/${permission}`;
}

export function typeOfKind(kind: Kind): ShareableType {
  return SHAREABLE_TYPES.find((type) => type.kind === kind)!;
}

/** Names of types are the same in any case. */
export function typeOfName(name: string): ShareableType | undefined {
  return SHAREABLE_TYPES.find((type) => type.name.toLowerCase() === name.toLowerCase());
}

export function typeOfPermission(arn: string): ShareableType | undefined {
  return SHAREABLE_TYPES.find((type) => permissionArn(type) === arn);
}
