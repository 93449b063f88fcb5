import type { Cloud } from '../../control/cloud.ts';
import type { Call, Handler } from '../service.ts';
import { dhcpOptionsHandlers } from './dhcp-options.ts';
import { instanceHandlers } from './instance.ts';
import { instanceAttributeHandlers } from './instance-attribute.ts';
import { instanceStatusHandlers } from './instance-status.ts';
import { instanceTypeHandlers } from './instance-type.ts';
import { internetGatewayHandlers } from './internet-gateway.ts';
import { networkAclHandlers } from './network-acl.ts';
import { networkAclEntryHandlers } from './network-acl-entry.ts';
import { networkInterfaceHandlers } from './network-interface.ts';
import { networkInterfaceAddressHandlers } from './network-interface-address.ts';
import { networkInterfaceAttributeHandlers } from './network-interface-attribute.ts';
import type { Ec2Input, Ec2Operation, Ec2Output } from './operations.ts';
import { regionHandlers } from './region.ts';
import { routeHandlers } from './route.ts';
import { routeTableHandlers } from './route-table.ts';
import { securityGroupHandlers } from './security-group.ts';
import { securityGroupReferenceHandlers } from './security-group-reference.ts';
import { securityGroupRuleHandlers } from './security-group-rule.ts';
import { subnetHandlers } from './subnet.ts';
import { subnetAttributeHandlers } from './subnet-attribute.ts';
import { tagHandlers } from './tags.ts';
import { vpcHandlers } from './vpc.ts';
import { vpcAttributeHandlers } from './vpc-attribute.ts';
import { vpcCidrBlockHandlers } from './vpc-cidr-block.ts';
import { vpcPeeringHandlers } from './vpc-peering.ts';

/** One handler for each operation in scope: one that is missing is a compile error. */
export type Ec2Handlers = {
  readonly [Op in Ec2Operation]: Handler<Ec2Input<Op>, Ec2Output<Op>, Cloud>;
};

/** The call a handler of an operation is given. */
export type Ec2Call<Op extends Ec2Operation> = Call<Ec2Input<Op>, Cloud>;

/** The handlers of some operations: what one file of this folder exports. */
export type Ec2HandlersOf<Op extends Ec2Operation> = Pick<Ec2Handlers, Op>;

export const ec2Handlers: Ec2Handlers = {
  ...vpcHandlers,
  ...vpcAttributeHandlers,
  ...vpcCidrBlockHandlers,
  ...subnetHandlers,
  ...subnetAttributeHandlers,
  ...internetGatewayHandlers,
  ...dhcpOptionsHandlers,
  ...regionHandlers,
  ...tagHandlers,
  ...vpcPeeringHandlers,
  ...routeTableHandlers,
  ...routeHandlers,
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
};
