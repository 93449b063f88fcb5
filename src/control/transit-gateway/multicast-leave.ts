/** Who is in a group ceases to be: with its interface, its subnet, or by what it says. */
import type { MulticastAssociation } from '../../model/transit-gateway/multicast-domain.ts';
import {
  igmpHostId,
  type MulticastGroupEntry,
} from '../../model/transit-gateway/multicast-group.ts';
import type { Transaction } from '../transaction.ts';

const KIND = 'transit-gateway-multicast-group-entry';

/** The interface ceases to exist. */
export function leaveAllGroups(tx: Transaction, networkInterfaceId: string): void {
  for (const { id } of tx.by(KIND, 'interface', networkInterfaceId)) tx.delete(KIND, id);
  for (const { id } of tx.by('transit-gateway-igmp-host', 'interface', networkInterfaceId)) {
    removeHost(tx, id);
  }
}

/** A subnet leaves its domain, and its interfaces with it. */
export function leaveGroups(
  tx: Transaction,
  { domainId, subnetId }: Pick<MulticastAssociation, 'domainId' | 'subnetId'>,
): void {
  for (const { id } of tx.by('network-interface', 'subnet', subnetId)) {
    for (const entry of entriesOf(tx, domainId, id)) tx.delete(KIND, entry.id);
    removeHost(tx, igmpHostId(domainId, id));
  }
}

/** What an interface is in, in one domain. */
export function entriesOf(
  tx: Transaction,
  domainId: string,
  networkInterfaceId: string,
): MulticastGroupEntry[] {
  return tx.by(KIND, 'interface', networkInterfaceId).filter((one) => one.domainId === domainId);
}

/** It is not asked any longer. */
export function removeHost(tx: Transaction, id: string): void {
  tx.unschedule(id);
  tx.delete('transit-gateway-igmp-host', id);
}
