/** A group of a multicast domain: where its packets go, and from whom they may come. */
import type { Endpoint } from './endpoint.ts';
import type { InterfaceNode } from './node.ts';
import type { Packet } from './packet.ts';
import type { Reason } from './reason.ts';
import type { Station } from './station.ts';

/** Where a copy goes. */
export interface CopyTarget {
  readonly node: InterfaceNode;
  /** Where it enters the member's subnet. */
  readonly entry: Station;
  readonly endpoint: Endpoint;
}

/** Shared by the rules that refer to it; its members change in place. */
export class MulticastGroup {
  /** By interface. */
  readonly members = new Map<string, CopyTarget>();
  /** Interfaces that are registered as sources (C-118). */
  readonly sources = new Set<string>();

  get isEmpty(): boolean {
    return this.members.size === 0 && this.sources.size === 0;
  }
}

/** The interface that a packet was sent from, whoever's address it carries. */
export function senderOf({ identity, forwarder }: Packet): InterfaceNode | undefined {
  return identity ?? forwarder;
}

/** Whether a packet is to be copied, or why not. */
export function copiesOf({ members }: MulticastGroup, packet: Packet): 'copy' | Reason {
  const sender = senderOf(packet);
  const others = members.size - (sender !== undefined && members.has(sender.id) ? 1 : 0);
  if (others === 0) return 'MULTICAST_NO_MEMBERS';
  // C-122, C-129: what does not fit would have to be cut.
  return packet.fragmentTo > 0 ? 'MTU_EXCEEDED' : 'copy';
}
