/** Whom a rule may speak of: blocks, prefix lists, groups that can be reached (A-081, B-056). */
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import { prefixListContent } from '../../model/vpc/prefix-list.ts';
import type { RulePeer, SecurityGroup } from '../../model/vpc/security-group.ts';
import { type GroupPeer, isReachable, peeringOfReference } from '../../model/vpc/stale-rule.ts';
import type { Cidr } from '../../net/cidr.ts';
import { owns } from '../scope.ts';
import { findByName, type GroupName } from './find-security-group.ts';
import { checkReferable, findPrefixList } from './prefix-list.ts';

/** A rule's peer as a caller names it. A name means a group of the rule's own VPC. */
export type PeerRequest =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | { readonly kind: 'prefix-list'; readonly prefixListId: string }
  | {
      readonly kind: 'group';
      readonly group: GroupName;
      /** Where given, the group must be this account's, of this VPC, over this connection. */
      readonly account?: string | undefined;
      readonly vpcId?: string | undefined;
      readonly peeringConnectionId?: string | undefined;
    };

type GroupRequest = Extract<PeerRequest, { kind: 'group' }>;

/**
 * The peer of a new rule of `owner`.
 * @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound, InvalidPrefixListId.Malformed,
 *   InvalidPrefixListID.NotFound, IncorrectState
 */
export function resolvePeer(
  reader: ModelReader,
  owner: SecurityGroup,
  request: PeerRequest,
  egress: boolean,
): RulePeer {
  if (request.kind === 'cidr') return request;
  if (request.kind === 'prefix-list') {
    checkReferable(reader, owner, request.prefixListId);
    return listPeer(reader, request.prefixListId);
  }
  const named = namedGroup(reader, owner, request);
  const { id: groupId, account, vpcId } = named;
  if (request.account !== undefined && request.account !== account) {
    throw notFound('security-group', groupId);
  }
  const peer: GroupPeer = { kind: 'group', groupId, account, vpcId };
  const sameVpc = vpcId === owner.vpcId;
  if (!sameVpc && !isReachable(reader, owner, named, egress)) {
    // G-025: of another account's group only a peer may know that it exists.
    throw owns(owner, named) ? differentNetworks() : notFound('security-group', groupId);
  }
  const peeringConnectionId = peeringOfReference(reader, owner.vpcId, peer)?.id;
  const agrees =
    (request.vpcId ?? vpcId) === vpcId &&
    (request.peeringConnectionId ?? peeringConnectionId) === peeringConnectionId;
  if (!agrees) throw differentNetworks();
  return peeringConnectionId === undefined ? peer : { ...peer, peeringConnectionId };
}

/** The peer of a rule that may exist: the group it names may be gone by now. */
export function namedPeer(
  reader: ModelReader,
  owner: SecurityGroup,
  request: PeerRequest,
): RulePeer {
  if (request.kind === 'cidr') return request;
  if (request.kind === 'prefix-list') {
    const { prefixListId } = request;
    // A list that is no longer shared stays in the rules that have it.
    const isReferred = reader
      .by('security-group-rule', 'group', owner.id)
      .some(({ peer }) => peer.kind === 'prefix-list' && peer.prefixListId === prefixListId);
    if (!isReferred) findPrefixList(reader, owner, prefixListId);
    return listPeer(reader, prefixListId);
  }
  const { group, account = owner.account, vpcId = owner.vpcId } = request;
  if ('groupId' in group) {
    checkIdShape('security-group', group.groupId);
    return { kind: 'group', groupId: group.groupId, account, vpcId };
  }
  const { id: groupId } = findByName(reader, owner.vpcId, group.groupName);
  return { kind: 'group', groupId, account, vpcId };
}

function listPeer(reader: ModelReader, prefixListId: string): RulePeer {
  const { family } = prefixListContent(reader, prefixListId)!;
  return { kind: 'prefix-list', prefixListId, family };
}

function namedGroup(
  reader: ModelReader,
  owner: SecurityGroup,
  { group }: GroupRequest,
): SecurityGroup {
  if (!('groupId' in group)) return findByName(reader, owner.vpcId, group.groupName);
  checkIdShape('security-group', group.groupId);
  const named = reader.get('security-group', group.groupId);
  if (named === undefined) throw notFound('security-group', group.groupId);
  return named;
}

function differentNetworks() {
  const message = 'You have specified two resources that belong to different networks.';
  return awsError('InvalidGroup.NotFound', message);
}
