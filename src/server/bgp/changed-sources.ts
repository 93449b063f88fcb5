/** Which tables and gateways changes give something else to tell their BGP peers. */
import { findLink } from '../../model/hybrid/link.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Change } from '../../model/schema.ts';

/** Ids as `advertisementSource` has them. */
export function changedSources(reader: ModelReader, changes: readonly Change[]): Set<string> {
  const sources = new Set<string>();
  for (const change of changes) note(sources, reader, change);
  return sources;
}

function note(
  sources: Set<string>,
  reader: ModelReader,
  { kind, id, before, after }: Change,
): void {
  switch (kind) {
    case 'transit-gateway-learned-route':
      for (const { routeTableId } of reader.by(
        'transit-gateway-route-table-propagation',
        'attachment',
        (after ?? before)!.attachmentId,
      )) {
        sources.add(routeTableId);
      }
      return;
    case 'transit-gateway-route-table-propagation':
    case 'transit-gateway-route':
    case 'transit-gateway-prefix-list-reference':
      sources.add((after ?? before)!.routeTableId);
      return;
    case 'prefix-list':
      for (const reference of reader.by('transit-gateway-prefix-list-reference', 'list', id)) {
        sources.add(reference.routeTableId);
      }
      return;
    case 'transit-gateway-attachment': // Routes to it are black holes, or are no more.
      for (const { routeTableId } of reader.by('transit-gateway-route', 'attachment', id)) {
        sources.add(routeTableId);
      }
      return;
    case 'learned-route':
      noteLink(sources, reader, (after ?? before)!.linkId);
      return;
    case 'vpn-gateway':
      noteVpnGateway(sources, reader, id);
      return;
    case 'vpc':
      for (const gateway of reader.by('vpn-gateway', 'vpc', id)) {
        noteVpnGateway(sources, reader, gateway.id);
      }
      return;
    case 'direct-connect-gateway-association':
      sources.add((after ?? before)!.directConnectGatewayId);
  }
}

/** A virtual private gateway tells what one of its links has learned to the others (H-050). */
function noteLink(sources: Set<string>, reader: ModelReader, linkId: string): void {
  const link = findLink(reader, linkId);
  if (link?.kind === 'vpn-tunnel') sources.add(link.connection.gateway?.id ?? '');
  if (link?.kind === 'virtual-interface') sources.add(link.virtualInterface.gateway?.id ?? '');
}

function noteVpnGateway(sources: Set<string>, reader: ModelReader, id: string): void {
  sources.add(id);
  for (const association of reader.by('direct-connect-gateway-association', 'gateway', id)) {
    sources.add(association.directConnectGatewayId);
  }
}
