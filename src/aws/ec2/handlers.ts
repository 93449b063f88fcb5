import { addressAttributeHandlers } from './address-attribute.ts';
import { addressTransferHandlers } from './address-transfer.ts';
import { dhcpOptionsHandlers } from './dhcp-options.ts';
import { egressOnlyInternetGatewayHandlers } from './egress-only-internet-gateway.ts';
import { elasticAddressHandlers } from './elastic-address.ts';
import type { Ec2Handlers } from './handler.ts';
import { hybridHandlers } from './hybrid/handlers.ts';
import { instanceHandlers } from './instance.ts';
import { instanceAttributeHandlers } from './instance-attribute.ts';
import { instanceStatusHandlers } from './instance-status.ts';
import { instanceTypeHandlers } from './instance-type.ts';
import { internetGatewayHandlers } from './internet-gateway.ts';
import { managedPrefixListHandlers } from './managed-prefix-list.ts';
import { natGatewayHandlers } from './nat-gateway.ts';
import { natGatewayAddressHandlers } from './nat-gateway-address.ts';
import { networkAclHandlers } from './network-acl.ts';
import { networkAclEntryHandlers } from './network-acl-entry.ts';
import { networkInterfaceHandlers } from './network-interface.ts';
import { networkInterfaceAddressHandlers } from './network-interface-address.ts';
import { networkInterfaceAttributeHandlers } from './network-interface-attribute.ts';
import { regionHandlers } from './region.ts';
import { routeHandlers } from './route.ts';
import { routeTableHandlers } from './route-table.ts';
import { securityGroupHandlers } from './security-group.ts';
import { securityGroupReferenceHandlers } from './security-group-reference.ts';
import { securityGroupRuleHandlers } from './security-group-rule.ts';
import { subnetHandlers } from './subnet.ts';
import { subnetAttributeHandlers } from './subnet-attribute.ts';
import { tagHandlers } from './tags.ts';
import { transitGatewayFamilyHandlers } from './transit-gateway/handlers.ts';
import { vpcHandlers } from './vpc.ts';
import { vpcAttributeHandlers } from './vpc-attribute.ts';
import { vpcCidrBlockHandlers } from './vpc-cidr-block.ts';
import { vpcPeeringHandlers } from './vpc-peering.ts';

/** Every operation in scope, by topic. */
export const ec2Handlers: Ec2Handlers = {
  ...vpcHandlers,
  ...vpcAttributeHandlers,
  ...vpcCidrBlockHandlers,
  ...subnetHandlers,
  ...subnetAttributeHandlers,
  ...internetGatewayHandlers,
  ...elasticAddressHandlers,
  ...addressAttributeHandlers,
  ...addressTransferHandlers,
  ...egressOnlyInternetGatewayHandlers,
  ...natGatewayHandlers,
  ...natGatewayAddressHandlers,
  ...dhcpOptionsHandlers,
  ...regionHandlers,
  ...tagHandlers,
  ...vpcPeeringHandlers,
  ...routeTableHandlers,
  ...routeHandlers,
  ...managedPrefixListHandlers,
  ...networkAclHandlers,
  ...networkAclEntryHandlers,
  ...securityGroupHandlers,
  ...securityGroupRuleHandlers,
  ...securityGroupReferenceHandlers,
  ...networkInterfaceHandlers,
  ...networkInterfaceAddressHandlers,
  ...networkInterfaceAttributeHandlers,
  ...instanceHandlers,
  ...instanceAttributeHandlers,
  ...instanceStatusHandlers,
  ...instanceTypeHandlers,
  ...transitGatewayFamilyHandlers,
  ...hybridHandlers,
};
