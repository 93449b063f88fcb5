/** Attributes of subnets and their IPv6 blocks. */
import { modifySubnetAttribute, type SubnetAttributes } from '../../control/vpc/subnet.ts';
import {
  associateSubnetCidr,
  disassociateSubnetCidr,
  type SubnetCidrChange,
} from '../../control/vpc/subnet-cidr.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  booleanAttributes,
  parseChoice,
  parseCidr6Parameter,
  refuseUnsupported,
  required,
} from './parse.ts';
import { subnetIpv6CidrView } from './subnet.ts';

export const subnetAttributeHandlers = {
  ModifySubnetAttribute: modify,

  async AssociateSubnetCidrBlock({ input, caller, cloud }) {
    refuseUnsupported(input, ['Ipv6IpamPoolId', 'Ipv6NetmaskLength']);
    const text = required('ipv6CidrBlock', input.Ipv6CidrBlock);
    const block = parseCidr6Parameter('ipv6CidrBlock', text);
    return changeView(
      await cloud.execute((tx) => associateSubnetCidr(tx, caller, input.SubnetId, block)),
    );
  },

  async DisassociateSubnetCidrBlock({ input, caller, cloud }) {
    const id = input.AssociationId;
    return changeView(await cloud.execute((tx) => disassociateSubnetCidr(tx, caller, id)));
  },
} satisfies Ec2HandlersOf<
  'ModifySubnetAttribute' | 'AssociateSubnetCidrBlock' | 'DisassociateSubnetCidrBlock'
>;

async function modify({ input, caller, cloud }: Ec2Call<'ModifySubnetAttribute'>) {
  refuseUnsupported(input, [
    'MapCustomerOwnedIpOnLaunch',
    'CustomerOwnedIpv4Pool',
    'EnableLniAtDeviceIndex',
    'DisableLniAtDeviceIndex',
  ]);
  const type = input.PrivateDnsHostnameTypeOnLaunch;
  const attributes: SubnetAttributes = {
    ...booleanAttributes({
      mapPublicIpOnLaunch: input.MapPublicIpOnLaunch,
      assignIpv6AddressOnCreation: input.AssignIpv6AddressOnCreation,
      enableDns64: input.EnableDns64,
      enableResourceNameDnsARecord: input.EnableResourceNameDnsARecordOnLaunch,
      enableResourceNameDnsAaaaRecord: input.EnableResourceNameDnsAAAARecordOnLaunch,
    }),
    ...(type === undefined ? {} : { hostnameType: hostnameType(type) }),
  };
  await cloud.execute((tx) => modifySubnetAttribute(tx, caller, input.SubnetId, attributes));
  return {};
}

function hostnameType(text: string) {
  return parseChoice('privateDnsHostnameTypeOnLaunch', text, ['ip-name', 'resource-name']);
}

function changeView({ subnet, association }: SubnetCidrChange) {
  return { SubnetId: subnet.id, Ipv6CidrBlockAssociation: subnetIpv6CidrView(association) };
}
