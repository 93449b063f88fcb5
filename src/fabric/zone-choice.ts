/** By which zone a packet leaves a gateway into a VPC (C-036 to C-038). */
import { type Candidate, choose } from './choice.ts';
import type { Packet } from './packet.ts';
import type { Session, SessionScope, SessionTable } from './session.ts';
import { touch } from './session.ts';
import type { Station } from './station.ts';
import { lookUp, type Rule } from './table.ts';
import { NO_ZONE } from './zone.ts';

/** Its key is the number of the zone. */
export type ZoneExit = Candidate;

export interface ZoneChoice {
  /** One a zone, at least one. */
  readonly exits: readonly ZoneExit[];
  readonly appliance?: ApplianceMode;
}

/** One zone for both directions of a flow, for as long as it lives (C-037). */
export interface ApplianceMode {
  /** Where its flows are unique: one an attachment (C-039). */
  readonly scope: SessionScope;
  /** The table that routes what comes back from the VPC: it knows the destination's zone. */
  readonly onward: Station | undefined;
}

/** The station of the zone that a packet goes by; `rule` is the one that asks. */
export function chooseZone(
  packet: Packet,
  { exits, appliance }: ZoneChoice,
  rule: Rule,
  sessions: SessionTable,
  now: number,
): Station {
  if (appliance === undefined) {
    return (exitOf(exits, packet.zone) ?? choose(packet, exits)).to;
  }
  const known = flowOf(packet, appliance.scope, sessions, now);
  const pinned = known && exitOf(exits, known.choice);
  if (pinned !== undefined) return pinned.to;
  const chosen = applianceExit(packet, exits, appliance);
  const session = known ?? sessions.open(appliance.scope, 'egress', packet, rule, now);
  session.choice = chosen.key;
  return chosen.to;
}

/** The flow of a packet, whichever of its ends has sent it. */
function flowOf(
  packet: Packet,
  scope: SessionScope,
  sessions: SessionTable,
  now: number,
): Session | undefined {
  for (const direction of ['egress', 'ingress'] as const) {
    const session = sessions.find(scope, direction, packet, now);
    if (session === undefined) continue;
    touch(session, direction, packet, now);
    return session;
  }
  return undefined;
}

/** C-038: of the two ends' zones those that the VPC is attached in; where there is none, of all. */
function applianceExit(packet: Packet, exits: readonly ZoneExit[], by: ApplianceMode): ZoneExit {
  const here = packet.zone;
  const there = destinationZone(packet, by.onward);
  const ends = exits.filter(({ key }) => key === here || key === there);
  return choose(packet, ends.length > 0 ? ends : exits);
}

function destinationZone(packet: Packet, onward: Station | undefined): number {
  const zones = onward && lookUp(onward.table, packet).zones;
  const { family, d0, d1, d2, d3 } = packet;
  return zones?.zoneOf(family, d0, d1, d2, d3) ?? NO_ZONE;
}

function exitOf(exits: readonly ZoneExit[], zone: number): ZoneExit | undefined {
  for (const exit of exits) if (exit.key === zone) return exit;
  return undefined;
}
