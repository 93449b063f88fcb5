/** Attributes of VPCs. */
import { find } from '../../control/scope.ts';
import { modifyVpcAttribute, type VpcAttributes } from '../../control/vpc/vpc.ts';
import type { Ec2HandlersOf } from './handler.ts';
import { booleanAttributes, parseChoice } from './parse.ts';

const ATTRIBUTES = [
  'enableDnsSupport',
  'enableDnsHostnames',
  'enableNetworkAddressUsageMetrics',
] as const;

export const vpcAttributeHandlers = {
  async ModifyVpcAttribute({ input, caller, cloud }) {
    const attributes: VpcAttributes = booleanAttributes({
      enableDnsSupport: input.EnableDnsSupport,
      enableDnsHostnames: input.EnableDnsHostnames,
      enableNetworkAddressUsageMetrics: input.EnableNetworkAddressUsageMetrics,
    });
    await cloud.execute((tx) => modifyVpcAttribute(tx, caller, input.VpcId, attributes));
    return {};
  },

  DescribeVpcAttribute({ input, caller, cloud }) {
    const attribute = parseChoice('attribute', input.Attribute, ATTRIBUTES);
    const vpc = find(cloud.model, caller, 'vpc', input.VpcId);
    const name = `E${attribute.slice(1)}`;
    return { VpcId: vpc.id, [name]: { Value: vpc[attribute] } };
  },
} satisfies Ec2HandlersOf<'ModifyVpcAttribute' | 'DescribeVpcAttribute'>;
