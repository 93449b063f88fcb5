/**
 * Direct Connect gateways: packets pass between a virtual interface and an associated gateway, and
 * no other way (H-074).
 */

import { allowedBlocks } from '../../model/direct-connect/allowed-prefix.ts';
import { carriesAssociation } from '../../model/direct-connect/gateway-association.ts';
import type { Link } from '../../model/hybrid/link.ts';
import { formatCidr } from '../../net/cidr.ts';
import { Station } from '../station.ts';
import { ANY } from '../table.ts';
import {
  directConnectGatewayNode,
  dropAll,
  linkNode,
  transitLinksNode,
  vpnGatewayNode,
} from './hybrid-nodes.ts';
import { PrefixRules } from './prefix-rules.ts';
import type { Network } from './state.ts';

const ROLE = 'direct-connect-gateway';
/** H-074: nobody behind another virtual interface, nor what no association allows. */
const UNKNOWN = dropAll('NO_POSSIBLE_DESTINATION');

export function compileDirectConnectGateway(network: Network, id: string): void {
  const { into } = directConnectGatewayNode(network, id);
  const rules = new PrefixRules();
  for (const association of network.model.by(
    'direct-connect-gateway-association',
    'directConnectGateway',
    id,
  )) {
    const { gateway, attachmentId } = association;
    if (!carriesAssociation(association)) continue;
    const to =
      gateway.kind === 'vpn-gateway'
        ? vpnGatewayNode(network, gateway.id).fromDirectConnect
        : attachmentId && transitLinksNode(network, attachmentId).entry;
    if (!to) continue;
    for (const block of allowedBlocks(network.model, association)) {
      const cites = { destinationCidrBlock: formatCidr(block), associatedGatewayId: gateway.id };
      rules.set(block, { match: ANY, actions: [{ do: 'go', to }], cites });
    }
  }
  into.table = rules.table(UNKNOWN);
}

/** From a transit gateway by one of the virtual interfaces: the way is chosen already. */
export function directConnectExit(network: Network, resource: string, link: Link): Station {
  const { exits } = directConnectGatewayNode(network, resource);
  let exit = exits.get(link.id);
  if (exit === undefined) {
    exit = new Station({ role: ROLE, resource, kind: ROLE, direction: 'egress' });
    const { out } = linkNode(network, link);
    exit.table = { rules: [], otherwise: { match: ANY, actions: [{ do: 'go', to: out }] } };
    exits.set(link.id, exit);
  }
  return exit;
}
