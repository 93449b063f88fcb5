/** Two transit gateways joined: one station towards each, which routes by that side's table. */
import {
  carriesPackets,
  type PeeringAttachment,
  sidesOf,
} from '../../model/transit-gateway/attachment.ts';
import { associatedTable } from '../../model/transit-gateway/route-table.ts';
import { Station } from '../station.ts';
import { ANY, type Table } from '../table.ts';
import type { Network, TransitPeeringNode } from './state.ts';
import { ENTER_GATEWAY, NOT_ASSOCIATED } from './transit-gateway-vpc.ts';

export function compileTransitPeering(network: Network, record: PeeringAttachment): void {
  const { id } = record;
  if (!carriesPackets(record)) {
    network.transitPeerings.delete(id);
    return;
  }
  const node = network.transitPeerings.get(id) ?? newPeeringNode(id);
  network.transitPeerings.set(id, node);
  const [requester, accepter] = sidesOf(record);
  node.toRequester.table = arrivalTable(network, record, requester!.transitGatewayId);
  node.toAccepter.table = arrivalTable(network, record, accepter!.transitGatewayId);
}

/** C-086: each side routes what arrives by the table that its end is associated with. */
function arrivalTable(network: Network, record: PeeringAttachment, gatewayId: string): Table {
  const tableId = associatedTable(network.model, gatewayId, record) ?? '';
  const to = network.transitTables.get(tableId);
  // C-138: the id is the same on both sides; which of them it is, the hop has to say.
  const cites = { transitGatewayId: gatewayId };
  if (to === undefined) return { rules: [], otherwise: { ...NOT_ASSOCIATED, cites } };
  return {
    rules: [],
    otherwise: {
      match: ANY,
      // C-049: groups are not known over a peering.
      actions: [...ENTER_GATEWAY, { do: 'set-identity', to: undefined }, { do: 'go', to }],
      cites,
    },
  };
}

function newPeeringNode(resource: string): TransitPeeringNode {
  const role = 'transit-gateway-attachment';
  const towards = () => new Station({ role, resource, kind: role, direction: 'egress' });
  return { toAccepter: towards(), toRequester: towards() };
}
