/** Questions about peering connections that commands and compilers ask. */
import { type Cidr, overlaps } from '../../net/cidr.ts';
import type { ModelReader } from '../model.ts';
import type { Vpc } from '../vpc/vpc.ts';
import { type PeeringConnection, pairKey } from './peering-connection.ts';

/** Every connection that names a VPC on either side, whatever its status. */
export function peeringsOf(reader: ModelReader, vpcId: string): readonly PeeringConnection[] {
  return reader.by('vpc-peering-connection', 'vpc', vpcId);
}

/** The active connection between two VPCs: there is at most one (B-024). */
export function activePeeringBetween(
  reader: ModelReader,
  vpcA: string,
  vpcB: string,
): PeeringConnection | undefined {
  return reader
    .by('vpc-peering-connection', 'pair', pairKey(vpcA, vpcB))
    .find(({ status }) => status === 'active');
}

/** The blocks that count against a peer's, both families: all but those that are gone. */
export function claimedCidrs(vpc: Vpc): Cidr[] {
  return [...vpc.cidrs, ...vpc.ipv6Cidrs]
    .filter(({ state }) => !['failing', 'failed', 'disassociated'].includes(state))
    .map((association) => association.cidr);
}

/** B-031, B-032: any block of one against any of the other. A VPC overlaps itself (B-026). */
export function vpcsOverlap(a: Vpc, b: Vpc): boolean {
  const others = claimedCidrs(b);
  return claimedCidrs(a).some((block) => others.some((other) => overlaps(block, other)));
}
