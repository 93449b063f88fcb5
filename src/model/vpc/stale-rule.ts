/** Rules that name a group which can no longer be reached. Derived, never stored. */

import type { ModelReader } from '../model.ts';
import { activePeeringBetween } from '../peering/peering-lookup.ts';
import type { RulePeer, SecurityGroupRule } from './security-group.ts';

export type GroupPeer = Extract<RulePeer, { kind: 'group' }>;

/**
 * Whether a rule's group or the peering to it is gone: the rule stays and matches nothing, until
 * the same VPCs are peered again (A-082, B-056).
 */
export function isStale(reader: ModelReader, { groupId, peer }: SecurityGroupRule): boolean {
  if (peer.kind !== 'group') return false;
  const own = reader.get('security-group', groupId);
  const named = reader.get('security-group', peer.groupId);
  if (own === undefined || named === undefined) return true;
  if (own.vpcId === named.vpcId) return false;
  return !isReachable(reader, own, named);
}

/** B-056: groups of two VPCs know each other over an active connection inside one Region. */
export function isReachable(
  reader: ModelReader,
  a: { readonly vpcId: string; readonly region: string },
  b: { readonly vpcId: string; readonly region: string },
): boolean {
  return a.region === b.region && activePeeringBetween(reader, a.vpcId, b.vpcId) !== undefined;
}

/** The connection that a reference to another VPC's group goes over, or went over. */
export function peeringOfReference(
  reader: ModelReader,
  vpcId: string,
  peer: GroupPeer,
): { readonly id: string; readonly status: string } | undefined {
  if (peer.vpcId === vpcId) return undefined;
  const active = activePeeringBetween(reader, vpcId, peer.vpcId);
  if (active !== undefined) return { id: active.id, status: active.status };
  const id = peer.peeringConnectionId;
  if (id === undefined) return undefined;
  // A connection that nobody sees any more was deleted long ago.
  const status = reader.get('vpc-peering-connection', id)?.status ?? 'deleted';
  return { id, status };
}
