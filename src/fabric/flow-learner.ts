/** Watches a packet walk, and tells what the flow cache may keep of it: at times nothing. */
import type { Mac } from '../net/mac.ts';
import type { Endpoint } from './endpoint.ts';
import {
  CachedFlow,
  type FlowCache,
  type Rewritten,
  type TrackedGate,
  type UntrackedGate,
} from './flow-cache.ts';
import { Packet } from './packet.ts';
import type { SessionTable } from './session.ts';
import type { Station } from './station.ts';
import type { Action, Rule } from './table.ts';
import type { Recorder } from './walk.ts';

/** Bytes of the largest IP packet: 16 bits of length, and IPv6's header. */
const IP_LENGTH_MAX = 65_575;

/** Reused from packet to packet: `begin` forgets the one before. */
export class FlowLearner implements Recorder {
  #sessions: SessionTable | undefined;
  #now = 0;
  /** Undefined once nothing of it can be kept. */
  #flow: CachedFlow | undefined;
  #lengthMax = 0;
  #hops = 0;
  #rewritten = false;
  #tracked: TrackedGate[] = [];
  #untracked: UntrackedGate[] = [];

  begin(start: Station, packet: Packet, sessions: SessionTable, now: number): void {
    this.#sessions = sessions;
    this.#now = now;
    this.#flow = new CachedFlow(start, packet);
    this.#lengthMax = IP_LENGTH_MAX;
    this.#hops = 0;
    this.#rewritten = false;
    this.#tracked = [];
    this.#untracked = [];
  }

  passed(station: Station, rule: Rule, packet: Packet): void {
    if (this.#flow === undefined) return;
    let rewrites = false;
    for (const action of rule.actions) {
      const effect = effectOf(action);
      if (effect === 'unknown') {
        this.#flow = undefined;
        return;
      }
      if (action.do === 'check-size') this.#lengthMax = Math.min(this.#lengthMax, action.mtu);
      if (action.do === 'decrement-ttl') this.#hops += 1;
      rewrites ||= effect === 'rewrites';
    }
    this.#rewritten ||= rewrites;
    if (station.scope !== undefined) this.#gate(station, rule, packet, rewrites);
  }

  dropped(): void {
    this.#flow = undefined;
  }

  /** Keeps what further packets will meet, if that can be told. `packet` has arrived. */
  keep(cache: FlowCache, packet: Packet, to: Endpoint, mac: Mac): void {
    const flow = this.#flow;
    this.#flow = undefined;
    if (flow === undefined) return;
    cache.add(flow, {
      to,
      mac,
      lengthMax: this.#lengthMax,
      hops: this.#hops,
      tracked: this.#tracked,
      untracked: this.#untracked,
      rewritten: this.#rewritten ? headerOf(packet) : undefined,
    });
  }

  #gate({ scope, direction }: Station, rule: Rule, packet: Packet, rewrites: boolean): void {
    const session = this.#sessions!.find(scope!, direction, packet, this.#now);
    if (rewrites || (session !== undefined && session.pass !== rule)) this.#flow = undefined;
    else if (session !== undefined) this.#tracked.push({ session, direction });
    else {
      const copy = Object.assign(new Packet(), packet);
      this.#untracked.push({ scope: scope!, direction, packet: copy });
    }
  }
}

function headerOf(packet: Packet): Rewritten {
  const { s0, s1, s2, s3, d0, d1, d2, d3, sourcePort, destinationPort } = packet;
  return { s0, s1, s2, s3, d0, d1, d2, d3, sourcePort, destinationPort };
}

/**
 * What an action does, the same at every packet of a flow; `unknown` where it depends on more than
 * the tables and the packet, or begins something that outlasts it.
 */
function effectOf(action: Action): 'same' | 'rewrites' | 'unknown' {
  switch (action.do) {
    case 'go':
    case 'next':
    case 'go-next-hop':
    case 'leave-subnet':
    case 'deliver':
    case 'check-size':
    case 'choose':
    case 'clamp-segment-size':
    case 'decrement-ttl':
    case 'set-identity':
    case 'set-forwarder':
    case 'set-subnet':
    case 'set-entry':
    case 'set-next-hop':
    case 'resolve-link':
    case 'set-errors':
      return 'same';
    case 'rewrite-source':
    case 'rewrite-destination':
      return 'rewrites';
    case 'choose-zone':
      return action.by.appliance === undefined ? 'same' : 'unknown';
    case 'drop':
    case 'check-source':
    case 'copy':
    case 'wrap':
    case 'unwrap':
    case 'remember':
    case 'remember-sender':
    case 'masquerade':
    case 'restore':
      return 'unknown';
  }
}
