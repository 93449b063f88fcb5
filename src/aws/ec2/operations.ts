import type * as Sdk from '@aws-sdk/client-ec2';
import type { Given } from '../service.ts';

/**
 * The EC2 operations openvpc builds. Every other one that AWS has is answered UnsupportedOperation.
 * A name added here is a compile error until a handler for it stands in the table (handlers.ts).
 */
export const EC2_OPERATIONS = [
  // VPCs
  'CreateVpc',
  'DeleteVpc',
  'DescribeVpcs',
  'ModifyVpcAttribute',
  'DescribeVpcAttribute',
  'AssociateVpcCidrBlock',
  'DisassociateVpcCidrBlock',
  'CreateDefaultVpc',
  'CreateDefaultSubnet',
  'ModifyVpcTenancy',
  // Subnets
  'CreateSubnet',
  'DeleteSubnet',
  'DescribeSubnets',
  'ModifySubnetAttribute',
  'AssociateSubnetCidrBlock',
  'DisassociateSubnetCidrBlock',
  // Route tables
  'CreateRouteTable',
  'DeleteRouteTable',
  'DescribeRouteTables',
  'AssociateRouteTable',
  'DisassociateRouteTable',
  'ReplaceRouteTableAssociation',
  'CreateRoute',
  'ReplaceRoute',
  'DeleteRoute',
  // Network ACLs
  'CreateNetworkAcl',
  'DeleteNetworkAcl',
  'DescribeNetworkAcls',
  'CreateNetworkAclEntry',
  'ReplaceNetworkAclEntry',
  'DeleteNetworkAclEntry',
  'ReplaceNetworkAclAssociation',
  // Security groups
  'CreateSecurityGroup',
  'DeleteSecurityGroup',
  'DescribeSecurityGroups',
  'DescribeSecurityGroupRules',
  'AuthorizeSecurityGroupIngress',
  'AuthorizeSecurityGroupEgress',
  'RevokeSecurityGroupIngress',
  'RevokeSecurityGroupEgress',
  'ModifySecurityGroupRules',
  'UpdateSecurityGroupRuleDescriptionsIngress',
  'UpdateSecurityGroupRuleDescriptionsEgress',
  'DescribeSecurityGroupReferences',
  'DescribeStaleSecurityGroups',
  'GetSecurityGroupsForVpc',
  // Network interfaces
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'AttachNetworkInterface',
  'DetachNetworkInterface',
  'ModifyNetworkInterfaceAttribute',
  'DescribeNetworkInterfaceAttribute',
  'ResetNetworkInterfaceAttribute',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
  'AssignIpv6Addresses',
  'UnassignIpv6Addresses',
  // Instances
  'RunInstances',
  'StartInstances',
  'StopInstances',
  'RebootInstances',
  'TerminateInstances',
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeInstanceAttribute',
  'ModifyInstanceAttribute',
  'ResetInstanceAttribute',
  'DescribeInstanceTypes',
  // Internet gateways
  'CreateInternetGateway',
  'DeleteInternetGateway',
  'DescribeInternetGateways',
  'AttachInternetGateway',
  'DetachInternetGateway',
  // Elastic addresses
  'AllocateAddress',
  'ReleaseAddress',
  'AssociateAddress',
  'DisassociateAddress',
  'DescribeAddresses',
  'ModifyAddressAttribute',
  'ResetAddressAttribute',
  'DescribeAddressesAttribute',
  'EnableAddressTransfer',
  'DisableAddressTransfer',
  'AcceptAddressTransfer',
  'DescribeAddressTransfers',
  // Egress-only internet gateways
  'CreateEgressOnlyInternetGateway',
  'DeleteEgressOnlyInternetGateway',
  'DescribeEgressOnlyInternetGateways',
  // NAT gateways
  'CreateNatGateway',
  'DeleteNatGateway',
  'DescribeNatGateways',
  'AssociateNatGatewayAddress',
  'DisassociateNatGatewayAddress',
  'AssignPrivateNatGatewayAddress',
  'UnassignPrivateNatGatewayAddress',
  // What every account has
  'DescribeAvailabilityZones',
  'DescribeRegions',
  'DescribeAccountAttributes',
  // DHCP option sets
  'CreateDhcpOptions',
  'DeleteDhcpOptions',
  'AssociateDhcpOptions',
  'DescribeDhcpOptions',
  // Prefix lists
  'CreateManagedPrefixList',
  'ModifyManagedPrefixList',
  'DeleteManagedPrefixList',
  'DescribeManagedPrefixLists',
  'GetManagedPrefixListEntries',
  'GetManagedPrefixListAssociations',
  'RestoreManagedPrefixListVersion',
  'DescribePrefixLists',
  // Tags
  'CreateTags',
  'DeleteTags',
  'DescribeTags',
  // Peering
  'CreateVpcPeeringConnection',
  'AcceptVpcPeeringConnection',
  'RejectVpcPeeringConnection',
  'DeleteVpcPeeringConnection',
  'DescribeVpcPeeringConnections',
  'ModifyVpcPeeringConnectionOptions',
  // Transit gateways
  'CreateTransitGateway',
  'ModifyTransitGateway',
  'DeleteTransitGateway',
  'DescribeTransitGateways',
  'DescribeTransitGatewayAttachments',
  'CreateTransitGatewayVpcAttachment',
  'ModifyTransitGatewayVpcAttachment',
  'AcceptTransitGatewayVpcAttachment',
  'RejectTransitGatewayVpcAttachment',
  'DeleteTransitGatewayVpcAttachment',
  'DescribeTransitGatewayVpcAttachments',
  'CreateTransitGatewayPeeringAttachment',
  'AcceptTransitGatewayPeeringAttachment',
  'RejectTransitGatewayPeeringAttachment',
  'DeleteTransitGatewayPeeringAttachment',
  'DescribeTransitGatewayPeeringAttachments',
  'CreateTransitGatewayRouteTable',
  'DeleteTransitGatewayRouteTable',
  'DescribeTransitGatewayRouteTables',
  'AssociateTransitGatewayRouteTable',
  'DisassociateTransitGatewayRouteTable',
  'GetTransitGatewayRouteTableAssociations',
  'EnableTransitGatewayRouteTablePropagation',
  'DisableTransitGatewayRouteTablePropagation',
  'GetTransitGatewayRouteTablePropagations',
  'GetTransitGatewayAttachmentPropagations',
  'CreateTransitGatewayRoute',
  'ReplaceTransitGatewayRoute',
  'DeleteTransitGatewayRoute',
  'SearchTransitGatewayRoutes',
  'ExportTransitGatewayRoutes',
  'CreateTransitGatewayPrefixListReference',
  'ModifyTransitGatewayPrefixListReference',
  'DeleteTransitGatewayPrefixListReference',
  'GetTransitGatewayPrefixListReferences',
  'CreateTransitGatewayPolicyTable',
  'DeleteTransitGatewayPolicyTable',
  'DescribeTransitGatewayPolicyTables',
  'AssociateTransitGatewayPolicyTable',
  'DisassociateTransitGatewayPolicyTable',
  'GetTransitGatewayPolicyTableAssociations',
  'GetTransitGatewayPolicyTableEntries',
  'CreateTransitGatewayRouteTableAnnouncement',
  'DeleteTransitGatewayRouteTableAnnouncement',
  'DescribeTransitGatewayRouteTableAnnouncements',
] as const;

export type Ec2Operation = (typeof EC2_OPERATIONS)[number];

type Command<Op extends Ec2Operation> = InstanceType<(typeof Sdk)[`${Op}Command`]>;

/** What a handler is given. */
export type Ec2Input<Op extends Ec2Operation> = Given<Command<Op>['input']>;

/** What a handler answers: the SDK's result type. */
export type Ec2Output<Op extends Ec2Operation> =
  Awaited<ReturnType<ReturnType<Command<Op>['resolveMiddleware']>>> extends {
    output: infer Output;
  }
    ? Omit<Output, '$metadata'>
    : never;
