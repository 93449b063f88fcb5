/**
 * NAT gateways. One stands in its subnet as a host does: packets reach it through
 * the subnet's ACL, and those it sends on, out and back, pass the subnet's ACL and route table
 * (A-112).
 */
import { MTU } from '../../model/limits.ts';
import type { NatGateway } from '../../model/vpc/nat-gateway.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { NAT_FLOWS_MAX, NAT_IDLE_SECONDS } from '../limits.ts';
import { WELL_KNOWN_PREFIX } from '../nat64.ts';
import type { InterfaceNode } from '../node.ts';
import type { Reason } from '../reason.ts';
import { Station } from '../station.ts';
import { type Action, ANY, type Errors, type Masquerade, type Match, type Rule } from '../table.ts';
import { newServiceNode } from './service-node.ts';
import type { Network, SubnetNode, VpcNode } from './state.ts';

const CHECK_SIZE: Action = { do: 'check-size', mtu: MTU.natGateway };
const BROKEN: Rule = refusal('BAD_STATE');
/** A-097; of IPv6, none at all. */
const FRAGMENTED: readonly Match[] = [
  { protocol: PROTOCOL.tcp },
  { protocol: PROTOCOL.icmp },
  { family: 6 },
];
const FRAGMENTS: readonly Rule[] = FRAGMENTED.map((match) => ({
  match: { ...match, fragment: true },
  actions: [{ do: 'drop', reason: 'NGW_FRAGMENTS_NOT_SUPPORTED' }],
}));
/** */
const TRANSLATED: readonly Match[] = [
  ...[PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp].map((protocol): Match => {
    return { family: 4, protocol };
  }),
  ...[PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmpv6].map((protocol): Match => {
    return { family: 6, protocol, destination: WELL_KNOWN_PREFIX };
  }),
];

function refusal(reason: Reason): Rule {
  return { match: ANY, actions: [{ do: 'drop', reason }] };
}

/** The gateway that an interface belongs to. */
export function natGatewayOf({ model }: Network, interfaceId: string): NatGateway | undefined {
  return model.first('natgateway', 'interface', interfaceId);
}

/**
 * In place of an interface's stations: `groupsIn` takes what reaches it on the link, `into` the
 * replies, `guest` what goes out; `groupsOut` sends on. There are no groups.
 */
export function newNatNode(record: NetworkInterface, { id: resource }: NatGateway): InterfaceNode {
  const role = 'nat-gateway';
  return newServiceNode(record, { role, kind: role, resource, shown: ['into', 'guest'] });
}

export function compileNatGateway(
  node: InterfaceNode,
  { state, addresses }: NatGateway,
  subnet: SubnetNode,
  vpc: VpcNode,
): void {
  const by: Masquerade = {
    scope: node.scope.number,
    ipv4: addresses
      .filter(({ status }) => status === 'succeeded')
      .map(({ privateAddress }) => privateAddress),
    ipv6: [],
    own: node.own,
    idleSeconds: { tcp: NAT_IDLE_SECONDS, other: NAT_IDLE_SECONDS },
    flowsMax: NAT_FLOWS_MAX,
    nat64: true,
    resets: true,
  };
  // Nobody stands behind it who could send.
  node.send.table = { rules: [], otherwise: { match: ANY, actions: [{ do: 'go', to: node.out }] } };
  node.out.table = { rules: [], otherwise: BROKEN };
  node.groupsIn.table = state === 'available' ? arrivals(node) : { rules: [], otherwise: BROKEN };
  // Its own errors come from itself; of IPv6 it has no address but the router's.
  const from: Errors = { ipv4: node.addresses[0], ipv6: subnet.errors.ipv6 };
  const own: Action = { do: 'set-errors', to: node.groupsOut, from };
  node.into.table = replies(node, by, own);
  node.guest.table = departures(node, by, own, vpc);
  node.groupsOut.table = onwards(subnet, vpc);
}

function arrivals(node: InterfaceNode) {
  return {
    rules: [
      {
        match: { destination: { kind: 'addresses', set: node.own } },
        actions: [{ do: 'go', to: node.into }],
      } satisfies Rule,
    ],
    otherwise: { match: ANY, actions: [{ do: 'go', to: node.guest }] } satisfies Rule,
  };
}

/** Back to the inside of the flow that a packet belongs to. */
function replies(node: InterfaceNode, by: Masquerade, own: Action) {
  const { role, resource, kind } = node.into;
  const returned = new Station({ role, resource, kind, direction: 'ingress', silent: true });
  returned.table = {
    rules: [],
    otherwise: {
      match: ANY,
      actions: [own, { do: 'decrement-ttl' }, { do: 'go', to: node.groupsOut }],
    },
  };
  return {
    rules: FRAGMENTS,
    otherwise: {
      match: ANY,
      actions: [
        CHECK_SIZE,
        { do: 'restore', by, to: returned },
        { do: 'drop', reason: 'NGW_REQUIRES_OUTBOUND_FLOW' },
      ],
    } satisfies Rule,
  };
}

/** for senders of its own VPC, and for what came by a transit gateway. */
function departures(node: InterfaceNode, by: Masquerade, own: Action, vpc: VpcNode) {
  const source = { kind: 'blocks', set: vpc.blocks } as const;
  const actions: Action[] = [
    CHECK_SIZE,
    own,
    { do: 'decrement-ttl' },
    { do: 'remember-sender' },
    { do: 'masquerade', by },
    { do: 'go', to: node.groupsOut },
  ];
  const senders: readonly Match[] = [{ source }, { entry: 'transit-gateway' }];
  const served = senders.flatMap((sender): Rule[] => [
    ...TRANSLATED.map((match): Rule => ({ match: { ...match, ...sender }, actions })),
    { ...refusal('PROTOCOL_RESTRICTION'), match: sender },
  ]);
  return {
    rules: [...FRAGMENTS, ...served],
    otherwise: refusal('NGW_REQUIRES_SOURCE_IN_VPC'),
  };
}

/** Onto the link as a host's packet: nobody knows whose groups the sender has. */
function onwards(subnet: SubnetNode, vpc: VpcNode) {
  return {
    rules: [],
    otherwise: {
      match: ANY,
      actions: [
        { do: 'set-identity', to: undefined },
        { do: 'set-subnet', to: subnet.link.id, zone: subnet.zone },
        { do: 'set-entry', entry: undefined },
        { do: 'set-errors', to: vpc.router, from: subnet.errors },
        { do: 'resolve-link', hosts: subnet.hosts },
        { do: 'go', to: subnet.link },
      ],
    } satisfies Rule,
  };
}
