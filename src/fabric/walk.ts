/**
 * A packet's way through the stations. The forwarder and the explainer run this one function; the
 * explainer merely has it write down what it did.
 */

import { type Ip, ipEquals } from '../net/ip.ts';
import { choose } from './choice.ts';
import { copyOf, unwrapHeader, unwrapping, wrapHeader, wrapping } from './gre-tunnel.ts';
import { STATIONS_MAX } from './limits.ts';
import { type CopyTarget, copiesOf, type MulticastGroup, senderOf } from './multicast-group.ts';
import type { InterfaceNode } from './node.ts';
import { HEADER_BYTES, hasSyn, isIcmpError, isToGroup, type Packet, TCP_RST } from './packet.ts';
import type { Reason } from './reason.ts';
import { type SessionTable, touch } from './session.ts';
import type { Station } from './station.ts';
import { type Action, lookUp, type Rule } from './table.ts';
import type { TranslationTable } from './translation.ts';
import { chooseZone } from './zone-choice.ts';

/** Flows in progress. A question about a new flow brings empty ones of its own. */
export interface Flows {
  readonly sessions: SessionTable;
  readonly translations: TranslationTable;
}

/** Hears what happens at each station, in order; `packet` is as it leaves the station. */
export interface Recorder {
  passed(station: Station, rule: Rule, packet: Packet): void;
  dropped(station: Station, rule: Rule, packet: Packet, reason: Reason): void;
}

/** An ICMP error that the sender gets about a dropped packet. */
export interface IcmpError {
  readonly kind: 'packet-too-big' | 'time-exceeded';
  readonly mtu: number;
}

/** What the sender gets about a dropped packet. */
export type ErrorReply = IcmpError | { readonly kind: 'tcp-reset' };

export interface Delivery {
  readonly disposition: 'delivered';
  readonly station: Station;
}

export interface Drop {
  readonly disposition: 'dropped';
  readonly station: Station;
  readonly reason: Reason;
  readonly error: ErrorReply | undefined;
}

/** The walk ends where the packet becomes many: `walkCopy` carries each on. */
export interface Copying {
  readonly disposition: 'copied';
  readonly station: Station;
  readonly group: MulticastGroup;
  /** Gets no copy of its own (C-134). */
  readonly sender: InterfaceNode | undefined;
}

/**
 * The walk ends where the packet goes into a tunnel or comes out of one: its bytes are made anew,
 * then `walkOn` carries it on.
 */
export interface TunnelEnd {
  readonly disposition: 'wrapped' | 'unwrapped';
  readonly station: Station;
  readonly to: Station;
  /** The packet as it came to the station; it has its new header already. */
  readonly before: Packet;
  /** The interface on whose link the GRE packet is put, or was found. */
  readonly interfaceId: string | undefined;
  /** Stations it has passed: what is left of its budget bounds loops of tunnels. */
  readonly passed: number;
}

/** What becomes of a packet in the end. */
export type Fate = Delivery | Drop | Copying;
export type Verdict = Fate | TunnelEnd;

/** Carries a packet from `start` until it is delivered, dropped, copied, or at a tunnel's end. */
export function walk(
  start: Station,
  packet: Packet,
  flows: Flows,
  now: number,
  recorder?: Recorder,
  passed = 0,
): Verdict {
  let station = start;
  for (let count = passed; count < STATIONS_MAX; count++) {
    const rule = decide(station, packet, flows, now);
    const outcome = perform(station, rule, packet, flows, now);
    if (typeof outcome === 'string') {
      return end(outcome, station, rule, packet, count + 1, recorder);
    }
    recorder?.passed(station, rule, packet);
    station = outcome;
  }
  return drop(station, lookUp(station.table, packet), packet, 'TTL_EXPIRED', recorder);
}

/** Carries it on from a tunnel's end. */
export function walkOn(
  { to, passed }: TunnelEnd,
  packet: Packet,
  flows: Flows,
  now: number,
  recorder?: Recorder,
): Verdict {
  return walk(to, packet, flows, now, recorder, passed);
}

/** The same through all tunnels, for a packet that has no bytes. */
export function walkThrough(
  start: Station,
  packet: Packet,
  flows: Flows,
  now: number,
  recorder?: Recorder,
): Fate {
  let verdict = walk(start, packet, flows, now, recorder);
  while (isTunnelEnd(verdict)) verdict = walkOn(verdict, packet, flows, now, recorder);
  return verdict;
}

export function isTunnelEnd(verdict: Verdict): verdict is TunnelEnd {
  return verdict.disposition === 'wrapped' || verdict.disposition === 'unwrapped';
}

/** What ends a walk, besides the reason of a drop. */
type Ending = 'deliver' | 'copy' | 'wrap' | 'unwrap';

function end(
  ending: Ending | Reason,
  station: Station,
  rule: Rule,
  packet: Packet,
  passed: number,
  recorder: Recorder | undefined,
): Verdict {
  let verdict: Verdict;
  switch (ending) {
    case 'deliver':
      verdict = { disposition: 'delivered', station };
      break;
    case 'copy':
      verdict = copying(station, rule, packet);
      break;
    case 'wrap':
    case 'unwrap':
      verdict = throughTunnel(station, rule, packet, passed);
      break;
    default:
      return drop(station, rule, packet, ending, recorder);
  }
  recorder?.passed(station, rule, packet);
  return verdict;
}

function copying(station: Station, { actions }: Rule, packet: Packet): Copying {
  const copy = actions.at(-1);
  if (copy?.do !== 'copy') throw new Error(`a rule of ${station.resource} copies to nobody`);
  return { disposition: 'copied', station, group: copy.by, sender: senderOf(packet) };
}

function throughTunnel(
  station: Station,
  { actions }: Rule,
  packet: Packet,
  passed: number,
): TunnelEnd {
  const action = actions.at(-1);
  const before = copyOf(packet);
  switch (action?.do) {
    case 'wrap': {
      const { by, to, sentBy: interfaceId } = action;
      wrapHeader(packet, by);
      return { disposition: 'wrapped', station, to, before, interfaceId, passed };
    }
    case 'unwrap': {
      const { to, receivedBy: interfaceId } = action;
      unwrapHeader(packet);
      return { disposition: 'unwrapped', station, to, before, interfaceId, passed };
    }
  }
  throw new Error(`a rule of ${station.resource} does not end at its tunnel`);
}

/** Carries one of the copies on to its member. What is a copy is never copied again. */
export function walkCopy(
  { node, entry }: CopyTarget,
  packet: Packet,
  flows: Flows,
  now: number,
  recorder?: Recorder,
): Delivery | Drop {
  packet.nextHop = node;
  const verdict = walk(entry, packet, flows, now, recorder);
  if (verdict.disposition === 'copied') throw new Error(`${node.id} leads back to its domain`);
  // Tunnels refuse what is for many.
  if (isTunnelEnd(verdict)) throw new Error(`${node.id} gives its copy another address`);
  return verdict;
}

/** A tracked flow passes its gate whatever the rules say now; all else asks the table. */
function decide(station: Station, packet: Packet, { sessions }: Flows, now: number): Rule {
  const { scope, direction } = station;
  if (scope !== undefined) {
    const session = sessions.find(scope, direction, packet, now);
    if (session !== undefined) {
      touch(session, direction, packet, now);
      return session.pass;
    }
  }
  return lookUp(station.table, packet);
}

/** Runs a rule's actions: the next station, what ends the walk, or the reason of a drop. */
function perform(
  station: Station,
  rule: Rule,
  packet: Packet,
  flows: Flows,
  now: number,
): Station | Ending | Reason {
  for (const action of rule.actions) {
    const outcome = act(action, station, rule, packet, flows, now);
    if (outcome !== undefined) return outcome;
  }
  throw new Error(`a rule of ${station.resource} leads nowhere`);
}

function act(
  action: Action,
  station: Station,
  rule: Rule,
  packet: Packet,
  flows: Flows,
  now: number,
): Station | Ending | Reason | undefined {
  switch (action.do) {
    case 'go':
      return action.to;
    case 'next':
      return station.next!;
    case 'go-next-hop':
      return packet.nextHop!.groupsIn;
    case 'leave-subnet': {
      const route = lookUp(action.routes.table, packet);
      return route.towards === packet.subnet ? action.routes : station.next!;
    }
    case 'deliver':
      return 'deliver';
    case 'drop':
      return action.reason;
    case 'remember':
      flows.sessions.open(station.scope!, station.direction, packet, rule, now);
      return undefined;
    case 'remember-sender':
      rememberSender(packet, flows, now);
      return undefined;
    case 'restore': {
      const restored = flows.translations.restore(packet, action.by, now);
      if (typeof restored === 'string') return restored;
      return restored ? action.to : undefined;
    }
    case 'masquerade':
      return flows.translations.masquerade(packet, action.by, now);
    case 'check-size':
      return checkSize(packet, action.mtu);
    case 'decrement-ttl':
      return countDown(packet);
    case 'clamp-segment-size':
      clampSegmentSize(packet, action.mtu);
      return undefined;
    case 'choose':
      return choose(packet, action.among).to;
    case 'choose-zone':
      return chooseZone(packet, action.by, rule, flows.sessions, now);
    case 'check-source':
      return action.by.sources.has(senderOf(packet)?.id ?? '')
        ? undefined
        : 'MULTICAST_SOURCE_NOT_REGISTERED';
    case 'copy':
      return copiesOf(action.by, packet);
    case 'wrap':
      return wrapping(packet, action.by);
    case 'unwrap':
      return unwrapping(packet);
    default:
      setContext(action, packet);
      return undefined;
  }
}

function rememberSender(packet: Packet, { sessions }: Flows, now: number): void {
  const sender = packet.identity;
  if (sender === undefined || sessions.find(sender.scope, 'egress', packet, now)) return;
  const rule = lookUp(sender.groupsOut.table, packet);
  sessions.open(sender.scope, 'egress', packet, rule, now);
}

/** RFC 1812 section 5.3.1: a forwarding guest takes one from the time to live. */
function countDown(packet: Packet): Reason | undefined {
  if (packet.ttl <= 1) return 'TTL_EXPIRED';
  packet.ttl -= 1;
  return undefined;
}

function clampSegmentSize(packet: Packet, mtu: number): void {
  if (!hasSyn(packet)) return;
  const size = mtu - HEADER_BYTES[packet.family] - HEADER_BYTES.tcp;
  const { segmentSizeMax } = packet;
  packet.segmentSizeMax = segmentSizeMax === 0 ? size : Math.min(segmentSizeMax, size);
}

/** RFC 791 section 3.2, RFC 8200 section 5: only IPv4 without DF is fragmented on the way. */
function checkSize(packet: Packet, mtu: number): Reason | undefined {
  if (packet.length <= mtu) return undefined;
  if (packet.family === 6 || packet.dontFragment) return 'MTU_EXCEEDED';
  packet.fragmentTo = packet.fragmentTo === 0 ? mtu : Math.min(packet.fragmentTo, mtu);
  return undefined;
}

function setContext(action: Action, packet: Packet): void {
  switch (action.do) {
    case 'rewrite-source':
      rewriteSource(packet, action.to);
      return;
    case 'rewrite-destination':
      rewriteDestination(packet, action.to);
      return;
    case 'set-identity':
      packet.identity = action.to;
      return;
    case 'set-forwarder':
      packet.forwarder = action.to;
      return;
    case 'set-subnet':
      packet.subnet = action.to;
      packet.zone = action.zone;
      return;
    case 'set-entry':
      packet.entry = action.entry;
      return;
    case 'set-next-hop':
      packet.nextHop = action.to;
      return;
    case 'resolve-link': {
      const { family, d0, d1, d2, d3 } = packet;
      const { hosts } = action;
      packet.nextHop = family === 4 ? hosts.get4(d0) : hosts.get6(d0, d1, d2, d3);
      return;
    }
    case 'set-errors':
      packet.errorsTo = action.to;
      packet.errorSource = packet.family === 4 ? action.from.ipv4 : action.from.ipv6;
      return;
  }
}

/** An error's packet went the other way: its destination is translated with the error's source. */
function rewriteSource(packet: Packet, to: Ip): void {
  const { quoted } = packet;
  if (quoted && ipEquals(quoted.destination, packet.source)) quoted.destination = to;
  packet.source = to;
}

function rewriteDestination(packet: Packet, to: Ip): void {
  const { quoted } = packet;
  if (quoted && ipEquals(quoted.source, packet.destination)) quoted.source = to;
  packet.destination = to;
}

function drop(
  station: Station,
  rule: Rule,
  packet: Packet,
  reason: Reason,
  recorder: Recorder | undefined,
): Drop {
  recorder?.dropped(station, rule, packet, reason);
  return { disposition: 'dropped', station, reason, error: errorOf(rule, packet, reason) };
}

function errorOf(rule: Rule, packet: Packet, reason: Reason): ErrorReply | undefined {
  // RFC 1122 section 3.2.2: nor about what is addressed to many.
  if (isIcmpError(packet) || isToGroup(packet) || packet.errorsTo === undefined) return undefined;
  if (reason === 'TTL_EXPIRED') return { kind: 'time-exceeded', mtu: 0 };
  // RFC 9293 section 3.10.7.1: a reset is never answered.
  if (reason === 'NGW_IDLE_TIMEOUT' && (packet.tcpFlags & TCP_RST) === 0) {
    return { kind: 'tcp-reset' };
  }
  if (reason !== 'MTU_EXCEEDED') return undefined;
  const check = rule.actions.find((action) => action.do === 'check-size');
  return check?.do === 'check-size' ? { kind: 'packet-too-big', mtu: check.mtu } : undefined;
}
