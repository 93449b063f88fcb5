/**
 * Attachments of a transit gateway with links behind them: VPN connections, Connect attachments,
 * Direct Connect gateways. A packet leaves by a link that its route has chosen, and is routed by
 * the attachment's associated table when it comes in by any (C-052).
 */
import { type Link, linksOfAttachment } from '../../model/hybrid/link.ts';
import {
  carriesPackets,
  type TransitGatewayAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { associatedTable } from '../../model/transit-gateway/route-table.ts';
import { hashText } from '../../net/hash.ts';
import type { Candidate } from '../choice.ts';
import type { Station } from '../station.ts';
import { ANY, type Rule } from '../table.ts';
import { directConnectExit } from './direct-connect-gateway.ts';
import { dropAll, linkNode, transitLinkStation, transitLinksNode } from './hybrid-nodes.ts';
import type { Network, TransitLinksNode } from './state.ts';
import { ENTER_GATEWAY, NOT_ASSOCIATED } from './transit-gateway-vpc.ts';

/** `terminations`: the rules of Connect peers that ride on the attachment (C-089). */
export function compileTransitLinks(
  network: Network,
  record: TransitGatewayAttachment,
  terminations: readonly Rule[],
): void {
  const { entry, exits } = transitLinksNode(network, record.id);
  if (!carriesPackets(record)) {
    entry.table = { rules: [], otherwise: dropAll('BAD_STATE') };
    return;
  }
  const tableId = associatedTable(network.model, record.transitGatewayId, record) ?? '';
  const to = network.transitTables.get(tableId);
  entry.table = {
    rules: terminations,
    otherwise: to ? { match: ANY, actions: [...ENTER_GATEWAY, { do: 'go', to }] } : NOT_ASSOCIATED,
  };
  const links = linksOfAttachment(network.model, record);
  const known = new Set(links.map(({ id }) => id));
  for (const id of exits.keys()) if (!known.has(id)) exits.delete(id);
}

/** The ways out by some of an attachment's links; by none of them, where the packet is dropped. */
export function linkExits(
  network: Network,
  record: TransitGatewayAttachment,
  linkIds: readonly string[],
): readonly Candidate[] {
  const node = transitLinksNode(network, record.id);
  const links = linksOfAttachment(network.model, record).filter(({ id }) => linkIds.includes(id));
  if (links.length === 0) return [{ key: 0, to: node.down }];
  return links.map((link) => ({
    key: hashText(link.id),
    to: exitBy(network, node, record, link),
  }));
}

function exitBy(
  network: Network,
  { exits }: TransitLinksNode,
  record: TransitGatewayAttachment,
  link: Link,
): Station {
  let exit = exits.get(link.id);
  if (exit === undefined) {
    exit = transitLinkStation(record.id, 'egress');
    const to =
      record.resourceType === 'direct-connect-gateway'
        ? directConnectExit(network, record.directConnectGatewayId, link)
        : linkNode(network, link).out;
    exit.table = { rules: [], otherwise: { match: ANY, actions: [{ do: 'go', to }] } };
    exits.set(link.id, exit);
  }
  return exit;
}
