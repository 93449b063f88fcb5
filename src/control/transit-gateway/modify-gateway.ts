/** Other options for a transit gateway: for new attachments, but for one exception (C-010). */
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { hasEnded } from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import { blockUser, isLivePeer } from '../../model/transit-gateway/connect-peer.ts';
import type {
  TransitGateway,
  TransitGatewayOptions,
} from '../../model/transit-gateway/transit-gateway.ts';
import { type Cidr, cidrEquals, formatCidr, overlaps } from '../../net/cidr.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { vpcBlocks } from '../vpc/route-target.ts';
import { availableGateway, availableTable } from './find.ts';
import { beginModification, withDefaultTables } from './gateway.ts';
import { badBlock, checkOptions } from './gateway-options.ts';
import { propagate } from './propagate.ts';

/** C-006: multicast is chosen at creation. Absent members stay as they are. */
export type TransitGatewayChanges = Partial<
  Omit<TransitGatewayOptions, 'cidrBlocks' | 'multicastSupport'>
>;

export interface ModifyTransitGateway {
  readonly description?: string;
  readonly options: TransitGatewayChanges;
  readonly addBlocks: readonly Cidr[];
  readonly removeBlocks: readonly Cidr[];
}

/**
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound,
 *   IncorrectState (also C-005, C-009, C-016), InvalidRouteTableId.Malformed,
 *   InvalidRouteTableID.NotFound, InvalidParameterValue (C-004, C-008),
 *   InvalidParameterCombination (C-016, and for the table of a default that is off)
 */
export function modifyTransitGateway(
  tx: Transaction,
  scope: Scope,
  id: string,
  { description, options: changes, addBlocks, removeBlocks }: ModifyTransitGateway,
): TransitGateway {
  const gateway = availableGateway(tx, scope, id);
  const cidrBlocks = changedBlocks(tx, gateway, addBlocks, removeBlocks);
  const chosen = { ...gateway.options, ...changes, cidrBlocks };
  checkOptions(chosen);
  checkAsn(tx, gateway, chosen);
  checkDefault(tx, scope, gateway, {
    table: changes.associationDefaultRouteTableId,
    isOn: chosen.defaultRouteTableAssociation,
  });
  checkDefault(tx, scope, gateway, {
    table: changes.propagationDefaultRouteTableId,
    isOn: chosen.defaultRouteTablePropagation,
  });
  checkEncryption(tx, gateway, chosen);
  const options = withDefaultTables(tx, gateway, chosen);
  if (gateway.options.securityGroupReferencingSupport && !options.securityGroupReferencingSupport) {
    stopReferencing(tx, id);
  }
  const modifying = beginModification(tx, gateway, {
    ...(description !== undefined && { description }),
    options,
  });
  if (gateway.options.vpnEcmpSupport !== options.vpnEcmpSupport) propagateVpns(tx, id);
  return modifying;
}

function changedBlocks(
  reader: ModelReader,
  { id, options }: TransitGateway,
  add: readonly Cidr[],
  remove: readonly Cidr[],
): readonly Cidr[] {
  const peers = reader.by('transit-gateway-connect-peer', 'gateway', id).filter(isLivePeer);
  for (const block of remove) {
    if (!options.cidrBlocks.some((own) => cidrEquals(own, block))) {
      throw badBlock(block, `is not one of ${id}.`);
    }
    const user = blockUser(peers, block); // C-009
    if (user === undefined) continue;
    throw awsError('IncorrectState', `${formatCidr(block)} of ${id} is in use by ${user.id}.`);
  }
  for (const block of add) checkApart(reader, id, block);
  const kept = options.cidrBlocks.filter((own) => !remove.some((gone) => cidrEquals(own, gone)));
  return [...kept, ...add];
}

/** C-008: the blocks of attached VPCs are others. */
function checkApart(reader: ModelReader, transitGatewayId: string, block: Cidr): void {
  for (const one of reader.by('transit-gateway-attachment', 'gateway', transitGatewayId)) {
    if (one.resourceType !== 'vpc' || hasEnded(one)) continue;
    const vpc = reader.get('vpc', one.vpcId);
    const taken = vpc && vpcBlocks(vpc).find((own) => overlaps(own, block));
    if (taken !== undefined)
      throw badBlock(block, `overlaps ${formatCidr(taken)} of ${one.vpcId}.`);
  }
}

/** C-005: the devices at the other ends of these know its number. */
function checkAsn(
  reader: ModelReader,
  { id, options }: TransitGateway,
  { amazonSideAsn }: TransitGatewayOptions,
): void {
  if (amazonSideAsn === options.amazonSideAsn) return;
  const fixed = reader
    .by('transit-gateway-attachment', 'gateway', id)
    .find((one) => traitsOf(one).fixesAsn && !hasEnded(one));
  if (fixed === undefined) return;
  const kind = `a ${fixed.resourceType} attachment`;
  const message = `The AmazonSideAsn of ${id} cannot be changed while it has ${fixed.id}, ${kind}.`;
  throw awsError('IncorrectState', message);
}

/** A default table is one of the gateway's, and there; a default that is off has none. */
function checkDefault(
  reader: ModelReader,
  scope: Scope,
  { id: transitGatewayId }: TransitGateway,
  { table, isOn }: { readonly table: string | undefined; readonly isOn: boolean },
): void {
  if (table === undefined) return;
  if (availableTable(reader, scope, table).transitGatewayId !== transitGatewayId) {
    const message = `The route table ${table} is not one of ${transitGatewayId}.`;
    throw awsError('InvalidParameterValue', message);
  }
  if (isOn) return;
  const message = `${table} is named as a default of ${transitGatewayId} that is disabled.`;
  throw awsError('InvalidParameterCombination', message);
}

/** C-016 */
function checkEncryption(
  reader: ModelReader,
  { id }: TransitGateway,
  options: TransitGatewayOptions,
): void {
  if (!options.encryptionSupport) return;
  if (options.securityGroupReferencingSupport || options.multicastSupport) {
    const what = options.multicastSupport ? 'multicast' : 'security group referencing';
    const message = `Encryption support of ${id} cannot be enabled together with ${what}.`;
    throw awsError('InvalidParameterCombination', message);
  }
  const plain = reader
    .by('transit-gateway-attachment', 'gateway', id)
    .find((one) => !traitsOf(one).supportsEncryption && !hasEnded(one));
  if (plain === undefined) return;
  const message = `${id} has attachments that do not support encryption: ${plain.id}.`;
  throw awsError('IncorrectState', message);
}

/** C-101: which tunnels share a prefix's packets, the option decides. */
function propagateVpns(tx: Transaction, transitGatewayId: string): void {
  for (const one of tx.by('transit-gateway-attachment', 'gateway', transitGatewayId)) {
    if (one.resourceType === 'vpn') propagate(tx, one);
  }
}

/** C-010: the one option that changes existing attachments, too. */
function stopReferencing(tx: Transaction, transitGatewayId: string): void {
  for (const one of tx.by('transit-gateway-attachment', 'gateway', transitGatewayId)) {
    if (one.resourceType !== 'vpc' || !one.options.securityGroupReferencingSupport) continue;
    const options = { ...one.options, securityGroupReferencingSupport: false };
    tx.put('transit-gateway-attachment', { ...one, options });
  }
}
