/** Rules that name a group which can no longer be reached. Derived, never stored. */

import type { ModelReader } from '../model.ts';
import { activePeeringBetween } from '../peering/peering-lookup.ts';
import { refersOverTransitGateway } from '../transit-gateway/shared-gateway.ts';
import type { RulePeer, SecurityGroupRule } from './security-group.ts';

export type GroupPeer = Extract<RulePeer, { kind: 'group' }>;

/**
 * Whether a rule's group or the peering to it is gone: the rule stays and matches nothing, until
 * the same VPCs are peered again (A-082, B-056).
 */
export function isStale(
  reader: ModelReader,
  { groupId, peer, egress }: Pick<SecurityGroupRule, 'groupId' | 'peer' | 'egress'>,
): boolean {
  if (peer.kind !== 'group') return false;
  const own = reader.get('security-group', groupId);
  const named = reader.get('security-group', peer.groupId);
  if (own === undefined || named === undefined) return true;
  if (own.vpcId === named.vpcId) return false;
  return !isReachable(reader, own, named, egress);
}

/**
 * Whether a rule of `a` may name the group `b` of another VPC: over an active connection inside one
 * Region (B-056); inwards over a transit gateway too (A-081, C-048).
 */
export function isReachable(
  reader: ModelReader,
  a: { readonly vpcId: string; readonly region: string },
  b: { readonly vpcId: string; readonly region: string },
  egress: boolean,
): boolean {
  if (a.region !== b.region) return false;
  if (activePeeringBetween(reader, a.vpcId, b.vpcId) !== undefined) return true;
  return !egress && refersOverTransitGateway(reader, a.vpcId, b.vpcId);
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
