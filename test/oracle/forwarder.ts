/** Instances that forward (A-088, A-113; contract: tag openvpc:forward). */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Ip, isIpv4 } from '../../src/net/ip.ts';
import {
  drop,
  type Flow,
  flowOf,
  isSameFlow,
  type Outcome,
  type Packet,
  reversed,
  type Step,
} from './packet.ts';
import { instanceTag, type Translation, type World } from './world.ts';

/**
 * The masqueraded flow that a packet to the interface's own address answers. Errors about one are
 * taken for the instance's own.
 */
export function translationFor(
  { translations }: World,
  eni: NetworkInterface,
  packet: Packet,
): Translation | undefined {
  if (packet.isError) return undefined;
  const { id } = eni;
  return translations.find(
    ({ interfaceId, outside }) => interfaceId === id && isSameFlow(reversed(outside), packet),
  );
}

/** What an instance does with a packet that is not for itself. */
export function forwardByInstance(
  world: World,
  eni: NetworkInterface,
  arrived: Packet,
): Outcome | Step {
  const how = instanceTag(world, eni, 'openvpc:forward');
  if (how === 'drop') return drop('INSTANCE_DROPS', eni.id);
  if (arrived.ttl <= 1) return drop('TTL_EXPIRED', eni.id);
  const packet = { ...arrived, ttl: arrived.ttl - 1 };
  const translation = translationFor(world, eni, packet);
  if (translation) {
    return { next: 'leave interface', eni, packet: restored(packet, translation) };
  }
  if (how === 'nat') return masquerade(world, eni, packet);
  // A tag that names no interface of the instance says nothing.
  const out = (how === undefined ? undefined : siblingOf(world, eni, how)) ?? eni;
  return { next: 'leave interface', eni: out, packet };
}

/** The reply goes on to whoever began the flow. */
function restored(packet: Packet, { inside }: Translation): Packet {
  const { source: destination, sourcePort: port } = inside;
  return { ...packet, destination, port, ...(packet.icmp ? { sourcePort: port } : {}) };
}

function masquerade(world: World, eni: NetworkInterface, packet: Packet): Outcome | Step {
  const source = ownAddress(eni, packet.destination);
  const translatable = source !== undefined && !packet.isError;
  if (!translatable) return drop('PROTOCOL_RESTRICTION', eni.id);
  const interfaceId = eni.id;
  const inside = flowOf(packet);
  let outside = flowOf({
    ...packet,
    ...translated(packet, Math.max(packet.sourcePort, 1024)),
    source,
  });
  while (isTaken(world, interfaceId, inside, outside)) {
    outside = { ...outside, ...translated(packet, outside.sourcePort + 1) };
  }
  world.translations.push({ interfaceId, inside, outside });
  return { next: 'leave interface', eni, packet: { ...packet, ...outside } };
}

/** FC-44: a port of 1024 or more, its own where that is free. An echo has but one number. */
function translated({ icmp }: Packet, sourcePort: number): Partial<Flow> {
  return icmp ? { sourcePort, port: sourcePort } : { sourcePort };
}

/** Whether another flow has that outside. */
function isTaken({ translations }: World, id: string, inside: Flow, outside: Flow): boolean {
  return translations.some(
    (other) =>
      other.interfaceId === id &&
      isSameFlow(other.outside, outside) &&
      !isSameFlow(other.inside, inside),
  );
}

/** The interface's first address of a family. */
function ownAddress(eni: NetworkInterface, like: Ip): Ip | undefined {
  if (!isIpv4(like)) return eni.ipv6Addresses[0];
  return eni.addresses.find(({ primary }) => primary)?.address;
}

/** The interface of the same instance that a tag names by id or device index. */
function siblingOf(
  { model }: World,
  { attachment }: NetworkInterface,
  name: string,
): NetworkInterface | undefined {
  for (const eni of model.all('network-interface')) {
    if (eni.attachment?.instanceId !== attachment?.instanceId) continue;
    if (eni.id === name || String(eni.attachment?.deviceIndex) === name) return eni;
  }
  return undefined;
}
