/** Which IPv4 blocks a VPC may have. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import {
  type Cidr,
  type Cidr4,
  cidrFamily,
  containsCidr,
  formatCidr,
  overlaps,
  parseCidr4,
} from '../../net/cidr.ts';
import { isPresent } from './cidr-association.ts';

const blocks = (...texts: string[]): Cidr4[] => texts.map((text) => parseCidr4(text)!);

/** Blocks that no network can have: this network, loopback, link-local, multicast. */
const NEVER = blocks('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3');
/** Blocks of which a VPC may add one only to a primary block of the same. */
const FAMILIES = blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.19.0.0/16');
/** whoever has a block in the first adds none from the second. */
const [LOWEST_TEN_15, LOWEST_TEN_16] = blocks('10.0.0.0/15', '10.0.0.0/16') as [Cidr4, Cidr4];

/**
 * What holds for every block of a VPC.
 * @throws AwsError InvalidVpc.Range
 */
export function checkVpcCidr(block: Cidr4): void {
  if (block.length < 16 || block.length > 28) throw invalidRange(block, 'is invalid.');
  if (NEVER.some((never) => overlaps(never, block))) throw invalidRange(block, 'is invalid.');
}

/**
 * What holds for a further block, of either family, beside those that the VPC has.
 * @throws AwsError InvalidVpc.Range
 */
export function checkSecondaryCidr(reader: ModelReader, vpc: Vpc, block: Cidr): void {
  const present = presentCidrs(vpc);
  if (present.some((other) => overlaps(other, block))) {
    throw invalidRange(block, `conflicts with another CIDR of the VPC '${vpc.id}'.`);
  }
  if (isRestricted(vpc, present, block)) {
    const why =
      'is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR.';
    throw invalidRange(block, why);
  }
  const route = routeInside(reader, vpc, block);
  if (route !== undefined) {
    const why = `is equal to or larger than the route destination '${formatCidr(route)}'.`;
    throw invalidRange(block, why);
  }
}

/** The blocks a VPC has, or is about to have or to lose. */
function presentCidrs(vpc: Vpc): Cidr[] {
  return [...vpc.cidrs, ...vpc.ipv6Cidrs].filter(isPresent).map(({ cidr }) => cidr);
}

function isRestricted(vpc: Vpc, present: readonly Cidr[], block: Cidr): boolean {
  const primary = vpc.cidrs[0]!.cidr;
  const family = FAMILIES.find((candidate) => containsCidr(candidate, block));
  if (family !== undefined && !containsCidr(family, primary)) return true;
  return (
    containsCidr(LOWEST_TEN_16, block) &&
    present.some((other) => containsCidr(LOWEST_TEN_15, other))
  );
}

/** The destination of a route that the block would cover whole. */
function routeInside(reader: ModelReader, vpc: Vpc, block: Cidr): Cidr | undefined {
  for (const table of reader.by('route-table', 'vpc', vpc.id)) {
    for (const { destination, target } of reader.by('route', 'table', table.id)) {
      if (target.kind === 'local' || cidrFamily(destination) !== cidrFamily(block)) continue;
      if (containsCidr(block, destination)) return destination;
    }
  }
  return undefined;
}

function invalidRange(block: Cidr, why: string): AwsError {
  return awsError('InvalidVpc.Range', `The CIDR '${formatCidr(block)}' ${why}`);
}
