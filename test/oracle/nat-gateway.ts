/** NAT gateways: on a subnet's link as a host is, without groups. */
import type { NatGateway } from '../../src/model/vpc/nat-gateway.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { isIpv4 } from '../../src/net/ip.ts';
import { embed, embedded, flowInIpv4, inFamily, isEmbedded } from './nat64.ts';
import {
  drop,
  fitInto,
  type Outcome,
  type Packet,
  packetFamily,
  type Step,
  TCP,
  UDP,
} from './packet.ts';
import { answeredFlow, inwards, knownFlow, newFlow, outwards, sentFrom } from './translation.ts';
import { blocksOf, isIn, owns, type World } from './world.ts';

const MTU = 8500; // VPCUG, "NAT gateway basics"

/** What a gateway does with what reaches its interface. */
export function passNatGateway(
  world: World,
  gateway: NatGateway,
  eni: NetworkInterface,
  packet: Packet,
): Outcome | Step {
  if (gateway.state !== 'available') return drop('BAD_STATE', gateway.id);
  const isReply = owns(eni, packet.destination);
  const translate = isReply ? answer : send;
  const passed = translate(world, gateway, packet);
  if ('disposition' in passed) return passed;
  // nobody knows whose groups the sender has.
  const own = { ...passed, sender: undefined, cameByTransit: undefined };
  return { next: 'send on link', eni, packet: own };
}

/** of TCP, ICMP and IPv6. */
function takesNoPieces(packet: Packet): boolean {
  return packet.inPieces && (packet.protocol !== UDP || packetFamily(packet) === 6);
}

/** Out, for senders of its own VPC, and what came by a transit gateway. */
function send(world: World, gateway: NatGateway, arrived: Packet): Outcome | Packet {
  const { id, vpcId } = gateway;
  if (takesNoPieces(arrived)) return drop('NGW_FRAGMENTS_NOT_SUPPORTED', id);
  const vpc = world.model.get('vpc', vpcId)!;
  if (!arrived.cameByTransit && !isIn(blocksOf(vpc), arrived.source)) {
    return drop('NGW_REQUIRES_SOURCE_IN_VPC', id);
  }
  const nat64 = !isIpv4(arrived.destination);
  if (nat64 && !isEmbedded(arrived.destination)) return drop('PROTOCOL_RESTRICTION', id);
  const fitted = fitInto(arrived, MTU, id);
  if ('disposition' in fitted) return fitted;
  if (fitted.ttl <= 1) return drop('TTL_EXPIRED', id);
  const packet = { ...fitted, ttl: fitted.ttl - 1 };
  const known = knownFlow(world, id, packet);
  if (known === undefined && packet.about) return drop('PROTOCOL_RESTRICTION', id);
  // the middle of a connection that it never saw.
  const opens = packet.protocol !== TCP || packet.opens;
  if (known === undefined && !opens) return drop('NGW_IDLE_TIMEOUT', id);
  const flow = known ?? newFlow(world, id, packet, outerFlow(world, gateway, packet));
  const sent = outwards(packet, flow);
  if (!nat64) return sent;
  const destination = embedded(packet.destination);
  return inFamily({ ...sent, destination }, 4);
}

/** from any address that serves; which one is the gateway's choice. */
function outerFlow(world: World, { addresses }: NatGateway, packet: Packet) {
  const serving = addresses.filter(({ status }) => status === 'succeeded');
  const { privateAddress } = world.choose(serving);
  return isIpv4(packet.destination)
    ? sentFrom(packet, privateAddress)
    : flowInIpv4(packet, privateAddress);
}

/** Back, to whoever began the flow. */
function answer(world: World, { id }: NatGateway, arrived: Packet): Outcome | Packet {
  if (takesNoPieces(arrived)) return drop('NGW_FRAGMENTS_NOT_SUPPORTED', id);
  const packet = fitInto(arrived, MTU, id);
  if ('disposition' in packet) return packet;
  const flow = answeredFlow(world, id, packet);
  if (flow === undefined) return drop('NGW_REQUIRES_OUTBOUND_FLOW', id);
  const nat64 = !isIpv4(flow.inside.source);
  if (nat64 && packet.inPieces) return drop('NGW_FRAGMENTS_NOT_SUPPORTED', id);
  if (packet.ttl <= 1) return drop('TTL_EXPIRED', id);
  const back = { ...inwards(packet, flow), ttl: packet.ttl - 1 };
  if (!nat64) return back;
  const source = packet.about ? embed(packet.source) : back.source;
  return inFamily({ ...back, source }, 6);
}
