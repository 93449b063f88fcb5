/** ClassicLink joined EC2-Classic with VPCs: both are gone, and tools still ask for it. */
import { awsError } from '../../model/error.ts';

const OPERATIONS = [
  'AttachClassicLinkVpc',
  'DescribeClassicLinkInstances',
  'DescribeVpcClassicLink',
  'DescribeVpcClassicLinkDnsSupport',
  'DetachClassicLinkVpc',
  'DisableVpcClassicLink',
  'DisableVpcClassicLinkDnsSupport',
  'EnableVpcClassicLink',
  'EnableVpcClassicLinkDnsSupport',
];

/**
 * Refuses as AWS does in Regions that never had EC2-Classic. The words matter: Ansible's
 * `ec2_vpc_net` takes them, and no others, to mean that there is no ClassicLink.
 */
export const classicLinkHandlers: Readonly<Record<string, () => never>> = Object.fromEntries(
  OPERATIONS.map((operation) => [operation, refuse]),
);

function refuse(): never {
  const message = 'The functionality you requested is not available in this region.';
  throw awsError('UnsupportedOperation', message);
}
