import type { DomainPort } from '../fabric/igmp-port.ts';
import type { ModelReader } from '../model/model.ts';
import type { Change } from '../model/schema.ts';

/** Where queries go that changes have made due: to every host that speaks IGMP (C-120). */
export function queriedPorts(reader: ModelReader, changes: readonly Change[]): DomainPort[] {
  return changes.flatMap((change): DomainPort[] => {
    if (change.kind !== 'transit-gateway-multicast-domain') return [];
    const { id: domainId, before, after } = change;
    // One that is read from a store, or imported, was queried by whoever wrote it.
    const isDue = before !== undefined && after?.queriedAt !== before.queriedAt;
    if (!isDue || after === undefined) return [];
    return reader
      .by('transit-gateway-igmp-host', 'domain', domainId)
      .map(({ networkInterfaceId }) => ({ kind: 'domain-port', domainId, networkInterfaceId }));
  });
}
