/** A whole exchange, packet by packet: what the contract calls reachable. */
import { firstPiece, icmpError, ipHeader, isAnswered, isSamePlace, mtuOf } from './host.ts';
import {
  type Arrival,
  type Drop,
  type Ends,
  type Flow,
  GRE,
  isSameFlow,
  type Outcome,
  type Packet,
  type Place,
  packetFamily,
  reversed,
  UDP,
} from './packet.ts';
import { carry, carryFromRouter, carryFromTunnel } from './way.ts';
import type { World } from './world.ts';

export interface Sizes {
  /** Bytes of the message. */
  readonly payload: number;
  readonly dontFragment: boolean;
  readonly ttl: number;
}

export interface Result {
  readonly reachable: boolean;
  /** What became of the asker's packets and of those that came back, in order. */
  readonly forward: readonly Outcome[];
  readonly back: readonly Outcome[];
}

const REPLY_TTL = 64;
const TCP_HEADER = 20;
/** UDP's header is as long as an echo's. */
const DATAGRAM_HEADER = 8;

/** ICMP echo or UDP: one datagram there and one back. */
export function datagram(world: World, ends: Ends, flow: Flow, sizes: Sizes): Result {
  const request = message(flow, ends.from, 'request', sizes);
  const there = carry(world, ends.from, request, ends.gatewayId);
  if (there.disposition === 'dropped' || there.packet.protocol === GRE) {
    return { reachable: false, forward: [there], back: [] };
  }
  if (!isAnswered(world, there)) {
    const told = carry(world, there.place, icmpError(there.packet, 'port unreachable'));
    return { reachable: false, forward: [there], back: [told] };
  }
  const { payload } = sizes;
  const answer = { payload, dontFragment: false, ttl: REPLY_TTL };
  const home = carry(
    world,
    there.place,
    message(reversed(there.packet), there.place, 'reply', answer),
  );
  return { reachable: isReply(home, ends, flow), forward: [there], back: [home] };
}

const ECHO = {
  4: { request: 8, reply: 0 },
  6: { request: 128, reply: 129 },
} as const;

/** A datagram as it leaves its sender, who cuts what its link does not carry whole. */
export function message(
  flow: Flow,
  from: Place,
  kind: 'request' | 'reply',
  { payload, dontFragment, ttl }: Sizes,
): Packet {
  const family = packetFamily(flow);
  const whole = ipHeader(family) + DATAGRAM_HEADER + payload;
  const inPieces = whole > mtuOf(from) && !dontFragment;
  return {
    ...flow,
    ...(flow.protocol === UDP ? {} : { icmp: { type: ECHO[family][kind], code: 0 } }),
    // Of IPv6, the largest piece is what travels.
    length: inPieces && family === 6 ? firstPiece(whole, mtuOf(from)) : whole,
    mayFragment: family === 4 && !dontFragment,
    inPieces,
    ttl,
  };
}

function isReply(outcome: Outcome, { from }: Ends, flow: Flow): outcome is Arrival {
  return (
    outcome.disposition === 'delivered' &&
    isSamePlace(outcome.place, from) &&
    isSameFlow(outcome.packet, reversed(flow))
  );
}

/** TCP: handshake, the message, its echo. */
export function connection(world: World, ends: Ends, flow: Flow, sizes: Sizes): Result {
  const ask = (data: number) => segment(flow, data, sizes.ttl);
  const syn = carry(world, ends.from, { ...ask(0), opens: true }, ends.gatewayId);
  if (syn.disposition === 'dropped' || syn.packet.protocol === GRE) {
    return { reachable: false, forward: [syn], back: [] };
  }
  const answer = (data: number) => segment(reversed(syn.packet), data, REPLY_TTL);
  const home = carry(world, syn.place, answer(0));
  const established = isAnswered(world, syn) && isReply(home, ends, flow);
  if (!established) return { reachable: false, forward: [syn], back: [home] };
  const largest = Math.min(
    sizes.payload,
    mtuOf(ends.from) - ask(0).length,
    mtuOf(syn.place) - answer(0).length,
    home.packet.segmentMax ?? Number.POSITIVE_INFINITY,
  );
  const sent = sendData(world, ends.from, ask, largest);
  const forward = [syn, ...sent];
  const last = sent.at(-1)!;
  // What arrives elsewhere, or in another form, is of no connection there.
  const isHeard =
    last.disposition === 'delivered' &&
    isSamePlace(last.place, syn.place) &&
    isSameFlow(last.packet, syn.packet);
  if (!isHeard) return { reachable: false, forward, back: [home] };
  // What comes is echoed as it comes: no segment is larger than those that got through.
  const carried = Math.min(
    largest,
    last.packet.length - answer(0).length,
    syn.packet.segmentMax ?? Number.POSITIVE_INFINITY,
  );
  const echo = sendData(world, syn.place, answer, carried);
  return { reachable: isReply(echo.at(-1)!, ends, flow), forward, back: [home, ...echo] };
}

export function segment(flow: Flow, data: number, ttl: number): Packet {
  const length = ipHeader(packetFamily(flow)) + TCP_HEADER + data;
  return { ...flow, length, mayFragment: false, inPieces: false, ttl };
}

/** A full segment, made smaller as often as the sender hears that it is too big: each. */
function sendData(
  world: World,
  from: Place,
  withData: (data: number) => Packet,
  largest: number,
): Outcome[] {
  const outcomes: Outcome[] = [];
  let data = largest;
  for (;;) {
    const outcome = carry(world, from, withData(data));
    outcomes.push(outcome);
    const mtu = outcome.disposition === 'dropped' ? mtuHeard(world, from, outcome) : undefined;
    if (mtu === undefined) return outcomes;
    data = mtu - withData(0).length;
  }
}

/** What the sender of a dropped packet is told about its size, if it is told. */
function mtuHeard(world: World, from: Place, { tooBig }: Drop): number | undefined {
  if (tooBig === undefined) return undefined;
  const { mtu, packet } = tooBig;
  const { toldBy, toldByLink } = packet;
  const error = icmpError(packet, 'too big');
  if (toldBy === undefined && toldByLink === undefined) return undefined;
  const told =
    toldByLink === undefined
      ? carryFromRouter(world, toldBy!, error)
      : carryFromTunnel(world, toldByLink, error);
  if (told.disposition === 'dropped' || !isSamePlace(told.place, from)) return undefined;
  // RFC 7915 sections 4.2 and 5.2: what IPv4 carries is more in IPv6.
  return mtu + ipHeader(packetFamily(told.packet)) - ipHeader(packetFamily(packet));
}
