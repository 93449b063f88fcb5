/** Blocks of VPCs that come and go. */
import {
  associateVpcCidr,
  associateVpcIpv6Cidr,
  disassociateVpcCidr,
  type VpcCidrChange,
} from '../../control/vpc/vpc-cidr.ts';
import { awsError } from '../../model/error.ts';
import type { CidrAssociation } from '../../model/vpc/vpc.ts';
import { type Cidr6, isCidr4 } from '../../net/cidr.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { parseCidr4Parameter, refuseUnsupported } from './parse.ts';
import { cidrView, ipv6CidrView } from './vpc.ts';

export const vpcCidrBlockHandlers = {
  AssociateVpcCidrBlock: associate,

  async DisassociateVpcCidrBlock({ input, caller, cloud }) {
    const id = input.AssociationId;
    return changeView(await cloud.execute((tx) => disassociateVpcCidr(tx, caller, id)));
  },
} satisfies Ec2HandlersOf<'AssociateVpcCidrBlock' | 'DisassociateVpcCidrBlock'>;

async function associate({ input, caller, cloud }: Ec2Call<'AssociateVpcCidrBlock'>) {
  refuseUnsupported(input, [
    'Ipv6CidrBlockNetworkBorderGroup',
    'Ipv6Pool',
    'Ipv6CidrBlock',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
    'Ipv6NetmaskLength',
  ]);
  const { CidrBlock: text, AmazonProvidedIpv6CidrBlock: wantsIpv6 = false } = input;
  if (text !== undefined && wantsIpv6) {
    const message = 'Specify either cidrBlock or amazonProvidedIpv6CidrBlock, not both.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (wantsIpv6) {
    const change = await cloud.execute((tx) => associateVpcIpv6Cidr(tx, caller, input.VpcId));
    return changeView(change);
  }
  if (text === undefined) {
    const message = 'Either cidrBlock or amazonProvidedIpv6CidrBlock should be provided.';
    throw awsError('MissingParameter', message);
  }
  const block = parseCidr4Parameter('cidrBlock', text);
  return changeView(await cloud.execute((tx) => associateVpcCidr(tx, caller, input.VpcId, block)));
}

function changeView({ vpc, association }: VpcCidrChange) {
  return isCidr4(association.cidr)
    ? { VpcId: vpc.id, CidrBlockAssociation: cidrView(association) }
    : {
        VpcId: vpc.id,
        Ipv6CidrBlockAssociation: ipv6CidrView(vpc, association as CidrAssociation<Cidr6>),
      };
}
