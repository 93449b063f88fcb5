/** Instances that forward (A-088, A-113; contract: tag openvpc:forward). */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Ip, isIpv4 } from '../../src/net/ip.ts';
import { drop, type Outcome, type Packet, type Step } from './packet.ts';
import { answeredFlow, inwards, knownFlow, newFlow, outwards, sentFrom } from './translation.ts';
import { instanceTag, owns, type World } from './world.ts';

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
  const flow = answeredFlow(world, eni.id, packet);
  if (flow && owns(eni, packet.destination)) {
    // The reply goes on to whoever began the flow.
    return { next: 'leave interface', eni, packet: inwards(packet, flow) };
  }
  if (how === 'nat') return masquerade(world, eni, packet);
  // A tag that names no interface of the instance says nothing.
  const out = (how === undefined ? undefined : siblingOf(world, eni, how)) ?? eni;
  return { next: 'leave interface', eni: out, packet };
}

function masquerade(world: World, eni: NetworkInterface, packet: Packet): Outcome | Step {
  const source = ownAddress(eni, packet.destination);
  const known = knownFlow(world, eni.id, packet);
  const isUnknownError = known === undefined && packet.about !== undefined;
  if (source === undefined || isUnknownError) return drop('PROTOCOL_RESTRICTION', eni.id);
  const flow = known ?? newFlow(world, eni.id, packet, sentFrom(packet, source));
  return { next: 'leave interface', eni, packet: outwards(packet, flow) };
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
