/** What a Direct Connect gateway announces of what it is joined to (H-069, H-070, C-106). */
import { type Cidr, containsCidr } from '../../net/cidr.ts';
import type { ModelReader } from '../model.ts';
import { activeCidrs } from '../vpc/vpc.ts';
import type { DirectConnectGatewayAssociation } from './gateway-association.ts';

/**
 * Of a transit gateway the prefixes as they are listed; of a virtual private gateway each block of
 * its VPC that an entry equals or contains, all of them where there are no entries.
 */
export function allowedBlocks(
  reader: ModelReader,
  { gateway, allowedPrefixes }: DirectConnectGatewayAssociation,
): readonly Cidr[] {
  if (gateway.kind === 'transit-gateway') return allowedPrefixes;
  const { attachment } = reader.get('vpn-gateway', gateway.id) ?? {};
  const vpc = attachment?.state === 'attached' ? reader.get('vpc', attachment.vpcId) : undefined;
  const blocks = vpc === undefined ? [] : activeCidrs(vpc);
  if (allowedPrefixes.length === 0) return blocks;
  return blocks.filter((block) => allowedPrefixes.some((entry) => containsCidr(entry, block)));
}
