/** Translators of many addresses to few (RFC 3022): what each decided of a flow, it keeps. */
import type { Ip } from '../../src/net/ip.ts';
import { type Flow, flowOf, isSameFlow, type Packet, reversed } from './packet.ts';
import type { Translation, World } from './world.ts';

/** The flow of a translator that a packet to its own address answers, or reports an error about. */
export function answeredFlow(
  { translations }: World,
  by: string,
  packet: Packet,
): Translation | undefined {
  return translations.find((one) => {
    if (one.by !== by) return false;
    if (packet.about) return isSameFlow(one.outside, packet.about);
    return isSameFlow(reversed(one.outside), packet);
  });
}

/** The flow of a translator that a packet from inside belongs to, or reports an error about. */
export function knownFlow(
  { translations }: World,
  by: string,
  packet: Packet,
): Translation | undefined {
  return translations.find((one) => {
    if (one.by !== by) return false;
    return isSameFlow(one.inside, packet.about ? reversed(packet.about) : packet);
  });
}

/** A new flow, from an address of the translator: with its own port from 1024 on if it is free. */
export function newFlow(world: World, by: string, packet: Packet, outer: Flow): Translation {
  let outside = withPort(packet, outer, Math.max(outer.sourcePort, PORT_MIN));
  while (isTaken(world, by, outside)) {
    const next = outside.sourcePort === PORT_MAX ? PORT_MIN : outside.sourcePort + 1;
    outside = withPort(packet, outside, next);
  }
  const translation = { by, inside: flowOf(packet), outside };
  world.translations.push(translation);
  return translation;
}

const PORT_MIN = 1024;
const PORT_MAX = 65535;

/** FC-44: an echo has but one number. */
function withPort({ icmp }: Packet, flow: Flow, sourcePort: number): Flow {
  return { ...flow, sourcePort, ...(icmp ? { port: sourcePort } : {}) };
}

function isTaken({ translations }: World, by: string, outside: Flow): boolean {
  return translations.some((other) => other.by === by && isSameFlow(other.outside, outside));
}

/** From inside, as the outside sees it. */
export function outwards(packet: Packet, { outside }: Translation): Packet {
  if (packet.about) return { ...packet, source: outside.source, about: reversed(outside) };
  return { ...packet, ...outside };
}

/** From outside, as the inside sees it; whoever sends an error keeps its own address. */
export function inwards(packet: Packet, { inside }: Translation): Packet {
  if (packet.about) return { ...packet, destination: inside.source, about: inside };
  return { ...packet, ...reversed(inside) };
}

/** The flow's own header but for its source. */
export function sentFrom(packet: Packet, source: Ip): Flow {
  return { ...flowOf(packet), source };
}
