/** What follows when Direct Connect has, or reaches, something else. */
import { associationsOf } from '../../model/direct-connect/gateway-association.ts';
import type { VirtualInterface } from '../../model/direct-connect/virtual-interface.ts';
import { propagateVgw } from '../hybrid/propagate-vgw.ts';
import type { Transaction } from '../transaction.ts';
import { propagate } from '../transit-gateway/propagate.ts';

/**
 * To be called whenever what a Direct Connect gateway offers, or what it is joined to, may be
 * another: its virtual interfaces, their sessions and what these have learned, its associations.
 */
export function directConnectChanged(tx: Transaction, directConnectGatewayId: string): void {
  for (const { gateway, attachmentId } of associationsOf(tx, directConnectGatewayId)) {
    if (gateway.kind === 'vpn-gateway') propagateVgw(tx, gateway.id);
    const attachment = tx.get('transit-gateway-attachment', attachmentId ?? '');
    if (attachment !== undefined) propagate(tx, attachment);
  }
}

/** The same for whatever is behind one virtual interface, or was. */
export function interfaceChanged(tx: Transaction, { gateway }: VirtualInterface): void {
  if (gateway?.kind === 'vpn-gateway') propagateVgw(tx, gateway.id);
  else if (gateway !== undefined) directConnectChanged(tx, gateway.id);
}
