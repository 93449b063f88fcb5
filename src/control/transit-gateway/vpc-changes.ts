/** What a change of a VPC means for its attachments to transit gateways. */
import type { ModelReader } from '../../model/model.ts';
import { hasEnded } from '../../model/transit-gateway/attachment.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import type { Transaction } from '../transaction.ts';
import { propagate } from './propagate.ts';

/** To be called when the blocks that carry a VPC's traffic are others (C-061). */
export function onBlocksChanged(tx: Transaction, { id }: Vpc): void {
  for (const attachment of tx.by('transit-gateway-attachment', 'vpc', id)) {
    propagate(tx, attachment);
  }
}

/** Whether an attachment that has not ended has an interface in a subnet, or will have one. */
export function isAttached(reader: ModelReader, subnetId: string): boolean {
  return reader
    .by('transit-gateway-attachment', 'subnet', subnetId)
    .some((attachment) => !hasEnded(attachment));
}
