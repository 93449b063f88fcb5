/** A whole exchange, packet by packet: what the contract calls reachable. */
import { firstPiece, icmpError, ipHeader, isAnswered, isSamePlace, mtuOf } from './host.ts';
import {
  type Arrival,
  type Drop,
  type Flow,
  isSameFlow,
  type Outcome,
  type Packet,
  type Place,
  packetFamily,
  reversed,
  UDP,
} from './packet.ts';
import type { Ends } from './question.ts';
import { carry, carryFromRouter } from './way.ts';
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
  const isUdp = flow.protocol === UDP;
  const family = packetFamily(flow);
  const whole = ipHeader(family) + DATAGRAM_HEADER + sizes.payload;
  const sized = (from: Place, inOne: boolean) => {
    return family === 4 || inOne ? whole : firstPiece(whole, mtuOf(from));
  };
  const echo = (reply: boolean) => {
    const type = family === 4 ? (reply ? 0 : 8) : reply ? 129 : 128;
    return isUdp ? {} : { icmp: { type, code: 0 } };
  };
  const request: Packet = {
    ...flow,
    ...echo(false),
    length: sized(ends.from, sizes.dontFragment),
    mayFragment: family === 4 && !sizes.dontFragment,
    ttl: sizes.ttl,
  };
  const there = carry(world, ends.from, request, ends.gatewayId);
  if (there.disposition === 'dropped') return { reachable: false, forward: [there], back: [] };
  if (!isAnswered(world, there)) {
    const error = icmpError(there.packet, family, 'port unreachable');
    const told = carry(world, there.place, error);
    return { reachable: false, forward: [there], back: [told] };
  }
  const reply: Packet = {
    ...reversed(there.packet),
    ...echo(true),
    length: sized(there.place, false),
    mayFragment: family === 4,
    ttl: REPLY_TTL,
  };
  const home = carry(world, there.place, reply);
  return { reachable: isReply(home, ends, flow), forward: [there], back: [home] };
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
  const headers = ipHeader(packetFamily(flow)) + TCP_HEADER;
  const segment = (of: Flow, data: number, ttl: number): Packet => ({
    ...of,
    length: headers + data,
    mayFragment: false,
    ttl,
  });
  const syn = carry(world, ends.from, segment(flow, 0, sizes.ttl), ends.gatewayId);
  if (syn.disposition === 'dropped') return { reachable: false, forward: [syn], back: [] };
  const far = reversed(syn.packet);
  const answer = carry(world, syn.place, segment(far, 0, REPLY_TTL));
  const first = { forward: [syn], back: [answer] };
  const established = isAnswered(world, syn) && isReply(answer, ends, flow);
  if (!established) return { reachable: false, ...first };
  const mss = Math.min(mtuOf(ends.from), mtuOf(syn.place)) - headers;
  const largest = Math.min(sizes.payload, mss);
  const sent = sendData(world, ends.from, (data) => segment(flow, data, sizes.ttl), largest);
  if (sent.disposition === 'dropped') {
    return { reachable: false, forward: [sent], back: [answer] };
  }
  // What comes is echoed as it comes: no segment is larger than those that got through.
  const carried = Math.min(largest, sent.packet.length - headers);
  const echo = sendData(world, syn.place, (data) => segment(far, data, REPLY_TTL), carried);
  return { reachable: echo.disposition === 'delivered', forward: [syn], back: [echo] };
}

/** A full segment: made smaller as often as the sender hears that it is too big. */
function sendData(
  world: World,
  from: Place,
  segment: (data: number) => Packet,
  largest: number,
): Outcome {
  const headers = segment(0).length;
  let data = largest;
  for (;;) {
    const sent = segment(data);
    const outcome = carry(world, from, sent);
    const mtu =
      outcome.disposition === 'dropped' ? mtuHeard(world, from, sent, outcome) : undefined;
    if (mtu === undefined) return outcome;
    data = mtu - headers;
  }
}

/** What the sender of a dropped packet is told about its size, if it is told. */
function mtuHeard(world: World, from: Place, sent: Flow, { tooBig }: Drop): number | undefined {
  if (tooBig === undefined) return undefined;
  const { subnetId, mtu } = tooBig;
  const error = icmpError(sent, packetFamily(sent), 'too big');
  const told = carryFromRouter(world, subnetId, error);
  return told.disposition === 'delivered' && isSamePlace(told.place, from) ? mtu : undefined;
}
