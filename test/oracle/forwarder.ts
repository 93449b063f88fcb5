/** Instances that forward (A-088, A-113; contract: tag openvpc:forward). */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Ip, isIpv4 } from '../../src/net/ip.ts';
import {
  drop,
  flowOf,
  isSameFlow,
  type Outcome,
  type Packet,
  reversed,
  type Step,
} from './packet.ts';
import { instanceTag, type Translation, type World } from './world.ts';

/** The masqueraded flow that a packet to the interface's own address answers. */
export function translationFor(
  { translations }: World,
  eni: NetworkInterface,
  packet: Packet,
): Translation | undefined {
  const about = packet.quoted ?? reversed(packet);
  return translations.find(
    ({ interfaceId, outside }) => interfaceId === eni.id && isSameFlow(outside, about),
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

/** The reply, or the error about it, goes on to whoever began the flow. */
function restored(packet: Packet, { inside }: Translation): Packet {
  const quoted = packet.quoted && { quoted: inside };
  return { ...packet, ...quoted, destination: inside.source, port: inside.sourcePort };
}

function masquerade(world: World, eni: NetworkInterface, packet: Packet): Outcome | Step {
  const source = ownAddress(eni, packet.destination);
  if (source === undefined) return drop('PROTOCOL_RESTRICTION', eni.id);
  const outside = { ...packet, source };
  world.translations.push({
    interfaceId: eni.id,
    inside: flowOf(packet),
    outside: flowOf(outside),
  });
  return { next: 'leave interface', eni, packet: outside };
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
