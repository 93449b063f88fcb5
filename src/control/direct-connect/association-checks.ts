/** What may be joined to a Direct Connect gateway, and with which prefixes. */
import { directConnectError } from '../../model/direct-connect/error.ts';
import type { DirectConnectGateway } from '../../model/direct-connect/gateway.ts';
import {
  type AssociatedGateway,
  associationsAt,
  associationsOf,
  chosenPrefixes,
} from '../../model/direct-connect/gateway-association.ts';
import { attachedVpc } from '../../model/hybrid/vpn-gateway.ts';
import type { ModelReader } from '../../model/model.ts';
import { activeCidrs } from '../../model/vpc/vpc.ts';
import { type Cidr, formatCidr, overlaps } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';
import { checkUse } from './gateway-use.ts';

/** @throws AwsError */
export function checkAssociation(
  tx: Transaction,
  owner: DirectConnectGateway,
  gateway: AssociatedGateway,
  prefixes: readonly Cidr[],
): void {
  const isTransit = gateway.kind === 'transit-gateway';
  const joined = associationsAt(tx, gateway.id);
  // H-072: a virtual private gateway is in one alone.
  const twin = joined.find((one) => !isTransit || one.directConnectGatewayId === owner.id);
  if (twin !== undefined) {
    const message = `${gateway.id} is associated with ${twin.directConnectGatewayId} already.`;
    throw directConnectError(message);
  }
  checkUse(tx, owner.id, isTransit ? 'transit' : 'private');
  if (isTransit) checkAsn(tx, owner, gateway);
  else checkBlocks(tx, owner, gateway);
  checkPrefixes(tx, owner.id, gateway, prefixes);
  checkRoom(tx, owner, gateway);
}

/** C-104 */
function checkAsn(
  reader: ModelReader,
  { id, amazonSideAsn }: DirectConnectGateway,
  gateway: AssociatedGateway,
): void {
  const asn = reader.get('transit-gateway', gateway.id)?.options.amazonSideAsn;
  if (asn !== amazonSideAsn) return;
  throw directConnectError(`${gateway.id} and Direct Connect Gateway ${id} have one ASN, ${asn}.`);
}

/** H-072 */
function checkBlocks(
  reader: ModelReader,
  { id }: DirectConnectGateway,
  gateway: AssociatedGateway,
): void {
  const own = vpcBlocksOf(reader, gateway.id);
  if (own === undefined) {
    throw directConnectError(`The virtual gateway ${gateway.id} is not attached to a VPC.`);
  }
  for (const { gateway: other } of associationsOf(reader, id)) {
    const theirs = vpcBlocksOf(reader, other.id) ?? [];
    const clash = own.find((block) => theirs.some((their) => overlaps(block, their)));
    if (clash === undefined) continue;
    const message = `The block ${formatCidr(clash)} of the VPC of ${gateway.id} overlaps`;
    throw directConnectError(`${message} those of the VPC of ${other.id}, at ${id} as well.`);
  }
}

function vpcBlocksOf(reader: ModelReader, vpnGatewayId: string): readonly Cidr[] | undefined {
  const gateway = reader.get('vpn-gateway', vpnGatewayId);
  const vpc = gateway && reader.get('vpc', attachedVpc(gateway) ?? '');
  return vpc && activeCidrs(vpc);
}

/** H-070, C-107: of a transit gateway's association they are what is announced. @throws AwsError */
export function checkPrefixes(
  tx: Transaction,
  directConnectGatewayId: string,
  gateway: AssociatedGateway,
  prefixes: readonly Cidr[],
): void {
  if (gateway.kind === 'vpn-gateway') return;
  const { id } = gateway;
  if (prefixes.length === 0) {
    const message = 'allowedPrefixesToDirectConnectGateway has at least one entry';
    throw directConnectError(`${message} for the transit gateway ${id}.`);
  }
  const most = tx.quota('prefixesPerTransitGatewayAssociation');
  if (prefixes.length > most) {
    throw directConnectError(`${prefixes.length} allowed prefixes of ${id} are more than ${most}.`);
  }
  for (const other of associationsOf(tx, directConnectGatewayId)) {
    if (other.gateway.id === id) continue;
    const clash = prefixes.find((prefix) =>
      chosenPrefixes(other).some((theirs) => overlaps(prefix, theirs)),
    );
    if (clash === undefined) continue;
    const message = `The allowed prefix ${formatCidr(clash)} of ${id} overlaps`;
    throw directConnectError(`${message} those of ${other.gateway.id}.`);
  }
}

/** H-056, C-108 */
function checkRoom(
  tx: Transaction,
  { id }: DirectConnectGateway,
  gateway: AssociatedGateway,
): void {
  const isTransit = gateway.kind === 'transit-gateway';
  const most = tx.quota(
    isTransit ? 'transitGatewaysPerDirectConnectGateway' : 'vpnGatewaysPerDirectConnectGateway',
  );
  if (associationsOf(tx, id).length >= most) {
    throw directConnectError(`Direct Connect Gateway ${id} has ${most} gateways, the maximum.`);
  }
  if (!isTransit) return;
  const mostOwners = tx.quota('directConnectGatewaysPerTransitGateway');
  if (associationsAt(tx, gateway.id).length < mostOwners) return;
  throw directConnectError(`${gateway.id} has ${mostOwners} Direct Connect gateways, the maximum.`);
}
