/**
 * Reachability of one question, from the model's records alone, written beside the rulebook:
 * linear scans, nothing compiled, nothing of the data plane. Judges the data plane.
 */
import type { Reason } from '../../src/fabric/reason.ts';
import type { ModelReader } from '../../src/model/model.ts';
import { ipEquals } from '../../src/net/ip.ts';
import { everyOutcome } from './choice.ts';
import { connection, datagram, type Result } from './exchange.ts';
import { isSamePlace, type OracleObserved, observedAt } from './host.ts';
import {
  type Arrival,
  type Ends,
  type Flow,
  ICMP,
  ICMPV6,
  type Outcome,
  packetFamily,
  TCP,
  UDP,
} from './packet.ts';
import { endsOf, type OracleQuestion } from './question.ts';
import { newWorld, type World } from './world.ts';

export interface OracleTrace {
  readonly disposition: 'delivered' | 'dropped';
  readonly reason?: Reason;
  readonly at?: string;
}

export interface OracleAnswer {
  readonly reachable: boolean;
  readonly forward: OracleTrace;
  readonly return: OracleTrace | null;
  readonly observed: OracleObserved | null;
  /** Where the request arrived, if on premises: several sites may have one address. */
  readonly site?: string;
}

/** The message before `size` is added; on port 53 it is a query for `localhost`. */
export function messageBytes({ protocol, port }: OracleQuestion): number {
  if (port !== 53 || protocol === undefined || protocol === 'icmp') return 'openvpc?'.length;
  return protocol === 'tcp' ? 29 : 27;
}

/** Every answer that is right: more than one where AWS is free to choose. */
export function askOracle(model: ModelReader, question: OracleQuestion): Generator<OracleAnswer> {
  return everyOutcome((choose) => {
    const world = newWorld(model, choose);
    const ends = endsOf(world, question);
    if ('at' in ends) return unresolved(ends.at);
    return tell(world, ends, run(world, ends, question));
  });
}

function run(world: World, ends: Ends, question: OracleQuestion): Result {
  const { protocol = 'icmp', port = 443, sourcePort } = question;
  const { size = 0, dontFragment = false, ttl = 64 } = question;
  const sizes = { payload: messageBytes(question) + size, dontFragment, ttl };
  const { source, destination } = ends;
  const ip: Flow = { source, destination, protocol: 0, sourcePort, port };
  switch (protocol) {
    case 'tcp':
      return connection(world, ends, { ...ip, protocol: TCP }, sizes);
    case 'udp':
      return datagram(world, ends, { ...ip, protocol: UDP }, sizes);
    case 'icmp': {
      const number = packetFamily(ip) === 4 ? ICMP : ICMPV6;
      return datagram(world, ends, { ...ip, protocol: number, port: sourcePort }, sizes);
    }
  }
}

/** Contract: a failed exchange tells of the first packet stopped, any other of its first. */
function tell(world: World, ends: Ends, { reachable, forward, back }: Result): OracleAnswer {
  const wanted = reachable ? 'delivered' : 'dropped';
  const there = forward.find(({ disposition }) => disposition === wanted) ?? forward[0]!;
  const delivered = there.disposition === 'delivered';
  const seen = delivered && keepsAnswer(world, ends, there) ? [] : back;
  const home = seen.find(({ disposition }) => disposition === wanted) ?? seen[0];
  return {
    reachable,
    forward: traceOf(there),
    return: delivered && home ? traceOf(home) : null,
    observed: delivered ? observedAt(world, there) : null,
    ...(delivered && there.place.kind === 'site' && { site: there.place.name }),
  };
}

/** Another site than the asker's that has the asker's address as well: nobody sees it answer. */
function keepsAnswer({ model }: World, { from }: Ends, { place, packet }: Arrival): boolean {
  if (place.kind !== 'site' || isSamePlace(place, from)) return false;
  return model.get('site', place.name)!.hosts.some((host) => ipEquals(host, packet.source));
}

function traceOf(outcome: Outcome): OracleTrace {
  const { disposition } = outcome;
  if (disposition === 'delivered') return { disposition };
  return { disposition, reason: outcome.reason, at: outcome.at };
}

function unresolved(at: string): OracleAnswer {
  const forward = { disposition: 'dropped', reason: 'NAME_NOT_RESOLVED', at } as const;
  return { reachable: false, forward, return: null, observed: null };
}
