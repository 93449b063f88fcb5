/** What an instance does with a packet that reached it: takes its own, forwards the rest. */
import { addressesOf, type NetworkInterface } from '../../model/vpc/network-interface.ts';
import { IDLE_SECONDS } from '../limits.ts';
import type { InterfaceNode } from '../node.ts';
import { Station } from '../station.ts';
import { type Action, ANY, type Errors, type Masquerade, type Rule, type Table } from '../table.ts';
import { familyPair, type Network } from './state.ts';

const FORWARD_TAG = 'openvpc:forward';
const SWALLOW: Rule = { match: ANY, actions: [{ do: 'drop', reason: 'INSTANCE_DROPS' }] };

/**
 * The instance's forwarding (contract, "Question"): out of the interface the packet came in by, or
 * as its tag `openvpc:forward` says: `nat`, `drop`, an `eni-…` of the instance or a device index.
 */
export function guestTable(
  network: Network,
  node: InterfaceNode,
  record: NetworkInterface,
  tags: Readonly<Record<string, string>>,
): Table {
  const mode = tags[FORWARD_TAG] ?? '';
  const out = mode === 'nat' ? node : (forwardingInterface(network, record, mode) ?? node);
  const errors: Action = { do: 'set-errors', to: out.send, from: ownPair(record) };
  const by = mode === 'nat' ? masqueradeOf(node, record) : undefined;
  const restore: Action[] = by
    ? [{ do: 'restore', by, to: forwarder(node, forwardRule(errors, out)) }]
    : [];
  const own: Rule = {
    match: { destination: { kind: 'addresses', set: node.own } },
    actions: [...restore, { do: 'deliver' }],
  };
  if (mode === 'drop') return { rules: [own], otherwise: SWALLOW };
  return { rules: [own], otherwise: forwardRule(errors, out, by) };
}

/** To its first address of each family, as Linux does. */
function masqueradeOf(node: InterfaceNode, record: NetworkInterface): Masquerade {
  const { addresses, ipv6Addresses } = record;
  return {
    scope: node.scope.number,
    ipv4: addresses.slice(0, 1).map(({ address }) => address),
    ipv6: ipv6Addresses.slice(0, 1),
    own: node.own,
    idleSeconds: { tcp: IDLE_SECONDS.tcpEstablished, other: IDLE_SECONDS.udpStream },
    flowsMax: Number.POSITIVE_INFINITY,
    nat64: false,
    resets: false,
  };
}

/** Where a reply goes on once its destination is that of the inside again. */
function forwarder({ guest }: InterfaceNode, otherwise: Rule): Station {
  const { role, resource, kind } = guest;
  const station = new Station({ role, resource, kind, direction: 'egress', silent: true });
  station.table = { rules: [], otherwise };
  return station;
}

function forwardRule(errors: Action, out: InterfaceNode, masquerade?: Masquerade): Rule {
  const translate: Action[] = masquerade ? [{ do: 'masquerade', by: masquerade }] : [];
  return {
    match: ANY,
    actions: [errors, { do: 'decrement-ttl' }, ...translate, { do: 'go', to: out.send }],
  };
}

/** Its first address of each family: the source of its errors and of what it masquerades. */
function ownPair(record: NetworkInterface): Errors {
  return familyPair(addressesOf(record));
}

function forwardingInterface(
  network: Network,
  { attachment }: NetworkInterface,
  wanted: string,
): InterfaceNode | undefined {
  if (attachment === undefined || wanted === '') return undefined;
  const siblings = network.model.by('network-interface', 'instance', attachment.instanceId);
  const chosen = siblings.find(
    ({ id, attachment: own }) => id === wanted || String(own?.deviceIndex) === wanted,
  );
  return chosen && network.interfaces.get(chosen.id);
}
