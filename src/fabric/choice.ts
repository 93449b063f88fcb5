/** Which of several ways a flow goes, where all of them would do. */
import { mix } from '../net/hash.ts';
import type { Packet } from './packet.ts';
import type { Station } from './station.ts';

export interface Candidate {
  /** The same for as long as the way exists: no other one's flows move when it comes or goes. */
  readonly key: number;
  readonly to: Station;
}

/** Rendezvous hashing: what vanishes moves only its own flows. */
export function choose<C extends Candidate>(packet: Packet, candidates: readonly C[]): C {
  const flow = flowHash(packet);
  let best = candidates[0]!;
  let most = -1;
  for (const candidate of candidates) {
    const weight = mix(flow, candidate.key);
    if (weight <= most) continue;
    most = weight;
    best = candidate;
  }
  return best;
}

/** The same for both directions of a flow. */
function flowHash(packet: Packet): number {
  const { s0, s1, s2, s3, d0, d1, d2, d3, protocol, sourcePort, destinationPort } = packet;
  const source = mix(mix(mix(mix(mix(0, s0), s1), s2), s3), sourcePort);
  const destination = mix(mix(mix(mix(mix(0, d0), d1), d2), d3), destinationPort);
  return mix((source ^ destination) >>> 0, protocol);
}
