/** Commands on VPCs. */
import { type AwsError, awsError } from '../../model/error.ts';
import { activeCidrs, type CidrAssociation, type Vpc } from '../../model/vpc/vpc.ts';
import {
  type Cidr,
  type Cidr4,
  type Cidr6,
  cidr,
  formatCidr,
  overlaps,
  parseCidr4,
} from '../../net/cidr.ts';
import { ipv6 } from '../../net/ipv6.ts';
import { owned, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-events.ts';
import type { Transaction } from '../transaction.ts';

export interface CreateVpc {
  readonly cidr: Cidr4;
  readonly amazonProvidedIpv6: boolean;
  readonly instanceTenancy: Vpc['instanceTenancy'];
  readonly isDefault?: boolean;
  readonly tags: Tags;
}

/**
 * A VPC with what AWS makes along with it: main route table, default network ACL, default group.
 * @throws AwsError VpcLimitExceeded, InvalidVpc.Range
 */
export function createVpc(tx: Transaction, scope: Scope, request: CreateVpc): Vpc {
  if (owned(tx, scope, 'vpc').length >= tx.quota('vpcsPerRegion')) {
    throw awsError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
  }
  checkVpcCidr(request.cidr);
  const id = tx.newId('vpc');
  const vpc = tx.put('vpc', {
    id,
    ...scope,
    state: 'pending',
    isDefault: request.isDefault ?? false,
    cidrs: [association(tx, request.cidr, 'associated')],
    ipv6Cidrs: request.amazonProvidedIpv6 ? [association(tx, newIpv6Block(tx), 'associated')] : [],
    instanceTenancy: request.instanceTenancy,
    enableDnsSupport: true,
    enableDnsHostnames: request.isDefault ?? false,
    enableNetworkAddressUsageMetrics: false,
    dhcpOptionsId: 'default',
  });
  putTags(tx, scope, 'vpc', id, request.tags);
  tx.settle('vpc.available', id, 1);
  return vpc;
}

function association<T extends Cidr>(
  tx: Transaction,
  block: T,
  state: CidrAssociation['state'],
): CidrAssociation<T> {
  return { associationId: tx.newId('vpc-cidr-association'), cidr: block, state };
}

/** */
function checkVpcCidr(block: Cidr4): void {
  if (block.length < 16 || block.length > 28 || overlaps(block, LINK_LOCAL)) {
    throw invalidVpcRange(block);
  }
}

const LINK_LOCAL = parseCidr4('169.254.0.0/16')!;

function invalidVpcRange(block: Cidr4): AwsError {
  return awsError('InvalidVpc.Range', `The CIDR '${formatCidr(block)}' is invalid.`);
}

/** An unused /56 of Amazon's. */
function newIpv6Block(tx: Transaction): Cidr6 {
  for (;;) {
    const block = cidr(ipv6(0x26001f00 | tx.random.below(256), tx.random.uint32(), 0, 0), 56);
    const taken = [...tx.all('vpc')].some((vpc) =>
      activeCidrs(vpc).some((b) => overlaps(b, block)),
    );
    if (!taken) return block;
  }
}

export const vpcEvents: Record<string, TimedEvent> = {
  'vpc.available': (tx, id) => {
    const vpc = tx.get('vpc', id);
    if (vpc?.state === 'pending') tx.update('vpc', vpc, { state: 'available' });
  },
};
