/**
 * Group membership by IGMP (C-119, C-120): what hosts say, when they are asked, and when they are
 * given up. The data plane carries the messages; here is what they mean.
 */
import { IGMP_MILLIS } from '../../model/limits.ts';
import {
  type MulticastDomain,
  multicastPlace,
} from '../../model/transit-gateway/multicast-domain.ts';
import {
  type IgmpMessage,
  igmpHostId,
  multicastGroupEntryId,
} from '../../model/transit-gateway/multicast-group.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { hasRoom, putEntry } from './multicast-group.ts';
import { entriesOf, removeHost } from './multicast-leave.ts';

const ENTRY = 'transit-gateway-multicast-group-entry';
const HOST = 'transit-gateway-igmp-host';
const QUERY = 'transit-gateway-multicast-domain.query';
const EXPIRE = 'transit-gateway-igmp-host.expire';
const FORGET = 'transit-gateway-igmp-host.forget';

/** Takes a message to heart. One that cannot be, or comes too late, is no error: nobody asks. */
export function hearIgmp(tx: Transaction, message: IgmpMessage): void {
  const { domainId, networkInterfaceId } = message;
  const subnetId = tx.get('network-interface', networkInterfaceId)?.subnetId ?? '';
  const domain = multicastPlace(tx, subnetId)?.domain;
  if (domain?.id !== domainId || !domain.options.igmpv2Support) return;
  if (message.kind === 'join') join(tx, domain, message);
  else leave(tx, message);
}

function join(
  tx: Transaction,
  domain: MulticastDomain,
  { networkInterfaceId, group }: IgmpMessage,
): void {
  const key = { domainId: domain.id, group, networkInterfaceId, role: 'member' } as const;
  const isIn = tx.get(ENTRY, multicastGroupEntryId(key)) !== undefined;
  if (!isIn && !hasRoom(tx, domain, key, 1)) return;
  if (!isIn) putEntry(tx, domain, { ...key, origin: 'igmp' });
  const id = igmpHostId(domain.id, networkInterfaceId);
  const { domainId } = key;
  tx.put(HOST, { id, domainId, networkInterfaceId, answeredAt: tx.now });
  if (tx.get('timer', `${FORGET}|${id}`) !== undefined) tx.unschedule(id);
  if (tx.get('timer', `${EXPIRE}|${id}`) === undefined) {
    tx.schedule(EXPIRE, id, tx.now + IGMP_MILLIS.membership);
  }
  if (tx.get('timer', `${QUERY}|${domainId}`) === undefined) {
    tx.schedule(QUERY, domainId, tx.now + IGMP_MILLIS.queryInterval);
  }
}

/** At once, and for good: who is in no group by IGMP is not asked any longer. */
function leave(tx: Transaction, { domainId, networkInterfaceId, group }: IgmpMessage): void {
  const id = multicastGroupEntryId({ domainId, group, networkInterfaceId, role: 'member' });
  if (tx.get(ENTRY, id)?.origin === 'igmp') tx.delete(ENTRY, id);
  if (joined(tx, domainId, networkInterfaceId).length === 0) {
    removeHost(tx, igmpHostId(domainId, networkInterfaceId));
  }
}

function joined(tx: Transaction, domainId: string, networkInterfaceId: string) {
  return entriesOf(tx, domainId, networkInterfaceId).filter(({ origin }) => origin === 'igmp');
}

export const multicastIgmpEvents: Record<string, TimedEvent> = {
  // Whoever hears of the change sends the queries.
  [QUERY]: (tx, id) => {
    const domain = tx.get('transit-gateway-multicast-domain', id);
    if (domain?.state !== 'available' || tx.count(HOST, 'domain', id) === 0) return;
    tx.update('transit-gateway-multicast-domain', domain, { queriedAt: tx.now });
    tx.schedule(QUERY, id, tx.now + IGMP_MILLIS.queryInterval);
  },
  [EXPIRE]: (tx, id) => {
    const host = tx.get(HOST, id);
    if (host === undefined) return;
    const expires = host.answeredAt + IGMP_MILLIS.membership;
    if (expires > tx.now) {
      tx.schedule(EXPIRE, id, expires);
      return;
    }
    for (const entry of joined(tx, host.domainId, host.networkInterfaceId)) {
      tx.delete(ENTRY, entry.id);
    }
    tx.put(HOST, { ...host, silentSince: tx.now });
    tx.schedule(FORGET, id, tx.now + IGMP_MILLIS.silent);
  },
  [FORGET]: (tx, id) => {
    tx.delete(HOST, id);
  },
};
