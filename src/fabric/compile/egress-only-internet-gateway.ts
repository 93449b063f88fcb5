/**
 * Egress-only internet gateways: IPv6 out of the VPC, and of what comes in only the replies
 * . Their sessions are keyed as an interface's are, the VPC's end being the local one.
 */
import { MTU } from '../../model/limits.ts';
import { newScope } from '../session.ts';
import { type Direction, Station } from '../station.ts';
import { type Action, ANY, type Rule } from '../table.ts';
import { announceBlocks, FORGET, gatewayOf, OUTWARDS } from './internet-gateway.ts';
import type { EgressOnlyNode, Network, VpcNode } from './state.ts';

const CHECK_SIZE: Action = { do: 'check-size', mtu: MTU.internet };
/** */
const SPOOFED: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC' }],
};
const REFUSE: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'EIGW_REQUIRES_OUTBOUND_FLOW' }],
};

export function compileEgressOnlyInternetGateway(network: Network, id: string): void {
  const record = network.model.get('egress-only-internet-gateway', id);
  const known = network.egressOnlyGateways.get(id);
  const vpc = record && network.vpcs.get(record.vpcId);
  if (vpc === undefined) {
    network.egressOnlyGateways.delete(id);
    if (known) announceBlocks(network, known.vpcId);
    return;
  }
  const node = known ?? newNode(id, vpc.id);
  network.egressOnlyGateways.set(id, node);
  compileStations(network, node, vpc);
  announceBlocks(network, vpc.id);
}

function compileStations(network: Network, node: EgressOnlyNode, vpc: VpcNode): void {
  const { out, track, into, entry } = node;
  const own: Rule = {
    match: { family: 6, source: { kind: 'addresses', set: vpc.addresses } },
    actions: [CHECK_SIZE, { do: 'remember-sender' }, ...FORGET, { do: 'go', to: track }],
  };
  out.table = { rules: [...OUTWARDS, own], otherwise: SPOOFED };
  track.table = {
    rules: [],
    otherwise: { match: ANY, actions: [{ do: 'remember' }, { do: 'next' }] },
  };
  track.next = network.internet.station;
  into.table = {
    rules: [],
    otherwise: { match: ANY, actions: [CHECK_SIZE, { do: 'go', to: vpc.router }] },
  };
  // What is no reply may still be for the VPC's internet gateway.
  const gateway = gatewayOf(network, vpc.id);
  const otherwise: Rule = gateway
    ? { match: ANY, actions: [{ do: 'go', to: gateway.into }] }
    : REFUSE;
  entry.table = { rules: [], otherwise };
  entry.next = into;
}

function newNode(resource: string, vpcId: string): EgressOnlyNode {
  const scope = newScope();
  const make = (direction: Direction, silent: boolean, tracks: boolean) =>
    new Station({
      role: 'egress-only-internet-gateway',
      resource,
      kind: 'egress-only-internet-gateway',
      direction,
      silent,
      ...(tracks && { scope }),
    });
  return {
    vpcId,
    out: make('egress', false, false),
    track: make('egress', true, true),
    entry: make('ingress', true, true),
    into: make('ingress', false, false),
  };
}
