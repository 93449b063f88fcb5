/** GRE tunnels between the interfaces of a network, made by hand: nothing of theirs is compiled. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { InterfaceNode } from '../../../src/fabric/node.ts';
import { Station } from '../../../src/fabric/station.ts';
import { ANY, type Rule } from '../../../src/fabric/table.ts';
import { PROTOCOL } from '../../../src/net/protocol.ts';

/** What goes into the tunnels, of whatever is sent. */
const IN_TUNNEL = { protocol: PROTOCOL.udp, ports: { from: 80, to: 80 } } as const;

/**
 * UDP to port 80 goes from each interface in a tunnel to the next one, and on from there; every
 * interface unwraps what comes to it, whoever has wrapped it.
 */
export function addTunnels({ interfaces }: Network): void {
  const nodes = [...interfaces.values()].filter(({ addresses }) => addresses.length > 0);
  for (const [index, node] of nodes.entries()) {
    const next = nodes[(index + 1) % nodes.length]!;
    const { id: resource, guest, out, send } = node;
    prepend(guest, {
      match: { protocol: PROTOCOL.gre },
      actions: [{ do: 'unwrap', receivedBy: resource, to: send }],
    });
    const kind = 'network-interface';
    const tunnel = new Station({ role: 'guest', resource, kind, direction: 'egress' });
    const by = { source: node.addresses[0]!, destination: next.addresses[0]! };
    if (typeof by.source !== typeof by.destination) continue;
    const wrap = { do: 'wrap', by, sentBy: resource, to: send } as const;
    tunnel.table = { rules: [], otherwise: { match: ANY, actions: [wrap] } };
    prepend(out, { match: isOwn(node), actions: [{ do: 'go', to: tunnel }] });
  }
}

/** Not what has come out of a tunnel here: it would go round forever. */
function isOwn({ own }: InterfaceNode): Rule['match'] {
  return { ...IN_TUNNEL, source: { kind: 'addresses', set: own } };
}

function prepend(station: Station, rule: Rule): void {
  const { rules, index, otherwise } = station.table;
  station.table = { rules: [rule, ...rules], ...(index && { index }), otherwise };
}
