/** A peering: a station towards each side that carries packets for that side's addresses only. */
import { MTU } from '../../model/limits.ts';
import type { PeeringConnection } from '../../model/peering/peering-connection.ts';
import { type Direction, Station } from '../station.ts';
import { type Action, ANY, type Rule, type Table } from '../table.ts';
import type { Network, PeeringNode } from './state.ts';

/** B-040 */
const NO_TRANSIT: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' }],
};

/** nor out by a peering for what came in by a transit gateway. */
const FROM_TRANSIT_GATEWAY: Rule = { ...NO_TRANSIT, match: { entry: 'transit-gateway' } };

export function compilePeering(network: Network, id: string): void {
  const peering = network.model.get('vpc-peering-connection', id);
  if (peering === undefined || peering.status !== 'active') {
    // Routes to it are blackholes: nothing leads to its stations any more (B-045).
    network.peerings.delete(id);
    return;
  }
  const node = network.peerings.get(id) ?? newPeeringNode(id);
  network.peerings.set(id, node);
  node.toAccepter.table = tableTowards(network, peering, peering.accepter.vpcId);
  node.toRequester.table = tableTowards(network, peering, peering.requester.vpcId);
}

function tableTowards(network: Network, peering: PeeringConnection, vpcId: string): Table {
  const vpc = network.vpcs.get(vpcId);
  if (vpc === undefined) return { rules: [], otherwise: NO_TRANSIT };
  const interRegion = peering.requester.region !== peering.accepter.region;
  // Groups of another Region cannot be referenced (B-056).
  const forget: Action[] = interRegion ? [{ do: 'set-identity', to: undefined }] : [];
  return {
    rules: [
      FROM_TRANSIT_GATEWAY,
      {
        match: { destination: { kind: 'blocks', set: vpc.blocks } },
        actions: [
          { do: 'check-size', mtu: interRegion ? MTU.interRegionPeering : MTU.peering },
          ...forget,
          { do: 'go', to: vpc.router },
        ],
      },
    ],
    otherwise: NO_TRANSIT,
  };
}

function newPeeringNode(resource: string): PeeringNode {
  const towards = (direction: Direction) =>
    new Station({ role: 'peering', resource, kind: 'vpc-peering-connection', direction });
  return { toAccepter: towards('egress'), toRequester: towards('egress') };
}
