/** What the options of a gateway may be (C-004, C-008). */
import { type AwsError, awsError } from '../../model/error.ts';
import { INSIDE_SPACE } from '../../model/hybrid/inside-space.ts';
import { TRANSIT_GATEWAY_CIDR_BLOCKS } from '../../model/limits.ts';
import {
  PRIVATE_ASN_RANGES,
  type TransitGatewayOptions,
} from '../../model/transit-gateway/transit-gateway.ts';
import { type Cidr, formatCidr, isCidr4, overlaps } from '../../net/cidr.ts';

/** @throws AwsError InvalidParameterValue */
export function checkOptions({
  amazonSideAsn,
  cidrBlocks,
}: Pick<TransitGatewayOptions, 'amazonSideAsn' | 'cidrBlocks'>): void {
  checkAmazonSideAsn(amazonSideAsn);
  checkBlocks(cidrBlocks);
}

/** @throws AwsError InvalidParameterValue unless it is a private number (C-004, H-040) */
export function checkAmazonSideAsn(asn: number): void {
  if (PRIVATE_ASN_RANGES.some(({ from, to }) => asn >= from && asn <= to)) return;
  const ranges = PRIVATE_ASN_RANGES.map(({ from, to }) => `${from}-${to}`).join(' or ');
  const message = `Value (${asn}) for amazonSideAsn is invalid. It must be in ${ranges}.`;
  throw awsError('InvalidParameterValue', message);
}

/** C-008: IPv4 /24 or larger, IPv6 /64 or larger. */
const LONGEST = { ipv4: 24, ipv6: 64 } as const;

/** C-008 */
function checkBlocks(blocks: readonly Cidr[]): void {
  if (blocks.length > TRANSIT_GATEWAY_CIDR_BLOCKS) {
    const message = `A transit gateway has at most ${TRANSIT_GATEWAY_CIDR_BLOCKS} CIDR blocks.`;
    throw awsError('InvalidParameterValue', message);
  }
  for (const [index, block] of blocks.entries()) {
    const longest = isCidr4(block) ? LONGEST.ipv4 : LONGEST.ipv6;
    if (block.length > longest) throw badBlock(block, `must be a /${longest} or larger.`);
    if (overlaps(block, INSIDE_SPACE[4])) throw badBlock(block, 'overlaps 169.254.0.0/16.');
    const other = blocks.slice(0, index).find((earlier) => overlaps(earlier, block));
    if (other !== undefined) throw badBlock(block, `overlaps ${formatCidr(other)}.`);
  }
}

export function badBlock(block: Cidr, fault: string): AwsError {
  const message = `The transit gateway CIDR block ${formatCidr(block)} ${fault}`;
  return awsError('InvalidParameterValue', message);
}
